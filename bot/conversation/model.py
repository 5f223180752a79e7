"""The values of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.dialogue.ports import Understood

#: Payloads that are always accepted, offered or not: they only ever lead to a person or back to the bot.
HUMAN_AGENT = "/human_agent"
LEAVE_QUEUE = "/leave_queue"
STANDING_PAYLOADS = frozenset({HUMAN_AGENT, LEAVE_QUEUE})

MAX_TEXT_CHARACTERS = 4000


class Mode(StrEnum):
    """Who speaks to the customer now. Exactly one of them."""

    BOT = "bot"
    QUEUED = "queued"  #: waiting for a person; the bot is silent
    HUMAN = "human"  #: an agent has it; the bot is silent
    CLOSED = "closed"  #: ended by the agent; the customer's next message goes to the bot


class Sender(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class TurnOutcome(StrEnum):
    RUNNING = "running"
    INTERRUPTED = "interrupted"  #: its process died; it will be asked again under the same id
    ANSWERED = "answered"
    FAILED = "failed"  #: the bot could not be had; the customer was told and queued
    OVERTAKEN = "overtaken"  #: a person took the conversation while the bot was thinking


@dataclass(frozen=True)
class Conversation:
    id: str
    channel: str
    external_id: str
    mode: Mode
    created_at: datetime
    agent_name: str | None = None
    ticket_id: str | None = None


@dataclass(frozen=True)
class Message:
    """One entry of the log. ``parts`` are reply parts as on the wire, for every sender."""

    id: str
    conversation_id: str
    channel: str
    seq: int
    sender: Sender
    parts: tuple[dict[str, Any], ...]
    at: datetime
    author_name: str | None = None
    client_id: str | None = None
    turn_id: str | None = None

    @property
    def text(self) -> str:
        """What a list can show of it in one line."""
        shown = ("text", "prompt", "title", "alt", "name")
        words = (next((part[key] for key in shown if part.get(key)), None) for part in self.parts)
        return " ".join(word for word in words if word)


@dataclass(frozen=True)
class Turn:
    """One question-and-answer round with the bot, as it is kept for people to see."""

    id: str
    conversation_id: str
    outcome: TurnOutcome
    started_at: datetime
    understood: tuple[Understood, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Received:
    """What the inbox did with a message."""

    message: Message
    is_repeat: bool
    answer: Message | None = None  #: what was said back at once, stored with it
