"""Sums of money: what is borrowed, owed, paid; what somebody earns is told in `bot.nlu.incomes`."""

from __future__ import annotations

import re
from decimal import Decimal

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
_SUM_WORD = re.compile(
    r"(?:(?:我|我们|自己|爸妈|父母|家里|银行)(?:能|可以|先)?出|(?<![单均])价|成交|挂(?:牌|了)?|谈到|砍到|卖|评估|估值|贷款?|批(?:贷)?|借款?|本金|首付|公积金|贷款(?:金额|额度|总额)|金额|贷款额|(?:贷款?|按揭)余额|额度|房款|总款|预算|全款|剩余本金|月供|每月还|一个月还|月还|提前还款?|还款)"
    r"(?:了|不是|是|为|能|可以|要|想|出|付|到|款|金额|格|大概|大约|约|共|才|只|就|从|改成|改为|变成|[:：=\s])*$"
)
#: Another loan is named by what it costs a month: 「有车贷3000」.
_OTHER_LOAN = re.compile(
    r"(?:车贷|网贷|消费贷|信用贷|助学贷)(?:款)?(?:还|要|有|是|每个?月|一个月|月|[:：\s])*$"
)
_JOINT = re.compile(r"\s*(?:到|至|~|-|and(?![a-z]))\s*")
_BETWEEN = re.compile(r"between\s*$|from\s*$")
#: 「三万五万的」, 「十万八万」: two sums side by side say about how much.
_ROUGHLY = re.compile(r"\s*(?:的|吧|块|元|左右|上下|都|也|就|行|$|[,，。?？!！])")
_OR = re.compile(
    r"\s*(?:吗|吧|呢|够不够|行不行|行吗)?\s*[,，、。?？]?\s*(?:(?:不行|不够|不能|批不了|不然)(?:的话)?[就那]?|要不[就然]?|还是|或者?|要么|那|而?是|不是|[降涨砍谈调改变换][到成为]|[减加]到)\s*(?:贷|借|按|算|批)?\s*"
)
_JUST_DIGITS = re.compile(r"[\d.]+|[零一二两三四五六七八九十百]+")
_ALONE_BEFORE = re.compile(r"(?<!not)(?:^|算算|算一下|算下|算|按|要是|如果|假如|就|大概|大约|[,，。;；\s])\s*$")
_ALONE_BEHIND = re.compile(r"\s*(?:$|[,，。;；/\s])")
_MOST_DIGITS = 13  #: a longer row of digits is an account, not a sum
_KNOWN_BY_UNIT = re.compile(r"[千仟k]")
_CURRENCY_BEFORE = re.compile(r"(?:¥|\$|rmb|cny|人民币|港币)\s*$")
#: A plain number from 1,000 on is money in talk of money, unless it names or dates something.
_MONEY_TALK = re.compile(
    r"贷|还|月供|供|扣|欠|转|存|付|交|利息|本金|金额|钱|费|罚|补|税|款|公积金|工资|收入|loan|pay|prepay|borrow|mortgage|price"
)
_NAMES_SOMETHING = re.compile(
    r"(?:号|第|编号|单号|尾数|后四位|位|卡|电话|手机|热线|打|拨|拨打|微信|qq|楼|室|单元|栋|房|工号|客服|密码|验证码|面积|邮编|版本|no\.?)(?:是|为|[:：\s])*$|[#a-z]$"
)
_CALENDAR_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_HOTLINE = re.compile(r"95\d{3}|12\d{3}|96\d{3,4}|10\d{3}")
#: 「31500一平」 behind, 「每平三万一」 before: a price in yuan.
_PER_METRE = re.compile(r"\s*(?:元|块)?\s*(?:/|每|一|1)\s*个?(?:平|㎡|m2|sqm)")
_BY_METRE = re.compile(r"(?:每|一)个?(?:平方米?|平米?|㎡)(?:是|要|才|卖|大概|[:：\s])*$|(?:单价|均价)(?:是|要|才|大概|[:：\s])*$")
#: 「一个月就三百六」: what comes or goes by the month is counted in yuan.
_BY_MONTH = re.compile(r"(?:每个?月|一个月)(?:也|就|才|只|要|是|大概|[\s])*$")
_FEE = re.compile(
    r"(?:[省涨多少降减](?=[了还交付扣])|费用?|税|利息|罚息|违约金|滞纳金|赔偿金|补偿金|奖金|津贴|只有|还剩|就剩|剩下?|定金|订金|罚款|尾款|钱|押金|保证金|存款|余额|退休金|工资|补贴|缴存?|差)(?:了?我?|要|是|为|才|只|就|还|交|付|扣|收|了|得|大概|一共|共|[:：\s])*$"
)
_LEFT = re.compile(r"(?:剩下?|差|存款|尾款|(?<!卡)余额)(?:了|的|是|才|只|就|还|得|大概|一共|[:：\s])*$")
_LARGE = 100_000  #: yuan
_BY_INSTALMENT = re.compile(r"月供|月还|每月还|一个月还|还款")
_PRICE = re.compile(r"(?<![单均])价|房款|预算|全款|卖|成交|评估|估值")
_BARE_STOP = re.compile(
    r"\s*(?:多|来|几)?(?:年|期|个?月(?!供)|号|日|岁|天|成|套|平|㎡|倍|分(?!\s*[\d一二三四五六七八九十]+\s*[年期])|折|位|次|笔|家|个|人|%|点|厘|元素|分钟|小时|字|度|份|套|条|遍|里|公里|秒|基点|bp|米|楼|层|室|栋|years?|yrs?|months?|days?|sqm|times|people|percent)|[a-z.:\d/]"
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
    kind = income_type(sheet, number.start, end, last.value)
    pieces = None if unit or not last.is_plain else _PIECES.match(text, last.end)
    if (
        pieces
        and kind != "income_annual"
        and not _LOAN_TALK.search(before)
        and not (
            (_OWNS.search(before) or (sheet.has("term_months") and last.value >= 20 and not before.strip()))
            and _PIECES_END.match(text, pieces.end())
        )
    ):
        pieces = None
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
        or _is_by_the_metre(sheet, last, before)
    )
    partner = None if money_said else _named_before_or(sheet, number)
    if not money_said and not partner and not _is_bare_sum(sheet, last, before, kind):
        return number.end
    factor = Decimal(1)
    if pieces:
        factor, end = Decimal(10_000), pieces.end()
    elif partner or (not money_said and _stands_alone_beside_a_term(sheet, last)):
        factor = Decimal(10_000)
    elif not money_said:
        factor = Decimal(1) if _is_literal(sheet, last, before, kind) else _bare_factor(last, before, kind)
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
    if tenths and upper is None:
        low += (read_number(tenths["n"]) or number).value / 10
    sign = _minus(sheet, number.start)
    value: object = whole(low) * (-1 if sign else 1)
    if high is not None:
        value = sorted([whole(low), whole(high * (factor if not upper or pieces or not money_said else 1))])
    sheet.claim(kind or "amount", value, number.start - sign, end)
    return end


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
        and not _is_bare_range(sheet, number, upper)
        and not _KNOWN_BY_UNIT.search(sheet.text[upper.start : upper.end])
    ):
        return None
    return upper


