"""What a fact can be counted in, what shape it has and how well it is founded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

NATIONAL = "CN"  #: the region of a fact that holds everywhere


class Unit(StrEnum):
    """What a fact's value is counted in."""

    PCT = "pct"  #: per cent, as written in the file ("3.50"); `Fact.fraction` divides
    BASIS_POINTS = "bp"
    SPREAD = "spread_bp"  #: basis points on top of a quote, signed
    YUAN = "yuan"
    YEARS = "years"
    AGE = "age"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    DAY_OF_MONTH = "day_of_month"
    SQUARE_METRES = "sqm"
    TIMES = "times"
    COUNT = "count"
    TEXT = "text"  #: words fit to be shown to a customer
    CODE = "code"  #: a word only the program reads
    FLAG = "flag"  #: true or false
    TIME_SPAN = "time_span"  #: "08:30-12:00"
    MONTH_DAY = "month_day"  #: "10-01", every year
    DATE = "date"


NUMBERS = frozenset(
    {
        Unit.PCT,
        Unit.BASIS_POINTS,
        Unit.SPREAD,
        Unit.YUAN,
        Unit.YEARS,
        Unit.AGE,
        Unit.MONTHS,
        Unit.WEEKS,
        Unit.DAYS,
        Unit.WORKING_DAYS,
        Unit.HOURS,
        Unit.MINUTES,
        Unit.DAY_OF_MONTH,
        Unit.SQUARE_METRES,
        Unit.TIMES,
        Unit.COUNT,
    }
)


class Shape(StrEnum):
    """How many values a fact has, and what they mean together."""

    SCALAR = "scalar"
    RANGE = "range"  #: lowest and highest
    LIST = "list"


class Status(StrEnum):
    """How well a fact is founded."""

    OFFICIAL = "A"  #: the official text was read
    REPORTED = "B"  #: at least one secondary source reports it
    UNVERIFIED = "U"  #: not retrieved; an answer that uses it says so
    BANK = "bank"  #: the bank's own practice, which the bank sets


Scalar = Decimal | str | bool | date
Value = Scalar | tuple[Scalar, ...]
