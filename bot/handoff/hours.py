"""When people are at the desk, and how staffed time adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.clock import CHINA
from bot.handoff.errors import NeverStaffed
from bot.handoff.ports import Policy
from bot.handoff.work_week import Span
from bot.servicing.calendar import SATURDAY, WorkingCalendar

ONE_DAY = timedelta(days=1)
LOOKED_AHEAD_DAYS = 60  #: longer than any closed time that a desk has


class Hours(Protocol):
    """How a clock's time runs."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The moment when ``amount`` has run since ``start``."""
        ...

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much has run from ``start`` to ``end``."""
        ...


class WallHours:
    """Time that always runs."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return start + amount

    def between(self, start: datetime, end: datetime) -> timedelta:
        return max(end - start, timedelta(0))


class StaffedHours:
    """Time that runs while somebody is at the desk.

    Working days on the Chinese calendar have the weekday's hours, make-up weekends among them; public holidays
    have none; other weekends have their own.
    """

    def __init__(
        self,
        calendar: WorkingCalendar,
        weekdays: Sequence[Span],
        saturday: Sequence[Span] = (),
        sunday: Sequence[Span] = (),
    ) -> None:
        self._calendar = calendar
        self._weekdays, self._saturday, self._sunday = tuple(weekdays), tuple(saturday), tuple(sunday)

    @classmethod
    def from_policy(cls, policy: Policy, on: date) -> StaffedHours:
        """The desk's hours as the facts of a day say."""

        def spans(day: str) -> list[Span]:
            return [Span.of(text) for text in policy.fact(f"service.hours_{day}", on).words]

        calendar = WorkingCalendar.from_policy(policy, on)
        return cls(calendar, spans("weekdays"), spans("saturday"), spans("sunday"))

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is at the desk."""
        return any(opens <= at < closes for opens, closes in self._on(_day(at)))

    def next_opening(self, at: datetime) -> datetime:
        """``at`` itself while the desk is open, else when it opens next."""
        opens, _closes = next(self._from(at))
        return opens

    def add(self, start: datetime, amount: timedelta) -> datetime:
        left = amount
        for opens, closes in self._from(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NeverStaffed(start)

    def between(self, start: datetime, end: datetime) -> timedelta:
        total = timedelta(0)
        day = _day(start)
        while day <= _day(end):
            for opens, closes in self._on(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
            day += ONE_DAY
        return total

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The staffed spans from a moment on; ``NeverStaffed`` when there is none for long."""
        closed_days = 0
        day = _day(at)
        while closed_days < LOOKED_AHEAD_DAYS:
            spans = [(max(opens, at), closes) for opens, closes in self._on(day) if closes > at]
            yield from spans
            closed_days = 0 if spans else closed_days + 1
            day += ONE_DAY
        raise NeverStaffed(at)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for span in self._spans(day):
            yield (
                datetime.combine(day, span.opens, tzinfo=CHINA),
                datetime.combine(day, span.closes, tzinfo=CHINA),
            )

    def _spans(self, day: date) -> tuple[Span, ...]:
        if self._calendar.is_working_day(day):
            return self._weekdays
        if day.weekday() < SATURDAY or self._calendar.is_public_holiday(day):
            return ()
        return self._saturday if day.weekday() == SATURDAY else self._sunday


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
