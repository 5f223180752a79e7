"""Calendar days, told against today, and the day of the month on which something is paid."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from bot.nlu.entity import Sheet
from bot.nlu.numerals import read_number

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[日号]?(?!\d)")
_MONTH_DAY = re.compile(
    rf"(?:(?P<year>\d{{4}}|\d{{2}}|[一二三四五六七八九〇零]{{4}})\s*年|(?P<relyear>今年|明年|后年|去年|前年))?\s*的?\s*"
    rf"(?<![\d一二三四五六七八九十])(?P<month>{_N})\s*月\s*(?:份的?)?\s*(?:(?P<day>{_N})\s*(?:号|日)|(?P<bare>\d{{1,2}})(?!\d|\.\d|\s*(?:万|w|%|个|年|元|块|k|千|多|来(?!得)|期|号|日|底|末|至|到|-|成|岁|次|笔))|(?P<end>底|末))"
)
#: A month of a named year, its day unsaid.
_YEAR_MONTH = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d|[一二][一二三四五六七八九〇零]{{3}})\s*年|(?P<relyear>今年|明年|后年|去年|前年))的?\s*(?P<month>{_N})\s*月(?:份|(?!\s*\d|供))"
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DAY = re.compile(
    rf"(?<![a-z])(?P<month>{'|'.join(_ENGLISH_MONTHS)})[a-z]{{0,6}}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%])(?:,?\s*(?P<year>20\d\d))?"
)
_ENGLISH_REL_DAY = {
    "day after tomorrow": 2, "day before yesterday": -2, "tomorrow": 1, "yesterday": -1, "today": 0, "tonight": 0,
}  # fmt: skip
_ENGLISH_REL = re.compile("|".join(_ENGLISH_REL_DAY))
_ENGLISH_PAST = re.compile(r"submitted|paid|signed|applied|since|was|were|did|bought|sent|got|had|received")
_ORDINAL = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)(?![a-z])(?!\s*(?:time|home|house|year|floor|month))"
)
#: The day first: 「3 March 2025」, 「the 3rd of March」.
_ENGLISH_DAY_FIRST = re.compile(
    rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{'|'.join(_ENGLISH_MONTHS)})[a-z]{{0,6}}\.?(?![a-z])(?:,?\s*(?P<year>20\d\d))?"
)
_ENGLISH_MONTH = re.compile(
    rf"(?<![a-z])(?P<month>{'|'.join(_ENGLISH_MONTHS)})[a-z]{{0,6}}\.?,?\s+(?:of\s+)?(?P<year>20\d\d)(?!\d)"
)
#: 「25年3月」 and 「二三年九月」, the century unsaid.
_SHORT_YEAR_MONTH = re.compile(
    rf"(?<![\d一二三四五六七八九十百.])(?P<year>[012]\d|[零〇一二][一二三四五六七八九零〇])\s*年的?\s*(?P<month>{_N})\s*月(?:份|(?!\s*\d|供|利))"
)
#: 「12/5放款」, 「11.25扣款失败」: a day in figures, where something is told to happen on it.
_FIGURES_DAY = re.compile(
    r"(?<![\d.,/a-z])(?P<month>1[0-2]|0?[1-9])(?P<sign>[./])(?P<day>3[01]|[12]\d|0?[1-9])(?![\d.%/])(?=\s*(?:号|日)?\s*(?:之?前|之?后|以前|以后|那天|当天|能|就|才|已|还没|还款|扣|放|到账|到期|交|签|提交|过户|面签|办|去|申请|存|转|收到)|(?<=1[0-2][./]\d\d)(?:就|才)?[要得])"
)
_RATE_BEFORE = re.compile(r"利率|年化|lpr|利息|点数|到|至|按|%")
_REL_MONTH = re.compile(
    rf"(?P<rel>上上|下下|上|下|这|本|当)(?P<ge>个)?月\s*的?\s*(?:(?P<day>{_N})\s*(?:号|日)|(?P<end>底|末)|(?P<bare>\d{{1,2}})(?=[还扣放,，。？?]|$))"
)
_REL_DAY = re.compile(
    r"大后天|大前天|昨晚|前晚|今早|昨早|后天|前天|今天|今日|明天|明日|昨天|昨日|今晚|明早|明晚"
)
_DAYS = {
    "大后天": 3, "后天": 2, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "今天": 0, "今日": 0, "今晚": 0,
    "昨天": -1, "昨日": -1, "昨晚": -1, "昨早": -1, "前晚": -2, "今早": 0, "前天": -2, "大前天": -3,
}  # fmt: skip
#: 「今天22号」 is one day.
_SAID_AGAIN = re.compile(rf"\s*(?:都|已经|就)?是?\s*(?P<day>{_N})\s*(?:号|日)")
_WEEKDAY = re.compile(
    r"(?P<rel>上上|下下|上|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天]|[1-7])(?![年期套个次])"
)
#: What is still to come: 「11月3号到期」.
_AHEAD = re.compile(r"到期|[之以]?前|之后|以后|开始|起|要|能|会|打算|准备|想|交房")
_LATELY_DAYS = 60
#: 「周日开门吗」 asks about every Sunday.
_HABIT = re.compile(r"^\s*(?:还|也|你们|都)?(?:上不上|上班|开门|开不开|营业|休息|办公|有人|有没有人|放假)")
_YEAR_END = re.compile(
    r"(?P<rel>今年|明年|后年|去年)?年底(?!奖|分红|双薪|花红)|(?P<rel2>今年|明年|后年|去年)底"
)
_DAYS_AHEAD = re.compile(rf"(?P<n>{_N})\s*天(?P<way>之?后|以后|之?前)")
_PAST = re.compile(r"了(?!吗|么)|过的|的时候|已经|上次|去年|当时|那天")
_PAST_BEFORE = re.compile(r"之前|上次|去年|当时|已经")
#: 「11月3号递的材料」 tells of something done.
_DONE = re.compile(
    r"^\s*(?:就)?(?:还|交|递|放|签|办|买|贷|申请|提交|存|转|批|下|扣|过户|抵押|打|面签)(?:款)?的"
)
_DAY = re.compile(
    rf"(?<!排)(?<!排了)(?<!路)(?<!街)(?<![\d一二三四五六七八九十第.])(?<![\d一二三四五六七八九十]月)(?P<day>{_N})\s*(?:号|日)(?!线|楼|院|窗口|客户|柜|门|会议室|车|出口|客服|机|公馆|内|后|前|以内|之内|以前|店|文|常|子|铺|元)"
)
_DAY_AFTER_EVERY = re.compile(
    rf"(?:每个?月(?:的)?|工资)\s*(?P<day>{_N})(?=\s*(?:还|扣|付|出|发|到账|$|[,，。？?吗吧]))"
)
#: 「还款日15」, the unit unsaid.
_DAY_NAMED = re.compile(
    r"(?:还款日|扣款日|账单日)(?:期)?(?:是|为|在|改|换|挪|调|定|设|放|到|成|想|要|能不能|能|可不可以|可以|帮我|都|每个?月|[:：\s])*(?P<day>\d{1,2})(?![\d.]|\s*(?:号|日|年|万|w|个|天|前|点|%|月))"
)
_MONTH_END = re.compile(r"(?:每个?月|每)?月(?:底|末)|每月最后一天|月尾")
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2}
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}


def read_dates(sheet: Sheet) -> None:
    """Dates first; a day that no month stands before is a day of the month."""
    today = sheet.today
    for match in sheet.matches(_ISO):
        _claim(sheet, match, int(match[1]), int(match[2]), int(match[3]))
    for match in sheet.matches(_MONTH_DAY):
        said = match["day"] or match["bare"]
        month, day = _number(match["month"]), _number(said) if said else 0
        _claim(sheet, match, _year(match, today, month, day or 28, sheet.text), month, day)
    for pattern in (_YEAR_MONTH, _SHORT_YEAR_MONTH):
        for match in sheet.matches(pattern):
            _claim_month(sheet, match)
    for match in sheet.matches(_FIGURES_DAY):
        if match["sign"] == "." and (
            len(match["day"]) < 2 or _RATE_BEFORE.search(sheet.before(match.start()))
        ):
            continue
        month, day = int(match["month"]), int(match["day"])
        _claim(sheet, match, _year_near(match, today, month, day, sheet.text), month, day)
    _read_english(sheet)
    for match in sheet.matches(_REL_MONTH):
        first = _months_on(today, _MONTHS[match["rel"]])
        day = match["day"] or match["bare"]
        _claim(sheet, match, first.year, first.month, _number(day) if day else 0)
    for match in sheet.matches(_REL_DAY):
        day_meant = today + timedelta(days=_DAYS[match.group()])
        also = _SAID_AGAIN.match(sheet.text, match.end())
        is_same = also is not None and _number(also["day"]) == day_meant.day
        end = also.end() if also and is_same else match.end()
        sheet.claim("date", day_meant.isoformat(), match.start(), end)
    for match in sheet.matches(_DAYS_AHEAD):
        days = _number(match["n"]) * (-1 if "前" in match["way"] else 1)
        if re.search(r"提前$|还款日|到期", sheet.before(match.start(), 4)):
            continue
        sheet.claim("date", (today + timedelta(days=days)).isoformat(), match.start(), match.end())
    for match in sheet.matches(_WEEKDAY):
        if not match["rel"] and _HABIT.search(sheet.after(match.end())):
            continue
        sheet.claim("date", _weekday(match, today).isoformat(), match.start(), match.end())
    for match in sheet.matches(_YEAR_END):
        year = today.year + _YEARS.get(match["rel"] or match["rel2"] or "今年", 0)
        sheet.claim("date", date(year, 12, 31).isoformat(), match.start(), match.end())
    for match in sheet.matches(_MONTH_END):
        sheet.claim("day_of_month", 31, match.start(), match.end())
    for pattern in (_DAY, _DAY_AFTER_EVERY, _DAY_NAMED):
        for match in sheet.matches(pattern):
            day = _number(match["day"])
            if 0 <= day <= 99:
                sheet.claim("day_of_month", day, match.start("day"), match.end())


def _claim(sheet: Sheet, match: re.Match[str], year: int, month: int, day: int) -> None:
    """Notes the day; day 0 is the end of the month. A day that no calendar knows is none."""
    if not 1 <= month <= 12 or not 1900 <= year <= 2999:
        return
    last = calendar.monthrange(year, month)[1]
    if day > last:
        return
    sheet.claim("date", date(year, month, day or last).isoformat(), match.start(), match.end())


def _lately(today: date, month: int, day: int) -> bool:
    """Whether the day was within the last weeks, so that the one in a year is not meant."""
    weeks_ago = today - timedelta(days=_LATELY_DAYS)
    return (weeks_ago.month, weeks_ago.day) <= (month, day) < (today.month, today.day)


def _claim_month(sheet: Sheet, match: re.Match[str]) -> None:
    """A month without its day, as ISO writes it: ``2026-03``."""
    month = _number(match["month"])
    year = _year_said(match["year"]) if match["year"] else sheet.today.year + _YEARS[match["relyear"]]
    if 1 <= month <= 12:
        sheet.claim("date", f"{year:04d}-{month:02d}", match.start(), match.end())


def _read_english(sheet: Sheet) -> None:
    today = sheet.today
    for match in sheet.matches(_ENGLISH_DAY_FIRST):
        month, day = _ENGLISH_MONTHS.index(match["month"]) + 1, int(match["day"])
        year = int(match["year"]) if match["year"] else _english_year(sheet, match, month, day)
        _claim(sheet, match, year, month, day)
    for match in sheet.matches(_ENGLISH_DAY):
        month, day = _ENGLISH_MONTHS.index(match["month"]) + 1, int(match["day"])
        year = int(match["year"]) if match["year"] else _english_year(sheet, match, month, day)
        _claim(sheet, match, year, month, day)
    for match in sheet.matches(_ENGLISH_MONTH):
        month = _ENGLISH_MONTHS.index(match["month"]) + 1
        sheet.claim("date", f"{match['year']}-{month:02d}", match.start(), match.end())
    for match in sheet.matches(_ENGLISH_REL):
        day_said = today + timedelta(days=_ENGLISH_REL_DAY[match.group()])
        sheet.claim("date", day_said.isoformat(), match.start(), match.end())
    for match in sheet.matches(_ORDINAL):
        if 1 <= int(match["day"]) <= 31:
            sheet.claim("day_of_month", int(match["day"]), match.start(), match.end())


def _english_year(sheet: Sheet, match: re.Match[str], month: int, day: int) -> int:
    """The year of a day in English: the past one where it is told of as done, else the coming one."""
    today = sheet.today
    is_past = bool(_ENGLISH_PAST.search(sheet.before(match.start(), 20)))
    is_later = (month, day) > (today.month, today.day)
    return today.year - (is_past and is_later) + (not is_past and (month, day) < (today.month, today.day))


def _year_said(said: str) -> int:
    """2025 of 「2025」, 「二〇二五」 and 「25」."""
    digits = "".join(
        str("〇一二三四五六七八九".index(char.replace("零", "〇"))) if not char.isdigit() else char
        for char in said
    )
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _year(match: re.Match[str], today: date, month: int, day: int, text: str) -> int:
    if match["relyear"]:
        return today.year + _YEARS[match["relyear"]]
    if match["year"]:
        year = _number(match["year"])
        return year if year >= 1000 else 2000 + year
    return _year_near(match, today, month, day, text)


def _year_near(match: re.Match[str], today: date, month: int, day: int, text: str) -> int:
    """The year of a day without one: the last one where it is told of as done, else the coming one."""
    if (
        _PAST.search(text[match.end() : match.end() + 4])
        or _DONE.search(text[match.end() : match.end() + 8])
        or _PAST_BEFORE.search(text[max(0, match.start() - 3) : match.start()])
        or (_lately(today, month, day) and not _AHEAD.search(text[match.end() : match.end() + 8]))
    ):
        return today.year if (month, day) <= (today.month, today.day) else today.year - 1
    return today.year if (month, day) >= (today.month, today.day) else today.year + 1


def _months_on(today: date, months: int) -> date:
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _weekday(match: re.Match[str], today: date) -> date:
    said = match["day"]
    index = 6 if said in "日天7" else (int(said) if said.isdigit() else "一二三四五六".index(said) + 1) - 1
    monday = today - timedelta(days=today.weekday())
    rel = match["rel"]
    if rel is None:  # 「周五」: the coming one, today included
        day = monday + timedelta(days=index)
        return day if day >= today else day + timedelta(days=7)
    return monday + timedelta(days=index + 7 * _MONTHS[rel])


def _number(text: str) -> int:
    number = read_number(text)
    if number is None:
        return -1
    return int(number.value)
