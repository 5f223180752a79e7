"""Where a message leads among the requests: a new one, the state of those submitted, or one taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import SECRET_SLOTS, Outcome, TurnAction, empty, understood
from actions.calculations.model import Values
from actions.calculations.state import LAST_SLOT
from actions.loan_choice import LOAN, as_said, pointed, says_nothing_else
from actions.purposes import FOR_REQUEST, PURPOSE
from actions.requests.catalogue import FORMS
from actions.requests.kinds.complaint import NAME as COMPLAINT
from actions.requests.model import Heard, Item, RequestForm
from actions.requests.state import BEGIN, DRAFT, FORM, LAST_REQUEST, SLOT, STEP, WITHDRAW, Asked
from actions.requests.status import told, withdrawn
from actions.turn import LISTEN, Turn

PROGRESS_FORM = "progress_form"
_LIKELY = 3  #: topics of an uncertain message that are looked at


async def request_for(action: TurnAction, turn: Turn) -> Outcome | None:
    """What the requests make of a message; None leaves it to the others."""
    markers = action.colleagues.markers
    named = FORMS.get(str(turn.value(BEGIN)))
    if named is not None:
        return await begin(action, turn, named)
    if turn.value(WITHDRAW) is not None:
        return await withdrawn(action, turn)
    if turn.value(STEP) is not None:
        return _pressed_too_late(action, turn)
    if turn.is_pressed:
        return None
    if markers.asks_for_status(turn.text):
        return await told(action, turn)
    form = wished(action, turn)
    return await begin(action, turn, form) if form else None


def wished(action: TurnAction, turn: Turn) -> RequestForm | None:
    """The kind of request that the words wish for."""
    if turn.is_pressed:
        return FORMS.get(str(turn.value(BEGIN)))
    topics = frozenset({turn.understood.topic, *(guess.topic for guess in turn.understood.ranking[:_LIKELY])})
    return FORMS.get(action.colleagues.markers.wished(turn.text, topics) or "")


def is_for_requests(action: TurnAction, turn: Turn) -> bool:
    """Whether a message that another form could take is rather a request's."""
    if any(turn.value(name) is not None for name in (BEGIN, STEP, WITHDRAW)):
        return True
    return not turn.is_pressed and (
        action.colleagues.markers.asks_for_status(turn.text) or wished(action, turn) is not None
    )


async def begin(action: TurnAction, turn: Turn, form: RequestForm) -> Outcome:
    """Opens a request with all that is known of it; who is not verified proves first who they are."""
    asked = Asked(
        form, {**_carried(turn, form), **heard(action, turn, form, {}, None)}, begun_by=turn.turn_id
    )
    if form.needs_customer and not await action.colleagues.requests.is_verified(turn.conversation_id):
        return verify_first(action, turn, asked)
    return Outcome(
        slots=understood(**{SLOT: asked.to_slot()}, **empty(("calculation", *SECRET_SLOTS))),
        next_action=FORM,
        ends_form=turn.active_loop not in (None, FORM),
    )


def verify_first(action: TurnAction, turn: Turn, asked: Asked) -> Outcome:
    """The identity check, after which the request goes on where it stood."""
    title = action.say(f"request.title.{asked.form.name}")
    key = "request.verify_again" if asked.is_unverified else "request.verify_first"
    return Outcome(
        (action.text(key, title=title),),
        understood(**{SLOT: asked.to_slot(), PURPOSE: FOR_REQUEST}, **empty(("calculation",))),
        next_action=PROGRESS_FORM,
        ends_form=turn.active_loop not in (None, PROGRESS_FORM),
    )


def heard(
    action: TurnAction, turn: Turn, form: RequestForm, known: Mapping[str, Any], wanted: str | None
) -> dict[str, Any]:
    """The items that a message settles; a button names them, and may empty one."""
    if turn.is_pressed:
        named = {item.get("entity"): item.get("value") for item in turn.entities}
        return {item.name: named[item.name] for item in form.items if item.name in named}
    hint, words = pointed(turn.text, is_asked=wanted == LOAN)
    if hint is not None and says_nothing_else(words):
        return {LOAN: as_said(hint)} if form.needs_customer else {}
    listened = Heard(turn, words, wanted, known, action.colleagues.today)
    said = {item.name: _read(item, listened) for item in form.items}
    if form.name == COMPLAINT and wanted is not None:
        said["cause"] = action.colleagues.markers.cause_of(turn.text)
    return {name: value for name, value in said.items() if value is not None}


def _read(item: Item, listened: Heard) -> Any:
    return item.read(listened)


def _carried(turn: Turn, form: RequestForm) -> dict[str, Any]:
    """What the calculation just shown says of it, where its button was pressed."""
    last = turn.slots.get(LAST_SLOT) or {}
    follow = form.follows.get(str(last.get("subject")))
    if follow is None or not turn.is_pressed:
        return {}
    values = Values.from_slot(last["values"])
    found = {item: values.raw(field) for item, field in follow.fields.items()}
    found[LOAN] = last.get("loan") or None
    return {**follow.fixed, **{item: value for item, value in found.items() if value is not None}}


def _pressed_too_late(action: TurnAction, turn: Turn) -> Outcome:
    """A button of a summary that stands no longer: it was submitted already, or given up."""
    last = turn.slots.get(LAST_REQUEST) or {}
    if last and last.get("digest") == turn.value(DRAFT):
        part = action.text("request.submitted_already", request_no=last["no"])
    else:
        part = action.text("request.pressed_too_late")
    return Outcome((part,), understood(), next_action=turn.active_loop or LISTEN)
