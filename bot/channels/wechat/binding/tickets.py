"""What the browser carries through the binding: signed, with an end, and of no use to another browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from bot.clock import Clock

STATE_LIFE = timedelta(minutes=10)  #: from our page to the platform's and back
VISIT_LIFE = timedelta(minutes=20)  #: for the form, with a code that has to arrive
NONCE_DIGITS, TIME_DIGITS, MARK_DIGITS = 32, 8, 64


class TicketRefused(Exception):
    """Not ours, changed on its way, or too old."""


class Tickets:
    """Makes and reads them. A state has letters and digits alone, 104 of the 128 that the platform hands back."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret.encode()
        self._clock = clock

    def state(self) -> str:
        """A new one, for one way to the platform and back."""
        return self._signed("state", secrets.token_hex(NONCE_DIGITS // 2), STATE_LIFE)

    def read_state(self, state: str) -> tuple[str, datetime]:
        """Its nonce, which is good once, and its end."""
        return self._read("state", state[:NONCE_DIGITS], state[NONCE_DIGITS:])

    def visit(self, open_id: str) -> str:
        """Shows on the next pages that the platform named this openid for this browser."""
        return self._signed(f"visit:{open_id}:", "", VISIT_LIFE) + open_id

    def read_visit(self, visit: str) -> str:
        """The openid."""
        signed, open_id = visit[: TIME_DIGITS + MARK_DIGITS], visit[TIME_DIGITS + MARK_DIGITS :]
        self._read(f"visit:{open_id}:", "", signed)
        return open_id

    def _signed(self, purpose: str, what: str, life: timedelta) -> str:
        until = f"{int((self._clock.now() + life).timestamp()):0{TIME_DIGITS}x}"
        return f"{what}{until}{self._mark(purpose, what, until)}"

    def _read(self, purpose: str, what: str, rest: str) -> tuple[str, datetime]:
        until, mark = rest[:TIME_DIGITS], rest[TIME_DIGITS:]
        if not hmac.compare_digest(
            self._mark(purpose, what, until).encode(), mark.encode("utf-8", "replace")
        ):
            raise TicketRefused("not ours")
        end = datetime.fromtimestamp(int(until, 16), UTC)
        if end <= self._clock.now():
            raise TicketRefused("too old")
        return what, end

    def _mark(self, purpose: str, what: str, until: str) -> str:
        signed = f"{purpose}{what}{until}".encode("utf-8", "replace")
        return hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
