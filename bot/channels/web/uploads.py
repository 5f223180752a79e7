"""``POST /channels/web/files``: a picture or PDF from the chat page."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

import asyncio
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request

from bot.channels.web.gateway import CHANNEL
from bot.channels.web.sessions import WebSessions
from bot.conversation.attachments import Attachments
from bot.conversation.errors import ConversationError
from bot.conversation.ports import Words
from bot.http import Refusal
from bot.servicing.errors import FileRefused
from bot.servicing.files import Files
from bot.uploading import FORM, file_refusals, received

log = structlog.get_logger()

AT_ONCE = 4  #: uploads being received by this process; each may hold a whole file in memory


def upload_routes(
    tokens: WebSessions, attachments: Attachments, files: Files, words: Words
) -> APIRouter:
    router = APIRouter(prefix="/channels/web", tags=["web channel"])
    receiving = asyncio.Semaphore(AT_ONCE)

    @router.post("/files", openapi_extra=FORM)
    async def send_file(request: Request, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        """Send a picture (JPEG, PNG, WebP) or a PDF into the conversation of the session token.

        ``Authorization: Bearer <session token>``; the same ``client_id`` again is the same message.
        """
        conversation_id = tokens.conversation_of(authorization.removeprefix("Bearer "))
        if conversation_id is None:
            raise Refusal(401, "session", words.say("refused.session"))
        try:
            with file_refusals(words):
                async with receiving:
                    client_id, name, content = await received(request, files.limits().bytes)
                    stored = await attachments.receive(CHANNEL, conversation_id, client_id, name, content)
        except Refusal as exc:
            if isinstance(exc.__cause__, FileRefused):
                log.info("web.file_refused", conversation=conversation_id, code=exc.code)
            raise
        except ConversationError as exc:
            raise Refusal(404, exc.code, words.say(f"refused.{exc.code}")) from exc
        return {"ok": True, "seq": stored.message.seq}

    return router
