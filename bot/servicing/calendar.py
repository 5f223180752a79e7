"""Working days in China: weekends, public holidays and the working weekends that make up for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from bot.servicing.ports import Policy

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Published:
    """Years whose arrangement was published after the package was made."""

    years: frozenset[int] = frozenset()
    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()  #: weekend days that are worked


NOTHING_MORE = Published()


@dataclass(frozen=True)
class WorkingDay:
    """A day that was counted to, and whether the count went beyond the published calendars."""

    day: date
    beyond_known_years: bool


class WorkingCalendar:
    """Counts working days.

    The government publishes each year's holidays and make-up days in the autumn before; a package knows the years
    that were published when it was made, and ``Published`` adds those since. Later years are counted with weekends,
    the fixed holidays (``fixed``, as ``MM-DD``) and those whose dates are known but not their make-up days
    (``moving``); such a count is said to be beyond the known years.
    """

    def __init__(
        self, fixed: Iterable[str], moving: Iterable[date] = (), published: Published = NOTHING_MORE
    ) -> None:
        self._fixed = frozenset(fixed)
        self._moving = frozenset(moving)
        self._published = published
        self._known_until: int = max(day.year for day in chinese_calendar.holidays)

    @classmethod
    def from_policy(cls, policy: Policy, on: date) -> WorkingCalendar:
        """The calendar with the holidays of the policy facts."""
        published = Published(
            years=frozenset(int(year) for year in policy.fact("holidays.published_years", on).items),
            days_off=frozenset(policy.fact("holidays.days_off", on).items),
            make_up_days=frozenset(policy.fact("holidays.make_up_days", on).items),
        )
        return cls(
            policy.fact("holidays.fixed", on).items, policy.fact("holidays.moving", on).items, published
        )

    def knows(self, day: date) -> bool:
        """Whether the day's year has a published calendar."""
        return day.year <= self._known_until or day.year in self._published.years

    def is_working_day(self, day: date) -> bool:
        if day.year <= self._known_until:
            return bool(chinese_calendar.is_workday(day))
        if day.year in self._published.years:
            is_usual = day.weekday() < SATURDAY and day not in self._published.days_off
            return is_usual or day in self._published.make_up_days
        return day.weekday() < SATURDAY and f"{day:%m-%d}" not in self._fixed and day not in self._moving

    def is_public_holiday(self, day: date) -> bool:
        """Whether the day belongs to a public holiday, bridged weekends among them."""
        if self.knows(day):
            is_free, name = chinese_calendar.get_holiday_detail(day)
            return bool(is_free and name)
        return f"{day:%m-%d}" in self._fixed or day in self._moving

    def add(self, start: date, working_days: int) -> WorkingDay:
        """The day so many working days after ``start``; zero gives ``start`` or the next working day.

        A negative number counts back.
        """
        step = ONE_DAY if working_days >= 0 else -ONE_DAY
        day, left = start, abs(working_days)
        while left:
            day += step
            left -= self.is_working_day(day)
        while not self.is_working_day(day):
            day += step
        return WorkingDay(day, beyond_known_years=not self.knows(max(start, day)))

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; zero when ``end`` is not later."""
        days = (start + ONE_DAY * number for number in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)
