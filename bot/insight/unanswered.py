"""What the bot could not answer: the words that it declined or held out of scope, and those that customers corrected it on.

A correction is a button under 「您是想问……」: one of the guesses (a pick: it labels the words before it), or none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import select

from bot.conversation.model import TurnOutcome
from bot.conversation.store import TurnRow
from bot.insight.evaluation import OUT_OF_SCOPE
from bot.messages.masking import COVER, STAR, mask_text
from bot.store.engine import Sessions

ANSWER, ASK, DECLINE = "answer", "ask", "decline"
#: Kinds of value that tell whom a message is about.
PRIVATE_KINDS = frozenset({"application_no", "id_last4", "code", "phone"})
#: More digits than any amount of money has; blanks and strokes between them do not hide a number.
_LONG_NUMBER = re.compile(r"\d(?:[\s.·_\-]?\d){8,}")
_AS_ASKED = re.compile(r'^/(?P<intent>[a-z][a-z0-9_]*)\{.*"as_asked": *true.*\}$')
_NONE_OF_THEM = re.compile(r'^/human_agent\{.*"none_of_them": *true.*\}$')


class Why(StrEnum):
    """How we know that words were not understood."""

    DECLINED = "declined"  #: the bot asked for other words
    OUT_OF_SCOPE = "out_of_scope"  #: the bot said that it is not its business
    NONE_OF_THEM = "none_of_them"  #: the bot asked which was meant, and the customer said none
    PICKED = "picked"  #: the bot asked which was meant, and the customer said which


@dataclass(frozen=True)
class Reference:
    """Where words stand: a part of what was understood in a turn, counted from 0."""

    turn_id: str
    part: int


@dataclass(frozen=True)
class Miss:
    """Words that were not understood."""

    at: datetime
    reference: Reference
    conversation_id: str
    why: Why
    text: str  #: masked, on one line
    is_private: bool  #: something was masked: nothing to learn from
    guess: str  #: the intent that the model held likeliest
    confidence: float
    picked: str | None = None  #: the intent of the button that was pressed


#: What was understood of the words of one turn, with its places in the turn.
_Parts = Sequence[tuple[int, dict[str, Any]]]


async def read_misses(sessions: Sessions, since: datetime) -> list[Miss]:
    """Every miss from ``since`` on, oldest first."""
    query = (
        select(TurnRow)
        .where(TurnRow.started_at >= since, TurnRow.outcome == TurnOutcome.ANSWERED.value)
        .order_by(TurnRow.conversation_id, TurnRow.started_at, TurnRow.id)
    )
    return await _misses(sessions, query)


async def read_again(sessions: Sessions, references: Iterable[Reference]) -> list[Miss]:
    """The misses at these places, oldest first; those whose turns are gone are left out."""
    wanted = set(references)
    conversations = select(TurnRow.conversation_id).where(TurnRow.id.in_({one.turn_id for one in wanted}))
    query = (
        select(TurnRow)
        .where(
            TurnRow.conversation_id.in_(conversations.scalar_subquery()),
            TurnRow.outcome == TurnOutcome.ANSWERED.value,
        )
        .order_by(TurnRow.conversation_id, TurnRow.started_at, TurnRow.id)
    )
    return [miss for miss in await _misses(sessions, query) if miss.reference in wanted]


async def _misses(sessions: Sessions, query: Any) -> list[Miss]:
    async with sessions() as session:
        turns = list(await session.scalars(query))
    found = [
        miss
        for _, of_one in groupby(turns, key=lambda turn: turn.conversation_id)
        for miss in misses_of(list(of_one))
    ]
    return sorted(found, key=lambda miss: (miss.at, miss.reference.turn_id, miss.reference.part))


def misses_of(turns: Sequence[TurnRow]) -> list[Miss]:
    """The misses of one conversation, whose turns are in order.

    A button labels the question back right before it. Of two buttons pressed in a row under the same question the
    later counts: it corrects the earlier.
    """
    found: dict[Reference, Miss] = {}
    asked: tuple[TurnRow, _Parts] | None = None
    for turn in turns:
        if turn.payload is None:
            parts = [(place, part) for place, part in enumerate(turn.understood) if _is_worded(part)]
            for place, part in parts:
                if (why := _refused(part)) is not None:
                    found[Reference(turn.id, place)] = _miss(turn, place, part, why)
            back = [(place, part) for place, part in parts if part["band"] == ASK]
            asked = (turn, back) if back else None
        elif asked is not None:
            corrected = _corrected(*asked, turn.payload)
            if corrected is None:
                asked = None
            else:
                found[corrected.reference] = corrected
    return list(found.values())


def _is_worded(part: dict[str, Any]) -> bool:
    return bool(str(part.get("text") or "").strip())


def _refused(part: dict[str, Any]) -> Why | None:
    """Why the bot did not answer these words. Values that a form took read as out of scope too, and are no miss."""
    if part["band"] == DECLINE:
        return Why.DECLINED
    if part["band"] == ANSWER and part["topic"] == OUT_OF_SCOPE and not part.get("entities"):
        return Why.OUT_OF_SCOPE
    return None


def _corrected(turn: TurnRow, asked: _Parts, payload: str) -> Miss | None:
    """What a button says of the question back before it; None when it is another kind of button."""
    place, part = asked[-1]
    if _NONE_OF_THEM.match(payload):
        return _miss(turn, place, part, Why.NONE_OF_THEM)
    pick = _AS_ASKED.match(payload)
    if pick is None:
        return None
    for place, part in reversed(asked):
        if any(guess["intent"] == pick["intent"] for guess in part["ranking"]):
            return replace(_miss(turn, place, part, Why.PICKED), picked=pick["intent"])
    return None


def _miss(turn: TurnRow, place: int, part: dict[str, Any], why: Why) -> Miss:
    text, is_private = without_personal_data(part["text"], part.get("entities") or ())
    guesses = part.get("ranking") or [{"intent": part["intent"], "confidence": part["confidence"]}]
    return Miss(
        at=turn.started_at,
        reference=Reference(turn.id, place),
        conversation_id=turn.conversation_id,
        why=why,
        text=text,
        is_private=is_private,
        guess=guesses[0]["intent"],
        confidence=float(guesses[0]["confidence"]),
    )


def without_personal_data(text: str, entities: Iterable[dict[str, Any]] = ()) -> tuple[str, bool]:
    """The text on one line with every number masked that tells of whom it speaks, and whether there was one.

    Width and look of the digits do not matter; what the reader of messages took for an identifier is covered too.

    >>> without_personal_data("我是１３８ 1234 5678，能贷120万吗")
    ('我是138****5678,能贷120万吗', True)
    """
    covered = list(text)
    for entity in entities:
        if entity["type"] in PRIVATE_KINDS:
            span = range(entity["start"], min(entity["end"], len(covered)))
            for place in span:
                covered[place] = STAR if covered[place].isalnum() else covered[place]
    readable = "".join(char for char in "".join(covered) if char.isprintable() or char.isspace())
    plain = " ".join(unicodedata.normalize("NFKC", readable).split())
    masked = _LONG_NUMBER.sub(lambda found: STAR * len(found[0]), mask_text(plain))
    is_private = masked != plain or COVER in plain or covered != list(text)
    return (masked, True) if is_private else (" ".join(readable.split()), False)
