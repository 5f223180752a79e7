"""Addresses of files: signed, soon out of date, and each for one conversation or for the desk alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.servicing.errors import FileNotFound

SALT = "fangxin.files"
PATH = "/files/"
LIFE_SECONDS = 3600  #: after which an address opens nothing; a page that is loaded again gets a new one
DESK = ""  #: stands in an address where a conversation would: only for somebody who is logged in at the desk


@dataclass(frozen=True)
class FileClaim:
    """What an address opens, and for whom."""

    public_id: str
    conversation_id: str | None  #: None: for the desk


class FileLinks:
    """Turns the addresses in the log (``/files/<id>``, which open nothing) into signed ones, and reads those."""

    def __init__(self, secret: str, base_url: str = "") -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=SALT)
        self._base_url = base_url.rstrip("/")

    @staticmethod
    def unsigned(public_id: str) -> str:
        """What is kept in the log."""
        return f"{PATH}{public_id}"

    def for_conversation(self, part: dict[str, Any], conversation_id: str) -> dict[str, Any]:
        """A part of a message as the customer gets it."""
        return self._signed(part, conversation_id)

    def for_desk(self, part: dict[str, Any]) -> dict[str, Any]:
        """A part of a message as people at the desk get it."""
        return self._signed(part, DESK)

    def claim(self, token: str) -> FileClaim:
        """What one of our addresses stands for; ``FileNotFound`` when it is changed, too old or not ours."""
        try:
            public_id, conversation_id = self._signer.loads(token, max_age=LIFE_SECONDS)
        except (BadSignature, ValueError, TypeError) as exc:
            raise FileNotFound("address") from exc
        return FileClaim(str(public_id), conversation_id or None)

    def _signed(self, part: dict[str, Any], holder: str) -> dict[str, Any]:
        url = part.get("url")
        if not isinstance(url, str) or not url.startswith(PATH):
            return part
        token = self._signer.dumps([url.removeprefix(PATH), holder])
        return {**part, "url": f"{self._base_url}{PATH}{token}"}
