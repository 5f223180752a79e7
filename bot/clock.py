"""The one clock: everybody who needs the time is given one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock, shifted by ``offset`` (zero but in development)."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class FixedClock:
    """A clock for tests: it stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, **step: float) -> None:
        self.at += timedelta(**step)


def china_date(clock: Clock) -> date:
    """Today in China, which is what every policy date and due date means."""
    return clock.now().astimezone(CHINA).date()