def _is_bare_range(sheet: Sheet, low: Number, high: Number) -> bool:
    """「预算300-350」: two sums behind a word for one, both in 万; 「3000到6000」: two in yuan."""
    if low.is_plain and 1000 <= low.value < high.value <= low.value * 10:
        years = all(_CALENDAR_YEAR.fullmatch(sheet.text[one.start : one.end]) for one in (low, high))
        return not years and not _BARE_STOP.match(sheet.text, high.end)
    return bool(
        low.is_plain
        and 20 <= low.value < high.value <= 3000
        and _SUM_WORD.search(sheet.before(low.start, 14))
        and not _BARE_STOP.match(sheet.text, high.end)
    )


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


def _named_before_or(sheet: Sheet, number: Number) -> bool:
    """Whether a number takes the unit that was left out before, too: 「贷款五十，还是六十」「不行就四十」."""
    text = sheet.text
    last = next(
        (one for one in reversed(sheet.found) if one.type == "amount" and one.end <= number.start), None
    )
    if last is None or isinstance(last.value, list) or not _OR.fullmatch(text[last.end : number.start]):
        return False
    if not last.value / 10 <= number.value * 10_000 <= last.value * 10:
        return False
    if _BARE_STOP.match(text, number.end) or not _JUST_DIGITS.fullmatch(text[number.start : number.end]):
        return False
    return bool(_JUST_DIGITS.fullmatch(text[last.start : last.end])) and last.value >= 100_000


def _stands_alone_beside_a_term(sheet: Sheet, number: Number) -> bool:
    """「算算一百二，二十年」: nothing but a loan is told so."""
    return (
        number.is_plain
        and not number.has_point
        and 20 <= number.value <= 1000
        and sheet.has("term_months")
        and not sheet.has("amount")
        and not _BY_MONTH.search(sheet.before(number.start))
        and bool(
            _ALONE_BEFORE.search(sheet.text[: number.start]) and _ALONE_BEHIND.match(sheet.text, number.end)
        )
    )


