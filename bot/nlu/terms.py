"""The term of a loan in months, and how old somebody is.

Durations that are not a loan's term stay out: time already paid, how long something takes, the five-year LPR.
"""

from __future__ import annotations

import re

from bot.nlu.entity import PEOPLE, Sheet, whole
from bot.nlu.numerals import Number, read_number, starts_number

_YEARS = re.compile(
    r"\s*(?:多|来|几)?\s*年(?!前|内|以内|之内|后|以后|之后|以上|以下|期以上|期?的?lpr|龄|底|初|薪|收入(?!要|得|需|应|至少|最少|多少|达)|级|的房(?!贷)|老房|房龄|终|检|半载)"
    r"(?:期)?(?P<half>半(?!载))?|[\s-]*(?:years?|yrs?|y)(?![a-z/])(?!\s*(?:ago|old))"
)
_MONTHS_MORE = re.compile(r"\s*(?:零|又|加|外加|\+)?\s*")
_MONTHS = re.compile(
    r"\s*个月(?!前|内|以内|之内|后|以后|以上|以下)|\s*期(?!房|货|间|限|待)|\s*months?(?![a-z])(?!\s*ago)"
)
_TERM_WORD = re.compile(
    r"(?:贷款?|借|期限|年限|分|还剩|剩|还有|还款期|供|改成|改为|改到|换成|变成|缩短到|缩短为|延长到|延长至|延到|分期|是|为|期数|共|一共|剩余)(?:了?个?|大概|约|成|款|期限|[:：\s])*$"
)
#: What makes a term of a single year, which otherwise is how often something happens.
_TERM_OF_ONE = re.compile(
    r"(?:贷款?(?!利率)|借|期限|年限|还剩|剩|还有|还款期|改成|改为|改到|换成|变成|缩短到|缩短为|延长到|延长至|延到|分期|期数|剩余|先息后本|气球贷|后本)(?:了?个?|大概|约|成|款|期限|[:：\s])*$"
)
#: A term whose unit is left out: 「期限 25」, 「年限从25改到20」.
_TERM_NAMED = re.compile(r"(?:期限|年限)(?:是|为|从|由|改成|改为|改到|选|[:：=\s])*$")
_BECOMES = re.compile(r"(?:->|→|到|至|改成|改为|改到|变成|换成)\s*$")
_BARE_YEARS_END = re.compile(r"\s*(?:$|[,，。;；!！?？、\n]|->|→|到|至|改|变|换)")
_MOST_BARE_YEARS = 40
_TIME_PASSED = re.compile(
    r"(?:还了|还款了|供了|已经?还|已还|还款?满|还满|办了|用了|过了|等了|拖了|住了|买了|工作了?|上班|结婚|社保|缴存?了?|缴满|交了?|交满|连续|(?<![贷做放拉])满|前|近|最近|每|毕业|工作|离婚|退休|参加工作|逾期了?|欠了?|断供|再过|过|等|超过|不到|lpr[和跟与、]?|五年期|第|头|前面|入职|开户|已经|定期|存期|工龄|驾龄|(?:连续|连着|每年)[还交存缴]|宽限期(?:可以|能|再|给|有|是|多)*|试用期|保质期|只还息期|免息期|(?:土地|产权|使用权)(?:使用)?(?:年限|期限|年)?(?:还剩|剩余?|还有|只?有|是|为)*|(?<![错贷借剩签选分批按改做到期填写报延缩])了)(?:都|快|有|将近|大概|整整|\s)*$"
)
#: What stands on leased land is not a loan.
_OF_THE_LAND = re.compile(r"土地|产权|使用权")
_DELTA = re.compile(r"(?:缩短|延长|减少|增加|提前|推迟|延期|延迟|推后|少|多)(?:了|个|年限|期限)?\s*$")
_PASSED_BEHIND = re.compile(
    r"^\s*(?:了(?!解|.{0,3}(?:吧|行))|的房(?!贷)|房龄|以来|没还|一调|一次|多少钱一|前(?![一二两三四五\d])|的?(?:社保|流水|工龄|驾龄|产权|经验|婚龄|公积金(?!贷|组合)))"
)
#: A month in which something is paid, no month of a term: 「30年一个月还多少」.
_A_MONTH = re.compile(
    r"\s*(?:大概|大约|差不多|需要?|要|得|应该?|该|能|可以|少|多)*(?:还(?!剩|有)|供|交|付|贴|省|多少)"
)
_CALENDAR = re.compile(r"(?:19|20)\d\d")
_RANGE = re.compile(r"\s*(?:到|至|~|-)\s*")
_AGE = re.compile(
    r"\s*(?:周岁|岁)(?!的房|以上|以下)|[\s-]*(?:years?|yrs?)[\s-]*old(?![a-z])|\s*y/?o(?![a-z])"
)
_PERSON = rf"{PEOPLE}|男方|女方|借款人|共借人|担保人|主贷人"
#: 「比我小3岁」, 「相差五岁」.
_APART = re.compile(r"(?:比\S{1,4}[大小]|差|大了?|小了?)\s*$")
#: The ages of several people in one number are nobody's.
_TOGETHER = re.compile(r"(?:加起来|合起来|合计|加一起|一共|总共)(?:有|是|都|快|已经)*$")
_AGE_BARE = re.compile(
    rf"(?:{_PERSON}|客户|买家|(?:夫妻|两口子|我俩|我们)俩?(?:今年)?(?=都)|今年|年龄|年纪|岁数)(?:今年|才|都|已经|也|快|刚|是|[:：\s])*$|(?<![a-z])(?:i'?m|i am|we(?:'re| are)(?: both)?|both|(?:wife|husband|partner|i)\s*[(]|(?:he|she|wife|husband|father|mother|dad|mom|son) is|aged?|(?:my\s+)?(?:daughter|son|parents?|partner|co-?borrower)(?:'s| is| are))\s*$"
)
#: What may follow an age without 岁: an end, another person, or what one wants at that age.
_AGE_ENDS = re.compile(
    rf"\s*(?:$|[,，。.;；!！?？、)\n]|了|{_PERSON}|跑|做|在|干|开|当|刚|单身|已婚|未婚|上班|打工|退休|没|都|还|想|要|能|还能|可以|and(?![a-z]))"
)
#: 「85年的」 of a person is the year of birth.
_BORN = re.compile(r"\s*年(?:的(?!房|期|贷|商|公)|生|出生|属)")

