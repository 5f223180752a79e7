"""``/api/desk``: a supervisor asked in, and promises to customers."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.clock import Clock
from bot.conversation.helping import Helping
from bot.conversation.ports import Words
from bot.conversation.promising import Promising
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.desk.views import Views
from bot.handoff.clocks import Promise, ServiceLevels
from bot.handoff.model import Agent, Ticket
from bot.handoff.store import Promised

HelpHeard = Callable[[Ticket], Awaitable[None]]
LevelsToday = Callable[[], ServiceLevels]


class AskHelp(BaseModel):
    why: str = Field(min_length=1, max_length=200)


class NewPromise(BaseModel):
    kind: Literal[Promise.CALL_BACK, Promise.WRITTEN_PLAN]
    note: str = Field(min_length=1, max_length=500)


class Kept(BaseModel):
    note: str = Field(min_length=1, max_length=500)  #: how the contact went, or how the plan was sent


def help_routes(
    helping: Helping, sessions: DeskSessions, views: Views, words: Words, heard: HelpHeard
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk/tickets", tags=["desk"])

    @router.post("/{ticket_id}/help")
    async def ask(ticket_id: str, order: AskHelp, agent: Me) -> dict[str, Any]:
        """The holder asks a supervisor in; supervisors are told at once."""
        with refusals():
            ticket = await helping.ask(ticket_id, agent, order.why)
        await heard(ticket)
        return await views.ticket(ticket)

    @router.post("/{ticket_id}/help/join")
    async def join(ticket_id: str, agent: Me) -> dict[str, Any]:
        """A supervisor comes beside the holder and may write to the customer; 409 when another was first."""
        with refusals():
            return await views.ticket(await helping.join(ticket_id, agent))

    @router.post("/{ticket_id}/help/leave")
    async def leave(ticket_id: str, agent: Me) -> dict[str, Any]:
        """The supervisor leaves, or the holder takes the request back."""
        with refusals():
            return await views.ticket(await helping.leave(ticket_id, agent))

    return router


def promise_routes(
    promising: Promising, sessions: DeskSessions, levels: LevelsToday, clock: Clock, words: Words
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    def view(promised: Promised) -> dict[str, Any]:
        return promise_view(promised, levels(), clock)

    @router.get("/promises")
    async def everything_open(agent: Me) -> dict[str, Any]:
        """What is yet to be kept, oldest first."""
        return {"promises": [view(one) for one in await promising.open()]}

    @router.get("/conversations/{conversation_id}/promises")
    async def of_conversation(conversation_id: str, agent: Me) -> dict[str, Any]:
        with refusals():
            return {"promises": [view(one) for one in await promising.of(conversation_id)]}

    @router.post("/conversations/{conversation_id}/promises", status_code=201)
    async def make(conversation_id: str, order: NewPromise, agent: Me) -> dict[str, Any]:
        """A call back or a written plan; its clock begins."""
        with refusals():
            return view(await promising.make(conversation_id, agent, order.kind, order.note))

    @router.post("/promises/{promise_id}/kept")
    async def keep(promise_id: str, order: Kept, agent: Me) -> dict[str, Any]:
        """The customer was called, the plan was sent."""
        with refusals():
            return view(await promising.keep(promise_id, agent, order.note))

    return router


def promise_view(promised: Promised, levels: ServiceLevels, clock: Clock) -> dict[str, Any]:
    one = promised.clock
    hours = levels.hours(one.runs) if one else None
    due_at = one.due_at(hours) if one and hours else None
    return {
        "id": promised.id,
        "conversation_id": promised.conversation_id,
        "kind": promised.kind.value,
        "made_by": promised.made_by,
        "agent_name": promised.agent_name,
        "request_no": promised.request_no,
        "note": promised.note,
        "made_at": promised.made_at.isoformat(),
        "kept_at": promised.kept_at.isoformat() if promised.kept_at else None,
        "kept_note": promised.kept_note,
        "state": one.state_at(clock.now(), hours).value if one and hours else None,
        "due_at": due_at.isoformat() if due_at else None,
    }
