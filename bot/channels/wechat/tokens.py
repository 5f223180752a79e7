"""The access token: one for all replicas, kept in the database, renewed early and by one of them alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.channels.wechat.errors import ApiUnavailable
from bot.channels.wechat.limits import FORCED_APART, TOKEN_EARLY
from bot.channels.wechat.store import TokenRow
from bot.clock import Clock
from bot.messages.ids import new_id
from bot.store.engine import Sessions
from bot.store.leases import end_lease, take_lease
from bot.store.vault import Vault, VaultError

log = structlog.get_logger()

JOB = "wechat.token"
LEASE = timedelta(seconds=15)  #: longer than fetching a token takes
LOOK_AGAIN_SECONDS = 0.1
WAIT_SECONDS = 10.0

#: Gets a token and the seconds that it is good for; the flag asks the platform for another than before.
Fetch = Callable[[bool], Awaitable[tuple[str, int]]]


class AccessTokens:
    """The tokens of one account."""

    def __init__(self, sessions: Sessions, clock: Clock, vault: Vault, app_id: str, fetch: Fetch) -> None:
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._app_id = app_id
        self._fetch = fetch
        self._holder = new_id("t")
        self._lock = asyncio.Lock()

    async def current(self) -> str:
        """A token that is good now; ``ApiError`` when none can be had."""
        token, expires_at, _forced_at = await self._kept()
        now = self._clock.now()
        if token is not None and expires_at - now > TOKEN_EARLY:
            return token
        return await self._renewed(
            is_good=lambda kept, until: until - self._clock.now() > TOKEN_EARLY,
            fall_back=token if token is not None and expires_at > now else None,
        )

    async def instead_of(self, refused: str) -> str:
        """Another token than this one, which the platform took no longer."""
        return await self._renewed(is_good=lambda kept, until: kept != refused, refused=refused)

    async def _renewed(
        self,
        is_good: Callable[[str, datetime], bool],
        *,
        fall_back: str | None = None,
        refused: str | None = None,
    ) -> str:
        """What another replica got meanwhile, or what we get, with the lease of those who may."""
        async with self._lock:
            give_up = asyncio.get_running_loop().time() + WAIT_SECONDS
            while True:
                token, expires_at, forced_at = await self._kept()
                if token is not None and is_good(token, expires_at):
                    return token
                if await self._may_fetch():
                    try:
                        token, expires_at, forced_at = await self._kept()
                        if token is not None and is_good(token, expires_at):
                            return token  # another got it just before it gave the lease back
                        return await self._fetched(refused, forced_at)
                    finally:
                        await self._done()
                if fall_back is not None:
                    return fall_back
                if asyncio.get_running_loop().time() > give_up:
                    raise ApiUnavailable(0, "another replica is renewing the token")
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _fetched(self, refused: str | None, forced_at: datetime | None) -> str:
        token, seconds = await self._fetch(False)
        now = self._clock.now()
        if token == refused and (forced_at is None or now - forced_at >= FORCED_APART):
            token, seconds = await self._fetch(True)  # the platform still thinks that it is good
            forced_at = now
        kept = {
            "token_encrypted": self._vault.encrypt(token),
            "expires_at": now + timedelta(seconds=seconds),
            "forced_at": forced_at,
        }
        async with self._sessions.begin() as session:
            insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
            await session.execute(
                insert(TokenRow)
                .values(app_id=self._app_id, **kept)
                .on_conflict_do_update(index_elements=["app_id"], set_=kept)
            )
        log.info("wechat.token_renewed", seconds=seconds)
        return token

    async def _kept(self) -> tuple[str | None, datetime, datetime | None]:
        async with self._sessions() as session:
            row = await session.get(TokenRow, self._app_id)
        if row is None:
            return None, self._clock.now(), None
        try:
            return self._vault.decrypt(row.token_encrypted), row.expires_at, row.forced_at
        except VaultError:
            return None, self._clock.now(), None  # the secret was changed: a new token costs nothing

    async def _may_fetch(self) -> bool:
        async with self._sessions.begin() as session:
            return await take_lease(session, JOB, self._holder, LEASE)

    async def _done(self) -> None:
        async with self._sessions.begin() as session:
            await end_lease(session, JOB, self._holder)
