"""``GET`` and ``POST /channels/wechat``: the address that is set up at the platform."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from bot.channels.wechat.door import Door
from bot.channels.wechat.errors import Malformed, NotFromWechat
from bot.channels.wechat.incoming import read_incoming
from bot.channels.wechat.passive import Answer, PassiveReplies
from bot.channels.wechat.xml import text_reply
from bot.conversation.ports import Words
from bot.http import Refusal

log = structlog.get_logger()

MAX_BODY = 64 * 1024
SUCCESS = "success"  #: stops the platform from asking again, and shows nothing


class TracedResponse(Response):
    """Tells whether it was written to somebody who was still there."""

    def __init__(self, content: str, answer: Answer, request: Request, **details: Any) -> None:
        super().__init__(content, **details)
        self._answer = answer
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if await self._request.is_disconnected():
            await _after(self._answer.lost)
            return
        try:
            await super().__call__(scope, receive, send)
        except Exception:
            await _after(self._answer.lost)
            raise
        await _after(self._answer.written)


async def _after(done: Callable[[], Awaitable[None]] | None) -> None:
    if done is not None:
        await done()


def wechat_routes(door: Door, replies: PassiveReplies, words: Words) -> APIRouter:
    router = APIRouter(prefix="/channels/wechat", tags=["WeChat"])

    def refused(exc: NotFromWechat) -> Refusal:
        log.warning("wechat.refused", reason=str(exc))
        return Refusal(403, "forbidden", words.say("refused.unauthorised"))

    @router.get("", response_class=Response)
    async def set_up(request: Request) -> Response:
        """The platform asks whether the address is ours."""
        try:
            echo = door.echo(request.query_params)
        except NotFromWechat as exc:
            raise refused(exc) from exc
        return Response(echo, media_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})

    @router.post("", response_class=Response)
    async def told(request: Request) -> Response:
        """The platform tells of a message or an event, and waits five seconds for an answer."""
        arrived = asyncio.get_running_loop().time()
        try:
            body = await _read(request)
            opened = door.open(request.query_params, body)
            incoming = read_incoming(opened.fields)
        except NotFromWechat as exc:
            raise refused(exc) from exc
        except (Malformed, ClientDisconnect) as exc:
            log.warning("wechat.malformed", reason=str(exc))
            raise Refusal(400, "malformed", words.say("refused.malformed")) from exc
        answer = await replies.answer(incoming, arrived)
        if answer.text is None:
            return Response(SUCCESS, media_type="text/plain")
        said = text_reply(incoming.open_id, incoming.account, int(time.time()), answer.text)
        return TracedResponse(
            door.seal(said) if opened.is_sealed else said, answer, request, media_type="application/xml"
        )

    async def _read(request: Request) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise Refusal(413, "too_large", words.say("refused.malformed"))
        return bytes(body)

    return router
