"""Service clocks: what was promised by when, paused while the bank is not the one to act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from bot.handoff.hours import Hours, StaffedHours, WallHours
from bot.handoff.ports import Policy

WARN_AT = Fraction(4, 5)  #: of the time allowed


class Promise(StrEnum):
    """What the bank promised; the word is that of the policy fact ``service_level.<promise>``."""

    FIRST_REPLY = "first_reply"
    WRITTEN_PLAN = "written_plan"
    CALL_BACK = "promised_call_back"
    METHOD_CHANGE = "method_change"
    COMPLAINT_FIRST_CONTACT = "complaint_first_contact"
    COMPLAINT_SOLUTION = "complaint_solution"
    COMPLAINT_CALL_BACK = "complaint_call_back"


class Runs(StrEnum):
    """When a clock runs."""

    STAFFED = "staffed"  #: while somebody is at the desk
    WALL = "wall"  #: always


class ClockState(StrEnum):
    RUNNING = "running"
    WARNING = "warning"  #: four fifths of the time are used
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"  #: stopped in time
    MISSED = "missed"  #: stopped after the time was over


@dataclass(frozen=True)
class Level:
    """How long a promise gives, and when its time runs."""

    limit: timedelta
    runs: Runs


@dataclass(frozen=True)
class ServiceLevels:
    """The promises of one day, and the hours in which their time runs."""

    levels: Mapping[Promise, Level]
    staffed: StaffedHours | None  #: none when no facts hold on the day: then nothing is promised

    @classmethod
    def of(cls, policy: Policy, on: date) -> ServiceLevels:
        """The levels as the facts of a day say; a missing fact is an error."""

        def level(promise: Promise) -> Level:
            fact = policy.fact(f"service_level.{promise.value}", on)
            runs = policy.fact(f"service_level.{promise.value}_clock", on)
            return Level(timedelta(**{fact.unit.value: fact.whole}), Runs(runs.text))

        return cls({promise: level(promise) for promise in Promise}, StaffedHours.from_policy(policy, on))

    @classmethod
    def unknown(cls) -> ServiceLevels:
        """Of a day without facts: customers are queued all the same, but nothing is promised."""
        return cls({}, None)

    def hours(self, runs: Runs) -> Hours:
        return self.staffed if self.staffed is not None and runs is Runs.STAFFED else WallHours()


@dataclass(frozen=True)
class ServiceClock:
    """One running promise. ``used`` is what ran before ``resumed_at``, which is empty while it is paused."""

    promise: Promise
    runs: Runs
    limit: timedelta
    started_at: datetime
    used: timedelta
    resumed_at: datetime | None
    stopped_at: datetime | None = None

    @classmethod
    def started(cls, promise: Promise, level: Level, at: datetime) -> ServiceClock:
        return cls(promise, level.runs, level.limit, at, timedelta(0), at)

    def used_at(self, now: datetime, hours: Hours) -> timedelta:
        """How much of the time is used up."""
        if self.resumed_at is None:
            return self.used
        return self.used + hours.between(self.resumed_at, self.stopped_at or now)

    def left_at(self, now: datetime, hours: Hours) -> timedelta:
        """How much is left; negative after the breach."""
        return self.limit - self.used_at(now, hours)

    def due_at(self, hours: Hours) -> datetime | None:
        """When the time will be over if nothing happens; none while it is paused or once it is stopped."""
        return self._reaches(self.limit, hours)

    def warns_at(self, hours: Hours) -> datetime | None:
        """When four fifths of the time will be used."""
        return self._reaches(self.limit * WARN_AT.numerator / WARN_AT.denominator, hours)

    def paused(self, at: datetime, hours: Hours) -> ServiceClock:
        """The clock standing still; one that stands still or is stopped stays as it is."""
        if self.resumed_at is None or self.stopped_at is not None:
            return self
        return replace(self, used=self.used_at(at, hours), resumed_at=None)

    def resumed(self, at: datetime) -> ServiceClock:
        """The clock running on."""
        if self.resumed_at is not None or self.stopped_at is not None:
            return self
        return replace(self, resumed_at=at)

    def stopped(self, at: datetime, hours: Hours) -> ServiceClock:
        """What was promised is done."""
        if self.stopped_at is not None:
            return self
        return replace(self, used=self.used_at(at, hours), resumed_at=None, stopped_at=at)

    def state_at(self, now: datetime, hours: Hours) -> ClockState:
        used = self.used_at(now, hours)
        if self.stopped_at is not None:
            return ClockState.MET if used <= self.limit else ClockState.MISSED
        if used > self.limit:
            return ClockState.BREACHED
        if self.resumed_at is None:
            return ClockState.PAUSED
        return (
            ClockState.WARNING
            if used >= self.limit * WARN_AT.numerator / WARN_AT.denominator
            else ClockState.RUNNING
        )

    def _reaches(self, amount: timedelta, hours: Hours) -> datetime | None:
        if self.resumed_at is None or self.stopped_at is not None:
            return None
        if self.used >= amount:
            return self.resumed_at
        return hours.add(self.resumed_at, amount - self.used)
