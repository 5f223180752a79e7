"""Counting days and months, and interest by the day."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.lending.errors import DatesReversed
from bot.lending.model import YearBasis
from bot.lending.money import exact, to_fen

#: How many days each month has, February in a common year.
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def on_day(month: int, day: int) -> date:
    """The agreed day in a month counted from year 0; a month without that day uses its last one."""
    year, month0 = divmod(month, 12)
    if day > LENGTHS[month0]:
        day = 29 if month0 == 1 and isleap(year) else LENGTHS[month0]
    return date(year, month0 + 1, day)


def month_of(day: date) -> int:
    """The month of ``day``, counted from year 0."""
    return day.year * 12 + day.month - 1


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month where it has no such day.

    >>> add_months(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    """
    return on_day(month_of(day) + months, day.day)


@dataclass(frozen=True)
class Span:
    """The time between two days, counted in the ways that contracts use."""

    days: int  #: actual days, the first one included and the last one not
    days_30e360: int  #: every month thirty days
    whole_months: int  #: 对年对月对日; a month without that day is whole at its last one
    odd_days: int  #: actual days beyond the whole months


def span(since: date, until: date) -> Span:
    """How long it is from ``since`` to ``until``.

    >>> span(date(2026, 11, 5), date(2026, 12, 20))
    Span(days=45, days_30e360=45, whole_months=1, odd_days=15)
    """
    if until < since:
        raise DatesReversed(since, until)
    whole = month_of(until) - month_of(since)
    if whole and add_months(since, whole) > until:
        whole -= 1
    months = month_of(until) - month_of(since)
    return Span(
        days=(until - since).days,
        days_30e360=months * 30 + min(until.day, 30) - min(since.day, 30),
        whole_months=whole,
        odd_days=(until - add_months(since, whole)).days,
    )


def interest_by_days(
    balance: Decimal, annual_rate: Decimal, days: int, basis: YearBasis = YearBasis.ACTUAL_360
) -> Decimal:
    """Interest of so many days, ``balance · rate · days / 360`` (or 365), rounded to the fen.

    >>> interest_by_days(Decimal("200000"), Decimal("0.035"), 12)
    Decimal('233.33')
    """
    with exact():
        return to_fen(balance * annual_rate * days / int(basis))


def interest_by_months_and_days(balance: Decimal, annual_rate: Decimal, counted: Span) -> Decimal:
    """逐笔计息: a twelfth of the year for each whole month, a 360th for each odd day; rounded once.

    >>> interest_by_months_and_days(
    ...     Decimal("1000000"), Decimal("0.035"), span(date(2026, 11, 5), date(2026, 12, 20))
    ... )
    Decimal('4375.00')
    """
    with exact():
        return to_fen(balance * annual_rate * (30 * counted.whole_months + counted.odd_days) / 360)


def moved_due_date(last_due: date, new_day: int, is_same_month: bool) -> date:
    """The first due date on a new repayment day, in the month of the last one or in the next.

    >>> moved_due_date(date(2026, 11, 5), 20, is_same_month=False)
    datetime.date(2026, 12, 20)
    """
    next_due = on_day(month_of(last_due) + (0 if is_same_month else 1), new_day)
    if next_due <= last_due:
        raise DatesReversed(last_due, next_due)
    return next_due


def last_due_before_move(today: date, old_day: int, new_day: int) -> date:
    """The due date after which the day moves: the last one, or the coming one where the new day would have passed.

    >>> last_due_before_move(date(2026, 11, 24), 5, 20)
    datetime.date(2026, 11, 5)
    >>> last_due_before_move(date(2026, 11, 24), 26, 20)
    datetime.date(2026, 11, 26)
    """
    last = on_day(month_of(today), old_day)
    if last > today:
        last = on_day(month_of(today) - 1, old_day)
    if on_day(month_of(last) + 1, new_day) <= today:
        last = on_day(month_of(last) + 1, old_day)
    return last
