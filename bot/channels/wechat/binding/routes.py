"""``/channels/wechat/bind``: to the platform, back from it, and the two small forms of the check."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, StrictUndefined
from starlette.requests import ClientDisconnect

from bot.channels.wechat.binding.oauth import CodeSpent
from bot.channels.wechat.binding.service import PATH, Binding, WayRefused
from bot.channels.wechat.binding.tickets import STATE_LIFE, VISIT_LIFE, TicketRefused
from bot.channels.wechat.errors import ApiError, ApiUnavailable
from bot.conversation.ports import Words
from bot.servicing.errors import (
    CodeExpired,
    CodeNotSent,
    IdentityError,
    IdentityRefused,
    VerificationLocked,
    WrongCode,
)

log = structlog.get_logger()

HERE = Path(__file__).parent
STATE, VISIT = "fangxin_bind_state", "fangxin_bind"
MOST_BYTES, LONGEST_FIELD = 4096, 200
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Pages:
    """The page in each of its states."""

    def __init__(self, words: Words) -> None:
        self._words = words
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        self._template = environment.from_string((HERE / "page.html").read_text(encoding="utf-8"))

    def number(self, notice: str = "", named: str = "", status: int = 200) -> HTMLResponse:
        return self._page(status, step="number", notice=notice, named=named)

    def code(self, claim: str, notice: str = "", status: int = 200) -> HTMLResponse:
        return self._page(status, step="code", notice=notice, claim=claim)

    def done(self) -> HTMLResponse:
        return self._page(200, step="done", notice="")

    def again(self, status: int, phrase: str) -> HTMLResponse:
        """It has to be begun anew."""
        return self._page(status, step="again", notice=self._words.say(f"wechat.bind.{phrase}"))

    def refused(self, fault: IdentityError) -> tuple[int, str]:
        """Status and words of a check that did not succeed."""
        match fault:
            case IdentityRefused():
                return 422, self._words.say("progress.refused")
            case WrongCode(left=left):
                return 422, self._words.say("progress.wrong_code", left=left)
            case CodeExpired():
                return 422, self._words.say("progress.code_expired")
            case VerificationLocked(until=until):
                return 429, self._words.say("progress.locked", until=until)
            case CodeNotSent():
                return 503, self._words.say("servicing.code_not_sent")
            case _:
                raise fault

    def _page(self, status: int, **values: str) -> HTMLResponse:
        html = self._template.render(say=self._words.say, key=secrets.token_hex(8), **values)
        return HTMLResponse(html, status, HEADERS)


def binding_routes(binding: Binding, words: Words) -> APIRouter:
    router = APIRouter(prefix=PATH, include_in_schema=False)
    pages = Pages(words)
    is_secure = binding.link.startswith("https:")

    def keep(response: Response, name: str, value: str, seconds: float) -> None:
        response.set_cookie(
            name, value, int(seconds), path=PATH, secure=is_secure, httponly=True, samesite="lax"
        )

    @router.get("")
    async def begin() -> Response:
        """To the platform, which sends the browser back with a code."""
        way = binding.way()
        response = RedirectResponse(way.address, 303, {"Cache-Control": "no-store"})
        keep(response, STATE, way.state, STATE_LIFE.total_seconds())
        return response

    @router.get("/back")
    async def back(request: Request, code: str = "", state: str = "") -> Response:
        try:
            visit = await binding.arrive(code, state, request.cookies.get(STATE, ""))
        except (WayRefused, CodeSpent) as exc:
            log.warning("wechat.bind_refused", reason=str(exc))
            return pages.again(400, "used")
        except ApiUnavailable as exc:
            log.warning("wechat.bind_unavailable", error=str(exc))
            return pages.again(503, "unavailable")
        except ApiError as exc:
            log.error("wechat.bind_failed", error=str(exc))
            return pages.again(502, "unavailable")
        response = RedirectResponse(f"{PATH}/form", 303, {"Cache-Control": "no-store"})
        keep(response, VISIT, visit, VISIT_LIFE.total_seconds())
        response.delete_cookie(STATE, path=PATH)
        return response

    @router.get("/form")
    async def form(request: Request) -> Response:
        try:
            binding.visitor(request.cookies.get(VISIT, ""))
        except TicketRefused:
            return pages.again(403, "ended")
        return pages.number()

    @router.post("/number")
    async def number(request: Request) -> Response:
        said = await _fields(request)
        named = said.get("named", "")
        try:
            claim = await binding.check(
                request.cookies.get(VISIT, ""), named, said.get("id_last4", ""), said.get("key", "")
            )
        except TicketRefused:
            return pages.again(403, "ended")
        except IdentityError as exc:
            status, notice = pages.refused(exc)
            return pages.number(notice, named, status)
        return pages.code(claim)

    @router.post("/code")
    async def code(request: Request) -> Response:
        said = await _fields(request)
        claim = said.get("claim", "")
        try:
            await binding.confirm(
                request.cookies.get(VISIT, ""), claim, said.get("code", ""), said.get("key", "")
            )
        except TicketRefused:
            return pages.again(403, "ended")
        except WrongCode as exc:
            status, notice = pages.refused(exc)
            return pages.code(claim, notice, status)
        except IdentityError as exc:
            status, notice = pages.refused(exc)
            return pages.number(notice, status=status)
        response = pages.done()
        response.delete_cookie(VISIT, path=PATH)
        return response

    @router.get("/style.css")
    async def style() -> Response:
        return FileResponse(HERE / "style.css", headers={"Cache-Control": "max-age=3600"})

    return router


async def _fields(request: Request) -> Mapping[str, str]:
    """What a form sent, each field cut to what one can hold; nothing of a body that is none."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return {}
        pairs = parse_qsl(body.decode(), max_num_fields=10)
    except (ClientDisconnect, ValueError):
        return {}
    return {name: value.replace("\x00", "")[:LONGEST_FIELD] for name, value in pairs}