#: Done in a year that is told by its last two digits: 「15年买的」, 「18年在你们行贷的款」.
_DONE_THEN = re.compile(
    r"\s*(?:[初底]|的时候|就|在[^,，。;；\s]{1,6}?|刚|当时)*(?:买|贷|放|签|办|购|拿|交|入手|按揭|成交|过户|结婚|毕业)\S{0,3}?的|\s*\S{0,3}?(?:到现在|至今|以来)|\s*(?:又|底|初)?[批量统一]{0,4}(?:下调|调|降)[到成为至]\s*\d\.\d"
)


def read_terms(sheet: Sheet) -> None:
    """Terms and ages."""
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
    if not number.is_plain or not sheet.is_free(number.start, number.end):
        return number.end
    age = _AGE.match(text, number.end)
    if age and (
        _TOGETHER.search(sheet.before(number.start)) or _APART.search(sheet.before(number.start, 12))
    ):
        return age.end()
    if age and number.value < 1000:  # what nobody reaches is refused where it is asked for
        sheet.claim("age", int(number.value), number.start, age.end())
        return age.end()
    before = sheet.before(number.start, 10)
    if (
        16 <= number.value < 100
        and number.high is None
        and not number.has_point
        and _AGE_BARE.search(before)
        and _AGE_ENDS.match(text, number.end)
    ):
        sheet.claim("age", int(number.value), number.start, number.end)
        return number.end
    years = _YEARS.match(text, number.end)
    if years:
        if 50 <= number.value < 100 and _BORN.match(text, number.end):
            return years.end()
        return _read_years(sheet, number, years, before)
    months = _MONTHS.match(text, number.end)
    if months:
        return _read_months(sheet, number, months, before)
    if _is_term_without_unit(sheet, number, before):
        sheet.claim("term_months", int(number.value) * 12, number.start, number.end)
    return number.end


