"""A clock for started services that a test can put forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.clock import SystemClock


class MovableClock(SystemClock):
    """The machine's clock, and as much more as ``ahead`` says."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead
