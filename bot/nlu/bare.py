"""Numbers without a unit, typed by the question that was just asked: 「贷多少年？」 「30」."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.nlu.entity import Sheet, Value, plain, whole
from bot.nlu.numerals import Number, read_number, starts_number

#: Types that a form asks for by their own name.
ASKED_BY_TYPE = (
    "amount",
    "rate",
    "rate_spread_bp",
    "term_months",
    "income_monthly",
    "ratio",
    "age",
    "day_of_month",
    "home_count",
    "area_sqm",
    "days",
    "paid_months",
    "house_age",
)
#: The entity that fills each slot a form asks for.
FILLS = {
    **{type_: type_ for type_ in ASKED_BY_TYPE},
    "principal": "amount",
    "annual_rate": "rate",
    "method": "method",
    "product": "product",
    "application_no": "application_no",
    "id_last4": "id_last4",
    "code": "code",
}
BOTH = "both"  #: said of the method, where it was just asked for or shown
_BOTH_METHODS = re.compile(
    r"(?:两|2|二)(?:种|个|者)(?:还款)?(?:方式|方法)?(?:都|全都)?(?:看看|看一下|看|算算|算一下|算|要|对比|比较|比一比|比|可以)?"
    r"|都(?:看看|看一下|算算|算一下|算|要)|对比(?:一下)?|比较(?:一下)?|(?<![a-z])both(?![a-z])"
)
#: What a number before it counts is no answer: 「帮我算一下」, 「到哪一步了」, 「两种」.
_COUNTS_OTHERS = re.compile(
    r"\s*(?:号|日|天|岁|套|次|笔|家|人|点钟|步|下|些|样|直|般|起|定|共|种|遍|边|旦|律|切|会|方)"
)
#: The units that an answer to each question may carry.
_OWN_UNIT = {
    "days": re.compile(r"\s*(?:天|日|days?(?![a-z]))"),
    "day_of_month": re.compile(r"\s*(?:号|日)"),
    "home_count": re.compile(r"\s*套(?:房子?)?"),
    "age": re.compile(r"\s*(?:周岁|岁)"),
}
#: What an answer looks like before the question has given it its type: 「2万」 of an income, 「30%」 of a share.
_LOOKS_LIKE = {"income_monthly": "amount", "ratio": "rate"}
_NAMES_A_SUM = re.compile(r"贷|首付|总价|房价|房款|余额|本金|月供|存款|年")
_LESS = re.compile(r"(?:减|降|低|少|下浮|负|minus)\D{0,2}$")
_HIGHEST_YEARS = 50  #: a bare term above this many is counted in months
_LOWEST_YUAN = 10_000  #: a bare sum below this is counted in 万
_LOWEST_INCOME_YUAN = 1000  #: a bare monthly income from here on is in yuan
_BELOW_INCOME_WAN = 100  #: and below this in 万; what lies between is asked again
_HIGHEST_AGE = 120
_HIGHEST_MONTHS = 600  #: a bare number beyond is no duration
_JOINT = re.compile(r"\s*(?:到|至|~|-)\s*")
#: Short names that mean a method or a product only where one was asked for.
_SHORT_NAMES: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "method": (
        (re.compile(r"本息|每月一样|月供一样|固定的?那"), "equal_instalment"),
        (re.compile(r"本金|递减|先多后少"), "equal_principal"),
    ),
    "product": (
        (re.compile(r"商业|商贷"), "commercial"),
        (re.compile(r"公积"), "provident_fund"),
        (re.compile(r"组合|两个一起|都用"), "combined"),
    ),
}


def read_bare_numbers(sheet: Sheet) -> None:
    """Types the free numbers of an answer (and 「两种都看看」 of the two methods), unless the answer said its type itself."""
    slot = sheet.requested_slot
    if slot == "method" and not sheet.has("method"):
        for match in sheet.matches(_BOTH_METHODS):
            sheet.claim("method", BOTH, match.start(), match.end())
            return
    if slot in _SHORT_NAMES and not sheet.has(slot):
        for pattern, value in _SHORT_NAMES[slot]:
            for match in sheet.matches(pattern):
                sheet.claim(slot, value, match.start(), match.end())
        return
    wanted = FILLS.get(slot or "")
    if wanted not in ASKED_BY_TYPE or sheet.has(wanted):
        return
    _retype(sheet, wanted)
    if sheet.has(wanted):
        return
    place = 0
    while place < len(sheet.text):
        number = read_number(sheet.text, place) if starts_number(sheet.text[place]) else None
        if number is None or not sheet.is_free(number.start, number.end):
            place += 1
            continue
        place = number.end
        upper = _upper_end(sheet, wanted, number)
        if upper is not None:
            ends = [_value(wanted, number, 1), _value(wanted, upper, 1)]
            if None not in ends and ends[0] < ends[1]:
                sheet.claim(wanted, ends, number.start, upper.end)
                place = upper.end
                continue
        unit = _OWN_UNIT[wanted].match(sheet.text, number.end) if wanted in _OWN_UNIT else None
        if unit is None and _COUNTS_OTHERS.match(sheet.text, number.end):
            continue
        if sheet.text[number.start - 1 : number.start] == "第" and wanted != "home_count":
            continue
        sign = _minus(sheet.text, number.start)
        is_less = sign or (wanted == "rate_spread_bp" and _LESS.search(sheet.before(number.start)))
        value = _value(wanted, number, -1 if is_less else 1)
        if value is not None:
            sheet.claim(wanted, value, number.start - sign, unit.end() if unit else number.end)


def asks_for_another_number(slot: str | None, type_: str) -> bool:
    """Whether a form asked for a number that is not of this type, so that a lone number is none of it."""
    wanted = FILLS.get(slot or "")
    return wanted in ASKED_BY_TYPE and wanted != type_


def _retype(sheet: Sheet, wanted: str) -> None:
    """An answer that was read as something of the same look takes the type that was asked for."""
    look = _LOOKS_LIKE.get(wanted)
    if look is None or _NAMES_A_SUM.search(sheet.text):
        return
    sheet.found = [replace(one, type=wanted) if one.type == look else one for one in sheet.found]


def _value(wanted: str, number: Number, sign: int) -> Value:
    """What a bare number is for the type asked for, or None where it must be asked again."""
    said = number.value * sign
    if wanted == "amount":
        return whole(said * 10_000 if number.is_plain and abs(said) < _LOWEST_YUAN else said)
    if wanted == "income_monthly":
        if number.is_plain and said < _LOWEST_INCOME_YUAN:
            return whole(said * 10_000) if 0 < said < _BELOW_INCOME_WAN else None
        return whole(said)
    if not number.is_plain:
        return None
    if wanted == "rate":
        is_fraction = number.has_point and 0 < abs(said) < Decimal("0.2")
        return plain(said if is_fraction else said / 100)
    if wanted == "ratio":
        return _ratio(said)
    if wanted == "rate_spread_bp":
        return whole(said * 100 if number.has_point else said)
    if wanted == "area_sqm":
        return plain(said) if said > 0 else None
    if said != said.to_integral_value():
        return None  # half a year is said 「3年半」; a lone 「3.5」 is rather a rate
    return _count(wanted, int(said))


def _upper_end(sheet: Sheet, wanted: str, number: Number) -> Number | None:
    """120 of 「100到120」, where a sum was asked for."""
    joint = _JOINT.match(sheet.text, number.end)
    if wanted not in ("amount", "income_monthly") or not number.is_plain or joint is None:
        return None
    upper = read_number(sheet.text, joint.end())
    if upper is None or not upper.is_plain or not sheet.is_free(upper.start, upper.end):
        return None
    return upper


def _ratio(said: Decimal) -> str | None:
    """「3」 is three tenths, 「30」 per cent, 「0.3」 a fraction."""
    if 0 < said < 1:
        return plain(said)
    if 1 <= said < 10:
        return plain(said / 10)
    return plain(said / 100) if 10 <= said <= 100 else None


def _count(wanted: str, said: int) -> int | None:
    if wanted in ("term_months", "paid_months"):
        months = said * 12 if abs(said) <= _HIGHEST_YEARS else said
        return months if abs(months) <= _HIGHEST_MONTHS else None
    allowed = {"age": range(1, _HIGHEST_AGE + 1), "day_of_month": range(1, 32), "home_count": range(1, 3)}
    return said if said in allowed.get(wanted, range(0, 10_000)) else None


def _minus(text: str, start: int) -> int:
    before = text[max(0, start - 2) : start]
    return 1 if before.endswith("负") or (before.endswith("-") and not before[:-1][-1:].isdigit()) else 0
