"""``GET /files/{token}``: files over HTTP, to the conversation that they belong to and to the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Header, Response

from bot.http import Refusal
from bot.servicing.errors import FileContentLost, FileNotFound
from bot.servicing.file_links import FileLinks
from bot.servicing.files import Files, StoredFile

log = structlog.get_logger(__name__)

#: What a customer sent is shown as it is and runs nothing, whatever it holds.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=600",
}
IsAtDesk = Callable[[str], Awaitable[bool]]


class Words(Protocol):
    def say(self, key: str, **values: object) -> str: ...


def file_routes(files: Files, links: FileLinks, is_at_desk: IsAtDesk, words: Words) -> APIRouter:
    """``is_at_desk`` tells from a ``Cookie`` header whether an agent is logged in."""
    router = APIRouter(tags=["files"])

    @router.get("/files/{token}", response_class=Response)
    async def file(token: str, cookie: Annotated[str, Header()] = "") -> Response:
        """A picture, shown, or a PDF, downloaded; 404 when the address is not one of ours or too old."""
        try:
            claim = links.claim(token)
            if claim.conversation_id is None and not await is_at_desk(cookie):
                raise FileNotFound(claim.public_id)
            found = await files.find(claim.public_id, claim.conversation_id)
            content = await files.content(found)
        except FileContentLost as exc:
            log.error("file.content_lost", file=claim.public_id)
            raise Refusal(404, "file_not_found", words.say("refused.file_not_found")) from exc
        except FileNotFound as exc:
            raise Refusal(404, "file_not_found", words.say("refused.file_not_found")) from exc
        headers = {**HEADERS, "Content-Disposition": _disposition(found)}
        return Response(content, media_type=found.media_type.value, headers=headers)

    return router


def _disposition(file: StoredFile) -> str:
    """A picture is shown, a PDF kept; the ending is that of what it is, whatever the sender called it."""
    stem = file.name.rpartition(".")[0] or file.name or file.public_id[:8]
    name = quote(f"{stem}.{file.media_type.ending}", safe="")
    plain = f'filename="document.{file.media_type.ending}"'
    return f"{'inline' if file.media_type.is_picture else 'attachment'}; {plain}; filename*=UTF-8''{name}"
