"""What a customer sent, after a channel has parsed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.messages.reply import File, Image


@dataclass(frozen=True)
class Text:
    text: str
    note: str | None = None  #: for people who read the transcript ("corrects …"); the bot does not read it
    picks_by_number: bool = False  #: buttons were shown as a numbered list, so a bare number presses one


@dataclass(frozen=True)
class Choice:
    """A pressed button: its payload, and the title for the transcript."""

    payload: str
    title: str
    is_vouched: bool = False  #: the channel itself offers it always, in a menu of its own


@dataclass(frozen=True)
class Unsupported:
    """Something we cannot read yet (a voice message, a sticker); ``what`` names it in the customer's language.

    With the bot it is answered at once by a word that says so; with a person it is simply shown.
    """

    what: str


@dataclass(frozen=True)
class Attachment:
    """A picture or file that is kept already: how the transcript shows it, and what the bot is told of it.

    Whoever makes one vouches for the payload, which is of our own making. Its turn waits until somebody says that
    it may begin, unless ``awaits_turn``.
    """

    part: Image | File
    payload: str
    awaits_turn: bool = False


Content = Text | Choice | Unsupported | Attachment


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """One message from a customer."""

    channel: str
    conversation_id: str
    message_id: str  #: the platform's own id; repeats are recognised by it
    content: Content
    received_at: datetime
