"""The calculation core: pure functions on `Decimal`, with no clock and no input or output."""

from bot.lending.errors import (
    InvalidInput,
    LendingError,
    PrincipalOutOfRange,
    RateOutOfRange,
    TermOutOfRange,
    UnknownKind,
)
from bot.lending.model import DueDates, Instalment, Loan, Method, Schedule, Totals, YearSums
from bot.lending.schedule import build, by_year, instalments, totals

__all__ = [
    "DueDates",
    "Instalment",
    "InvalidInput",
    "LendingError",
    "Loan",
    "Method",
    "PrincipalOutOfRange",
    "RateOutOfRange",
    "Schedule",
    "TermOutOfRange",
    "Totals",
    "UnknownKind",
    "YearSums",
    "build",
    "by_year",
    "instalments",
    "totals",
]
