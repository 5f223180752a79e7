"""How the customer's requests are getting on, and taking one back."""

from __future__ import annotations

from actions.base import Outcome, TurnAction, buttons, understood
from actions.purposes import FOR_REQUESTS, PURPOSE
from actions.requests.model import payload
from actions.requests.state import SURE, WITHDRAW
from actions.turn import LISTEN, Turn
from bot.messages import Card, ReplyPart, Row
from bot.servicing.errors import NotVerified
from bot.servicing.requests import IllegalStep, RequestState, ServiceRequest, UnknownRequest

PROGRESS_FORM = "progress_form"
MOST_SHOWN = 6


class RequestListAction(TurnAction):
    """Goes on, after the identity check, with the requests of who was verified."""

    NAME = "action_requests"

    async def act(self, turn: Turn) -> Outcome:
        return await told(self, turn)


async def told(action: TurnAction, turn: Turn) -> Outcome:
    """The customer's requests, newest first, or the one that is named."""
    try:
        requests = await action.colleagues.requests.of_customer(turn.conversation_id)
    except NotVerified:
        return _verify(action, turn)
    number = action.colleagues.markers.number_in(turn.text)
    chosen = tuple(request for request in requests if number in (None, request.request_no))
    after = turn.active_loop if turn.active_loop != PROGRESS_FORM else None
    return Outcome(
        parts_of(action, chosen, number), understood(**{PURPOSE: None}), next_action=after or LISTEN
    )


def parts_of(
    action: TurnAction, requests: tuple[ServiceRequest, ...], number: str | None = None
) -> tuple[ReplyPart, ...]:
    """The requests as a card, and the ways to take back what is only submitted."""
    if not requests:
        key = "request.unknown" if number else "request.none"
        return (action.text(key, number=number), buttons(_progress(action)))
    shown = requests[:MOST_SHOWN]
    rows = tuple(
        Row(
            action.say(
                "request.list.label",
                kind=action.say(f"request.kind.{request.kind.value}"),
                number=request.request_no,
            ),
            action.say(
                f"request.list.{request.state.value}",
                promised=request.promised_at,
                ended=request.ended_at,
                note=request.note,
            ),
            emphasis=request.state.is_open,
        )
        for request in shown
    )
    card = Card(action.say("request.list.title"), rows, (action.say("request.list.note"),))
    open_ones = [request for request in shown if request.state is RequestState.SUBMITTED]
    take_back = [
        (
            action.say("request.list.take_back", kind=action.say(f"request.kind.{request.kind.value}")),
            payload("application_status", {WITHDRAW: request.request_no}),
        )
        for request in open_ones
    ]
    return (
        action.text("request.list.says", n=len(requests), n_open=sum(one.state.is_open for one in requests)),
        card,
        buttons(*take_back, _progress(action)),
    )


async def withdrawn(action: TurnAction, turn: Turn) -> Outcome:
    """Takes a request back once that was confirmed."""
    number = str(turn.value(WITHDRAW))
    after = turn.active_loop or LISTEN
    if not turn.value(SURE):
        sure = payload("application_status", {WITHDRAW: number, SURE: True})
        return Outcome(
            (
                action.text("request.withdraw.sure", number=number),
                buttons((action.say("request.withdraw.button"), sure), _progress(action)),
            ),
            understood(),
            next_action=after,
        )
    try:
        await action.colleagues.requests.withdraw(turn.conversation_id, number)
    except NotVerified:
        return _verify(action, turn)
    except UnknownRequest:
        return Outcome((action.text("request.unknown", number=number),), understood(), next_action=after)
    except IllegalStep:
        return Outcome(
            (
                action.text("request.withdraw.too_late", number=number),
                buttons((action.say("handoff_reply.button"), "/human_agent")),
            ),
            understood(),
            next_action=after,
        )
    return Outcome((action.text("request.withdraw.done", number=number),), understood(), next_action=after)


def _progress(action: TurnAction) -> tuple[str, str]:
    return action.colleagues.topics.title("application_status"), "/application_status"


def _verify(action: TurnAction, turn: Turn) -> Outcome:
    return Outcome(
        (action.text("request.verify_for_list"),),
        understood(**{PURPOSE: FOR_REQUESTS}),
        next_action=PROGRESS_FORM,
        ends_form=turn.active_loop not in (None, PROGRESS_FORM),
    )
