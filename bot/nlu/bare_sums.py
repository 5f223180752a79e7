"""Sums without a unit: 「贷款120」 is in 万, 「月供5000」 in yuan, and what names or dates something is none."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import Sheet
from bot.nlu.numerals import Number, read_number

_SUM_WORD = re.compile(
    r"(?:(?:我|我们|自己|爸妈|父母|家里|银行)(?:能|可以|先)?出|(?<![单均])价|成交|挂(?:牌|了)?|谈到|砍到|卖|评估|估值|贷款?|批(?:贷)?|借款?|本金|首付|公积金|贷款(?:金额|额度|总额)|金额|贷款额|(?:贷款?|按揭)余额|额度|房款|总款|预算|全款|剩余本金|月供|每月还|一个月还|月还|提前还款?|还款)"
    r"(?:了|给|刚好|正好|差不多|不是|是|为|能|可以|要|想|出|付|到|款|金额|格|大概|大约|约|共|才|只|就|从|改成|改为|变成|[:：=\s])*$"
)
#: Another loan is named by what it costs a month: 「有车贷3000」.
_OTHER_LOAN = re.compile(
    r"(?:车贷|网贷|消费贷|信用贷|助学贷)(?:款)?(?:还|要|有|是|每个?月|一个月|月|[:：\s])*$"
)
_OR = re.compile(
    r"\s*(?:吗|吧|呢|够不够|行不行|行吗)?\s*[,，、。?？]?\s*(?:(?:不行|不够|不能|批不了|不然)(?:的话)?[就那]?|要不[就然]?|还是|或者?|要么|不对|哦不|[哦啊噢]?[打说写看讲]错了?[,，]?|那|最[多低高少]|至少|起码|顶多|而?是|不是|[降涨砍谈调改变换][到成为]|[减加]到)\s*(?:贷|借|按|算|批)?\s*"
)
_JUST_DIGITS = re.compile(r"[\d.]+|[零一二两三四五六七八九十百]+")
_IN_WAN = re.compile(rf"(?:{_JUST_DIGITS.pattern})(?:万|w)?")
#: 「是138不是183万」: the unit stands with what it is not.
_NOT_THAT = re.compile(r"\s*[,，]?\s*(?:而)?不是\s*")
_ALONE_BEFORE = re.compile(
    r"(?<!not)(?:^|算算|算一下|算下|算|按|要是|如果|假如|就|大概|大约|[,，。;；\s])\s*$"
)
_ALONE_BEHIND = re.compile(r"\s*(?:$|[,，。;；/\s])")
_MOST_DIGITS = 13  #: a longer row of digits is an account, not a sum
KNOWN_BY_UNIT = re.compile(r"[千仟k]")
#: A plain number from 1,000 on is money in talk of money, unless it names or dates something.
_MONEY_TALK = re.compile(
    r"贷|还|月供|供|扣|欠|转|存|付|交|利息|本金|金额|钱|费|罚|补|税|款|公积金|工资|收入|loan|pay|prepay|borrow|mortgage|price"
)
_NAMES_SOMETHING = re.compile(
    r"(?:号|第|编号|单号|尾数|后四位|位|卡|电话|手机|热线|打|拨|拨打|微信|qq|楼|室|单元|栋|房|工号|客服|密码|验证码|面积|邮编|版本|no\.?)(?:是|为|[:：\s])*$|[#a-z]$"
)
_CALENDAR_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_HOTLINE = re.compile(r"95\d{3}|12(?!\d00)\d{3}|96\d{3,4}|10(?!\d00)\d{3}")
#: 「31500一平」 behind, 「每平三万一」 before: a price in yuan.
_PER_METRE = re.compile(r"\s*(?:元|块)?\s*(?:/|每|一|1)\s*个?(?:平|㎡|m2|sqm)")
_BY_METRE = re.compile(
    r"(?:每|一)个?(?:平方米?|平米?|㎡)(?:是|要|才|卖|大概|[:：\s])*$|(?:单价|均价)(?:是|要|才|大概|[:：\s])*$"
)
#: 「一个月就三百六」: what comes or goes by the month is counted in yuan.
_BY_MONTH = re.compile(
    r"(?:月供|每个?月|一个月|每天|一天|每期|一期)(?:也|就|才|只|能|会|要|是|可以|[少多省涨降减]|大概|[\s])*$"
)
_FEE = re.compile(
    r"(?:[省涨多少降减](?=[了还交付扣])|费用?|税|利息|罚息|违约金|滞纳金|赔偿金|补偿金|奖金|津贴|只有|还剩|就剩|剩下?|定金|订金|罚款|尾款|钱|押金|保证金|欠|存款|余额|退休金|工资|补贴|缴存?|差)(?:了?我?|要|是|为|才|只|就|还|交|付|扣|收|了|得|大概|一共|共|[:：\s])*$"
)
_LEFT = re.compile(r"(?:剩下?|差|欠|存款|尾款|(?<!卡)余额)(?:了|的|是|才|只|就|还|得|大概|一共|[:：\s])*$")
_LARGE = 100_000  #: yuan
_BY_INSTALMENT = re.compile(r"月供|月还|每月还|一个月还|还款")
_OF_A_LOAN = re.compile(r"(?<![还房车])贷|借|首付|批")
_PRICE = re.compile(r"(?<![单均])价|房款|预算|全款|卖|成交|评估|估值")
_BARE_STOP = re.compile(
    r"\s*(?!多点)(?:多|来|几)?(?:年|期|个?月(?!供)|号|日|岁|天|成|套|平|㎡|倍|分(?!\s*[\d一二三四五六七八九十]+\s*[年期])|折|位|次|笔|家|个|人|%|点|厘|元素|分钟|小时|字|度|份|套|条|遍|里|公里|秒|基点|bp|米|楼|层|室|栋|years?|yrs?|months?|days?|sqm|times|people|percent)|[a-z:\d/]|\.\d"
)


def is_bare_range(sheet: Sheet, low: Number, high: Number) -> bool:
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


def named_before_or(sheet: Sheet, number: Number) -> bool:
    """Whether a number takes the unit that was left out before, too: 「贷款五十，还是六十」「不行就四十」."""
    text = sheet.text
    denied = _NOT_THAT.match(text, number.end)
    other = read_number(text, denied.end()) if denied else None
    if other is not None and other.scale == 10_000 and number.is_plain:
        return other.coefficient / 10 <= number.value <= other.coefficient * 10
    last = next(
        (one for one in reversed(sheet.found) if one.type == "amount" and one.end <= number.start), None
    )
    if last is None or isinstance(last.value, list) or not _OR.fullmatch(text[last.end : number.start]):
        return False
    if not last.value / 10 <= number.value * 10_000 <= last.value * 10:
        return False
    if _BARE_STOP.match(text, number.end) or not _JUST_DIGITS.fullmatch(text[number.start : number.end]):
        return False
    return bool(_IN_WAN.fullmatch(text[last.start : last.end])) and last.value >= 100_000


def stands_alone_beside_a_term(sheet: Sheet, number: Number) -> bool:
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


def is_by_the_metre(sheet: Sheet, number: Number, before: str) -> bool:
    """Whether a number of thousands is the price of a square metre."""
    return number.value >= 1000 and bool(
        _PER_METRE.match(sheet.text, number.end)
        or (_BY_METRE.search(before) and not _BARE_STOP.match(sheet.text, number.end))
    )


def is_bare_sum(sheet: Sheet, number: Number, before: str, kind: str | None) -> bool:
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
    if stands_alone_beside_a_term(sheet, number):
        return True
    if _BY_MONTH.search(before) and _MONEY_TALK.search(sheet.text):
        return number.value >= 100
    if _SUM_WORD.search(before) or _FEE.search(before) or _OTHER_LOAN.search(before):
        return number.value >= 10
    return _is_money_by_size(sheet, number, before)


def is_literal(sheet: Sheet, number: Number, before: str, kind: str | None) -> bool:
    """Whether the number counts yuan as it stands: 「三千八」, 「罚了200」, never 「贷款120」."""
    if KNOWN_BY_UNIT.search(sheet.text[number.start : number.end]):
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
    if KNOWN_BY_UNIT.search(said):
        return True
    if number.is_chinese or said.startswith("0") or "," in said:
        return "," in said
    if _CALENDAR_YEAR.fullmatch(said) or _HOTLINE.fullmatch(said):
        return bool(re.search(r"(?:还|扣|欠|转|存|交|付|补)了?$", before))
    return bool(_MONEY_TALK.search(sheet.text))


def bare_factor(number: Number, before: str, kind: str | None) -> Decimal:
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
    sums = (*_PRICE.finditer(before), *_OF_A_LOAN.finditer(before))
    return instalment > max((match.end() for match in sums), default=0)
