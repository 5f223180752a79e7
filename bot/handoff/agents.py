"""The people at the desk: their passwords, and the lock after too many wrong ones."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from functools import cache

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.handoff.errors import AgentNotFound, LastAdmin, LoginLocked, LoginRefused
from bot.handoff.model import Agent, Presence, Role, Skill
from bot.handoff.store import AgentRow
from bot.messages.ids import new_id
from bot.store.engine import Sessions

log = structlog.get_logger()

MAX_FAILED_LOGINS = 5
LOCK = timedelta(minutes=15)
SIGN_EVERY = timedelta(seconds=15)  #: an open desk is noted this often
SIGN_LASTS = 3 * SIGN_EVERY  #: without a newer sign the desk counts as closed


class Agents:
    """Accounts of agents and supervisors."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock
        self._hasher = PasswordHasher()
        self._nobody = _nobody()

    async def set_password(self, name: str, display_name: str, role: Role, password: str) -> Agent:
        """Create the account, or change its password, name and role; all its sessions end."""
        async with self._sessions.begin() as session:
            row = await session.scalar(select(AgentRow).where(AgentRow.name == name))
            if row is None:
                row = AgentRow(id=new_id("a"), name=name, session_epoch=0)
                session.add(row)
            row.display_name = display_name
            row.role = role.value
            row.password_hash = self._hasher.hash(password)
            row.session_epoch = row.session_epoch + 1
            row.failed_logins, row.locked_until, row.is_enabled = 0, None, True
            await session.flush()
            return row.as_agent()

    async def log_in(self, name: str, password: str) -> tuple[Agent, int]:
        """The agent and the session epoch to remember; ``LoginRefused`` or ``LoginLocked``."""
        now = self._clock.now()
        async with self._sessions() as session:
            row = await session.scalar(select(AgentRow).where(AgentRow.name == name))
        if row is None or not row.is_enabled:
            await asyncio.to_thread(self._matches, self._nobody, password)
            raise LoginRefused(name)
        if row.locked_until is not None and row.locked_until > now:
            raise LoginLocked(row.locked_until)
        # Hashing takes tens of milliseconds by design: no transaction is held open meanwhile.
        if not await asyncio.to_thread(self._matches, row.password_hash, password):
            await self._count_failure(row.id)
            raise LoginRefused(name)
        async with self._sessions.begin() as session:
            cleared = update(AgentRow).where(AgentRow.id == row.id)
            await session.execute(cleared.values(failed_logins=0, locked_until=None))
        return row.as_agent(), row.session_epoch

    async def _count_failure(self, agent_id: str) -> None:
        """One more wrong password; counted in the database, so that guesses side by side all count."""
        async with self._sessions.begin() as session:
            this_agent = update(AgentRow).where(AgentRow.id == agent_id)
            count = AgentRow.failed_logins + 1
            failures = await session.scalar(
                this_agent.values(failed_logins=count).returning(AgentRow.failed_logins)
            )
            if failures is not None and failures >= MAX_FAILED_LOGINS:
                until = self._clock.now() + LOCK
                await session.execute(this_agent.values(failed_logins=0, locked_until=until))
        log.warning("desk.login_refused", agent=agent_id, failures=failures)

    async def in_session(self, agent_id: str, epoch: int) -> Agent | None:
        """The agent of a session, or nobody when the account changed since."""
        async with self._sessions() as session:
            row = await session.get(AgentRow, agent_id)
        if row is None or not row.is_enabled or row.session_epoch != epoch:
            return None
        if row.seen_at is None or self._clock.now() - row.seen_at >= SIGN_EVERY:
            await self.is_here([agent_id])
        return row.as_agent()

    async def is_here(self, agent_ids: Collection[str]) -> None:
        """A sign that these agents' desks are open; who was offline is online again."""
        if not agent_ids:
            return
        these = update(AgentRow).where(AgentRow.id.in_(list(agent_ids)))
        async with self._sessions.begin() as session:
            await session.execute(these.values(seen_at=self._clock.now()))
            was_offline = AgentRow.presence == Presence.OFFLINE.value
            await session.execute(these.where(was_offline).values(presence=Presence.ONLINE.value))

    async def set_presence(self, agent_id: str, presence: Presence) -> None:
        """Whether the agent takes new tickets."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(AgentRow).where(AgentRow.id == agent_id).values(presence=presence.value)
            )

    async def roster(self) -> list[tuple[Agent, Presence, bool]]:
        """Everybody with an account, whether they are there, and whether the account is in use."""
        since = self._clock.now() - SIGN_LASTS
        async with self._sessions() as session:
            rows = await session.scalars(select(AgentRow).order_by(AgentRow.display_name))
            return [
                (
                    row.as_agent(),
                    Presence(row.presence) if row.seen_at and row.seen_at > since else Presence.OFFLINE,
                    row.is_enabled,
                )
                for row in rows
            ]

    async def change(
        self,
        agent_id: str,
        *,
        display_name: str | None = None,
        role: Role | None = None,
        skills: Collection[Skill] | None = None,
        capacity: int | None = None,
        is_enabled: bool | None = None,
    ) -> Agent:
        """Change what is given; a lower role or an account out of use ends its sessions."""
        async with self._sessions.begin() as session:
            row = await session.get(AgentRow, agent_id, with_for_update=True)
            if row is None:
                raise AgentNotFound(agent_id)
            before = row.as_agent()
            loses = (role is not None and role is not before.role) or is_enabled is False
            if loses and before.is_admin and not await self._other_admin(session, agent_id):
                raise LastAdmin(agent_id)
            row.display_name = display_name or row.display_name
            row.role = role.value if role else row.role
            row.capacity = row.capacity if capacity is None else capacity
            if skills is not None:
                row.skills = sorted(skill.value for skill in skills)
            if is_enabled is not None:
                row.is_enabled = is_enabled
            if loses:
                row.session_epoch += 1
            await session.flush()
            return row.as_agent()

    async def _other_admin(self, session: AsyncSession, agent_id: str) -> bool:
        found = await session.scalar(
            select(AgentRow.id)
            .where(AgentRow.role == Role.ADMIN.value, AgentRow.is_enabled, AgentRow.id != agent_id)
            .limit(1)
        )
        return found is not None

    async def get(self, agent_id: str) -> Agent | None:
        """The agent of an id, if the account is in use."""
        async with self._sessions() as session:
            row = await session.get(AgentRow, agent_id)
        return row.as_agent() if row is not None and row.is_enabled else None

    async def list_all(self) -> list[Agent]:
        async with self._sessions() as session:
            return [row.as_agent() for row in await session.scalars(select(AgentRow).order_by(AgentRow.name))]

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    """Compared with for an unknown name, so that it costs the same time."""
    return PasswordHasher().hash("nobody")
