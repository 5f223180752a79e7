"""When, and how often in a day, the bank may speak of its own accord: from the policy facts of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import CHINA, Clock, china_date
from bot.handoff.ports import Policy
from bot.handoff.work_week import Span
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.contact import NoticeKind

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SpeakingHours:
    """The hours of working days and of days off, and those of customers who want quiet evenings."""

    calendar: WorkingCalendar
    working_days: Span
    days_off: Span
    spared: Span
    urgent: frozenset[NoticeKind]  #: kinds that wait for no hour and are not counted
    daily_limit: int
    patience: timedelta  #: for one channel, before the next is tried

    @classmethod
    def of(cls, policy: Policy, clock: Clock) -> SpeakingHours:
        today = china_date(clock)

        def span(key: str) -> Span:
            return Span.of(policy.fact(key, today).words[0])

        return cls(
            calendar=WorkingCalendar.from_policy(policy, today),
            working_days=span("care.hours"),
            days_off=span("care.hours_days_off"),
            spared=span("care.hours_spared"),
            urgent=frozenset(NoticeKind(kind) for kind in policy.fact("care.urgent_kinds", today).words),
            daily_limit=policy.fact("care.daily_limit", today).whole,
            patience=timedelta(minutes=policy.fact("care.patience", today).whole),
        )

    def next_moment(self, at: datetime, *, spares_evenings: bool) -> datetime:
        """``at`` itself when the hour is right, else when it is right next."""
        local = at.astimezone(CHINA)
        opens, closes = self._on(local, spares_evenings)
        if opens <= local.time() < closes:
            return at
        day = local if local.time() < opens else local + ONE_DAY
        return self._opening(day, spares_evenings)

    def next_day(self, at: datetime, *, spares_evenings: bool) -> datetime:
        """When the hour is right on the day after."""
        return self._opening(at.astimezone(CHINA) + ONE_DAY, spares_evenings)

    def _opening(self, day: datetime, spares_evenings: bool) -> datetime:
        opens, _closes = self._on(day, spares_evenings)
        return datetime.combine(day.date(), opens, tzinfo=CHINA)

    def _on(self, day: datetime, spares_evenings: bool) -> tuple[time, time]:
        span = self.working_days if self.calendar.is_working_day(day.date()) else self.days_off
        if not spares_evenings:
            return span.opens, span.closes
        return max(span.opens, self.spared.opens), min(span.closes, self.spared.closes)


def start_of_day(at: datetime) -> datetime:
    """Midnight in China."""
    return datetime.combine(at.astimezone(CHINA).date(), time(), tzinfo=CHINA)
