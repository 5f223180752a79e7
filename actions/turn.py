"""One turn as an action sees it: the only place that knows how Rasa lays out its tracker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from actions.repeating import is_repeat

LISTEN = "action_listen"
AS_ASKED = "as_asked"  #: in the payload of a button that says what was meant
PAYLOAD_SIGN = "/"  #: customer text never begins with it; only the payload of one of our buttons does
CALM = "calm"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LONGEST_ABBREVIATION = 4  #: one word alone is English beyond it; "LPR" is typed by everybody


@dataclass(frozen=True)
class Guess:
    """One line of the classifier's ranking."""

    intent: str
    topic: str
    confidence: float


@dataclass(frozen=True)
class Feeling:
    """How the customer sounds; the strength is 0 (calm), 1 or 2."""

    label: str = CALM
    strength: int = 0

    @property
    def is_calm(self) -> bool:
        return self.label == CALM or self.strength == 0

    @classmethod
    def of(cls, wire: Mapping[str, Any]) -> Feeling:
        return cls(str(wire.get("label") or CALM), int(wire.get("strength") or 0))


@dataclass(frozen=True)
class Understood:
    """What the message was taken for."""

    text: str
    topic: str
    ranking: tuple[Guess, ...]
    feeling: Feeling = Feeling()

    @classmethod
    def of(cls, wire: Mapping[str, Any]) -> Understood:
        ranking = tuple(
            Guess(str(line["intent"]), str(line["topic"]), float(line["confidence"]))
            for line in wire.get("ranking") or ()
        )
        feeling = Feeling.of(wire.get("feeling") or {})
        return cls(str(wire.get("text") or ""), str(wire.get("topic") or ""), ranking, feeling)


@dataclass(frozen=True)
class Turn:
    """What was said in this turn, and what Rasa remembers from those before."""

    turn_id: str
    conversation_id: str
    intent: str  #: as the rules see it, so `inform`, `unsure` and `not_understood` too
    understood: Understood
    text: str  #: the customer's words; empty when a button was pressed
    entities: tuple[Mapping[str, Any], ...]
    slots: Mapping[str, Any]
    slots_before: Mapping[str, Any]  #: values before this turn, of the slots that it changed
    candidates: Mapping[str, Any]  #: slots that Rasa has just filled, for a form's validation to judge
    active_loop: str | None
    actions: tuple[str, ...]  #: what was already run in this turn, Rasa's own listening aside
    channel: str | None = None  #: where the customer writes

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        since = _position_of_last_message(tracker.events)
        text = str(message.get("text") or "")
        entities = tuple(message.get("entities") or ())
        if text.startswith(PAYLOAD_SIGN):
            text = ""
            if any(item.get("entity") == AS_ASKED for item in entities):
                # the button only settles what a text meant, so the turn is that text's
                text = str(tracker.slots.get("asked_text") or "")
                entities = tuple(tracker.slots.get("asked_entities") or ())
        return cls(
            turn_id=str(metadata.get("turn_id") or ""),
            conversation_id=tracker.sender_id,
            intent=str((message.get("intent") or {}).get("name") or ""),
            understood=Understood.of(message.get("understanding") or {}),
            text=text,
            entities=entities,
            slots=tracker.slots,
            slots_before=_values_before(tracker.events, since),
            candidates=tracker.slots_to_validate(),
            active_loop=(tracker.active_loop or {}).get("name"),
            actions=tuple(
                event["name"]
                for event in tracker.events[since:]
                if event["event"] == "action" and event.get("name") not in (None, LISTEN)
            ),
            channel=tracker.get_latest_input_channel(),
        )

    @property
    def is_pressed(self) -> bool:
        """Whether a button was pressed rather than something written."""
        return not self.text

    @property
    def asked_text(self) -> str:
        """The question in the customer's own words, even when a button has just settled what it meant."""
        return self.text or str(self.slots.get("asked_text") or "")

    @property
    def message_id(self) -> str:
        """The id that all parts of one message share."""
        return self.turn_id.partition(".")[0]

    @property
    def asks_to_repeat(self) -> bool:
        """Whether the last reply is asked for again, and nothing else."""
        return is_repeat(self.text)

    @property
    def feeling(self) -> Feeling:
        """How the customer sounds; 「再说一遍」 is asked calmly, although it is also said by those who had enough."""
        return Feeling() if self.asks_to_repeat else self.understood.feeling

    @property
    def is_english(self) -> bool:
        """Whether the customer writes English: words in Latin letters, and nothing in Chinese."""
        words = _LATIN_WORD.findall(self.asked_text)
        if not words or _CHINESE.search(self.asked_text):
            return False
        return len(words) > 1 or len(words[0]) > _LONGEST_ABBREVIATION

    def stays_english(self, before: bool) -> bool:
        """Whether a customer writes English, or wrote it before and now says nothing in Chinese: 「30」, a button."""
        return self.is_english or (before and not _CHINESE.search(self.text))

    def value(self, entity: str) -> Any:
        """What was said for ``entity``: the new value of a change, else the last one said."""
        said = [item for item in self.entities if item.get("entity") == entity and item.get("role") != "from"]
        changed_to = [item for item in said if item.get("role") == "to"]
        return (changed_to or said)[-1]["value"] if said else None

    def has_run(self, action: str) -> bool:
        return action in self.actions

    @property
    def is_asked_back(self) -> bool:
        """Whether the customer has just been asked what was meant, which is kept until it is settled."""
        return self.has_run("action_clarify") and bool(self.slots.get("asked_text"))

    def comes_back_to(self, form: str) -> bool:
        """Whether another action has spoken in this turn before ``form`` got its say."""
        return any(name != form for name in self.actions)


def _position_of_last_message(events: list[dict[str, Any]]) -> int:
    return next((i for i in range(len(events) - 1, -1, -1) if events[i]["event"] == "user"), 0)


def _values_before(events: list[dict[str, Any]], position: int) -> dict[str, Any]:
    """Slot values as they stood before ``position``, of the slots that were set after it."""
    changed = {event["name"] for event in events[position:] if event["event"] == "slot"}
    before = dict.fromkeys(changed)
    for event in events[:position]:
        if event["event"] == "slot" and event["name"] in changed:
            before[event["name"]] = event["value"]
    return before
