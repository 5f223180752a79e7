"""What the desk does about unanswered words: looks through their clusters, teaches some and lays others aside."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from bot.clock import Clock
from bot.insight.clusters import Cluster, cluster
from bot.insight.rasa_side import RasaSide
from bot.insight.store import ReviewedMissRow
from bot.insight.teaching import IntentUnknown, Lesson, TrainingData
from bot.insight.unanswered import Miss, Reference, read_again, read_misses
from bot.store.engine import Sessions

log = structlog.get_logger()

MOST_EXAMPLES = 20  #: shown of one cluster, each with the conversation it was said in


@dataclass(frozen=True)
class Reviewed:
    """What became of the words that were looked through."""

    taught: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]  #: each with the name of why it is not taught


class Review:
    """The unanswered words that nobody has seen to yet."""

    def __init__(
        self, sessions: Sessions, clock: Clock, training: Callable[[], TrainingData], rasa_side: RasaSide
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._training = training  #: reads the files, which takes a moment
        self._rasa_side = rasa_side
        self._one_at_a_time = asyncio.Lock()
        self._last: tuple[tuple[Reference, ...], list[Cluster]] = ((), [])

    async def clusters(self, days: int) -> dict[str, Any]:
        """Clusters of the last days, newest and largest first, and the intents to teach; `RasaSideFailed`."""
        now = self._clock.now()
        data = await asyncio.to_thread(self._training)
        misses = [
            miss
            for miss in await read_misses(self._sessions, now - timedelta(days=days))
            if not data.knows(miss.text)
        ]
        seen = await self._seen()
        found = await self._together([miss for miss in misses if miss.reference not in seen])
        return {"clusters": [_view(one) for one in found], "intents": data.intents}

    async def lay_aside(self, references: Sequence[Reference], reviewer: str) -> None:
        """There is nothing to teach: these words need nobody any more."""
        await self._mark(references, None, reviewer)

    async def teach(self, references: Sequence[Reference], intent: str, reviewer: str) -> Reviewed:
        """These words mean the intent; `IntentUnknown`. Nothing is marked where nothing of them can be taught.

        The training files are written later, by ``fangxin teach --assigned``, for a person to commit.
        """
        misses = await read_again(self._sessions, references)
        lesson = await asyncio.to_thread(lambda: self._training().lesson(intent, misses))
        if lesson.taught:
            await self._mark(references, intent, reviewer)
        return Reviewed(lesson.taught, tuple((text, why.name.lower()) for text, why in lesson.refused))

    async def assigned(self) -> dict[str, list[Miss]]:
        """What was assigned to each intent."""
        async with self._sessions() as session:
            rows = list(
                await session.scalars(select(ReviewedMissRow).where(ReviewedMissRow.intent.is_not(None)))
            )
        intent_of = {Reference(row.turn_id, row.part): row.intent for row in rows if row.intent}
        found: dict[str, list[Miss]] = defaultdict(list)
        for miss in await read_again(self._sessions, intent_of):
            found[intent_of[miss.reference]].append(miss)
        return dict(found)

    async def _seen(self) -> set[Reference]:
        async with self._sessions() as session:
            rows = await session.execute(select(ReviewedMissRow.turn_id, ReviewedMissRow.part))
            return {Reference(turn_id, part) for turn_id, part in rows}

    async def _together(self, misses: Sequence[Miss]) -> list[Cluster]:
        """Grouping starts a process of its own: it is done once for the same words."""
        asked = tuple(miss.reference for miss in misses)
        async with self._one_at_a_time:
            if asked != self._last[0]:
                found = await asyncio.to_thread(cluster, misses, self._rasa_side, self._clock.now())
                self._last = (asked, found)
            return self._last[1]

    async def _mark(self, references: Sequence[Reference], intent: str | None, reviewer: str) -> None:
        now = self._clock.now()
        async with self._sessions.begin() as session:
            for one in references:
                await session.merge(
                    ReviewedMissRow(
                        turn_id=one.turn_id, part=one.part, intent=intent, reviewer=reviewer, reviewed_at=now
                    )
                )
        log.info("unanswered.reviewed", count=len(references), intent=intent, reviewer=reviewer)


def lessons(data: TrainingData, assigned: dict[str, list[Miss]]) -> Iterator[Lesson]:
    """What was assigned and is not taught yet, by intent; an intent that is gone is logged and left out.

    Intents may share a file: write each lesson before the next is asked for.
    """
    for intent, misses in sorted(assigned.items()):
        try:
            lesson = data.lesson(intent, misses)
        except IntentUnknown:
            log.warning("unanswered.intent_gone", intent=intent)
            continue
        if lesson.taught:
            yield lesson


def _view(one: Cluster) -> dict[str, Any]:
    newest = sorted(one.misses, key=lambda miss: miss.at, reverse=True)
    return {
        **one.to_wire(),
        "since": min(miss.at for miss in one.misses).isoformat(),
        "examples": [
            {"text": miss.text, "at": miss.at.isoformat(), "conversation_id": miss.conversation_id}
            for miss in newest[:MOST_EXAMPLES]
        ],
        "misses": [{"turn_id": miss.reference.turn_id, "part": miss.reference.part} for miss in one.misses],
    }
