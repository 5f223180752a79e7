"""Which sums are an income, and of a month or of a year."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import PEOPLE, Sheet

_FILL_INCOME = r"(?:了|是|为|有|能|就|才|也|只|个|开|写|大概|大约|约|差不多|加起来|合起来|加一起|一起|总共|合计|共|税前|税后|净|到手|一个月|每个?月|港币|港元|人民币|美元|rmb|[:：\s])*$"
_INCOME_MONTHLY = re.compile(
    r"(?:税前|税后|到手|退休金|退休工资|养老金|净赚|净挣|净落|落下|净利润?|纯利润?|净收入|收入证明|月净收入|月入|月薪|月收入|月工资|月均收入|工资|薪水|底薪|副业|兼职|外快|(?<![a-z])base|到手|每月收入|每个月收入|收入|(?:每个?月|一个月|月)(?:也|就|才|只|能|可以|大概|净|到手)*(?:挣|赚|拿|进账|收入|工资|到手|发))"
    + _FILL_INCOME
)
_INCOME_ANNUAL = re.compile(
    r"(?:年薪|年包|年总包|年收入|年入|年均收入|年终|(?:一年|每年|全年)(?:也|就|才|只|能|可以|大概|净|纯)*(?:挣|赚|拿|收入|工资|到手|进账|[毛净纯]?利润?)|税前年薪|总包|(?<![a-z])(?:package|(?:annual|yearly)\s+(?:household\s+)?(?:income|salary)(?:\s+(?:of|is))?))"
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
#: Somebody of the household right before 「一个月」 earns, unless a payment was named: 「我那口子在厂里一个月四千三」.
_SOMEBODY = re.compile(rf"(?:{PEOPLE}|两个人|两人|俩人?|各自|各)")
_SPENDS = re.compile(r"还|供|扣|贷|租|花|开销|交|付|学费|生活费|用|补|给|存|缴|省|少|多|涨|降")
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


def _by_period(sheet: Sheet, end: int, value: Decimal) -> str:
    """The income of a month, unless a year was named or only a year can bring it: 「收入三十万」."""
    told = sheet.text[max(0, end - 24) : end + 6]
    if _SAYS_MONTH.search(told):
        return "income_monthly"
    return "income_annual" if _SAYS_YEAR.search(told) or value >= _YEARLY_YUAN else "income_monthly"


def income_type(sheet: Sheet, before: str, end: int, value: Decimal) -> str | None:
    """`income_monthly` or `income_annual` where a sum is what somebody earns."""
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
    if (
        month
        and _SOMEBODY.search(_this_sentence(sheet, end))
        and not _SPENDS.search(_this_sentence(sheet, end))
    ):
        return "income_monthly"
    if (month or year) and _EARNERS.search(sheet.text) and not _PAYS.search(before):
        return "income_monthly" if month else "income_annual"
    return None


def _this_sentence(sheet: Sheet, end: int) -> str:
    """What was said before a place since the last full stop, at most forty characters."""
    return re.split(r"[。;；!！?？\n]", sheet.text[max(0, end - 40) : end])[-1]
