"""The hours of a day and of a week in which somebody works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from bot.clock import CHINA

DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Span:
    """One stretch of a day's staffed time, in China's time."""

    opens: time
    closes: time

    @classmethod
    def of(cls, text: str) -> Span:
        """The span of a fact's ``08:30-12:00``."""
        opens, closes = (time.fromisoformat(part) for part in text.split("-"))
        return cls(opens, closes)

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


@dataclass(frozen=True)
class WorkWeek:
    """One person's hours: the same every week, in China's time, Monday first.

    Public holidays are not told apart: who is online on one means to be.
    """

    days: tuple[tuple[Span, ...], ...]

    @classmethod
    def of(cls, days: Sequence[Sequence[str]]) -> WorkWeek:
        """The week of seven lists of ``08:30-12:00``, in their order.

        ``ValueError`` where there are not seven, or a span ends before it begins or before the one before it ends.
        """
        if len(days) != DAYS_OF_WEEK:
            raise ValueError(f"a week has seven days, not {len(days)}")
        week = cls(tuple(tuple(Span.of(text) for text in day) for day in days))
        for day in week.days:
            moments = [moment for span in day for moment in (span.opens, span.closes)]
            if any(later <= earlier for earlier, later in pairwise(moments)):
                raise ValueError(f"spans out of order: {', '.join(map(str, day))}")
        return week

    def to_wire(self) -> list[list[str]]:
        return [[str(span) for span in day] for day in self.days]

    def includes(self, at: datetime) -> bool:
        local = at.astimezone(CHINA)
        return any(span.opens <= local.time() < span.closes for span in self.days[local.weekday()])
