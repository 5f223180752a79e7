"""The HTTP side of the web channel: a session for a new browser, or for a customer whom the bank's page knows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from bot.channels.web.gateway import CHANNEL
from bot.channels.web.ports import IdentityNotTaken, SignedIn
from bot.channels.web.sessions import WebSessions
from bot.conversation.inbox import Inbox
from bot.conversation.ports import Words
from bot.http import Refusal


class StartSession(BaseModel):
    """Who wants to talk: nobody in particular, or somebody whom the bank's page has signed in."""

    identity: str | None = Field(
        None, max_length=2000, description="a signed identity of the bank's own site"
    )


def web_routes(
    tokens: WebSessions, inbox: Inbox, words: Words, signed_in: SignedIn | None = None
) -> APIRouter:
    router = APIRouter(prefix="/channels/web", tags=["web channel"])

    @router.post("/session")
    async def start_session(start: Annotated[StartSession | None, Body()] = None) -> dict[str, str]:
        """A conversation, and the token that stands for it: a new one, or the customer's own if they are signed in.

        401 ``identity_refused`` when the signed identity does not hold, for whatever reason.
        """
        visitor = tokens.new_visitor()
        if start is not None and start.identity is not None:
            visitor = await _customer(start.identity)
        conversation = await inbox.open(CHANNEL, visitor)
        return {"token": tokens.issue(conversation.id), "conversation_id": conversation.id}

    async def _customer(identity: str) -> str:
        try:
            if signed_in is None:
                raise IdentityNotTaken
            return await signed_in(CHANNEL, identity)
        except IdentityNotTaken as exc:
            raise Refusal(401, "identity_refused", words.say("refused.identity_refused")) from exc

    return router