def _is_term_without_unit(sheet: Sheet, number: Number, before: str) -> bool:
    if number.has_point or not 1 <= number.value <= _MOST_BARE_YEARS:
        return False
    upper = (joint := _RANGE.match(sheet.text, number.end)) and read_number(sheet.text, joint.end())
    if upper and number.value < upper.value <= _MOST_BARE_YEARS and _YEARS.match(sheet.text, upper.end):
        return not _is_not_a_term(sheet, before, upper.end)
    last = sheet.found[-1] if sheet.found else None
    if not _BARE_YEARS_END.match(sheet.text, number.end):
        return False
    if _TERM_NAMED.search(before):
        return True
    is_next = last is not None and last.type == "term_months" and last.end <= number.start
    return bool(is_next and last and sheet.text[last.end - 1] not in "期月" and _BECOMES.search(before))


def _read_years(sheet: Sheet, number: Number, years: re.Match[str], before: str) -> int:
    text = sheet.text
    end = years.end()
    if sheet.text[number.start] in "零〇0" and number.end - number.start > 1:
        return end  # 「零二年」 is 2002
    if number.value >= 1000 and (_CALENDAR.fullmatch(text[number.start : number.end]) or number.is_chinese):
        return end
    if (
        number.value <= sheet.today.year % 100
        and _DONE_THEN.match(text, end)
        and _is_two_digits(text, number)
    ):
        return end  # 「15年买的」 is 2015
    value = number.value * 12 + (6 if years.group("half") else 0)
    more = read_number(text, _MONTHS_MORE.match(text, end).end())  # type: ignore[union-attr]
    if more is not None and not years.group("half") and more.value < 12:
        months = re.match(r"\s*个月", text[more.end :])
        behind = text[more.end + months.end() :] if months else ""
        is_rhythm = more.value == 1 and _A_MONTH.match(behind)
        if months and not is_rhythm and not re.match(r"前|内|后", behind):
            value += more.value
            end = more.end + months.end()
    if _is_not_a_term(sheet, before, end) and sheet.requested_slot != "term_months":
        return end
    is_lone_year = number.value == 1 and not years.group("half") and end == years.end()
    if is_lone_year and not _TERM_OF_ONE.search(before) and sheet.requested_slot != "term_months":
        return end  # 「一年利息多少」 asks about a year, not for a loan of one
    sign = _minus(sheet, number.start)
    sheet.claim("term_months", whole(-value if sign else value), number.start - sign, end)
    return end


def _is_two_digits(text: str, number: Number) -> bool:
    """「15」 and 「一五」, not 「十五」."""
    return number.end - number.start == 2 and "十" not in text[number.start : number.end]


def _read_months(sheet: Sheet, number: Number, months: re.Match[str], before: str) -> int:
    end = months.end()
    asked = sheet.requested_slot == "term_months"
    if _is_not_a_term(sheet, before, end) and not asked:
        return end
    is_instalments = "期" in months.group()
    if is_instalments and not asked and number.value < 12 and not _TERM_WORD.search(before):
        return end
    if not is_instalments and not asked and not _TERM_WORD.search(before) and number.value < 24:
        return end
    if number.value == 1 and not is_instalments and not asked and _A_MONTH.match(sheet.text, end):
        return end
    if (
        not is_instalments
        and re.match(r"\s*(?:收入|工资|流水|利息|的)", sheet.text[end : end + 4])
        and not asked
    ):
        return end
    sign = _minus(sheet, number.start)
    value = -number.value if sign else number.value
    if value != value.to_integral_value():
        value = value.to_integral_value(rounding="ROUND_HALF_UP")
    sheet.claim("term_months", int(value), number.start - sign, end)
    return end


def _is_not_a_term(sheet: Sheet, before: str, end: int) -> bool:
    behind = sheet.after(end, 6)
    return bool(
        _TIME_PASSED.search(before) or _DELTA.search(before) or _PASSED_BEHIND.search(behind)
    ) and not bool(re.search(r"还剩|剩|还有", before[-4:]) and not _OF_THE_LAND.search(before))


def _minus(sheet: Sheet, start: int) -> int:
    before = sheet.text[max(0, start - 2) : start]
    if before.endswith("负"):
        return 1
    if before.endswith("-") and not before[:-1].endswith(tuple("0123456789万w年期到%")):
        return 1
    return 0
