"""One turn with Rasa: read the tracker, understand, act, check that every action finished, and only then save.

Rasa swallows the failure of an action and answers nothing (`docs/decisions`). Here a turn whose action did not report
its completion, or in which nothing was said, is an error, and its events are not kept: a second try starts from the
same place, and the actions' writes know the turn's id.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    DEFAULT_ACTION_NAMES,
    REQUESTED_SLOT,
    USER_INTENT_BACK,
    USER_INTENT_RESTART,
    USER_INTENT_SESSION_START,
)
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.components.reading import UNDERSTANDING
from bot.nlu.covering import covered, secrets_of
from bot.nlu.errors import ActionFailed, BadRequest, NoReply
from bot.nlu.gate import ANSWER, FORM_SLOTS, INFORM, WANTS_IN, of_button
from bot.nlu.output import PartsOutput
from bot.nlu.rasa_entities import to_rasa
from bot.nlu.split import Piece, groups, pieces
from bot.nlu.topics import Topics

COMPLETED = "completed_turn"
IDENTITY_FORM = "progress_form"
LOCK_POLL_SECONDS = 0.05
_PAYLOAD = re.compile(r"^/(?P<intent>[a-z][a-z0-9_]*)(?P<entities>\{.*\})?$", re.DOTALL)
_OF_RASA = frozenset({USER_INTENT_BACK, USER_INTENT_RESTART, USER_INTENT_SESSION_START})


@dataclass(frozen=True)
class TurnRequest:
    """What the service asks for."""

    turn_id: str
    conversation_id: str
    channel: str
    text: str | None
    payload: str | None
    title: str | None
    now: str | None

    @classmethod
    def parsed(cls, body: Any) -> TurnRequest:
        """The request of a JSON body; `BadRequest` when it cannot be one."""
        if not isinstance(body, dict):
            raise BadRequest("the body is not a JSON object")
        for name in ("turn_id", "conversation_id"):
            if not isinstance(body.get(name), str) or not body[name]:
                raise BadRequest(f"{name} is missing")
        for name in ("text", "payload", "title", "now", "channel"):
            if body.get(name) is not None and not isinstance(body[name], str):
                raise BadRequest(f"{name} is not text")
        if (body.get("text") is None) == (body.get("payload") is None):
            raise BadRequest("either text or payload must be given")
        return cls(
            turn_id=body["turn_id"],
            conversation_id=body["conversation_id"],
            channel=body.get("channel") or "unknown",
            text=body.get("text"),
            payload=body.get("payload"),
            title=body.get("title"),
            now=body.get("now"),
        )


@dataclass(frozen=True)
class TurnAnswer:
    """What was said, and what was understood."""

    turn_id: str
    replies: list[dict[str, Any]]
    understood: list[dict[str, Any]]
    secrets: list[str]  #: words of the customer that nobody should keep


@dataclass(frozen=True)
class _Part:
    """One question of a turn, ready to be acted on."""

    text: str
    parse_data: dict[str, Any]
    metadata: dict[str, Any]


def harmless(text: str) -> str:
    """The text with a leading slash made wide: Rasa would take `/restart` for a command. Places stay the same."""
    stripped = text.lstrip()
    if not stripped.startswith("/"):
        return text
    blank = len(text) - len(stripped)
    return text[:blank] + "／" + stripped[1:]


async def run_turn(agent: Agent, topics: Topics, request: TurnRequest) -> TurnAnswer:
    """Runs a turn under the conversation's lock."""
    processor = _processor(agent)
    async with agent.lock_store.lock(request.conversation_id, wait_time_in_seconds=LOCK_POLL_SECONDS):
        output = PartsOutput()
        began = time.time()
        metadata = {"turn_id": request.turn_id, "now": request.now, "customer_text": request.text}
        tracker = await processor.fetch_tracker_and_update_session(request.conversation_id, output, metadata)
        parts = await _parts(processor, tracker, topics, request, metadata)
        understood: list[dict[str, Any]] = []
        secrets: list[str] = []  #: not to be kept in any log
        numbers: list[str] = []  #: not to be remembered here
        for index, part in enumerate(parts):
            if index:  # the form may ask for something else by now
                part = await _understood(processor, tracker, part.text, part.metadata)
            said = len(output.parts)
            known = len(tracker.events)
            await _act(processor, tracker, request.channel, part, output)
            events = list(tracker.events)[known:]
            _require_completion(processor, tracker, events, part.metadata["turn_id"])
            read = part.parse_data["entities"]
            secrets += secrets_of(read, part.text, with_phones=_has_run(IDENTITY_FORM, events))
            numbers += secrets_of(read, part.text, with_phones=True)
            if len(output.parts) == said:
                raise NoReply(f"nothing was said in turn {request.turn_id}")
            understood.append(part.parse_data[UNDERSTANDING])
        _cover(tracker, began, numbers)
        await processor.save_tracker(tracker)
        return TurnAnswer(request.turn_id, output.parts, understood, secrets)


