"""The keys with which the bank's systems call."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.core.errors import KeyNameTaken, KeyRefused, ScopeMissing, UnknownKey
from bot.core.scopes import Scope
from bot.core.store import ApiKeyRow
from bot.servicing.store import AuditEventRow
from bot.store.engine import Sessions
from bot.store.vault import Vault

PREFIX = "fxk"


@dataclass(frozen=True)
class Caller:
    """A system of the bank that showed a good key."""

    name: str
    scopes: frozenset[Scope]

    def needs(self, scope: Scope) -> None:
        """``ScopeMissing`` without it."""
        if scope not in self.scopes:
            raise ScopeMissing(scope.value)


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key as it is listed; the key itself is shown once and kept nowhere."""

    name: str
    scopes: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None


class ApiKeys:
    def __init__(self, sessions: Sessions, clock: Clock, vault: Vault) -> None:
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._nobody = vault.keyed_hash(secrets.token_urlsafe(32))

    async def add(self, name: str, scopes: Collection[Scope], *, actor: str) -> str:
        """A new key, to be handed over now; ``KeyNameTaken`` when the name was used before."""
        public_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        try:
            async with self._sessions.begin() as session:
                session.add(
                    ApiKeyRow(
                        name=name,
                        public_id=public_id,
                        key_hash=self._vault.keyed_hash(secret),
                        scopes=sorted(scopes),
                        created_at=self._clock.now(),
                    )
                )
                session.add(self._audit("api_key.added", name, actor))
        except IntegrityError as exc:
            raise KeyNameTaken(name) from exc
        return f"{PREFIX}_{public_id}_{secret}"

    async def revoke(self, name: str, *, actor: str) -> None:
        """End a key at once; ``UnknownKey`` when none in use has the name."""
        async with self._sessions.begin() as session:
            row = await session.scalar(
                select(ApiKeyRow).where(ApiKeyRow.name == name, ApiKeyRow.revoked_at.is_(None))
            )
            if row is None:
                raise UnknownKey(name)
            row.revoked_at = self._clock.now()
            session.add(self._audit("api_key.revoked", name, actor))

    async def list_all(self) -> list[ApiKey]:
        """Every key ever made, oldest first."""
        async with self._sessions() as session:
            rows = await session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.id))
            return [
                ApiKey(name=row.name, scopes=row.scopes, created_at=row.created_at, revoked_at=row.revoked_at)
                for row in rows
            ]

    async def caller(self, key: str | None) -> Caller:
        """Who shows this key; ``KeyRefused``, in the same time whatever was wrong with it."""
        prefix, _, rest = (key or "").partition("_")
        public_id, _, secret = rest.partition("_")
        row = None
        if prefix == PREFIX and public_id.isascii() and public_id.isalnum():
            async with self._sessions() as session:
                row = await session.scalar(select(ApiKeyRow).where(ApiKeyRow.public_id == public_id))
        fits = self._vault.matches(secret, row.key_hash if row else self._nobody)
        if row is None or not fits or row.revoked_at is not None:
            raise KeyRefused
        return Caller(row.name, frozenset(Scope(scope) for scope in row.scopes))

    def _audit(self, action: str, name: str, actor: str) -> AuditEventRow:
        return AuditEventRow(at=self._clock.now(), actor=actor, action=action, subject=f"api_key:{name}")
