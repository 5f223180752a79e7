"""Builds the tracker that Rasa would send, and runs an action over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TurnAction
from bot.messages import ReplyPart, part_from_wire

CONVERSATION = "web:1"
TURN = "turn-1"


@dataclass
class Said:
    """What came of an action."""

    parts: list[ReplyPart]
    events: list[dict[str, Any]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def next_action(self) -> str | None:
        return next((event["name"] for event in self.events if event["event"] == "followup"), None)

    @property
    def rejected(self) -> str | None:
        names = [event["name"] for event in self.events if event["event"] == "action_execution_rejected"]
        return names[0] if names else None

    @property
    def ends_form(self) -> bool:
        return any(event["event"] == "active_loop" and event["name"] is None for event in self.events)

    @property
    def texts(self) -> list[str]:
        return [part.text for part in self.parts if part.kind == "text"]

    @property
    def payloads(self) -> list[str]:
        return [
            option.payload for part in self.parts if part.kind == "quick_replies" for option in part.options
        ]


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


def ran(action: str) -> dict[str, Any]:
    return {"event": "action", "name": action}


def entity(type_: str, value: Any, role: str | None = None) -> dict[str, Any]:
    found = {"entity": type_, "value": value}
    return found | ({"role": role} if role else {})


@dataclass
class Message:
    """One message of the customer, with what was remembered and done around it."""

    intent: str
    text: str = "问"
    topic: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    ranking: list[tuple[str, str, float]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None
    before: list[dict[str, Any]] = field(default_factory=list)  #: events before the message
    after: list[dict[str, Any]] = field(default_factory=list)  #: events after it
    feeling: tuple[str, int] = ("calm", 0)
    turn: str = TURN

    def tracker(self) -> Tracker:
        understanding = {
            "text": self.text,
            "intent": self.intent,
            "topic": self.topic or self.intent,
            "ranking": [
                {"intent": intent, "topic": topic, "confidence": confidence}
                for intent, topic, confidence in self.ranking
            ],
            "feeling": {"label": self.feeling[0], "strength": self.feeling[1]},
        }
        latest = {
            "intent": {"name": self.intent},
            "entities": self.entities,
            "text": self.text,
            "metadata": {"turn_id": self.turn},
            "understanding": understanding,
        }
        remembered = [event for event in (*self.before, *self.after) if event["event"] == "slot"]
        slots = {**self.slots, **{event["name"]: event["value"] for event in remembered}}
        return Tracker(
            CONVERSATION,
            slots,
            latest,
            [*self.before, {"event": "user", "text": self.text}, *self.after],
            False,
            None,
            {"name": self.loop},
            None,
        )


async def run(action: TurnAction, message: Message) -> Said:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, message.tracker(), {})
    return Said([part_from_wire(sent["custom"]) for sent in dispatcher.messages], events)
