"""``/api/desk/requests``: service requests that wait for the bank, and each step of it."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.conversation.ports import Words
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.handoff.model import Agent
from bot.handoff.request_desk import RequestCase, RequestDesk
from bot.http import Refusal
from bot.servicing.requests import IllegalStep, UnknownRequest
from bot.servicing.requests.model import Step


class StepTaken(BaseModel):
    step: Literal["accept", "complete", "refuse"]
    note: str | None = Field(None, max_length=500)  #: the customer reads it


def request_routes(desk: RequestDesk, sessions: DeskSessions, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk/requests", tags=["desk"])

    def view(case: RequestCase) -> dict[str, Any]:
        return {
            **asdict(case),
            "kind_title": words.say(f"request.kind.{case.kind}"),
            "created_at": case.created_at.isoformat(),
            "promised_at": case.promised_at.isoformat() if case.promised_at else None,
            "ended_at": case.ended_at.isoformat() if case.ended_at else None,
        }

    @router.get("")
    async def listed(agent: Me, state: Literal["open", "ended"] = "open") -> dict[str, Any]:
        """Open ones, the next promised first; or those that ended."""
        return {"requests": [view(case) for case in await desk.listed(is_open=state == "open")]}

    @router.post("/{request_no}/steps")
    async def take(request_no: str, taken: StepTaken, agent: Me) -> dict[str, str]:
        """Take it up, complete it or refuse it; the customer is told."""
        with refusals():
            try:
                request = await desk.take(request_no, agent, Step(taken.step), taken.note)
            except UnknownRequest as exc:
                raise Refusal(404, "request_not_found", words.say("refused.request_not_found")) from exc
            except IllegalStep as exc:
                raise Refusal(409, "illegal_step", words.say("refused.illegal_step")) from exc
        return {"request_no": request.request_no, "state": request.state.value}

    return router
