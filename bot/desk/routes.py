"""``/api/desk``: login, queue, transcripts and the agent's messages."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Cookie, Depends, Response
from pydantic import BaseModel, Field

from bot.conversation.errors import ConversationError, ConversationNotFound
from bot.conversation.handover import Handover
from bot.conversation.ports import Words
from bot.conversation.wire import message_wire
from bot.desk.login import COOKIE, MAX_AGE_SECONDS, DeskSessions
from bot.desk.suggestion import Suggestions
from bot.desk.views import Views, agent_view
from bot.handoff.agents import Agents
from bot.handoff.errors import (
    HandoffError,
    LoginLocked,
    LoginRefused,
    NotTheHolder,
    TicketAlreadyTaken,
    TicketClosed,
    TicketNotFound,
)
from bot.handoff.model import Agent
from bot.http import Refusal

STATUS: dict[type[Exception], tuple[int, str]] = {
    TicketNotFound: (404, "ticket_not_found"),
    ConversationNotFound: (404, "conversation_not_found"),
    TicketAlreadyTaken: (409, "already_taken"),
    TicketClosed: (409, "ticket_closed"),
    NotTheHolder: (409, "not_the_holder"),
    LoginLocked: (429, "login_locked"),
    LoginRefused: (401, "login_refused"),
}


class Login(BaseModel):
    name: str = Field(max_length=100)
    password: str = Field(max_length=200)


class Say(BaseModel):
    client_id: str = Field(min_length=1, max_length=64)
    text: str


class Note(BaseModel):
    note: str | None = Field(None, max_length=2000)


def desk_routes(
    handover: Handover,
    agents: Agents,
    sessions: DeskSessions,
    views: Views,
    suggestions: Suggestions,
    words: Words,
    *,
    is_secure: bool,
) -> APIRouter:
    @contextmanager
    def refusals() -> Iterator[None]:
        """Business errors become statuses here and nowhere else."""
        try:
            yield
        except (HandoffError, ConversationError) as exc:
            status, code = STATUS.get(type(exc), (422, getattr(exc, "code", "refused")))
            raise Refusal(status, code, words.say(f"refused.{code}")) from exc

    async def logged_in(cookie: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> Agent:
        agent = await sessions.agent_of(cookie)
        if agent is None:
            raise Refusal(401, "unauthorised", words.say("refused.unauthorised"))
        return agent

    Me = Annotated[Agent, Depends(logged_in)]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.post("/login")
    async def log_in(login: Login, response: Response) -> dict[str, Any]:
        with refusals():
            agent, epoch = await agents.log_in(login.name, login.password)
        response.set_cookie(
            COOKIE,
            sessions.issue(agent, epoch),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="strict",
            secure=is_secure,
        )
        return {"agent": agent_view(agent)}

    @router.post("/logout")
    async def log_out(response: Response) -> dict[str, bool]:
        response.delete_cookie(COOKIE)
        return {"ok": True}

    @router.get("/me")
    async def me(agent: Me) -> dict[str, Any]:
        return {"agent": agent_view(agent)}

    @router.get("/tickets")
    async def tickets(agent: Me, view: Literal["waiting", "mine", "all", "closed"] = "all") -> dict[str, Any]:
        return {"tickets": await views.tickets(view, agent)}

    @router.post("/tickets/{ticket_id}/claim")
    async def claim(ticket_id: str, agent: Me) -> dict[str, Any]:
        """Take a waiting ticket; 409 when a colleague was first."""
        with refusals():
            return await views.ticket(await handover.claim(ticket_id, agent))

    @router.post("/tickets/{ticket_id}/hand-back")
    async def hand_back(ticket_id: str, agent: Me, note: Note | None = None) -> dict[str, Any]:
        """The bot goes on with the customer."""
        with refusals():
            return await views.ticket(await handover.hand_back(ticket_id, agent, note.note if note else None))

    @router.post("/tickets/{ticket_id}/close")
    async def close(ticket_id: str, agent: Me) -> dict[str, Any]:
        with refusals():
            return await views.ticket(await handover.close(ticket_id, agent))

    @router.get("/conversations/{conversation_id}")
    async def conversation(conversation_id: str, agent: Me) -> dict[str, Any]:
        with refusals():
            return await views.conversation(conversation_id)

    @router.post("/conversations/{conversation_id}/messages")
    async def say(conversation_id: str, message: Say, agent: Me) -> dict[str, Any]:
        """A message to the customer; sending the same ``client_id`` again is safe."""
        with refusals():
            return message_wire(
                await handover.agent_says(conversation_id, agent, message.client_id, message.text)
            )

    @router.get("/conversations/{conversation_id}/suggestion")
    async def suggestion(conversation_id: str, agent: Me) -> dict[str, Any]:
        """What the bot would answer to the customer's last words."""
        with refusals():
            last = await views.last_customer_words(conversation_id)
        return await suggestions.for_words(last) if last else {"understood": [], "parts": None}

    return router
