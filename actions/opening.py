"""The words that a reply to a worried, angry or pressed customer begins with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from actions.turn import Feeling, Turn
from bot.knowledge.phrases import Phrases
from bot.messages import Handoff, Option, QuickReplies, ReplyPart, TextPart

OPENING = "opening"  #: the slot that remembers the feeling of the last message and what was said to it
FARE_WELL = ("thanks", "goodbye")
_HUMAN = "/human_agent"
_STRONG = 2
_SHORT_ANSWER = 6  #: characters that answer a form's question: 「受不了」 then means a payment and not us
_DESPAIR = ("angry", "worried")  #: with these at their strongest, the way to a person is shown


@dataclass(frozen=True)
class Opened:
    """What was done about the feeling of a message."""

    turn: str = ""
    feeling: Feeling = field(default_factory=Feeling)
    is_said: bool = False
    words: str = ""  #: the key of the last opening that was said in the conversation

    @classmethod
    def of(cls, turn: Turn) -> Opened:
        """What is remembered of the turn before, or of an earlier action of this one."""
        kept = turn.slots.get(OPENING) or {}
        return cls(
            str(kept.get("turn") or ""),
            Feeling.of(kept),
            bool(kept.get("is_said")),
            str(kept.get("words") or ""),
        )

    def to_slot(self) -> dict[str, Any]:
        return {
            "turn": self.turn,
            "label": self.feeling.label,
            "strength": self.feeling.strength,
            "is_said": self.is_said,
            "words": self.words,
        }


def opened(
    phrases: Phrases, turn: Turn, parts: tuple[ReplyPart, ...]
) -> tuple[tuple[ReplyPart, ...], dict[str, Any] | None]:
    """The parts with an opening where one fits, and what to remember of it (None: nothing new).

    The first part said in a turn gets it. There is none twice in a row unless the feeling changed or grew, none where a
    person takes over (those words speak to the feeling themselves), and none before words that do so already.
    """
    last, feeling = Opened.of(turn), turn.feeling
    if turn.active_loop and len(turn.text) <= _SHORT_ANSWER:
        return parts, None
    if not parts or last.turn == turn.message_id:
        return parts, None
    if feeling.is_calm or turn.understood.topic in FARE_WELL:
        is_news = last.is_said or not last.feeling.is_calm
        return parts, replace(last, turn=turn.message_id, feeling=Feeling(), is_said=False).to_slot() if (
            is_news
        ) else None
    now = Opened(turn.message_id, feeling, words=last.words)
    if any(isinstance(part, Handoff) for part in parts):
        return parts, now.to_slot()
    if feeling.strength >= _STRONG and feeling.label in _DESPAIR:
        parts = _with_human(phrases, parts)
    is_same = last.is_said and last.feeling.label == feeling.label
    key = _next(phrases, turn, last.words)
    if key is None or (is_same and feeling.strength <= last.feeling.strength) or _fits(phrases, parts[0]):
        return parts, now.to_slot()
    return _before(phrases.say(key), parts, turn), replace(now, is_said=True, words=key).to_slot()


def felt(turn: Turn) -> Feeling:
    """The feeling of this turn; a button or calm words like 「转人工」 leave that of the message before."""
    feeling = turn.feeling
    return Opened.of(turn).feeling if feeling.is_calm else feeling


def _next(phrases: Phrases, turn: Turn, last: str) -> str | None:
    """The opening to say: the one after the last, so that no two sound alike."""
    feeling = turn.feeling
    language = "english." if turn.is_english else ""
    begin = f"{OPENING}.{language}{feeling.label}_{feeling.strength}."
    every = phrases.keys()
    keys = [key for key in every if key.startswith(begin)]
    if not keys:
        return None
    return keys[(keys.index(last) + 1) % len(keys)] if last in keys else keys[0]


def _fits(phrases: Phrases, first: ReplyPart) -> bool:
    """Whether the first sentence speaks to the feeling already."""
    if not isinstance(first, TextPart):
        return False
    sentence = first.text.partition("。")[0]
    return any(word in sentence for word in phrases.say(f"{OPENING}.enough").split())


def _before(words: str, parts: tuple[ReplyPart, ...], turn: Turn) -> tuple[ReplyPart, ...]:
    first = parts[0]
    if not isinstance(first, TextPart):
        return (TextPart(words), *parts)
    return (replace(first, text=f"{words}{' ' if turn.is_english else ''}{first.text}"), *parts[1:])


def _with_human(phrases: Phrases, parts: tuple[ReplyPart, ...]) -> tuple[ReplyPart, ...]:
    """The way to a person, among the buttons that are there or by itself."""
    human = Option(phrases.say("handoff_reply.button"), _HUMAN)
    rows = [part for part in parts if isinstance(part, QuickReplies)]
    if any(option.payload.startswith(_HUMAN) for row in rows for option in row.options):
        return parts
    if not rows:
        return (*parts, QuickReplies((human,)))
    return tuple(
        replace(part, options=(*part.options, human)) if part is rows[-1] else part for part in parts
    )
