"""Sums of money: what is borrowed, owed, paid, and what somebody earns."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import Sheet, whole
from bot.nlu.numerals import Number, read_number, starts_number

_MONEY_UNIT = re.compile(r"\s*(?:多|来|左右|余)?\s*(?:元|块钱?|圆|人民币|rmb|¥)(?:整|钱)?")
_PIECES = re.compile(
    r"\s*个(?!月|点|基点|bp|人|工作日|银行|百分点|孩子|小时|季|问题|方式|方案|多|客户|账|卡|月|房|字|号)"
)
_LOAN_TALK = re.compile(
    r"(?:贷款?|借款?|本金|首付|放款?|提前还|还|批|额度|总价|房价|差)(?:了|是|为|能|可以|要|想|出|付|到|个|款|大概|约|共|[:：\s])*$"
)
_SUM_WORD = re.compile(
    r"(?:贷款?|借款?|本金|首付|贷款(?:金额|额度|总额)|金额|额度|总价|房价|全款|剩余本金|月供|每月还|一个月还|月还|提前还款?|还款)"
    r"(?:了|是|为|能|可以|要|想|出|付|到|款|金额|大概|大约|约|共|才|只|就|从|改成|改为|变成|[:：=\s])*$"
)
_INCOME_MONTHLY = re.compile(
    r"(?:月入|月薪|月收入|月工资|月均收入|工资|薪水|底薪|到手|每月收入|每个月收入|收入|(?:每个?月|一个月|月)(?:能|可以)?(?:大概)?(?:挣|赚|拿|进账|收入|工资|到手|发))"
    r"(?:了|是|为|有|能|就|才|大概|大约|约|加起来|合计|共|税前|税后|到手|一个月|每月|每个月|[:：\s])*$"
)
_INCOME_ANNUAL = re.compile(
    r"(?:年薪|年收入|年入|年均收入|年终|一年(?:能|可以)?(?:大概)?(?:挣|赚|拿|收入|工资|到手|进账)|全年收入|税前年薪)"
    r"(?:了|是|为|有|能|就|才|大概|大约|约|加起来|合计|共|税前|税后|[:：\s])*$"
)
_A_MONTH = re.compile(
    r"(?:一个月|每个?月|月)(?:大概|大约|约|税前|税后|加起来|合计|一共|共|差不多|能有|有|[\s])*$"
)
_A_YEAR = re.compile(r"(?:一年|每年)(?:大概|大约|约|税前|税后|加起来|合计|一共|共|能有|有|[\s])*$")
_EARNERS = re.compile(r"两口子|夫妻|我俩|家庭|老公|老婆|工资|收入|薪")
_INCOME_BEHIND = re.compile(r"^\s*(?:左右)?的?(?:月?收入|月?工资|月薪|薪水)")
_ANNUAL_BEHIND = re.compile(r"^\s*(?:左右)?的?(?:年收入|年薪)")
_PAYS = re.compile(r"还|供|扣|月供|贷")
#: Another loan is named by what it costs a month: 「有车贷3000」.
_OTHER_LOAN = re.compile(
    r"(?:车贷|网贷|消费贷|信用贷|助学贷)(?:款)?(?:还|要|有|是|每个?月|一个月|月|[:：\s])*$"
)
_JOINT = re.compile(r"\s*(?:到|至|~|-)\s*")
_MOST_DIGITS = 13  #: a longer row of digits is an account, not a sum
_BARE_STOP = re.compile(
    r"\s*(?:年|期|个?月|号|日|岁|天|成|套|平|㎡|倍|分|折|位|次|笔|家|个|人|%|点|厘|基点|bp|米|楼|层|室|栋|[a-z.:\d/])"
)


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
    upper = _upper_end(sheet, number)
    last = upper or number
    unit = _MONEY_UNIT.match(text, last.end)
    end = unit.end() if unit else last.end
    pieces = None if unit or not last.is_plain else _PIECES.match(text, last.end)
    if pieces and not _LOAN_TALK.search(before):
        pieces = None
    kind = _income(sheet, before, end)
    money_said = (
        bool(unit)
        or last.scale > 1
        or bool(pieces)
        or (text[max(0, number.start - 1) : number.start] in "¥$" and number.start > 0)
    )
    if not money_said and not _is_bare_sum(sheet, last, before, kind):
        return number.end
    factor = Decimal(1)
    if pieces:
        factor, end = Decimal(10_000), pieces.end()
    elif not money_said:
        factor = _bare_factor(last, before, kind)
    if not sheet.is_free(number.start, end):
        return number.end
    low, high = number.value * factor, (last.value if upper else (number.high or None))
    if upper and number.is_plain and last.scale > 1 and number.value <= last.coefficient:
        low = number.value * last.scale  # 八十到一百万
    if (
        upper
        and number.is_plain
        and last.is_plain
        and last.value >= 1000 > number.value >= 1
        and unit
        and _thousands(text, last)
    ):
        low = number.value * 1000  # 五到八千
    sign = _minus(sheet, number.start)
    value: object = whole(low) * (-1 if sign else 1)
    if high is not None:
        value = sorted([whole(low), whole(high * (factor if not upper or pieces or not money_said else 1))])
    sheet.claim(kind or "amount", value, number.start - sign, end)
    return end


def _upper_end(sheet: Sheet, number: Number) -> Number | None:
    joint = _JOINT.match(sheet.text, number.end)
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
    if (number.scale > 1 and upper.is_plain) or re.search(
        r"(?:从|降|涨|调|改)\S{0,3}$", sheet.before(number.start, 4)
    ):
        return None  # 从100万到… is a change, not a range
    if (
        upper.is_plain
        and not _MONEY_UNIT.match(sheet.text, upper.end)
        and not _PIECES.match(sheet.text, upper.end)
    ):
        return None
    return upper


def _thousands(text: str, number: Number) -> bool:
    return "千" in text[number.start : number.end]


def _income(sheet: Sheet, before: str, end: int) -> str | None:
    behind = sheet.after(end, 8)
    if _INCOME_ANNUAL.search(before) or _ANNUAL_BEHIND.search(behind):
        return "income_annual"
    if _INCOME_MONTHLY.search(before) or _INCOME_BEHIND.search(behind):
        return "income_monthly"
    month = _A_MONTH.search(before)
    year = _A_YEAR.search(before)
    if (month or year) and _EARNERS.search(sheet.text) and not _PAYS.search(before):
        return "income_monthly" if month else "income_annual"
    return None


def _is_bare_sum(sheet: Sheet, number: Number, before: str, kind: str | None) -> bool:
    """Whether a number without a unit is money all the same: 「贷款120」, 「月供5000」, 「月薪8000」."""
    if _BARE_STOP.match(sheet.text, number.end) or number.end - number.start > _MOST_DIGITS:
        return False
    if kind:
        return number.value >= 1000 or kind == "income_annual"
    return bool(_SUM_WORD.search(before)) and number.value >= 10


def _bare_factor(number: Number, before: str, kind: str | None) -> Decimal:
    if kind == "income_annual":
        return Decimal(10_000) if number.value < 1000 else Decimal(1)
    if kind:
        return Decimal(1)
    if re.search(r"月供|月还|每月还|一个月还|还款", before) or _OTHER_LOAN.search(before):
        return Decimal(1)
    return Decimal(10_000) if number.value < 10_000 else Decimal(1)


def _minus(sheet: Sheet, start: int) -> int:
    before = sheet.text[max(0, start - 2) : start]
    if before.endswith("负"):
        return 1
    if before.endswith("-") and not before[:-1].endswith(tuple("0123456789万w元块到")):
        return 1
    return 0
