"""``POST /channels/web/files``: a picture or PDF from the chat page."""

# No postponed annotations here: FastAPI could not resolve those that name something inside a function.

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from bot.channels.web.gateway import CHANNEL, MAX_CLIENT_ID
from bot.channels.web.sessions import WebSessions
from bot.conversation.attachments import Attachments
from bot.conversation.errors import ConversationError
from bot.conversation.ports import Words
from bot.http import Refusal
from bot.servicing.content import MEGABYTE
from bot.servicing.errors import FileIdReused, FileRefused, FileTooLarge, TooManyFiles
from bot.servicing.files import Files

log = structlog.get_logger()

#: Around the file: the form's other field, boundaries and headers.
FORM_BYTES = 64 * 1024
AT_ONCE = 4  #: uploads being received by this process; each may hold a whole file in memory
STATUS: dict[type[FileRefused], int] = {FileTooLarge: 413, FileIdReused: 409, TooManyFiles: 429}
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["client_id", "file"],
                    "properties": {
                        "client_id": {"type": "string", "maxLength": MAX_CLIENT_ID},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


def upload_routes(
    tokens: WebSessions, attachments: Attachments, files: Files, words: Words
) -> APIRouter:
    router = APIRouter(prefix="/channels/web", tags=["web channel"])
    receiving = asyncio.Semaphore(AT_ONCE)

    def refusal(exc: FileRefused) -> Refusal:
        said = words.say(f"refused.{exc.code}", limit=exc.limit)
        return Refusal(STATUS.get(type(exc), 422), exc.code, said)

    @router.post("/files", openapi_extra=FORM)
    async def send_file(request: Request, authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        """Send a picture (JPEG, PNG, WebP) or a PDF into the conversation of the session token.

        ``Authorization: Bearer <session token>``; the same ``client_id`` again is the same message.
        """
        conversation_id = tokens.conversation_of(authorization.removeprefix("Bearer "))
        if conversation_id is None:
            raise Refusal(401, "session", words.say("refused.session"))
        try:
            async with receiving:
                client_id, name, content = await _received(request, files.limits().bytes)
                received = await attachments.receive(CHANNEL, conversation_id, client_id, name, content)
        except FileRefused as exc:
            log.info("web.file_refused", conversation=conversation_id, code=exc.code)
            raise refusal(exc) from exc
        except (MultiPartException, FormParserError, ClientDisconnect) as exc:
            raise Refusal(422, "malformed", words.say("refused.malformed")) from exc
        except ConversationError as exc:
            raise Refusal(404, exc.code, words.say(f"refused.{exc.code}")) from exc
        return {"ok": True, "seq": received.message.seq}

    return router


async def _received(request: Request, most_bytes: int) -> tuple[str, str, bytes]:
    """The browser's id, the sender's name of the file, and its content; read no further than allowed."""
    limit = most_bytes + FORM_BYTES
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise FileTooLarge(most_bytes // MEGABYTE)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise MultiPartException("not a form")

    async def within_limit() -> AsyncGenerator[bytes, None]:
        seen = 0
        async for chunk in request.stream():
            seen += len(chunk)
            if seen > limit:
                raise FileTooLarge(most_bytes // MEGABYTE)
            yield chunk

    parser = MultiPartParser(request.headers, within_limit(), max_files=1, max_fields=2, max_part_size=1024)
    parser.spool_max_size = limit  # what may show an identity card touches no disk unsealed
    form = await parser.parse()
    try:
        client_id, file = form.get("client_id"), form.get("file")
        if not isinstance(client_id, str) or not 0 < len(client_id) <= MAX_CLIENT_ID:
            raise MultiPartException("client_id")
        if not isinstance(file, UploadFile):
            raise MultiPartException("file")
        return client_id, file.filename or "", await file.read()
    finally:
        await form.close()
