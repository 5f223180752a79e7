"""``/api/desk``: login, transcripts and the agent's messages."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Response
from pydantic import BaseModel, Field

from bot.conversation.deskwork import DeskWork
from bot.conversation.errors import ConversationError, ConversationNotFound
from bot.conversation.ports import Words
from bot.desk.login import COOKIE, DeskSessions
from bot.desk.suggestion import Suggestions
from bot.desk.views import Views, agent_view
from bot.handoff.agents import Agents
from bot.handoff.errors import (
    AgentNotFound,
    AlreadyHelped,
    CodeNeeded,
    CodeRefused,
    ComplaintNotFound,
    HandoffError,
    IllegalStep,
    LastAdmin,
    LoginLocked,
    LoginRefused,
    NotAllowed,
    NothingToConfirm,
    NotTheHolder,
    PromiseNotFound,
    ReplyNotFound,
    SecondFactorOn,
    ShortcutTaken,
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
    AlreadyHelped: (409, "already_helped"),
    PromiseNotFound: (404, "promise_not_found"),
    NotAllowed: (403, "not_allowed"),
    AgentNotFound: (404, "agent_not_found"),
    ReplyNotFound: (404, "reply_not_found"),
    ShortcutTaken: (409, "shortcut_taken"),
    ComplaintNotFound: (404, "complaint_not_found"),
    IllegalStep: (409, "illegal_step"),
    LastAdmin: (409, "last_admin"),
    SecondFactorOn: (409, "second_factor_on"),
    NothingToConfirm: (409, "nothing_to_confirm"),
    CodeRefused: (422, "code_refused"),
    CodeNeeded: (401, "code_needed"),
    LoginLocked: (429, "login_locked"),
    LoginRefused: (401, "login_refused"),
}


@contextmanager
def refused(words: Words) -> Iterator[None]:
    """Business errors become statuses here and nowhere else."""
    try:
        yield
    except (HandoffError, ConversationError) as exc:
        status, code = STATUS.get(type(exc), (422, getattr(exc, "code", "refused")))
        raise Refusal(status, code, words.say(f"refused.{code}")) from exc


def logged_in(sessions: DeskSessions, words: Words) -> Callable[..., Awaitable[Agent]]:
    """A dependency: the agent of the request's session, or 401."""

    async def agent_of_session(cookie: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> Agent:
        agent = await sessions.agent_of(cookie)
        if agent is None:
            raise Refusal(401, "unauthorised", words.say("refused.unauthorised"))
        return agent

    return agent_of_session


class Login(BaseModel):
    name: str = Field(max_length=100)
    password: str = Field(max_length=200)
    code: str | None = Field(None, max_length=20)  #: of the second factor, once it was asked for


class Say(BaseModel):
    client_id: str = Field(min_length=1, max_length=64)
    text: str


def desk_routes(
    work: DeskWork,
    agents: Agents,
    sessions: DeskSessions,
    views: Views,
    suggestions: Suggestions,
    words: Words,
) -> APIRouter:
    refusals = partial(refused, words)
    Me = Annotated[Agent, Depends(logged_in(sessions, words))]
    router = APIRouter(prefix="/api/desk", tags=["desk"])

    @router.post("/login")
    async def log_in(login: Login, response: Response) -> dict[str, Any]:
        """401 ``code_needed`` when the password is right and the account wants a code: send both again with it."""
        with refusals():
            agent, epoch = await agents.log_in(login.name, login.password, login.code)
        sessions.open(response, agent, epoch)
        return {"agent": agent_view(agent)}

    @router.post("/logout")
    async def log_out(response: Response) -> dict[str, bool]:
        response.delete_cookie(COOKIE)
        return {"ok": True}

    @router.get("/me")
    async def me(agent: Me) -> dict[str, Any]:
        return {"agent": agent_view(agent)}

    @router.get("/conversations/{conversation_id}")
    async def conversation(conversation_id: str, agent: Me) -> dict[str, Any]:
        with refusals():
            return await views.conversation(conversation_id)

    @router.post("/conversations/{conversation_id}/messages")
    async def say(conversation_id: str, message: Say, agent: Me) -> dict[str, Any]:
        """A message to the customer; sending the same ``client_id`` again is safe."""
        with refusals():
            return views.message(await work.says(conversation_id, agent, message.client_id, message.text))

    @router.get("/conversations/{conversation_id}/suggestion")
    async def suggestion(conversation_id: str, agent: Me) -> dict[str, Any]:
        """What the bot would answer to the customer's last words."""
        with refusals():
            last = await views.last_customer_words(conversation_id)
        return await suggestions.for_words(last) if last else {"understood": [], "answers": [], "parts": None}

    return router
