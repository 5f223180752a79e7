"""Sums of money: what is borrowed, owed, paid; what somebody earns is told in `bot.nlu.incomes`."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.bare_sums import (
    KNOWN_BY_UNIT,
    bare_factor,
    is_bare_range,
    is_bare_sum,
    is_by_the_metre,
    is_literal,
    named_before_or,
    stands_alone_beside_a_term,
)
from bot.nlu.entity import PEOPLE, Sheet, whole
from bot.nlu.incomes import income_type
from bot.nlu.numerals import Number, read_number, starts_number

_MONEY_UNIT = re.compile(
    r"\s*(?:多|来|左右|余)?\s*(?:元|块(?!儿|\s*[一二三四五六七八九\d]\s*(?:毛|角))|圆|人民币|rmb|yuan|cny|¥)(?:整|钱)?"
)
#: Tenths of a yuan: 「八十块五毛」, 「块四」 at the end.
_TENTHS = re.compile(
    r"\s*(?:元|块)\s*(?P<n>[一二两三四五六七八九]|\d)(?:\s*(?:毛|角)(?:钱)?(?:\s*[一二三四五六七八九\d]\s*分)?|(?=$|[,，。;；!！?？\s的吗]))"
)
_PIECES = re.compile(
    r"\s*(?:多|来|几)?\s*个(?!月|点|基点|bp|人|工作日|银行|百分点|孩子|小时|季|问题|方式|方案|多|客户|账|卡|月|房|字|号)"
)
_LOAN_TALK = re.compile(
    r"(?:贷款?|借款?|本金|首付|放款?|提前还|还(?!是)|批|额度|总价|房价|差|手[上里头]|凑|攒|存款?|准备|剩|拿|出|预算|压|控制|不超过|不到)(?:了|够了?|有|是|为|能|可以|要|想|出|付|到|个|款|大概|约|共|在|[:：\s])*$"
)
#: 「自己有35个」: 个 of money, where nothing is counted behind it.
_OWNS = re.compile(rf"(?:自己|我们|家里|父母|{PEOPLE})(?:只|才|还|就|大概)?(?:有|给|出|拿)$")
_PIECES_END = re.compile(r"\s*(?:$|[,，。;；!！?？、\s吧呢了够首付])")
#: 「加一块」 counts nothing.
_TOGETHER = re.compile(r"一块")
_JOINT = re.compile(r"\s*(?:到|至|~|-|and(?![a-z]))\s*")
_BETWEEN = re.compile(r"between\s*$|from\s*$")
#: 「三万五万的」, 「十万八万」: two sums side by side say about how much.
_ROUGHLY = re.compile(r"\s*(?:的|吧|块|元|左右|上下|都|也|就|行|$|[,，。?？!！])")
_CURRENCY_BEFORE = re.compile(r"(?:¥|\$|rmb|cny|人民币|港币)\s*$")


def read_amounts(sheet: Sheet) -> None:
    """Amounts and incomes, with ranges. A range takes the unit of its upper end: 「八十到一百万」."""
    text = sheet.text
    place = 0
    while place < len(text):
        if not starts_number(text[place]) or not sheet.is_free(place, place + 1):
            place += 1
            continue
        number = read_number(text, place)
        if number is None:
            place += 1
            continue
        place = max(number.end, _read_one(sheet, number))


def _read_one(sheet: Sheet, number: Number) -> int:
    text = sheet.text
    before = sheet.before(number.start, 14)
    if _TOGETHER.match(text, number.start) and before[-1:] in ("加", "在", "到"):
        return number.end
    upper = _upper_end(sheet, number)
    last = upper or number
    unit = _MONEY_UNIT.match(text, last.end)
    end = unit.end() if unit else last.end
    kind = income_type(sheet, number.start, end, last.value)
    pieces = None if unit or not last.is_plain else _ten_thousands(sheet, last, before, kind)
    tenths = _TENTHS.match(text, last.end)
    if tenths and upper is None and not (last.is_plain or last.value % 100):
        tenths = None  # 「三万块」 and what stands behind it
    if tenths and upper is None:
        end = tenths.end()
    money_said = (
        bool(unit or tenths)
        or last.scale > 1
        or bool(pieces)
        or bool(_CURRENCY_BEFORE.search(text[max(0, number.start - 4) : number.start]))
        or is_by_the_metre(sheet, last, before)
    )
    partner = None if money_said else named_before_or(sheet, number)
    if not money_said and not partner and not is_bare_sum(sheet, last, before, kind):
        return number.end
    factor = Decimal(1)
    if pieces:
        factor, end = Decimal(10_000), pieces.end()
    elif partner or (not money_said and stands_alone_beside_a_term(sheet, last)):
        factor = Decimal(10_000)
    elif not money_said:
        factor = Decimal(1) if is_literal(sheet, last, before, kind) else bare_factor(last, before, kind)
    if not sheet.is_free(number.start, end):
        return number.end
    low, high = number.value * factor, (last.value if upper else (number.high or None))
    if upper and number.is_plain and last.scale > 1 and number.value <= last.coefficient:
        low = number.value * last.scale  # 八十到一百万
    if upper and unit and last.is_plain and last.value >= 1000 > number.value >= 1 and _thousands(text, last):
        low = number.value * 1000  # 五到八千
    if tenths and upper is None:
        low += (read_number(tenths["n"]) or number).value / 10
    sign = _minus(sheet, number.start)
    value: object = whole(low) * (-1 if sign else 1)
    if high is not None:
        value = sorted([whole(low), whole(high * (factor if not upper or pieces or not money_said else 1))])
    sheet.claim(kind or "amount", value, number.start - sign, end)
    return end


def _ten_thousands(sheet: Sheet, number: Number, before: str, kind: str | None) -> re.Match[str] | None:
    """The 个 that counts 万: 「手上有50个」, 「年收入26个」, 「自己有35个」."""
    pieces = _PIECES.match(sheet.text, number.end)
    if pieces is None or kind == "income_annual" or _LOAN_TALK.search(before):
        return pieces
    is_loan_alone = sheet.has("term_months") and number.value >= 20 and not before.strip()
    is_counted = not _PIECES_END.match(sheet.text, pieces.end())
    return pieces if (_OWNS.search(before) or is_loan_alone) and not is_counted else None


def _upper_end(sheet: Sheet, number: Number) -> Number | None:
    joint = _JOINT.match(sheet.text, number.end)
    if not joint and (neighbour := _told_roughly(sheet, number)) is not None:
        return neighbour
    if not joint:
        unit = _MONEY_UNIT.match(sheet.text, number.end)
        joint = _JOINT.match(sheet.text, unit.end()) if unit else None
    if not joint:
        return None
    upper = read_number(sheet.text, joint.end())
    if (
        upper is None
        or not sheet.is_free(upper.start, upper.end)
        or (upper.value <= number.value and upper.is_plain)
    ):
        return None
    if "and" in joint.group() and not _BETWEEN.search(sheet.before(number.start)):
        return None
    if (number.scale > 1 and upper.is_plain) or re.search(
        r"(?:从|降|涨|调|改)\S{0,3}$", sheet.before(number.start, 4)
    ):
        return None  # 从100万到… is a change, not a range
    if (
        upper.is_plain
        and not _MONEY_UNIT.match(sheet.text, upper.end)
        and not _PIECES.match(sheet.text, upper.end)
        and not is_bare_range(sheet, number, upper)
        and not KNOWN_BY_UNIT.search(sheet.text[upper.start : upper.end])
    ):
        return None
    return upper


def _told_roughly(sheet: Sheet, number: Number) -> Number | None:
    """8万 of 「十万八万的」; None where the next sum is another one."""
    if (
        number.scale != 10_000
        or number.high is not None
        or not starts_number(sheet.text[number.end : number.end + 1] or " ")
    ):
        return None
    other = read_number(sheet.text, number.end)
    if other is None or other.scale != 10_000 or not _ROUGHLY.match(sheet.text, other.end):
        return None
    return other if other.coefficient < 100 and number.coefficient < 100 else None


def _thousands(text: str, number: Number) -> bool:
    return "千" in text[number.start : number.end]


def _minus(sheet: Sheet, start: int) -> int:
    before = sheet.text[max(0, start - 2) : start]
    if before.endswith("负"):
        return 1
    if before.endswith("-") and not before[:-1].endswith(tuple("0123456789万w元块到")):
        return 1
    return 0
