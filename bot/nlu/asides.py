"""Figures that calculations need although they are no loan terms: time paid, area, age of the house, days late.

They travel with the message to the actions and stay out of what is reported as understood (`ASIDES`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.entity import Sheet, plain
from bot.nlu.numerals import Number, read_number, starts_number

#: paid_months: whole months paid so far; area_sqm: square metres as decimal text; house_age: whole years; days: late.
#: Of `bot.nlu.spans`, span_months: how long something shall last; monthly_limit: yuan that can be paid a month.
ASIDES = frozenset({"paid_months", "area_sqm", "house_age", "days", "span_months", "monthly_limit"})

_ABOUT = r"(?:大概|大约|差不多|将近|快|约|整整|都|已经|了|有|满|是|咗|[:：\s])*"
_PAID = re.compile(
    r"(?:已还|已供|已偿还|已按揭|还了|还过|还完|还咗|供了|供咗|供完|按揭了|偿还了|还贷了|还款了|月供了|已经(?:还款?|供楼?|按揭|偿还)"
    rf"|(?:还|供|按揭)到第|paid(?:\s+for)?|paying\s+for){_ABOUT}$"
)
#: These say time paid only with 了 behind: 「还款5年了」, but 「还款30年」 is a term wished.
_PAID_IF_OVER = re.compile(rf"(?:还款?|供楼?|按揭|还贷|贷了|贷款){_ABOUT}$")
_PAID_BEHIND = re.compile(r"^\s*(?:已还|已经还)")
_OVER = re.compile(r"^\s*(?:多\s*)?了(?!吧|行|解)")
_YEARS = re.compile(
    r"\s*(?:多|来)?\s*(?:年|years?(?![a-z]))(?:\s*(?P<half>半))?(?!前|后|内|以上|以下|以后|之后|之前)"
)
_MONTHS = re.compile(r"\s*(?:多)?\s*(?:个月|期|months?(?![a-z]))(?!前|后|内|以上|以下|以后|之后|之前)")
_AND = re.compile(r"\s*(?:零|又|加|and)?\s*")
_HALF_YEAR = re.compile(r"半年")

_AREA = re.compile(
    r"\s*(?:多|来|几)?\s*(?:个)?(?:平方米|平方公尺|平方|平米|平(?![安时均台衡稳常等局价])|m2|㎡|sqm|sq\.?\s?m(?:eters?|etres?)?(?![a-z])|square\s?met(?:er|re)s?)"
)
_AREA_NAMED = re.compile(r"(?:建筑|房屋|套内)?面积(?:大概|大约|是|有|约|为|[:：\s])*$")

_HOUSE = r"(?:老|旧|二手|次新)?(?:房(?!贷|租|款|价|产税)|楼(?!市|盘价)|小区|住宅)"
_HOUSE_AGE_NAMED = re.compile(rf"(?:房龄|楼龄|屋龄){_ABOUT}$")
_HOUSE_STANDS = re.compile(rf"(?:房子|楼|小区|这房|那房){_ABOUT}$")
_HOUSE_BEHIND = re.compile(
    rf"^\s*(?:的)?\s*(?:房龄|楼龄|屋龄)|^\s*的?(?:老|旧)(?:房|楼|破小|小区)|^\s*的\s*{_HOUSE}"
)
_BUILT_BEHIND = re.compile(
    rf"^\s*(?:的\s*{_HOUSE}|(?:老|旧)(?:房|小区)|(?:建成|建造|竣工|落成|交付|交房|建|盖|造)(?:好|起来)?的?|的(?=$|[,，。!！?？\s]))"
)
_BUILT_BEFORE = re.compile(rf"(?:建于|建成于|竣工于|建成年份|建成年代|建造年份|年代){_ABOUT}$")
_YEAR_UNIT = re.compile(r"\s*(?:多|来)?\s*年(?!前|后|内)")
_CALENDAR_YEAR = re.compile(r"(?P<full>(?:19[5-9]|20[0-4])\d)|(?P<short>0\d|[5-9]\d)")

_SPOKEN_DIGITS = "零一二三四五六七八九"

_LATE = re.compile(
    r"(?:逾期|还款日(?:都|已经|已)?过了?|晚了?|迟了?|拖了?|拖欠了?|超了|超期|过期|过了还款日|欠了|断供|断了|误了|忘了|late\s+by|overdue(?:\s+(?:by|for))?)"
    rf"(?:还|交|存|超过|不到|不超过)?{_ABOUT}$"
)
_LATE_BEHIND = re.compile(r"^\s*(?:没还|没有还|没交|未还|没存|late(?![a-z])|overdue)")
_DAYS = re.compile(r"\s*(?:多)?\s*(?:天|日(?!子)|days?(?![a-z]))")


def read_asides(sheet: Sheet) -> None:
    """Notes the asides of a message; what they take is no longer read as a sum or a term."""
    for match in sheet.matches(_HALF_YEAR):
        if _is_paid(sheet, match.start(), match.end()):
            sheet.claim("paid_months", 6, match.start(), match.end())
    place = 0
    while place < len(sheet.text):
        number = read_number(sheet.text, place) if starts_number(sheet.text[place]) else None
        if number is None or not sheet.is_free(number.start, number.end):
            place += 1
            continue
        place = max(number.end, _read_one(sheet, number))


def read_asked_aside(sheet: Sheet) -> None:
    """An answer with its unit to a form that asks for an aside: 「5年」 of time paid, 「2005年」 of the house."""
    slot = sheet.requested_slot
    if slot not in ("paid_months", "house_age") or sheet.has(slot):
        return
    for place, char in enumerate(sheet.text):
        number = read_number(sheet.text, place) if starts_number(char) else None
        if number is None or not sheet.is_free(number.start, number.end):
            continue
        if slot == "paid_months":
            _claim_paid(sheet, number)
        else:
            _claim_house_age(sheet, number)
        if sheet.has(slot):
            return


def _read_one(sheet: Sheet, number: Number) -> int:
    if not number.is_plain or number.high is not None:
        return number.end
    text, before = sheet.text, sheet.before(number.start, 14)
    area = _AREA.match(text, number.end)
    is_one = number.is_chinese and number.value == 1  # 「3万一平」 is a price
    if area and not is_one and text[number.start - 1 : number.start] != "/":
        sheet.claim("area_sqm", plain(number.value), number.start, area.end())
        return area.end()
    if _AREA_NAMED.search(before) and number.value > 0:
        sheet.claim("area_sqm", plain(number.value), number.start, number.end)
        return number.end
    days = _DAYS.match(text, number.end)
    if days and (_LATE.search(before) or _LATE_BEHIND.search(sheet.after(days.end(), 8))):
        if number.value == number.value.to_integral_value():
            sheet.claim("days", int(number.value), number.start, days.end())
        return days.end()
    if _says_house_age(sheet, number, before):
        return _claim_house_age(sheet, number)
    end = _duration(sheet, number)[1]
    if end > number.end and _is_paid(sheet, number.start, end):
        return _claim_paid(sheet, number)
    return number.end


def _is_paid(sheet: Sheet, start: int, end: int) -> bool:
    before, behind = sheet.before(start, 14), sheet.after(end, 6)
    if re.search(r"剩|还有|还要|还需|还得|再", before[-6:]):
        return False
    if _PAID.search(before) or _PAID_BEHIND.search(behind):
        return True
    return bool(_PAID_IF_OVER.search(before) and _OVER.search(behind))


def _claim_paid(sheet: Sheet, number: Number) -> int:
    months, end = _duration(sheet, number)
    if end > number.end and months == months.to_integral_value():
        sheet.claim("paid_months", int(months), number.start, end)
    return end


def _duration(sheet: Sheet, number: Number) -> tuple[Decimal, int]:
    """Months and end of a duration that begins with a number; the number's own end where no unit follows."""
    text = sheet.text
    if number.high is not None or number.value >= 1000:
        return Decimal(0), number.end
    years = _YEARS.match(text, number.end)
    if years is None:
        months = _MONTHS.match(text, number.end)
        return (number.value, months.end()) if months else (Decimal(0), number.end)
    total = number.value * 12 + (6 if years.group("half") else 0)
    more = read_number(text, _AND.match(text, years.end()).end())  # type: ignore[union-attr]
    if more is not None and more.value < 12:
        months = _MONTHS.match(text, more.end)
        if months and "期" not in months.group():
            return total + more.value, months.end()
    return total, years.end()


