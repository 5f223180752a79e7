"""What every action of ours is: it looks at the turn, says something, and reports that it finished."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.colleagues import Colleagues
from actions.opening import OPENING, opened
from actions.segments import AUDIENCE, remembered
from actions.turn import Turn
from bot.messages import Handoff, Option, QuickReplies, ReplyPart, TextPart, part_to_wire

CALCULATION_SLOTS = ("calculation",)
SECRET_SLOTS = ("id_last4", "code")
REQUEST_SLOTS = ("request",)
LAST_REPLY = "last_reply"  #: what was said in the turn before, to be said again when asked for


@dataclass(frozen=True)
class Outcome:
    """What an action says, and what it wants remembered or run next."""

    parts: tuple[ReplyPart, ...] = ()
    slots: Mapping[str, Any] | None = None
    next_action: str | None = None
    ends_form: bool = False
    rejects_form: str | None = None  #: the form that steps aside, so that a rule may answer the turn

    def events(self) -> list[EventType]:
        events: list[EventType] = [SlotSet(name, value) for name, value in (self.slots or {}).items()]
        if self.ends_form:
            events += [ActiveLoop(None), SlotSet("requested_slot", None)]
        if self.next_action:
            events.append(FollowupAction(self.next_action))
        if self.rejects_form:
            events.append(ActionExecutionRejected(self.rejects_form))
        return events


class TurnAction(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """An action over a `Turn`.

    The completion event is how our channel knows that an action ran to its end: a failed action server leaves
    Rasa silent instead of failing.
    """

    NAME: ClassVar[str] = ""
    ASKS_FOR_FORM: ClassVar[bool] = False  #: says what a form asks, which the form can ask again by itself

    def __init__(self, colleagues: Colleagues) -> None:
        self.colleagues = colleagues

    def name(self) -> str:
        return self.NAME

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        self.colleagues.library.refresh()
        turn = Turn.of(tracker)
        outcome = await self.act(turn)
        parts, opening = opened(self.colleagues.library.phrases, turn, outcome.parts)
        for part in parts:
            dispatcher.utter_message(json_message=part_to_wire(part))
        events = [SlotSet("completed_turn", turn.turn_id), *outcome.events()]
        if opening is not None:
            events.append(SlotSet(OPENING, opening))
        group = remembered(turn)
        if group is not None:
            events.append(SlotSet(AUDIENCE, group))
        if parts:
            events.append(SlotSet(LAST_REPLY, _reply(turn, () if self.ASKS_FOR_FORM else parts)))
        return events

    @abstractmethod
    async def act(self, turn: Turn) -> Outcome:
        """What to say and remember."""

    def say(self, key: str, **values: object) -> str:
        """A phrase of the phrase book."""
        return self.colleagues.library.phrases.say(key, **values)

    def plain(self, words: str) -> TextPart:
        """Words that are ready to be said."""
        return TextPart(words)

    def text(self, key: str, **values: object) -> TextPart:
        return TextPart(self.say(key, **values))

    def text_for(self, turn: Turn, key: str, **values: object) -> TextPart:
        """A phrase, with its English before it for a customer who writes English."""
        words = self.say(key, **values)
        own = f"english.{key}"
        if turn.is_english and self.colleagues.library.phrases.has(own):
            words = in_both(self.say(own, **values), words)
        return TextPart(words)


def in_both(english: str, words: str) -> str:
    """English first, then the full words."""
    return f"{english}\n\n{words}"


def _reply(turn: Turn, parts: tuple[ReplyPart, ...]) -> dict[str, Any]:
    """What was said in this turn so far, a form's question aside; a hand-over is nothing that was said."""
    kept = turn.slots.get(LAST_REPLY) or {}
    before = kept["parts"] if kept.get("turn") == turn.message_id else []
    said = [part_to_wire(part) for part in parts if not isinstance(part, Handoff)]
    return {"turn": turn.message_id, "parts": [*before, *said]}


def understood(**slots: Any) -> dict[str, Any]:
    """Slots to set when the customer was understood: the count of misses starts anew."""
    return {"misses": 0.0, "asked_text": None, "asked_entities": None, **slots}


def empty(names: tuple[str, ...]) -> dict[str, Any]:
    return dict.fromkeys(names)


def buttons(*options: tuple[str, str], prompt: str | None = None) -> QuickReplies:
    """Quick replies of (title, payload) pairs."""
    return QuickReplies(tuple(Option(title, payload) for title, payload in options), prompt)
