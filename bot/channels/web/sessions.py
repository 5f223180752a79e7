"""Who a browser is: an opaque signed token, bound to one conversation, kept by the page that loaded the widget."""

from __future__ import annotations

import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer

SALT = "fangxin.web.session"
MAX_AGE_SECONDS = 30 * 24 * 3600


class WebSessions:
    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=SALT)

    @staticmethod
    def new_visitor() -> str:
        """A name for a browser that nobody can guess."""
        return secrets.token_urlsafe(18)

    def issue(self, conversation_id: str) -> str:
        return self._signer.dumps(conversation_id)

    def conversation_of(self, token: object) -> str | None:
        """The conversation of a token of ours that is not too old, or ``None``."""
        if not isinstance(token, str):
            return None
        try:
            conversation_id = self._signer.loads(token, max_age=MAX_AGE_SECONDS)
        except BadSignature:
            return None
        return conversation_id if isinstance(conversation_id, str) else None
