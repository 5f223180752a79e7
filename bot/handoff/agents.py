"""The people at the desk: who they are, how they log in, and whether they are there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.handoff.attempts import Attempts
from bot.handoff.errors import AgentNotFound, CodeNeeded, LastAdmin, LoginRefused
from bot.handoff.model import Agent, Presence, Role, Skill
from bot.handoff.second_factor import SecondFactor
from bot.handoff.store import AgentRow
from bot.handoff.work_week import WorkWeek
from bot.messages.ids import new_id
from bot.servicing.store import AuditEventRow
from bot.store.engine import Sessions

SIGN_EVERY = timedelta(seconds=15)  #: an open desk is noted this often
SIGN_LASTS = 3 * SIGN_EVERY  #: without a newer sign the desk counts as closed


class Agents:
    """Accounts of agents and supervisors."""

    def __init__(self, sessions: Sessions, clock: Clock, second_factor: SecondFactor | None = None) -> None:
        self._sessions = sessions
        self._clock = clock
        self._second_factor = second_factor  #: without it nobody who has turned it on can log in
        self._attempts = Attempts(sessions, clock)
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

    async def log_in(self, name: str, password: str, code: str | None = None) -> tuple[Agent, int]:
        """The agent and the session epoch to remember.

        ``LoginRefused`` for whatever is wrong, ``LoginLocked`` after too much of it, and ``CodeNeeded`` when only
        the code of the second factor is missing: that is no failure, and clears none.
        """
        async with self._sessions() as session:
            row = await session.scalar(select(AgentRow).where(AgentRow.name == name))
        if row is None or not row.is_enabled:
            await asyncio.to_thread(self._matches, self._nobody, password)
            raise LoginRefused(name)
        self._attempts.must_be_open(row)
        # Hashing takes tens of milliseconds by design: no transaction is held open meanwhile.
        is_right = await asyncio.to_thread(self._matches, row.password_hash, password)
        if is_right and row.totp_encrypted is not None:
            if not code:
                raise CodeNeeded(name)
            is_right = self._second_factor is not None and await self._second_factor.accepts(row, code)
        if not is_right:
            await self._attempts.failed(row.id)
            await self._audit(row.id, "desk.login_refused")
            raise LoginRefused(name)
        await self._attempts.succeeded(row.id)
        await self._audit(row.id, "desk.logged_in")
        return row.as_agent(), row.session_epoch

    async def _audit(self, agent_id: str, action: str) -> None:
        async with self._sessions.begin() as session:
            about = f"agent:{agent_id}"
            session.add(
                AuditEventRow(at=self._clock.now(), actor=about, action=action, subject=about, detail={})
            )

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

    async def set_hours(self, agent_id: str, hours: WorkWeek | None, by: Agent) -> Agent:
        """When new customers are offered to this agent; none: while the bank's desk is staffed."""
        async with self._sessions.begin() as session:
            row = await session.get(AgentRow, agent_id, with_for_update=True)
            if row is None:
                raise AgentNotFound(agent_id)
            row.hours = hours.to_wire() if hours else None
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=f"agent:{by.id}",
                    action="desk.hours_set",
                    subject=f"agent:{agent_id}",
                    detail={"hours": row.hours},
                )
            )
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
