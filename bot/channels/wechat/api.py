"""The platform's API: calls with the shared token, and its error codes as our errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import structlog

from bot.channels.wechat.errors import (
    ApiError,
    ApiRefused,
    ApiThrottled,
    ApiUnavailable,
    WindowClosed,
)
from bot.channels.wechat.limits import BUSY, THROTTLED, TOKEN_INVALID, WINDOW_CLOSED
from bot.channels.wechat.tokens import AccessTokens
from bot.clock import Clock
from bot.store.engine import Sessions
from bot.store.vault import Vault

log = structlog.get_logger()

TIMEOUT_SECONDS = 8.0


class WechatApi:
    """One account's calls. Every one raises an ``ApiError`` when it was not carried out."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        app_id: str,
        app_secret: str,
        sessions: Sessions,
        clock: Clock,
        vault: Vault,
    ) -> None:
        self._http = http
        self._app_id = app_id
        self._app_secret = app_secret
        self._tokens = AccessTokens(sessions, clock, vault, app_id, self._fetch_token)

    async def send_text(self, open_id: str, text: str) -> None:
        """A text by the customer-service API."""
        await self._post(
            "/cgi-bin/message/custom/send", {"touser": open_id, "msgtype": "text", "text": {"content": text}}
        )

    async def send_image(self, open_id: str, media_id: str) -> None:
        """A picture that was uploaded."""
        await self._post(
            "/cgi-bin/message/custom/send",
            {"touser": open_id, "msgtype": "image", "image": {"media_id": media_id}},
        )

    async def upload_image(self, name: str, content: bytes, media_type: str) -> str:
        """The media id of a picture, good for three days."""
        answer = await self._call(
            "POST",
            "/cgi-bin/media/upload",
            params={"type": "image"},
            files={"media": (name, content, media_type)},
        )
        return str(answer.get("media_id", ""))

    async def media(self, media_id: str, most_bytes: int) -> bytes:
        """What a customer sent; ``ApiRefused`` when it is larger than that or gone."""
        token = await self._tokens.current()
        try:
            return await self._media_once(media_id, most_bytes, token)
        except ApiError as exc:
            if exc.code not in TOKEN_INVALID:
                raise
        return await self._media_once(media_id, most_bytes, await self._tokens.instead_of(token))

    async def send_template(
        self, open_id: str, template_id: str, data: Mapping[str, str], url: str = ""
    ) -> str:
        """A template message; the platform's id of it, under which it tells what became of it."""
        body: dict[str, Any] = {"touser": open_id, "template_id": template_id, "data": _values(data)}
        if url:
            body["url"] = url
        answer = await self._post("/cgi-bin/message/template/send", body)
        return str(answer.get("msgid", ""))

    async def send_subscription(
        self, open_id: str, template_id: str, data: Mapping[str, str], page: str = ""
    ) -> str:
        """A notice that the customer subscribed to."""
        body: dict[str, Any] = {"touser": open_id, "template_id": template_id, "data": _values(data)}
        if page:
            body["page"] = page
        answer = await self._post("/cgi-bin/message/subscribe/bizsend", body)
        return str(answer.get("msgid", ""))

    async def make_menu(self, menu: Mapping[str, Any]) -> None:
        """The account's menu from now on."""
        await self._post("/cgi-bin/menu/create", menu)

    async def menu(self) -> dict[str, Any]:
        """The menu as the platform has it."""
        return await self._call("GET", "/cgi-bin/get_current_selfmenu_info")

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._call("POST", path, content=json.dumps(body, ensure_ascii=False).encode())

    async def _call(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, **details: Any
    ) -> dict[str, Any]:
        """Once, and once more with another token if the platform did not take the first."""
        token = await self._tokens.current()
        try:
            return await self._once(method, path, {**(params or {}), "access_token": token}, **details)
        except ApiError as exc:
            if exc.code not in TOKEN_INVALID:
                raise
        token = await self._tokens.instead_of(token)
        return await self._once(method, path, {**(params or {}), "access_token": token}, **details)

    async def _once(
        self, method: str, path: str, params: Mapping[str, str], **details: Any
    ) -> dict[str, Any]:
        try:
            response = await self._http.request(method, path, params=params, **details)
        except httpx.HTTPError as exc:
            raise ApiUnavailable(0, type(exc).__name__) from exc
        if not response.is_success:
            raise ApiUnavailable(0, f"HTTP {response.status_code}")
        return _answered(path, response.content)

    async def _media_once(self, media_id: str, most_bytes: int, token: str) -> bytes:
        params = {"access_token": token, "media_id": media_id}
        try:
            async with self._http.stream("GET", "/cgi-bin/media/get", params=params) as response:
                if not response.is_success:
                    raise ApiUnavailable(0, f"HTTP {response.status_code}")
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > most_bytes:
                        raise ApiRefused(0, "the file is too large")
                if "json" in response.headers.get("content-type", "") or content[:1] == b"{":
                    _answered("/cgi-bin/media/get", bytes(content))
                    raise ApiRefused(0, "no picture")
        except httpx.HTTPError as exc:
            raise ApiUnavailable(0, type(exc).__name__) from exc
        return bytes(content)

    async def _fetch_token(self, is_forced: bool) -> tuple[str, int]:
        try:
            response = await self._http.post(
                "/cgi-bin/stable_token",
                json={
                    "grant_type": "client_credential",
                    "appid": self._app_id,
                    "secret": self._app_secret,
                    "force_refresh": is_forced,
                },
            )
        except httpx.HTTPError as exc:
            raise ApiUnavailable(0, type(exc).__name__) from exc
        if not response.is_success:
            raise ApiUnavailable(0, f"HTTP {response.status_code}")
        answer = _answered("/cgi-bin/stable_token", response.content)
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError) as exc:
            raise ApiUnavailable(0, "no token in the answer") from exc


def _answered(path: str, content: bytes) -> dict[str, Any]:
    """The answer, unless it is an error."""
    try:
        answer = json.loads(content)
        code = int(answer.get("errcode", 0))
    except (ValueError, TypeError, AttributeError) as exc:
        raise ApiUnavailable(0, "the answer cannot be read") from exc
    if code == 0:
        return dict(answer)
    error = _error(code, str(answer.get("errmsg", ""))[:200])
    log.warning("wechat.api_error", path=path, code=code)
    raise error


def _error(code: int, message: str) -> ApiError:
    if code in WINDOW_CLOSED:
        return WindowClosed(code, message)
    if code in THROTTLED:
        return ApiThrottled(code, message)
    if code in BUSY or code in TOKEN_INVALID:
        return ApiUnavailable(code, message)
    return ApiRefused(code, message)


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in data.items()}
