"""The lock of an account after too many wrong passwords or codes: both count as the same."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import update

from bot.clock import Clock
from bot.handoff.errors import LoginLocked
from bot.handoff.store import AgentRow
from bot.store.engine import Sessions

log = structlog.get_logger()

MAX_FAILED_LOGINS = 5
LOCK = timedelta(minutes=15)


class Attempts:
    """Counts what did not open an account."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    def must_be_open(self, row: AgentRow) -> None:
        """``LoginLocked`` while the account is."""
        if row.locked_until is not None and row.locked_until > self._clock.now():
            raise LoginLocked(row.locked_until)

    async def failed(self, agent_id: str) -> None:
        """One more wrong try; counted in the database, so that guesses side by side all count."""
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

    async def succeeded(self, agent_id: str) -> None:
        """The count begins anew."""
        async with self._sessions.begin() as session:
            cleared = update(AgentRow).where(AgentRow.id == agent_id)
            await session.execute(cleared.values(failed_logins=0, locked_until=None))
