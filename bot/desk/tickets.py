"""``/api/desk/tickets``: the queue and what is done with a ticket."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.clock import Clock
from bot.conversation.deskwork import DeskWork
from bot.conversation.ports import Words
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.desk.views import Views
from bot.handoff.agents import Agents
from bot.handoff.model import Agent, Skill
from bot.http import Refusal

MOST_TAGS = 10
LONGEST_HOLD_MINUTES = 24 * 60


class HandBack(BaseModel):
    note: str | None = Field(None, max_length=2000)
    sentence: str | None = Field(None, max_length=500)  #: for the customer, instead of the usual words


class Close(BaseModel):
    resolution: str | None = Field(None, max_length=200)
    tags: list[Annotated[str, Field(max_length=30)]] = Field(default=[], max_length=MOST_TAGS)
    note: str | None = Field(None, max_length=2000)


class PassOn(BaseModel):
    note: str = Field(min_length=1, max_length=2000)
    skill: Skill | None = None
    to: str | None = None  #: an agent's id


class Assign(BaseModel):
    to: str


class Hold(BaseModel):
    minutes: int = Field(ge=1, le=LONGEST_HOLD_MINUTES)
    reason: str = Field(min_length=1, max_length=200)


def ticket_routes(
    work: DeskWork, agents: Agents, sessions: DeskSessions, views: Views, clock: Clock, words: Words
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    async def colleague(agent_id: str) -> Agent:
        found = await agents.get(agent_id)
        if found is None:
            raise Refusal(404, "agent_not_found", words.say("refused.agent_not_found"))
        return found

    @router.get("/tickets")
    async def tickets(agent: Me, view: Literal["waiting", "mine", "all", "closed"] = "all") -> dict[str, Any]:
        """``now`` is the service's clock, by which the desk counts down."""
        return {"tickets": await views.tickets(view, agent), "now": clock.now().isoformat()}

    @router.post("/tickets/{ticket_id}/claim")
    async def claim(ticket_id: str, agent: Me) -> dict[str, Any]:
        """Take a waiting ticket, or one that is offered to you; 409 when a colleague was first."""
        with refusals():
            return await views.ticket(await work.claim(ticket_id, agent))

    @router.post("/tickets/{ticket_id}/refuse")
    async def refuse(ticket_id: str, agent: Me) -> dict[str, Any]:
        """Give an offered ticket back."""
        with refusals():
            return await views.ticket(await work.refuse(ticket_id, agent))

    @router.post("/tickets/{ticket_id}/pass-on")
    async def pass_on(ticket_id: str, order: PassOn, agent: Me) -> dict[str, Any]:
        """To colleagues with another skill, or to one of them, with a note."""
        to = await colleague(order.to) if order.to else None
        with refusals():
            return await views.ticket(
                await work.pass_on(ticket_id, agent, order.note, skill=order.skill, to=to)
            )

    @router.post("/tickets/{ticket_id}/assign")
    async def assign(ticket_id: str, order: Assign, agent: Me) -> dict[str, Any]:
        """A supervisor puts the ticket to one agent."""
        to = await colleague(order.to)
        with refusals():
            return await views.ticket(await work.assign(ticket_id, agent, to))

    @router.post("/tickets/{ticket_id}/take-over")
    async def take_over(ticket_id: str, agent: Me) -> dict[str, Any]:
        """A supervisor takes the customer, whoever has them now."""
        with refusals():
            return await views.ticket(await work.take_over(ticket_id, agent))

    @router.post("/tickets/{ticket_id}/hold")
    async def hold(ticket_id: str, order: Hold, agent: Me) -> dict[str, Any]:
        """The clocks stand still, and the customer is told until when."""
        until = clock.now() + timedelta(minutes=order.minutes)
        with refusals():
            return await views.ticket(await work.hold(ticket_id, agent, until, order.reason))

    @router.post("/tickets/{ticket_id}/resume")
    async def resume(ticket_id: str, agent: Me) -> dict[str, Any]:
        with refusals():
            return await views.ticket(await work.resume(ticket_id, agent))

    @router.post("/tickets/{ticket_id}/hand-back")
    async def hand_back(ticket_id: str, agent: Me, order: HandBack | None = None) -> dict[str, Any]:
        """The bot goes on with the customer."""
        order = order or HandBack()
        with refusals():
            return await views.ticket(await work.hand_back(ticket_id, agent, order.note, order.sentence))

    @router.post("/tickets/{ticket_id}/close")
    async def close(ticket_id: str, agent: Me, order: Close | None = None) -> dict[str, Any]:
        order = order or Close()
        with refusals():
            ticket = await work.close(
                ticket_id, agent, resolution=order.resolution, tags=tuple(order.tags), note=order.note
            )
            return await views.ticket(ticket)

    @router.post("/conversations/{conversation_id}/step-in")
    async def step_in(conversation_id: str, agent: Me) -> dict[str, Any]:
        """Take a customer who is talking with the bot."""
        with refusals():
            return await views.ticket(await work.step_in(conversation_id, agent))

    return router
