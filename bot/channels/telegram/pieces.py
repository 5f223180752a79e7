"""Cuts a message of ours into Telegram's: texts with buttons, photos with captions, documents.

Everything goes as plain text, so nothing has to be escaped and nothing can be taken for markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.channels.degrade import Pictures, fit
from bot.channels.profile import TELEGRAM
from bot.conversation.model import Message, Sender
from bot.conversation.ports import Words
from bot.messages import (
    Card,
    File,
    Handoff,
    Image,
    Option,
    QuickReplies,
    ReplyPart,
    Stages,
    TextPart,
    part_from_wire,
)

LONGEST_CAPTION = 1024  #: characters under a photo or document


@dataclass(frozen=True)
class Say:
    text: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Show:
    url: str
    caption: str


@dataclass(frozen=True)
class Give:
    url: str
    name: str


Piece = Say | Show | Give


def pieces_of(message: Message, words: Words, pictures: Pictures | None) -> list[Piece]:
    """Telegram's messages for one of ours, in order; the same message always gives the same."""
    pieces: list[Piece] = []
    parts = _with_author(message, [part_from_wire(part) for part in message.parts], words)
    for part in fit(parts, TELEGRAM, words, pictures):
        match part:
            case TextPart(text):
                pieces.append(Say(text))
            case QuickReplies(options, prompt):
                pieces += _with_buttons(pieces, options, prompt, words)
            case Image(url, alt):
                fits = len(alt) <= LONGEST_CAPTION
                pieces.append(Show(url, alt if fits else ""))
                pieces += [] if fits else _said(alt, words)
            case File(url, name):
                pieces.append(Give(url, name))
            case Card() | Stages() | Handoff():
                raise ValueError(f"not fitted to Telegram: {part.kind}")
            case other:
                assert_never(other)
    return [piece for piece in pieces if not isinstance(piece, Say) or piece.text.strip()]


def _with_buttons(
    before: list[Piece], options: tuple[Option, ...], prompt: str | None, words: Words
) -> list[Piece]:
    """The prompt with the buttons under it; without a prompt they go under the text before."""
    last = before[-1] if before else None
    if not prompt and isinstance(last, Say) and not last.options:
        before[-1] = replace(last, options=options)
        return []
    said = _said(prompt or words.say("telegram.choose"), words)
    return [*said[:-1], replace(said[-1], options=options)]


def _said(text: str, words: Words) -> list[Say]:
    fitted = fit([TextPart(text)], TELEGRAM, words)
    return [Say(part.text) for part in fitted if isinstance(part, TextPart)]


def _with_author(message: Message, parts: Sequence[ReplyPart], words: Words) -> Sequence[ReplyPart]:
    """An agent's words begin with the agent's name: in the chat everything comes from the same bot."""
    if message.sender is not Sender.AGENT or not message.author_name:
        return parts
    first = parts[0] if parts else None
    if not isinstance(first, TextPart):
        return parts
    text = words.say("telegram.by_agent", name=message.author_name, text=first.text)
    return [replace(first, text=text), *parts[1:]]
