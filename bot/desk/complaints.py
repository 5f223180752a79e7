"""``/api/desk``: complaints and the customer's side panel."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from bot.clock import Clock
from bot.conversation.ports import Words
from bot.desk.clock_views import clocks_view
from bot.desk.login import DeskSessions
from bot.desk.panel import Panel, Secret
from bot.desk.routes import logged_in, refused
from bot.handoff.agents import Agents
from bot.handoff.clocks import ServiceLevels
from bot.handoff.complaints import ComplaintCase, ComplaintDesk, Grade, Step
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent
from bot.http import Refusal
from bot.servicing.requests import ComplaintCause


class NewComplaint(BaseModel):
    conversation_id: str
    cause: ComplaintCause
    grade: Grade = Grade.ORDINARY
    text: str = Field(min_length=1, max_length=4000)


class StepTaken(BaseModel):
    step: Step
    note: str = Field(min_length=1, max_length=2000)
    satisfaction: int | None = Field(None, ge=1, le=5)


class Owner(BaseModel):
    owner: str  #: an agent's id
    grade: Grade


class Reveal(BaseModel):
    what: Secret
    why: str = Field(min_length=2, max_length=200)


def complaint_routes(
    complaints: ComplaintDesk, agents: Agents, sessions: DeskSessions, clock: Clock, words: Words
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk/complaints", tags=["desk"])

    def view(case: ComplaintCase) -> dict[str, Any]:
        return complaint_view(case, complaints.levels(), clock, words)

    @router.get("")
    async def listed(
        agent: Me,
        state: Literal["open", "month"] = "open",
        month: Annotated[date | None, Query(description="any day of it")] = None,
        cause: str | None = None,
    ) -> dict[str, Any]:
        """Open ones, urgent and next to breach first; or those that came in a month."""
        with refusals():
            first = month.replace(day=1) if month else None
            found = await complaints.listed(is_open=state == "open", month=first, cause=cause)
        return {"complaints": [view(case) for case in found]}

    @router.get("/report")
    async def report(agent: Me, months: Annotated[int, Query(ge=1, le=24)] = 6) -> dict[str, Any]:
        """By cause, month by month."""
        return {
            "months": [
                {**asdict(month), "month": month.month.isoformat()}
                for month in await complaints.report(months)
            ],
            "causes": [
                {"cause": cause.value, "title": words.say(f"request.complaint.cause.{cause.value}")}
                for cause in ComplaintCause
            ],
        }

    @router.get("/{complaint_no}")
    async def one(complaint_no: str, agent: Me) -> dict[str, Any]:
        with refusals():
            return view(await complaints.case(complaint_no))

    @router.post("", status_code=201)
    async def register(new: NewComplaint, agent: Me) -> dict[str, Any]:
        """A complaint that an agent heard."""
        with refusals():
            return view(
                await complaints.register(new.conversation_id, agent, new.cause.value, new.grade, new.text)
            )

    @router.post("/{complaint_no}/steps")
    async def take(complaint_no: str, taken: StepTaken, agent: Me) -> dict[str, Any]:
        """A contact, an offer, what came of it, the call-back."""
        with refusals():
            return view(
                await complaints.take(complaint_no, agent, taken.step, taken.note, taken.satisfaction)
            )

    @router.post("/{complaint_no}/owner")
    async def own(complaint_no: str, owner: Owner, agent: Me) -> dict[str, Any]:
        """Grade it and name who looks after it; supervisors only."""
        named = await agents.get(owner.owner)
        if named is None:
            raise Refusal(404, "agent_not_found", words.say("refused.agent_not_found"))
        with refusals():
            if not agent.is_supervisor:
                raise NotAllowed
            return view(await complaints.own(complaint_no, agent, named, owner.grade))

    return router


def panel_routes(panel: Panel, sessions: DeskSessions, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk/conversations", tags=["desk"])

    @router.get("/{conversation_id}/customer")
    async def customer(conversation_id: str, agent: Me) -> dict[str, Any]:
        """The verified customer's record, masked."""
        with refusals():
            return await panel.of(conversation_id)

    @router.post("/{conversation_id}/reveal")
    async def reveal(conversation_id: str, order: Reveal, agent: Me) -> dict[str, str]:
        """One of the customer's data in the clear; who, what and why are kept."""
        with refusals():
            return {"value": await panel.reveal(conversation_id, agent, order.what, order.why)}

    return router


def complaint_view(case: ComplaintCase, levels: ServiceLevels, clock: Clock, words: Words) -> dict[str, Any]:
    return {
        "complaint_no": case.complaint_no,
        "conversation_id": case.conversation_id,
        "cause": case.cause,
        "cause_title": words.say(f"request.complaint.cause.{case.cause}"),
        "grade": case.grade.value,
        "state": case.state.value,
        "text": case.text,
        "owner_name": case.owner_name,
        "satisfaction": case.satisfaction,
        "created_at": case.created_at.isoformat(),
        "ended_at": case.ended_at.isoformat() if case.ended_at else None,
        "clocks": clocks_view(case.clocks, levels, clock.now()),
        "events": [
            {
                "kind": event.kind,
                "state": event.state.value,
                "actor": event.actor,
                "note": event.note,
                "at": event.at.isoformat(),
            }
            for event in case.events
        ],
    }
