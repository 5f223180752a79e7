"""A double of the bot that answers from a list, for tests and for working on the service without Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.dialogue.ports import DialogueUnavailable, TurnAnswer, TurnRequest, Understood
from bot.messages import TextPart

Answer = TurnAnswer | Callable[[TurnRequest], TurnAnswer]


def understood(
    text: str, topic: str = "greeting", confidence: float = 0.9, band: str = "answer"
) -> Understood:
    """A plausible report of what was understood."""
    ranked = {"intent": topic, "topic": topic, "confidence": confidence}
    return {
        **ranked,
        "text": text,
        "band": band,
        "ranking": [ranked],
        "entities": [],
        "feeling": {"label": "calm", "strength": 0},
    }


@dataclass
class ScriptedDialogue:
    """Answers by the customer's exact words (or payload); anything else is echoed.

    ``is_down`` plays a dead bot, ``delay_seconds`` a slow one, and ``may_answer`` one that waits until it is set.
    A repeated turn id gets the stored answer.
    """

    script: Mapping[str, Answer] = field(default_factory=dict)
    is_down: bool = False
    delay_seconds: float = 0
    may_answer: asyncio.Event | None = None
    asked: list[TurnRequest] = field(default_factory=list)
    handed_back: list[str] = field(default_factory=list)
    forgotten: list[timedelta] = field(default_factory=list)
    _answered: dict[str, TurnAnswer] = field(default_factory=dict)

    async def take_turn(self, request: TurnRequest) -> TurnAnswer:
        self._check(request.conversation_id)
        if request.turn_id in self._answered:
            return self._answered[request.turn_id]
        self.asked.append(request)
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        if self.may_answer is not None:
            await self.may_answer.wait()
        self._check(request.conversation_id)
        said = request.payload or request.text or ""
        answer = self.script.get(said, TurnAnswer((TextPart(f"「{said}」"),), (understood(said),)))
        result = answer if isinstance(answer, TurnAnswer) else answer(request)
        self._answered[request.turn_id] = result
        return result

    async def parse(self, text: str, now: datetime) -> tuple[Understood, ...]:
        self._check("parse")
        return (understood(text),)

    async def embed(self, texts: list[str]) -> list[list[float]]:
        self._check("embed")
        return [[1.0, 0.0] for _ in texts]

    async def hand_back(self, conversation_id: str) -> None:
        self._check(conversation_id)
        self.handed_back.append(conversation_id)

    async def forget(self, older_than: timedelta) -> int:
        self._check("forget")
        self.forgotten.append(older_than)
        return 0

    async def is_ready(self) -> bool:
        return not self.is_down

    def _check(self, about: str) -> None:
        if self.is_down:
            raise DialogueUnavailable(about, "the script says it is down")
