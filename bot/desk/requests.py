"""``/api/desk/requests``: service requests that wait for the bank, and each step of it."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.clock import Clock
from bot.conversation.ports import Words
from bot.desk.clock_views import clocks_view
from bot.desk.login import DeskSessions
from bot.desk.request_rows import rows_of
from bot.desk.routes import logged_in, refused
from bot.handoff.model import Agent
from bot.handoff.request_desk import RequestCase, RequestDesk
from bot.http import Refusal
from bot.servicing.requests import IllegalStep, UnknownRequest
from bot.servicing.requests.model import Step


class StepTaken(BaseModel):
    step: Literal["accept", "complete", "refuse"]
    note: str | None = Field(None, max_length=500)  #: the customer reads it


def request_routes(desk: RequestDesk, sessions: DeskSessions, clock: Clock, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk/requests", tags=["desk"])

    @contextmanager
    def known() -> Iterator[None]:
        try:
            yield
        except UnknownRequest as exc:
            raise Refusal(404, "request_not_found", words.say("refused.request_not_found")) from exc
        except IllegalStep as exc:
            raise Refusal(409, "illegal_step", words.say("refused.request_illegal_step")) from exc

    def view(case: RequestCase) -> dict[str, Any]:
        return {
            "request_no": case.request_no,
            "kind": case.kind,
            "kind_title": words.say(f"request.kind.{case.kind}"),
            "state": case.state,
            "conversation_id": case.conversation_id,
            "customer_id": case.customer_id,
            "is_valued": case.is_valued,
            "wish": case.wish,
            "figures": case.figures,
            "rows": rows_of(case, words),
            "created_at": case.created_at.isoformat(),
            "promised_at": case.promised_at.isoformat() if case.promised_at else None,
            "ended_at": case.ended_at.isoformat() if case.ended_at else None,
            "clocks": clocks_view(case.clocks, desk.levels(), clock.now()),
        }

    def page(case: RequestCase) -> dict[str, Any]:
        events = [
            {"state": one.state, "actor": one.actor, "note": one.note, "at": one.at.isoformat()}
            for one in case.events
        ]
        return {**view(case), "application_no": case.application_no, "events": events}

    @router.get("")
    async def listed(agent: Me, state: Literal["open", "ended"] = "open") -> dict[str, Any]:
        """Open ones, the next promised first; or those that ended."""
        found = [view(case) for case in await desk.listed(is_open=state == "open")]
        return {"requests": found, "now": clock.now().isoformat()}

    @router.get("/{request_no}")
    async def one(request_no: str, agent: Me) -> dict[str, Any]:
        """One of them with every step and its note."""
        with known():
            return page(await desk.case(request_no))

    @router.post("/{request_no}/steps")
    async def take(request_no: str, taken: StepTaken, agent: Me) -> dict[str, Any]:
        """Take it up, complete it or refuse it; the customer is told."""
        with refusals(), known():
            await desk.take(request_no, agent, Step(taken.step), taken.note)
            return page(await desk.case(request_no))

    return router
