"""Sums of money: what is borrowed, owed, paid, and what somebody earns."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import Sheet, whole
from bot.nlu.numerals import Number, read_number, starts_number

_MONEY_UNIT = re.compile(r"\s*(?:多|来|左右|余)?\s*(?:元|块钱?|圆|人民币|rmb|yuan|cny|¥)(?:整|钱)?")
_PIECES = re.compile(
    r"\s*(?:多|来|几)?\s*个(?!月|点|基点|bp|人|工作日|银行|百分点|孩子|小时|季|问题|方式|方案|多|客户|账|卡|月|房|字|号)"
)
_LOAN_TALK = re.compile(
    r"(?:贷款?|借款?|本金|首付|放款?|提前还|还(?!是)|批|额度|总价|房价|差|手[上里头]|凑|攒|存款?|准备|剩|拿|出)(?:了|够了?|有|是|为|能|可以|要|想|出|付|到|个|款|大概|约|共|[:：\s])*$"
)
_SUM_WORD = re.compile(
    r"(?:(?:我|我们|自己|爸妈|父母|家里|银行)(?:能|可以|先)?出|卖价?|成交价?|评估价?|估值|贷款?|借款?|本金|首付|公积金|贷款(?:金额|额度|总额)|金额|额度|总价|房价|全款|剩余本金|月供|每月还|一个月还|月还|提前还款?|还款)"
    r"(?:了|是|为|能|可以|要|想|出|付|到|款|金额|大概|大约|约|共|才|只|就|从|改成|改为|变成|[:：=\s])*$"
)
_FILL_INCOME = r"(?:了|是|为|有|能|就|才|也|只|个|开|写|大概|大约|约|差不多|加起来|合起来|加一起|一起|总共|合计|共|税前|税后|净|到手|一个月|每个?月|港币|港元|人民币|美元|rmb|[:：\s])*$"
_INCOME_MONTHLY = re.compile(
    r"(?:税前|税后|到手|退休金|退休工资|养老金|净赚|净挣|净落|落下|净利润?|纯利润?|净收入|收入证明|月净收入|月入|月薪|月收入|月工资|月均收入|工资|薪水|底薪|到手|每月收入|每个月收入|收入|(?:每个?月|一个月|月)(?:也|就|才|只|能|可以|大概|净|到手)*(?:挣|赚|拿|进账|收入|工资|到手|发))"
    + _FILL_INCOME
)
_INCOME_ANNUAL = re.compile(
    r"(?:年薪|年包|年总包|年收入|年入|年均收入|年终|(?:一年|每年|全年)(?:也|就|才|只|能|可以|大概|净|纯)*(?:挣|赚|拿|收入|工资|到手|进账|利润?)|税前年薪)"
    + _FILL_INCOME
)
#: Money that comes once, whatever hands it came through: 「奖金到手8万」.
#: How much in good times and bad, once an income was told: 「旺季一个月一万五，淡季六七千」.
_AT_TIMES = re.compile(
    r"(?:旺季|淡季|平时|好的时候|差的时候|忙的时候|闲的时候|多的时候|少的时候|生意好|生意差|好的话|差的话|有时候?|最多|最少|运气好)(?:一个月|每个?月|能|也|就|才|只|有|大概|的|[\s])*$"
)
#: From here on an income whose period was not told is a year's, and so is one told after a year was named.
_YEARLY_YUAN = 100_000
_SAYS_MONTH = re.compile(r"月")
_SAYS_YEAR = re.compile(r"一年|每年|全年|年(?:收入|入|薪)")
_ONCE = re.compile(r"(?:奖金|年终|补偿|分红|赔)(?!.*(?:工资|薪|一年))")
_A_MONTH = re.compile(
    r"(?:一个月|每个?月|月)(?:大概|大约|约|税前|税后|加起来|合计|一共|共|差不多|也就|就|才|只有|能有|有|[\s])*$"
)
_A_YEAR = re.compile(r"(?:一年|每年)(?:大概|大约|约|税前|税后|加起来|合计|一共|共|能有|有|[\s])*$")
_EARNERS = re.compile(
    r"两口子|夫妻|我俩|家庭|老公|老婆|老伴|工资|收入|薪|退休|跑(?:车|滴滴|货|外卖|运输)|网约车|滴滴|外卖|骑手|货车|货运|代驾|打工|上班|开店|小店|店里|摆摊|生意|挣|赚|自由职业"
)
#: Another earner of a household whose first income was told: 「我工资八千，老婆六千」.
_ALSO_EARNS = re.compile(
    r"(?:我|(?:他|她|老婆|老公|爱人|太太|先生|妻子|丈夫|媳妇|配偶|对象|女朋友|男朋友|老伴|爸|妈)(?:的|那边)?)(?:也|是|能|一个月|每个?月|工资|月薪|退休金|差不多|大概|大约|[\s])*$"
)
#: Said behind a sum in English, or of a yearly sum: 「25k a month」, 「税前45万一年」.
_BY_THE_MONTH = re.compile(
    r"^\s*(?:左右)?(?:/月|a month|per month|/month|/mo|monthly|each month|every month|一个月|每个?月)"
)
_BY_THE_YEAR = re.compile(r"^\s*(?:左右)?(?:/年|a year|per year|/year|p\.?a\.?|annually|yearly|一年|每年)")
_EARNS_BEFORE = re.compile(
    r"税前|税后|收入|工资|薪|挣|赚|(?<![a-z])(?:salary|income|earn|earns|earning|make|makes|making|wages?|paid)(?![a-z])"
)
_EARNS_IN_ENGLISH = re.compile(
    r"(?<![a-z])(?:salary|income)\s*(?:of|is|:|about|around|was|\s)*$|(?<![a-z])(?:earn|make)\s*(?:about|around|\s)*$"
)
_INCOME_BEHIND = re.compile(r"^\s*(?:左右)?的?(?:月?收入|月?工资|月薪|薪水)")
_ANNUAL_BEHIND = re.compile(r"^\s*(?:左右)?的?(?:年收入|年薪)")
_PAYS = re.compile(r"还|供|扣|月供|贷")
#: Another loan is named by what it costs a month: 「有车贷3000」.
_OTHER_LOAN = re.compile(
    r"(?:车贷|网贷|消费贷|信用贷|助学贷)(?:款)?(?:还|要|有|是|每个?月|一个月|月|[:：\s])*$"
)
_JOINT = re.compile(r"\s*(?:到|至|~|-)\s*")
_MOST_DIGITS = 13  #: a longer row of digits is an account, not a sum
_KNOWN_BY_UNIT = re.compile(r"[千仟k]")
_CURRENCY_BEFORE = re.compile(r"(?:¥|\$|rmb|cny|人民币|港币)\s*$")
#: A plain number from 1,000 on is money in talk of money, unless it names or dates something.
_MONEY_TALK = re.compile(
    r"贷|还|月供|供|扣|欠|转|存|付|交|利息|本金|金额|钱|费|罚|税|款|公积金|工资|收入|loan|pay|prepay|borrow|mortgage|price"
)
_NAMES_SOMETHING = re.compile(
    r"(?:号|第|编号|单号|尾数|后四位|位|卡|电话|手机|热线|打|拨|拨打|微信|qq|楼|室|单元|栋|房|工号|客服|密码|验证码|面积|邮编|版本|no\.?)(?:是|为|[:：\s])*$|[#a-z]$"
)
_CALENDAR_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_HOTLINE = re.compile(r"95\d{3}|12\d{3}|96\d{3,4}|10\d{3}")
_FEE = re.compile(
    r"(?:费用?|税|利息|罚息|违约金|滞纳金|赔偿金|补偿金|奖金|津贴|只有|还剩|就剩|剩下?|定金|订金|罚款|尾款|钱|押金|保证金|存款|余额|退休金|工资|补贴|缴存?|差)(?:了?我?|要|是|为|才|只|就|还|交|收|了|得|大概|一共|共|[:：\s])*$"
)
_BY_INSTALMENT = re.compile(r"月供|月还|每月还|一个月还|还款")
_PRICE = re.compile(r"总价|房价|全款|卖|成交|评估|估值")
_BARE_STOP = re.compile(
    r"\s*(?:多|来|几)?(?:年|期|个?月(?!供)|号|日|岁|天|成|套|平|㎡|倍|分|折|位|次|笔|家|个|人|%|点|厘|元素|分钟|小时|字|度|份|套|条|遍|里|公里|秒|基点|bp|米|楼|层|室|栋|years?|yrs?|months?|days?|sqm|times|people|percent)|[a-z.:\d/]"
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
    kind = _income(sheet, sheet.before(number.start, 18), end, last.value)
    money_said = (
        bool(unit)
        or last.scale > 1
        or bool(pieces)
        or bool(_CURRENCY_BEFORE.search(text[max(0, number.start - 4) : number.start]))
    )
    if not money_said and not _is_bare_sum(sheet, last, before, kind):
        return number.end
    factor = Decimal(1)
    if pieces:
        factor, end = Decimal(10_000), pieces.end()
    elif not money_said:
        factor = Decimal(1) if _is_literal(sheet, last) else _bare_factor(last, before, kind)
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


def _by_period(sheet: Sheet, end: int, value: Decimal) -> str:
    """The income of a month, unless a year was named or only a year can bring it: 「收入三十万」."""
    told = sheet.text[max(0, end - 24) : end + 6]
    if _SAYS_MONTH.search(told):
        return "income_monthly"
    return "income_annual" if _SAYS_YEAR.search(told) or value >= _YEARLY_YUAN else "income_monthly"


def _income(sheet: Sheet, before: str, end: int, value: Decimal) -> str | None:
    behind = sheet.after(end, 8)
    if _ONCE.search(before):
        return None
    if _INCOME_ANNUAL.search(before) or _ANNUAL_BEHIND.search(behind):
        return "income_annual"
    if _INCOME_MONTHLY.search(before) or _INCOME_BEHIND.search(behind):
        return _by_period(sheet, end, value)
    if _AT_TIMES.search(before) and (
        any(one.type == "income_monthly" for one in sheet.found) or _EARNERS.search(sheet.text)
    ):
        return "income_monthly"
    if _EARNS_BEFORE.search(before) or _EARNS_IN_ENGLISH.search(before):
        if _BY_THE_YEAR.search(behind):
            return "income_annual"
        if _BY_THE_MONTH.search(behind) or _EARNS_IN_ENGLISH.search(before):
            return "income_monthly"
    if (
        _ALSO_EARNS.search(before)
        and value < _YEARLY_YUAN
        and any(one.type.startswith("income") for one in sheet.found)
    ):
        return "income_monthly"
    month = _A_MONTH.search(before)
    year = _A_YEAR.search(before)
    if (month or year) and _EARNERS.search(sheet.text) and not _PAYS.search(before):
        return "income_monthly" if month else "income_annual"
    return None


def _is_bare_sum(sheet: Sheet, number: Number, before: str, kind: str | None) -> bool:
    """Whether a number without a unit is money all the same: 「贷款120」, 「月供5000」, 「月薪8000」."""
    in_thousands = sheet.text[number.end - 1 : number.end] == "k" and sheet.text[
        number.end : number.end + 1
    ] in ("", " ", ",")
    if (
        _BARE_STOP.match(sheet.text, number.end) and not in_thousands
    ) or number.end - number.start > _MOST_DIGITS:
        return False
    if kind:
        return number.value >= 1000 or kind == "income_annual"
    if _SUM_WORD.search(before) or _FEE.search(before) or _OTHER_LOAN.search(before):
        return number.value >= 10
    return _is_money_by_size(sheet, number, before)


def _is_literal(sheet: Sheet, number: Number) -> bool:
    """Whether the number counts yuan as it stands: 「三千八」, 「罚了200」, never 「贷款120」."""
    before = sheet.before(number.start, 14)
    if _KNOWN_BY_UNIT.search(sheet.text[number.start : number.end]):
        return True
    return not _SUM_WORD.search(before) or ("公积金" in before and number.value >= 1000)


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
        return bool(re.search(r"(?:还|扣|欠|转|存|交|付)了?$", before)) and not _HOTLINE.fullmatch(said)
    return bool(_MONEY_TALK.search(sheet.text))


def _bare_factor(number: Number, before: str, kind: str | None) -> Decimal:
    """What a bare number counts: 「贷120」 is in 万, 「房贷4200」 in yuan, but the price 「总价1200」 in 万 again."""
    if kind == "income_annual":
        return Decimal(10_000) if number.value < 1000 else Decimal(1)
    if kind or _BY_INSTALMENT.search(before) or _OTHER_LOAN.search(before):
        return Decimal(1)
    highest = 10_000 if _PRICE.search(before) else 1000
    return Decimal(10_000) if number.value < highest else Decimal(1)


def _minus(sheet: Sheet, start: int) -> int:
    before = sheet.text[max(0, start - 2) : start]
    if before.endswith("负"):
        return 1
    if before.endswith("-") and not before[:-1].endswith(tuple("0123456789万w元块到")):
        return 1
    return 0
