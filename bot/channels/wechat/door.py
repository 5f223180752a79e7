"""The door: lets in what WeChat signed lately, opens what is sealed, and seals the answers to it.

In plain mode the signature does not cover the body, so one that was overheard would carry any body. Therefore a
signature is good for one body only, as long as its time is within the window.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from bot.channels.wechat.errors import Malformed, NotFromWechat, SetupError
from bot.channels.wechat.xml import read_fields, write_fields

WINDOW_SECONDS = 300  #: how far the platform's clock and ours may be apart
MOST_SEEN = 100_000
AES_KEY_CHARACTERS = 43
MAX_ECHO = 256


class Mode(StrEnum):
    """How the platform was told to send."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"  #: plain and sealed side by side; what is sealed counts where it is there
    ENCRYPTED = "encrypted"


class _Crypto(PrpCrypto):  # type: ignore[misc]
    def get_random_string(self) -> str:
        """Sixteen characters that nobody can guess."""
        return secrets.token_hex(8)


@dataclass(frozen=True)
class Opened:
    """A message that is WeChat's."""

    xml: bytes
    is_sealed: bool  #: so its answer has to be sealed too

    @property
    def fields(self) -> dict[str, str]:
        """What it says; ``Malformed`` when that cannot be read."""
        return read_fields(self.xml)


class Door:
    """Verifies in constant time; ``wall`` is the real time, which the platform signs."""

    def __init__(
        self, app_id: str, token: str, aes_key: str, mode: Mode, wall: Callable[[], float] = time.time
    ) -> None:
        if not token:
            raise SetupError("FANGXIN_WECHAT_TOKEN is missing")
        self._app_id = app_id
        self._token = token
        self._mode = mode
        self._wall = wall
        self._crypto: _Crypto | None = None
        self._seen: OrderedDict[str, tuple[float, str]] = OrderedDict()
        if mode is not Mode.PLAIN:
            if len(aes_key) != AES_KEY_CHARACTERS or not app_id:
                raise SetupError("sealed messages need FANGXIN_WECHAT_APP_ID and an AES key of 43 characters")
            try:
                self._crypto = _Crypto(WeChatCrypto(token, aes_key, app_id).key)
            except (ValueError, AssertionError) as exc:
                raise SetupError("FANGXIN_WECHAT_AES_KEY is not the platform's") from exc

    def echo(self, query: Mapping[str, str]) -> str:
        """What the platform wants to hear when the address is set up."""
        self._require_signature(query)
        return query.get("echostr", "")[:MAX_ECHO]

    def open(self, query: Mapping[str, str], body: bytes) -> Opened:
        """The message in a request; ``NotFromWechat`` or ``Malformed``."""
        self._require_signature(query)
        if self._mode is Mode.PLAIN:
            return self._plain(query, body)
        fields = read_fields(body)
        sealed = fields.get("Encrypt", "")
        if not sealed and self._mode is Mode.COMPATIBLE:
            return self._plain(query, body)
        wanted = self._digest(query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not sealed or not _same(wanted, query.get("msg_signature", "")):
            raise NotFromWechat("msg_signature")
        return Opened(self._unsealed(sealed), is_sealed=True)

    def seal(self, xml: str) -> str:
        """An answer as the platform wants it where it seals."""
        if self._crypto is None:
            raise SetupError("there is no key to seal with")
        sealed = self._crypto.encrypt(xml, self._app_id).decode()
        at, nonce = str(int(self._wall())), secrets.token_hex(8)
        signature = self._digest(at, nonce, sealed)
        return write_fields(
            {"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": int(at), "Nonce": nonce}
        )

    def _plain(self, query: Mapping[str, str], body: bytes) -> Opened:
        self._require_one_body(query["signature"], body)
        return Opened(body, is_sealed=False)

    def _require_signature(self, query: Mapping[str, str]) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        is_right = _same(self._digest(timestamp, nonce), query.get("signature", ""))
        if not is_right:
            raise NotFromWechat("signature")
        is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
        if not is_number or abs(self._wall() - int(timestamp)) > WINDOW_SECONDS:
            raise NotFromWechat("timestamp")

    def _require_one_body(self, signature: str, body: bytes) -> None:
        """The platform asks again with the same body; another body under the same signature is not from it."""
        now, digest = self._wall(), hashlib.sha256(body).hexdigest()
        while self._seen and (
            len(self._seen) > MOST_SEEN or next(iter(self._seen.values()))[0] < now - 2 * WINDOW_SECONDS
        ):
            self._seen.popitem(last=False)
        _at, known = self._seen.setdefault(signature, (now, digest))
        if known != digest:
            raise NotFromWechat("a signature that was used before")

    def _digest(self, *parts: str) -> str:
        joined = "".join(sorted([self._token, *parts]))
        return hashlib.sha1(joined.encode("utf-8", "replace")).hexdigest()

    def _unsealed(self, sealed: str) -> bytes:
        assert self._crypto is not None
        try:
            opened: str = self._crypto.decrypt(sealed, self._app_id)
        except InvalidAppIdException as exc:
            raise NotFromWechat("another account's message") from exc
        except (ValueError, IndexError, TypeError, struct.error) as exc:
            raise Malformed("cannot be opened") from exc
        return opened.encode()


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
