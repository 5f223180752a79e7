"""What a customer sent, after a channel has parsed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Choice:
    """A pressed button: its payload, and the title for the transcript."""

    payload: str
    title: str


@dataclass(frozen=True)
class Unsupported:
    """Something we cannot read yet (a voice message, a sticker); ``what`` names it in the platform's word."""

    what: str


Content = Text | Choice | Unsupported


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """One message from a customer."""

    channel: str
    conversation_id: str
    message_id: str  #: the platform's own id; repeats are recognised by it
    content: Content
    received_at: datetime
