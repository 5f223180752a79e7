"""Cells as people fill them in, read as the values that the core's words want."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from bot.clock import CHINA

type Cell = str | int | float | bool | datetime | date | time | timedelta | None

#: Excel counts days from here (its leap day of 1900 that never was is long past).
SPREADSHEET_EPOCH = date(1899, 12, 30)
EXACT_DIGITS = 15  #: of a number in a spreadsheet; beyond that they are lost
LOWEST_PLAUSIBLE_PCT = Decimal("0.1")
_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?")
_PACKED_DAY = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_CLOCK = re.compile(r"(?:上午)?([0-9]{1,2})[:时点]([0-9]{1,2})(?:[:分]([0-9]{1,2})(?:\.[0-9]+)?秒?)?分?")
_WITH_OFFSET = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})")
_OTHER_ORDER = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")
_UNITS = {"": 1, "万": 10_000, "亿": 100_000_000}
_AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]{1,2})?)(万|亿|)元?整?", re.IGNORECASE)
_MONTHS = re.compile(r"(?:([0-9]+)年)?(?:([0-9]+)(?:个月|月|期)?)?")


class CellUnreadable(Exception):
    """A cell that nobody could read for sure; the argument is the code of the reason."""


@dataclass(frozen=True)
class Given:
    """A cell with what its format says of it."""

    value: Cell
    is_percent: bool = False  #: shown as a percentage: 0.0305 looks like 3.05%

    @property
    def text(self) -> str:
        """The cell as text: half-width, without the tricks that keep a spreadsheet from seeing a number."""
        value = self.value
        if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
            value = int(value)
        text = unicodedata.normalize("NFKC", "" if value is None else str(value)).strip()
        formula = re.fullmatch(r'="(.*)"', text)
        return (formula[1] if formula else text).removeprefix("'").strip()

    @property
    def is_empty(self) -> bool:
        return self.text in ("", "-", "--", "/", "无", "N/A", "#N/A", "NULL", "null", "None")


def read_cell(kind: str, given: Given) -> object:
    """The value of a cell of this kind; ``CellUnreadable`` when it could mean anything."""
    if given.text.startswith("#") and given.text.endswith(("!", "?", "A")):
        raise CellUnreadable("broken_cell")
    return _READERS[kind](given)


def _text(given: Given) -> object:
    return given.text


def _number(given: Given) -> object:
    """A number that names something: its digits must all be there."""
    text = given.text
    is_numeric = isinstance(given.value, int | float) and not isinstance(given.value, bool)
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", text, re.IGNORECASE) or (is_numeric and len(text) > EXACT_DIGITS):
        raise CellUnreadable("lost_digits")
    return text.removesuffix(".0") if is_numeric else text


def _digits(given: Given) -> object:
    """Four digits whose zeros at the front a spreadsheet has dropped."""
    text = given.text
    return text.zfill(4) if text.isascii() and text.isdigit() else text


def _amount(given: Given) -> object:
    """Yuan.

    >>> _amount(Given("￥1,200,000.00元")), _amount(Given("120万"))
    (Decimal('1200000.00'), Decimal('1200000'))
    """
    if isinstance(given.value, float):
        return _decimal(round(given.value, 6), "amount_cell")
    text = re.sub(r"[,\s]|^(?:RMB|CNY|人民币|¥|￥)", "", given.text, flags=re.IGNORECASE)
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise CellUnreadable("amount_cell")
    return _decimal(found[1], "amount_cell") * _UNITS[found[2]]


def _rate(given: Given) -> object:
    """Per cent a year, also from a cell that is shown as a percentage.

    >>> _rate(Given("3.05%")), _rate(Given(0.0305, is_percent=True))
    (Decimal('3.05'), Decimal('3.05'))
    """
    value = given.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        rate = _decimal(round(value, 8), "rate_cell") * (100 if given.is_percent else 1)
        rate = rate.normalize() if rate else rate
    else:
        rate = _decimal(re.sub(r"\s|%$", "", given.text), "rate_cell")
    if 0 < rate < LOWEST_PLAUSIBLE_PCT:
        raise CellUnreadable("rate_fraction")
    return rate


def _day(given: Given) -> object:
    """A day, in any order that begins with the year, or as a spreadsheet counts days.

    >>> _day(Given("2026年11月5日")), _day(Given(46331))
    (datetime.date(2026, 11, 5), datetime.date(2026, 11, 5))
    """
    return _moment(given)[0]


def _time(given: Given) -> object:
    """A time in China; a day alone is its beginning."""
    text = given.text
    if not isinstance(given.value, datetime) and _WITH_OFFSET.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError as exc:
            raise CellUnreadable("date_cell") from exc
    day, clock = _moment(given)
    return datetime.combine(day, clock, tzinfo=CHINA)


def _moment(given: Given) -> tuple[date, time]:
    value, text = given.value, given.text
    try:
        if isinstance(value, datetime):
            return value.date(), value.time()
        if isinstance(value, date):
            return value, time()
        if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 < value < 80_000:
            whole = SPREADSHEET_EPOCH + timedelta(days=int(value))
            return whole, _clock_of(round(value % 1 * 86_400) % 86_400)
        found = _DAY.match(text) or _PACKED_DAY.match(text)
        if found:
            rest = text[found.end() :].strip(" T")
            return date(int(found[1]), int(found[2]), int(found[3])), _clock(rest)
    except (ValueError, OverflowError) as exc:
        raise CellUnreadable("date_cell") from exc
    raise CellUnreadable("ambiguous_date" if _OTHER_ORDER.match(text) else "date_cell")


def _clock_of(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _clock(text: str) -> time:
    if not text:
        return time()
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]), int(found[3] or 0))


def _months(given: Given) -> object:
    """Months, also as years.

    >>> _months(Given("30年")), _months(Given("360期")), _months(Given(360.0))
    (360, 360, 360)
    """
    found = _MONTHS.fullmatch(re.sub(r"\s", "", given.text))
    if not found or not (found[1] or found[2]) or len(given.text) > 12:
        raise CellUnreadable("months_cell")
    return int(found[1] or 0) * 12 + int(found[2] or 0)


def _whole(given: Given) -> object:
    """A whole number, with the words that people put behind it (15日, -45bp)."""
    return re.sub(r"\s*(?:日|号|月|bps?|个?基点|点)$", "", given.text, flags=re.IGNORECASE)


def _decimal(text: str | float, code: str) -> Decimal:
    try:
        number = Decimal(str(text))
    except InvalidOperation as exc:
        raise CellUnreadable(code) from exc
    if not number.is_finite():
        raise CellUnreadable(code)
    return number


_READERS: dict[str, Callable[[Given], object]] = {
    "text": _text,
    "number": _number,
    "digits": _digits,
    "amount": _amount,
    "rate": _rate,
    "day": _day,
    "time": _time,
    "months": _months,
    "whole": _whole,
}
