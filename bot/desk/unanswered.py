"""``/api/desk/unanswered``: clusters of what the bot could not answer, for supervisors."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from bot.conversation.ports import Words
from bot.desk.login import DeskSessions
from bot.desk.routes import logged_in, refused
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent
from bot.http import Refusal

MOST_MISSES = 4000


class CannotGroup(Exception):
    """The side that groups texts does not answer."""


class UnknownIntent(Exception):
    """There is no such intent to teach."""


class Unanswered(Protocol):
    """Whoever looks after unanswered words; misses are pairs of a turn and a part of it."""

    async def clusters(self, days: int) -> dict[str, Any]: ...
    async def lay_aside(self, misses: Sequence[tuple[str, int]], reviewer: str) -> None: ...
    async def teach(
        self, misses: Sequence[tuple[str, int]], intent: str, reviewer: str
    ) -> dict[str, Any]: ...


class Place(BaseModel):
    turn_id: str = Field(min_length=1, max_length=64)
    part: int = Field(ge=0, le=100)


class Looked(BaseModel):
    """Exactly what was shown and looked through, and not what came in since."""

    misses: list[Place] = Field(min_length=1, max_length=MOST_MISSES)

    @property
    def places(self) -> list[tuple[str, int]]:
        return [(place.turn_id, place.part) for place in self.misses]


class Taught(Looked):
    intent: str = Field(min_length=1, max_length=100)


def unanswered_routes(unanswered: Unanswered, sessions: DeskSessions, words: Words) -> APIRouter:
    refusals = partial(refused, words)
    router = APIRouter(prefix="/api/desk/unanswered", tags=["desk"])

    def supervisor(agent: Annotated[Agent, Depends(logged_in(sessions, words))]) -> Agent:
        with refusals():
            if not agent.is_supervisor:
                raise NotAllowed
        return agent

    Me = Annotated[Agent, Depends(supervisor)]

    @router.get("")
    async def listed(agent: Me, days: Annotated[int, Query(ge=1, le=366)] = 30) -> dict[str, Any]:
        """Newest and largest first, with masked examples and the conversations they come from."""
        try:
            return await unanswered.clusters(days)
        except CannotGroup as exc:
            raise Refusal(503, "clusters_unavailable", words.say("refused.clusters_unavailable")) from exc

    @router.post("/lay-aside")
    async def lay_aside(looked: Looked, agent: Me) -> dict[str, bool]:
        """There is nothing to teach."""
        await unanswered.lay_aside(looked.places, f"agent:{agent.id}")
        return {"ok": True}

    @router.post("/teach")
    async def teach(taught: Taught, agent: Me) -> dict[str, Any]:
        """These words mean the topic; 422 when none of them can be learnt from."""
        try:
            done = await unanswered.teach(taught.places, taught.intent, f"agent:{agent.id}")
        except UnknownIntent as exc:
            raise Refusal(422, "intent_unknown", words.say("refused.intent_unknown")) from exc
        if not done["taught"]:
            raise Refusal(422, "nothing_to_teach", words.say("refused.nothing_to_teach"))
        return done

    return router
