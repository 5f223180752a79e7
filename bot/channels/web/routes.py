"""The HTTP side of the web channel: a session for a new browser."""

from __future__ import annotations

from fastapi import APIRouter

from bot.channels.web.gateway import CHANNEL
from bot.channels.web.sessions import WebSessions
from bot.conversation.inbox import Inbox


def web_routes(tokens: WebSessions, inbox: Inbox) -> APIRouter:
    router = APIRouter(prefix="/channels/web", tags=["web channel"])

    @router.post("/session")
    async def start_session() -> dict[str, str]:
        """A new conversation, and the token that stands for it."""
        conversation = await inbox.open(CHANNEL, tokens.new_visitor())
        return {"token": tokens.issue(conversation.id), "conversation_id": conversation.id}

    return router
