"""``GET /papers/{token}`` and ``GET /certificates/{token}``: papers over HTTP."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Response

from bot.http import Refusal
from bot.papers.certificates import Certificates
from bot.papers.errors import UnknownPaper
from bot.papers.links import PaperLinks
from bot.papers.model import Paper
from bot.papers.ports import Words

FOR_EVER = "private, max-age=31536000, immutable"  # a token stands for one content
AT_ONCE = 1  #: papers being made; more would slow down everybody who is chatting


def paper_routes(links: PaperLinks, words: Words) -> APIRouter:
    router = APIRouter(prefix="/papers", tags=["papers"])
    press = asyncio.Semaphore(AT_ONCE)

    @router.get("/{token}", response_class=Response)
    async def paper(token: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """A schedule or a picture; 404 when the token is not one of ours."""
        headers = {
            "ETag": f'"{sha256(token.encode()).hexdigest()[:32]}"',
            "Cache-Control": FOR_EVER,
            "X-Content-Type-Options": "nosniff",
        }
        try:
            links.spec(token)
            if _knows(if_none_match, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            async with press:
                made = await asyncio.to_thread(links.paper, token)
        except UnknownPaper as exc:
            raise Refusal(404, "paper_not_found", words.say("papers.not_found")) from exc
        headers["Content-Disposition"] = _disposition(made)
        return Response(made.content, media_type=made.media_type, headers=headers)

    return router


def _knows(if_none_match: str | None, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or "*" in tags


def _disposition(paper: Paper) -> str:
    """A picture is shown, a file is kept; the Chinese name as RFC 5987 wants it, with a plain one beside it."""
    is_shown = paper.media_type.startswith("image/")
    ending = paper.name.rpartition(".")[2]
    return (
        f"{'inline' if is_shown else 'attachment'}; "
        f"filename=\"{paper.plain_name}.{ending}\"; filename*=UTF-8''{quote(paper.name, safe='')}"
    )


def certificate_routes(certificates: Certificates, words: Words) -> APIRouter:
    router = APIRouter(prefix="/certificates", tags=["papers"])
    press = asyncio.Semaphore(AT_ONCE)

    @router.get("/{token}", response_class=Response)
    async def certificate(token: str) -> Response:
        """A certificate; 404 when the token is not ours, too old, or its conversation is verified no longer."""
        try:
            async with press:
                made = await certificates.paper(token)
        except UnknownPaper as exc:
            raise Refusal(404, "paper_not_found", words.say("papers.certificate.not_found")) from exc
        headers = {
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": _disposition(made),
        }
        return Response(made.content, media_type=made.media_type, headers=headers)

    return router
