"""How values look in English, for the summaries that foreign buyers are told first."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from bot.clock import CHINA
from bot.knowledge.errors import WrongShape
from bot.knowledge.units import Scalar, Shape, Unit, Value

#: What is counted, one of it and several.
_COUNTED = {
    Unit.BASIS_POINTS: ("basis point", "basis points"),
    Unit.YEARS: ("year", "years"),
    Unit.MONTHS: ("month", "months"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.DAYS: ("day", "days"),
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.HOURS: ("hour", "hours"),
    Unit.MINUTES: ("minute", "minutes"),
    Unit.SQUARE_METRES: ("square metre", "square metres"),
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TIMES = {1: "once", 2: "twice"}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def value_text(value: Value, unit: Unit, shape: Shape) -> str:
    """A value with its unit: ``3.50%``, ``1–2 working days``, ``10,000 yuan``, ``3, 6 and 12 months``.

    ``WrongShape`` when it is words in Chinese.
    """
    items = value if isinstance(value, tuple) else (value,)
    if shape is Shape.LIST:
        *first, last = [_bare(item, unit) for item in items] or ["none"]
        return _with_unit(f"{', '.join(first)} and {last}" if first else last, unit)
    if shape is Shape.RANGE and items[0] != items[1]:
        low, high = (_bare(item, unit) for item in items)
        if unit is Unit.DAY_OF_MONTH:
            return f"{low} to {high}"
        return _with_unit(f"{low}{'%' if unit is Unit.PCT else ''}–{high}", unit)
    return _with_unit(_bare(items[0], unit), unit)


def day(value: date | datetime) -> str:
    """A day in China: ``22 November 2026``."""
    if isinstance(value, datetime):
        value = value.astimezone(CHINA).date()
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def _bare(value: Scalar, unit: Unit) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return _number(value, unit)
    if isinstance(value, date):
        return day(value)
    if unit is Unit.MONTH_DAY:
        month, day_of_month = value.split("-")
        return f"{int(day_of_month)} {_MONTHS[int(month) - 1]}"
    if not value.isascii():
        raise WrongShape(f"{value!r} is not in English")
    return value.replace("-", "–") if unit is Unit.TIME_SPAN else value


def _number(number: Decimal, unit: Unit) -> str:
    match unit:
        case Unit.YUAN:
            return f"{number.normalize():,f}"
        case Unit.SPREAD:
            sign = "plus" if number > 0 else "minus"
            return f"{sign} {abs(number).normalize():f} basis points" if number else "no basis points"
        case Unit.DAY_OF_MONTH:
            ending = "th" if 10 < int(number) < 20 else _ENDINGS.get(int(number) % 10, "th")
            return f"the {int(number)}{ending}"
        case Unit.TIMES:
            return _TIMES.get(int(number), f"{int(number)} times")
    return format(number, "f")  # a rate keeps the digits it was published with


def _with_unit(text: str, unit: Unit) -> str:
    if unit is Unit.PCT:
        return f"{text}%"
    if unit is Unit.YUAN:
        return f"{text} yuan"
    if unit in _COUNTED:
        one, several = _COUNTED[unit]
        return f"{text} {one if text == '1' else several}"
    return text