def _says_house_age(sheet: Sheet, number: Number, before: str) -> bool:
    if _HOUSE_AGE_NAMED.search(before):
        return True
    unit = _YEAR_UNIT.match(sheet.text, number.end)
    if unit is None:
        return False
    behind = sheet.after(unit.end(), 8)
    if _calendar_year(sheet, number) is not None:
        return bool(
            _BUILT_BEFORE.search(before)
            or (_BUILT_BEHIND.search(behind) and not behind.lstrip().startswith("的"))
            or _HOUSE_BEHIND.search(behind)
            or (_HOUSE_STANDS.search(before) and _BUILT_BEHIND.search(behind))
        )
    if _HOUSE_BEHIND.search(behind):
        return True
    return bool(_HOUSE_STANDS.search(before) and _OVER.search(behind))


def _claim_house_age(sheet: Sheet, number: Number) -> int:
    unit = _YEAR_UNIT.match(sheet.text, number.end)
    end = unit.end() if unit else number.end
    year = _calendar_year(sheet, number) if unit or number.value >= 1900 else None
    age = sheet.today.year - year if year is not None else number.value
    if 0 <= age <= 150 and age == int(age):
        sheet.claim("house_age", int(age), number.start, end)
    return end


def _calendar_year(sheet: Sheet, number: Number) -> int | None:
    """2005 of 「2005」, 「二〇〇五」 and 「05」; None for what counts years."""
    said = sheet.text[number.start : number.end]
    if len(said) == 2 and number.is_chinese and not set(said) - set(_SPOKEN_DIGITS):
        said = "".join(str(_SPOKEN_DIGITS.index(char)) for char in said)
    match = _CALENDAR_YEAR.fullmatch(said)
    if match and match["short"]:
        short = int(match["short"])
        return short + (1900 if short >= 50 else 2000)
    if match or (number.is_chinese and 1950 <= number.value <= 2049):
        return int(number.value)
    return None
