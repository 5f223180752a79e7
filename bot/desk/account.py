"""``/api/desk/account``: what agents do about their own login, and what an admin does for those locked out."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from bot.conversation.ports import Words
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent
from bot.handoff.second_factor import SecondFactor


class Code(BaseModel):
    code: str = Field(min_length=6, max_length=6)


def account_routes(second_factor: SecondFactor, sessions: DeskSessions, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.post("/account/totp")
    async def begin(agent: Me) -> dict[str, str]:
        """A new secret for an authenticator app; it counts once it is confirmed."""
        with refusals():
            return asdict(await second_factor.begin(agent))

    @router.post("/account/totp/confirm")
    async def confirm(order: Code, agent: Me, response: Response) -> dict[str, bool]:
        """From now on the login asks for a code; your other sessions end."""
        with refusals():
            epoch = await second_factor.confirm(agent, order.code)
        sessions.open(response, agent, epoch)
        return {"has_second_factor": True}

    @router.post("/account/totp/off")
    async def turn_off(order: Code, agent: Me) -> dict[str, bool]:
        with refusals():
            await second_factor.turn_off(agent, order.code)
        return {"has_second_factor": False}

    @router.delete("/agents/{agent_id}/totp")
    async def take_off(agent_id: str, agent: Me) -> dict[str, Any]:
        """For a colleague who lost their phone; admins only."""
        with refusals():
            if not agent.is_admin:
                raise NotAllowed
            await second_factor.take_off(agent_id, f"agent:{agent.id}")
        return {"has_second_factor": False}

    return router