def _is_by_the_metre(sheet: Sheet, number: Number, before: str) -> bool:
    """Whether a number of thousands is the price of a square metre."""
    return number.value >= 1000 and bool(
        _PER_METRE.match(sheet.text, number.end)
        or (_BY_METRE.search(before) and not _BARE_STOP.match(sheet.text, number.end))
    )


def _thousands(text: str, number: Number) -> bool:
    return "千" in text[number.start : number.end]


def _is_bare_sum(sheet: Sheet, number: Number, before: str, kind: str | None) -> bool:
    """Whether a number without a unit is money all the same: 「贷款120」, 「月供5000」, 「月薪8000」."""
    in_thousands = sheet.text[number.end - 1 : number.end] == "k" and not re.match(
        r"[a-z\d]", sheet.text[number.end : number.end + 1]
    )
    if (
        _BARE_STOP.match(sheet.text, number.end) and not in_thousands
    ) or number.end - number.start > _MOST_DIGITS:
        return False
    if kind:
        return number.value >= 1000 or kind == "income_annual"
    if _stands_alone_beside_a_term(sheet, number):
        return True
    if _BY_MONTH.search(before) and _MONEY_TALK.search(sheet.text):
        return number.value >= 100
    if _SUM_WORD.search(before) or _FEE.search(before) or _OTHER_LOAN.search(before):
        return number.value >= 10
    return _is_money_by_size(sheet, number, before)


def _is_literal(sheet: Sheet, number: Number, before: str, kind: str | None) -> bool:
    """Whether the number counts yuan as it stands: 「三千八」, 「罚了200」, never 「贷款120」."""
    if _KNOWN_BY_UNIT.search(sheet.text[number.start : number.end]):
        return True
    if kind == "income_annual" or _is_left_of_a_large_sum(sheet, number, before):
        return False
    return not _SUM_WORD.search(before) or ("公积金" in before and number.value >= 1000)


def _is_left_of_a_large_sum(sheet: Sheet, number: Number, before: str) -> bool:
    """「卖118，还贷后剩61」: what is left of a sum in 万, or lacks to it, is in 万."""
    sums = [one.value for one in sheet.found if one.type == "amount" and one.end <= number.start]
    return bool(
        20 <= number.value < _LARGE / 1000
        and _LEFT.search(before)
        and sums
        and not isinstance(sums[-1], list)
        and sums[-1] >= _LARGE
    )


def _is_money_by_size(sheet: Sheet, number: Number, before: str) -> bool:
    """Whether a number of a thousand and more can only be money here."""
    said = sheet.text[number.start : number.end]
    if number.value < 1000 or _NAMES_SOMETHING.search(before):
        return False
    if _KNOWN_BY_UNIT.search(said):
        return True
    if number.is_chinese or said.startswith("0") or "," in said:
        return "," in said
    if _CALENDAR_YEAR.fullmatch(said) or _HOTLINE.fullmatch(said):
        return bool(re.search(r"(?:还|扣|欠|转|存|交|付|补)了?$", before))
    return bool(_MONEY_TALK.search(sheet.text))


def _bare_factor(number: Number, before: str, kind: str | None) -> Decimal:
    """What a bare number counts: 「贷120」 is in 万, 「房贷4200」 in yuan, but the price 「总价1200」 in 万 again."""
    if kind == "income_annual":
        return Decimal(10_000) if number.value < 1000 else Decimal(1)
    if kind or _OTHER_LOAN.search(before):
        return Decimal(1)
    if _instalment_is_nearer(before):
        return Decimal(1)
    highest = 10_000 if _PRICE.search(before) else 1000
    return Decimal(10_000) if number.value < highest else Decimal(1)


def _instalment_is_nearer(before: str) -> bool:
    """Whether the last word before the number names an instalment and not a price."""
    instalment = max((match.end() for match in _BY_INSTALMENT.finditer(before)), default=0)
    return instalment > max((match.end() for match in _PRICE.finditer(before)), default=0)


def _minus(sheet: Sheet, start: int) -> int:
    before = sheet.text[max(0, start - 2) : start]
    if before.endswith("负"):
        return 1
    if before.endswith("-") and not before[:-1].endswith(tuple("0123456789万w元块到")):
        return 1
    return 0
