"""The platform's OAuth with the scope ``snsapi_base``: which openid is looking at our page, without asking them."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import httpx
import structlog

from bot.channels.wechat.errors import ApiError, ApiRefused, ApiUnavailable
from bot.channels.wechat.incoming import OPEN_ID
from bot.channels.wechat.limits import AUTHORIZE_URL, BUSY, CODE_SPENT, THROTTLED

log = structlog.get_logger()

PATH = "/sns/oauth2/access_token"
LONGEST_CODE = 512  #: characters


class CodeSpent(ApiError):
    """The code of the way back was used before, is too old, or was never the platform's: another way is needed."""


class OAuth:
    """One account's. It keeps nothing of the platform's tokens but the openid."""

    def __init__(self, http: httpx.AsyncClient, app_id: str, app_secret: str) -> None:
        self._http = http
        self._app_id = app_id
        self._app_secret = app_secret

    def address(self, back: str, state: str) -> str:
        """Where the browser goes to come ``back`` with a code."""
        query = {
            "appid": self._app_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{AUTHORIZE_URL}?{urlencode(query)}#wechat_redirect"

    async def open_id(self, code: str) -> str:
        """Whose code it is; ``CodeSpent`` for one that is good no more, another ``ApiError`` if it cannot be told."""
        if not 0 < len(code) <= LONGEST_CODE:
            raise CodeSpent(0, "no code")
        query = {
            "appid": self._app_id,
            "secret": self._app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        try:
            response = await self._http.get(PATH, params=query)
        except httpx.HTTPError as exc:
            raise ApiUnavailable(0, type(exc).__name__) from exc
        if not response.is_success:
            raise ApiUnavailable(0, f"HTTP {response.status_code}")
        return _open_id_in(response.content)


def _open_id_in(content: bytes) -> str:
    try:
        answer = json.loads(content)
        error, message = int(answer.get("errcode", 0)), str(answer.get("errmsg", ""))
        open_id = str(answer.get("openid", ""))
    except (ValueError, TypeError, AttributeError) as exc:
        raise ApiUnavailable(0, "the answer cannot be read") from exc
    if error == 0 and OPEN_ID.fullmatch(open_id):
        return open_id
    log.warning("wechat.api_error", path=PATH, code=error)
    if error in CODE_SPENT:
        raise CodeSpent(error, message)
    if error in BUSY or error in THROTTLED:
        raise ApiUnavailable(error, message)
    raise ApiRefused(error, message or "no openid")