def _cover(tracker: DialogueStateTracker, since: float, secrets: Sequence[str]) -> None:
    """Covers in the events of this turn what nobody should keep; older events were covered in theirs."""
    kept: deque[Event] = deque(maxlen=tracker.events.maxlen)
    for event in tracker.events:
        if event.timestamp >= since:
            told = event.as_dict()
            safe = covered(told, secrets)
            if safe != told:
                event = Event.from_parameters(safe) or event
        kept.append(event)
    tracker.events = kept


async def understand(agent: Agent, text: str, now: str | None) -> dict[str, Any]:
    """What a text means outside any conversation; writes nothing."""
    part = await _understood(_processor(agent), None, text, {"now": now, "customer_text": text})
    understanding: dict[str, Any] = part.parse_data[UNDERSTANDING]
    return understanding


async def hand_back(agent: Agent, conversation_id: str) -> None:
    """A person gives the conversation back: no form runs, nothing is missed, the last calculation stays."""
    processor = _processor(agent)
    async with agent.lock_store.lock(conversation_id, wait_time_in_seconds=LOCK_POLL_SECONDS):
        tracker = await processor.get_tracker(conversation_id)
        events: list[Event] = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        for name in sorted({slot for slots in FORM_SLOTS.values() for slot in slots} | {"asked_text"}):
            if name in tracker.slots:
                events.append(SlotSet(name, None))
        if "misses" in tracker.slots:
            events.append(SlotSet("misses", 0.0))
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            events.append(ActionExecuted(ACTION_LISTEN_NAME))
        tracker.update_with_events(events, processor.domain)
        await processor.save_tracker(tracker)


async def _parts(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    topics: Topics,
    request: TurnRequest,
    metadata: dict[str, Any],
) -> list[_Part]:
    if request.payload is not None:
        return [_pressed(processor, tracker, topics, request, metadata)]
    text = request.text or ""
    entire = await _understood(processor, tracker, text, metadata)
    stretches = pieces(text)
    if len(stretches) < 2:
        return [entire]
    read = [await _understood(processor, tracker, stretch, metadata) for stretch in stretches]
    texts = groups([_piece(part) for part in read])
    if texts is None:
        return [entire]
    by_text = {part.text: part for part in read}
    parts = []
    for index, part_text in enumerate(texts):
        about = {**metadata, "turn_id": _part_id(request.turn_id, index), "part_text": part_text}
        known = by_text.get(part_text)
        part = known or await _understood(processor, tracker, part_text, about)
        parts.append(_Part(part_text, part.parse_data, {**part.metadata, **about}))
    return parts


def _piece(part: _Part) -> Piece:
    understanding = part.parse_data[UNDERSTANDING]
    is_inform = part.parse_data["intent"]["name"] == INFORM
    topic = INFORM if is_inform else understanding["topic"]
    return Piece(part.text, topic, understanding["band"] == ANSWER)


def _part_id(turn_id: str, index: int) -> str:
    """The id under which a part's actions write: the turn's own for the first, so that none writes over another."""
    return turn_id if index == 0 else f"{turn_id}.{index + 1}"


