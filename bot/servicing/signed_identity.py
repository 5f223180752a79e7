"""Who a customer is by the word of the bank's own site: a signed token of a few minutes that can be used once.

The token is a JWT signed with HS256: ``sub`` the core's customer number, ``aud`` our name, ``iat`` and ``exp`` in
seconds, ``jti`` a nonce. Only what this needs is read, and only this algorithm is taken.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.errors import ServicingError, SignedIdentityRefused
from bot.servicing.identity_rules import ProvedBy, Rules
from bot.servicing.nonces import use_up
from bot.servicing.ports import Policy
from bot.servicing.store import AuditEventRow, CustomerRow
from bot.settings import Settings
from bot.store.engine import Sessions
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

LEAST_KEY_CHARACTERS = 32
MOST_TOKEN_CHARACTERS = 2000
CLOCKS_DIFFER_BY = timedelta(seconds=30)
NONCE_CHARACTERS = range(8, 129)


class WeakKey(ServicingError):
    """The key shared with the bank's site is too short to hold."""


@dataclass(frozen=True)
class Signed:
    """What a valid token says."""

    customer_no: str
    nonce: str
    issued_at: datetime
    expires_at: datetime


class SignedIdentities:
    """Takes the bank's word for who somebody is, once a token."""

    def __init__(
        self, sessions: Sessions, clock: Clock, vault: Vault, policy: Policy, *, key: str, audience: str
    ) -> None:
        if len(key) < LEAST_KEY_CHARACTERS:
            raise WeakKey(f"FANGXIN_BANK_IDENTITY_KEY needs {LEAST_KEY_CHARACTERS} characters or more")
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._policy = policy
        self._key = key
        self._audience = audience
        self._identities = ChannelIdentities(clock, policy)

    async def admit(self, channel: str, token: str) -> str:
        """Verify the token's customer on the channel; the name under which they speak there, always the same.

        ``SignedIdentityRefused`` when the token does not hold, whatever the reason.
        """
        try:
            signed = read_signed(token, self._key, self._audience, self._clock.now(), self._longest())
            return await self._admit(channel, signed)
        except SignedIdentityRefused as exc:
            log.warning("identity.signed_refused", channel=channel, reason=exc.reason)
            async with self._sessions.begin() as session:
                session.add(
                    AuditEventRow(
                        at=self._clock.now(),
                        actor=f"channel:{channel}",
                        action="identity.signed_refused",
                        subject="customer:",
                        detail={"reason": exc.reason},
                    )
                )
            raise

    async def _admit(self, channel: str, signed: Signed) -> str:
        async with self._sessions.begin() as session:
            await self._use_up(session, signed)
            customer = await session.scalar(
                select(CustomerRow.id).where(CustomerRow.customer_no == signed.customer_no)
            )
            external_id = "bank-" + self._vault.keyed_hash(f"{channel}:{signed.customer_no}")[:40]
            if customer is not None:
                await self._identities.prove(session, channel, external_id, customer, ProvedBy.BANK_TOKEN)
        if customer is None:  # the nonce stays used up
            raise SignedIdentityRefused("unknown customer")
        return external_id

    async def _use_up(self, session: AsyncSession, signed: Signed) -> None:
        """Of two requests with one token the second is refused, however close they come."""
        forget_before = self._clock.now() - CLOCKS_DIFFER_BY
        if not await use_up(session, signed.nonce, signed.expires_at, forget_before):
            raise SignedIdentityRefused("used before")

    def _longest(self) -> timedelta:
        return Rules.of(self._policy, china_date(self._clock)).signed_for


def read_signed(token: str, key: str, audience: str, now: datetime, longest: timedelta) -> Signed:
    """What the token says, once its signature (compared in constant time), audience and times hold."""
    if len(token) > MOST_TOKEN_CHARACTERS or not token.isascii():
        raise SignedIdentityRefused("malformed")
    head, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    wanted = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(_plain(signature), wanted):
        raise SignedIdentityRefused("forged")
    if _object(head).get("alg") != "HS256":
        raise SignedIdentityRefused("foreign algorithm")
    said = _object(body)
    subject, nonce = said.get("sub"), said.get("jti")
    if not isinstance(subject, str) or not subject:
        raise SignedIdentityRefused("no subject")
    if not isinstance(nonce, str) or len(nonce) not in NONCE_CHARACTERS:
        raise SignedIdentityRefused("no nonce")
    for_whom = said.get("aud")
    if audience not in (for_whom if isinstance(for_whom, list) else [for_whom]):
        raise SignedIdentityRefused("foreign audience")
    issued_at, expires_at = _moment(said, "iat"), _moment(said, "exp")
    if expires_at <= now:
        raise SignedIdentityRefused("expired")
    if issued_at > now + CLOCKS_DIFFER_BY or expires_at - issued_at > longest:
        raise SignedIdentityRefused("holds too long")
    return Signed(subject, nonce, issued_at, expires_at)


def make_signed_identities(settings: Settings, sessions: Sessions, policy: Policy) -> SignedIdentities | None:
    """As the settings say; None while the bank's site shares no key with us."""
    key = settings.bank_identity_key.get_secret_value()
    if not key:
        return None
    return SignedIdentities(
        sessions,
        settings.clock,
        Vault(settings.secret("vault")),
        policy,
        key=key,
        audience=settings.bank_identity_audience,
    )


def _plain(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _object(text: str) -> dict[str, Any]:
    try:
        said = json.loads(_plain(text))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise SignedIdentityRefused("malformed")
    return said


def _moment(said: dict[str, Any], name: str) -> datetime:
    seconds = said.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise SignedIdentityRefused(f"no {name}")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as exc:
        raise SignedIdentityRefused(f"no {name}") from exc
