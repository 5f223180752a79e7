"""The dashboard as it goes over the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.insight.numbers import Case, CaseBook, Period, listed, numbers_of


class Dashboard:
    """Counts of a period and the lists behind them, ready to be shown."""

    def __init__(self, book: CaseBook, title_of: Callable[[str], str] = str) -> None:
        self._book = book
        self._title_of = title_of  #: of a topic

    async def numbers(self, first: date, last: date, channel: str | None) -> dict[str, Any]:
        """Every count; times in seconds, shares as fractions."""
        period = Period(first, last, channel)
        counted = numbers_of(await self._book.cases(period), period, await self._book.load(period))
        return {
            **asdict(counted),
            "topics": [
                {"topic": topic, "title": self._title_of(topic), "count": count}
                for topic, count in sorted(counted.topics.items(), key=lambda item: (-item[1], item[0]))
            ],
            "share_solved": counted.share_solved,
            "satisfaction": counted.satisfaction,
            "by_day": [{**asdict(day), "day": day.day.isoformat()} for day in counted.by_day],
        }

    async def behind(
        self,
        name: str,
        first: date,
        last: date,
        channel: str | None,
        *,
        reason: str | None = None,
        topic: str | None = None,
        score: int | None = None,
    ) -> list[dict[str, Any]]:
        """The conversations that a number was counted from; ``KeyError`` for a name that is none."""
        cases = await self._book.cases(Period(first, last, channel))
        return [_case(case) for case in listed(cases, name, reason=reason, topic=topic, score=score)]


def _case(case: Case) -> dict[str, Any]:
    return {**asdict(case), "day": case.day.isoformat()}
