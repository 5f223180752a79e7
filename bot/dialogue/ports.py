"""What the service needs from a bot, and what may go wrong with one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.messages import ReplyPart

#: What was understood of one question, as the bot's channel reports it (intent, topic, confidence, band, …).
Understood = dict[str, Any]


class DialogueError(Exception):
    """Parent of what may go wrong between the service and the bot."""


class DialogueUnavailable(DialogueError):
    """The bot did not answer this turn: it is down, too slow, or answered with silence."""

    def __init__(self, conversation_id: str, reason: str) -> None:
        super().__init__(f"{conversation_id}: {reason}")
        self.conversation_id = conversation_id
        self.reason = reason


@dataclass(frozen=True)
class TurnRequest:
    """What the customer said in one turn: words, or the payload of a button that we issued."""

    turn_id: str
    conversation_id: str
    channel: str
    now: datetime
    text: str | None = None
    payload: str | None = None


@dataclass(frozen=True)
class TurnAnswer:
    """The bot's replies in order and, question by question, what it understood."""

    parts: tuple[ReplyPart, ...] = ()
    understood: tuple[Understood, ...] = field(default_factory=tuple)
    secrets: tuple[str, ...] = ()  #: words of the customer that served their end and are not to be kept


class Dialogue(Protocol):
    """A bot. Every call raises ``DialogueUnavailable`` when it cannot be had."""

    async def take_turn(self, request: TurnRequest) -> TurnAnswer:
        """Answer one turn. The same ``turn_id`` again gives the same answer and runs nothing twice."""
        ...

    async def parse(self, text: str, now: datetime) -> tuple[Understood, ...]:
        """What the bot would understand of ``text``, without saying or remembering anything."""
        ...

    async def embed(self, texts: list[str]) -> list[list[float]]:
        """Sentence vectors of unit length."""
        ...

    async def hand_back(self, conversation_id: str) -> None:
        """A person has served the customer: leave any form, forget misses, keep the last calculation."""
        ...

    async def forget(self, older_than: timedelta) -> int:
        """Delete what is remembered of sessions that ended so long ago; how much that was."""
        ...

    async def is_ready(self) -> bool:
        """Whether a turn could be taken now."""
        ...