async def _understood(
    processor: MessageProcessor, tracker: DialogueStateTracker | None, text: str, metadata: dict[str, Any]
) -> _Part:
    about = {
        **metadata,
        "requested_slot": _asked_for(tracker) if tracker is not None else None,
        "active_loop": tracker.active_loop_name if tracker is not None else None,
        "has_calculation": tracker is not None and tracker.get_slot("last_calculation") is not None,
        "part_text": text.strip(),
    }
    message = UserMessage(harmless(text.strip()), metadata=about)
    parse_data = await processor.parse_message(message, tracker)
    return _Part(text.strip(), parse_data, about)


def _asked_for(tracker: DialogueStateTracker) -> str | None:
    """What a form waits for: its slot, or the kind of entity that a calculation or a request says it wants."""
    asked = tracker.get_slot(REQUESTED_SLOT)
    kept_in = WANTS_IN.get(tracker.active_loop_name or "")
    if asked and kept_in:
        return (tracker.get_slot(kept_in) or {}).get("wants")
    return asked


def _pressed(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    topics: Topics,
    request: TurnRequest,
    metadata: dict[str, Any],
) -> _Part:
    """A button of ours, told apart from words by its own field."""
    payload = request.payload or ""
    match = _PAYLOAD.match(payload.strip())
    if not match or match["intent"] in _OF_RASA or match["intent"] not in processor.domain.intents:
        raise BadRequest("the payload names no intent of ours")
    try:
        values = json.loads(match["entities"] or "{}")
    except json.JSONDecodeError as exc:
        raise BadRequest("the payload's entities are not JSON") from exc
    entities = [
        {"type": kind, "value": value, "text": "", "start": 0, "end": 0} for kind, value in values.items()
    ]
    understanding = of_button(payload, match["intent"], entities, request.title or "", topics)
    parse_data = {
        "text": payload,
        "intent": {"name": match["intent"], "confidence": 1.0},
        "intent_ranking": [{"name": match["intent"], "confidence": 1.0}],
        "entities": to_rasa(entities),
        UNDERSTANDING: understanding,
    }
    about = {
        **metadata,
        "requested_slot": _asked_for(tracker),
        "active_loop": tracker.active_loop_name,
    }
    return _Part(payload, parse_data, about)


async def _act(
    processor: MessageProcessor, tracker: DialogueStateTracker, channel: str, part: _Part, output: PartsOutput
) -> None:
    """What Rasa's `handle_message` does, without its saving: whether the turn is kept is decided afterwards."""
    message = UserMessage(
        text=harmless(part.text) if not part.parse_data["text"].startswith("/") else part.text,
        output_channel=output,
        sender_id=tracker.sender_id,
        parse_data=part.parse_data,
        input_channel=channel,
        metadata=part.metadata,
    )
    await processor._handle_message_with_tracker(message, tracker)
    tracker = await processor.run_action_extract_slots(output, tracker)
    await processor._run_prediction_loop(output, tracker)


def _require_completion(
    processor: MessageProcessor, tracker: DialogueStateTracker, events: Sequence[Event], turn_id: str
) -> None:
    """Every custom action reported the turn's id, every form did something, and Rasa came to listen again."""
    stretches: list[tuple[str, list[Event]]] = []
    for event in events:
        if isinstance(event, ActionExecuted):
            stretches.append((event.action_name or "", []))
        elif stretches:
            stretches[-1][1].append(event)
    forms = set(processor.domain.form_names)
    custom = set(processor.domain.user_actions) - forms
    for name, followed in stretches:
        if name in forms and not followed:
            raise ActionFailed(f"form {name} ended without an event")
        if name in custom and name not in DEFAULT_ACTION_NAMES and not _reports(followed, turn_id):
            raise ActionFailed(f"action {name} did not report its completion")
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        raise ActionFailed("the turn did not come to an end")


def _has_run(action: str, events: Sequence[Event]) -> bool:
    return any(isinstance(event, ActionExecuted) and event.action_name == action for event in events)


def _reports(events: Sequence[Event], turn_id: str) -> bool:
    return any(
        isinstance(event, SlotSet) and event.key == COMPLETED and event.value == turn_id for event in events
    )


def _processor(agent: Agent) -> MessageProcessor:
    if agent.processor is None:
        raise ActionFailed("no model is loaded")
    return agent.processor
