"""The second factor of the desk's login: codes of an authenticator app (TOTP, RFC 6238), for who wants them.

Phones run on real time, so codes are checked against the machine's clock, whatever time the service is told it is.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import pyotp
import segno
import structlog
from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, SystemClock
from bot.handoff.attempts import Attempts
from bot.handoff.errors import AgentNotFound, CodeRefused, NothingToConfirm, SecondFactorOn
from bot.handoff.model import Agent
from bot.handoff.store import AgentRow
from bot.servicing.store import AuditEventRow
from bot.store.engine import Sessions
from bot.store.vault import Vault, VaultError

log = structlog.get_logger()

ISSUER = "房信坐席台"
STEP_SECONDS = 30
DRIFT_STEPS = 1  #: a phone's clock may be this many steps off, either way
DIGITS = 6


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is given, as a picture and to be typed."""

    secret: str
    uri: str
    qr_svg: str


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step that a code belongs to, if it is one of those that count now.

    >>> from datetime import UTC
    >>> step_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "287082", datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC))
    1
    """
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    codes = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    steps = range(max(0, now - DRIFT_STEPS), now + DRIFT_STEPS + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(codes.generate_otp(step), code)), None)


def _picture(uri: str) -> str:
    """The QR code as an SVG that stands alone: an image without its namespace shows nothing."""
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", scale=5, border=2, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


class SecondFactor:
    """Turns it on and off, and checks codes; each code is good once."""

    def __init__(self, sessions: Sessions, vault: Vault, clock: Clock, phones: Clock | None = None) -> None:
        self._sessions = sessions
        self._vault = vault
        self._clock = clock
        self._phones = phones or SystemClock()
        self._attempts = Attempts(sessions, clock)

    async def begin(self, agent: Agent) -> Enrolment:
        """A new secret, which counts once it is confirmed.

        ``SecondFactorOn`` while one is in use: a session alone must not exchange somebody's phone.
        """
        secret = pyotp.random_base32()
        uri = pyotp.TOTP(secret).provisioning_uri(name=agent.name, issuer_name=ISSUER)
        async with self._sessions.begin() as session:
            row = await self._row(session, agent.id)
            if row.totp_encrypted is not None:
                raise SecondFactorOn(agent.id)
            row.totp_pending = self._vault.encrypt(secret)
            self._audit(session, f"agent:{agent.id}", "desk.totp_begun", agent.id)
        return Enrolment(secret, uri, _picture(uri))

    async def confirm(self, agent: Agent, code: str) -> int:
        """Put the new secret to use; all other sessions end, and this is the epoch of the one that goes on.

        ``NothingToConfirm`` without a new secret, ``CodeRefused`` with a wrong code.
        """
        async with self._sessions() as session:
            row = await self._row(session, agent.id)
        self._attempts.must_be_open(row)
        if row.totp_pending is None:
            raise NothingToConfirm(agent.id)
        step = step_of(self._vault.decrypt(row.totp_pending), code, self._phones.now())
        if step is None:
            await self._refuse(agent.id)
        async with self._sessions.begin() as session:
            epoch = await session.scalar(
                update(AgentRow)
                .where(AgentRow.id == agent.id, AgentRow.totp_pending == row.totp_pending)
                .values(
                    totp_encrypted=row.totp_pending,
                    totp_pending=None,
                    totp_used=step,
                    session_epoch=AgentRow.session_epoch + 1,
                )
                .returning(AgentRow.session_epoch)
            )
            if epoch is None:  # begun again meanwhile
                raise NothingToConfirm(agent.id)
            self._audit(session, f"agent:{agent.id}", "desk.totp_on", agent.id)
        return int(epoch)

    async def turn_off(self, agent: Agent, code: str) -> None:
        """The agent's own wish, with a code; ``CodeRefused`` with a wrong one or where there is none to turn off."""
        async with self._sessions() as session:
            row = await self._row(session, agent.id)
        self._attempts.must_be_open(row)
        if not await self.accepts(row, code):
            await self._refuse(agent.id)
        await self.take_off(agent.id, f"agent:{agent.id}")

    async def take_off(self, agent_id: str, by: str) -> None:
        """For somebody who lost their phone; ``by`` goes into the audit. The sessions stay as they are."""
        async with self._sessions.begin() as session:
            row = await self._row(session, agent_id)
            row.totp_encrypted = row.totp_pending = row.totp_used = None
            self._audit(session, by, "desk.totp_off", agent_id)
        log.info("desk.totp_off", agent=agent_id, by=by)

    async def accepts(self, row: AgentRow, code: str) -> bool:
        """Whether a code opens the account now; from then on neither it nor an older one does."""
        if row.totp_encrypted is None:
            return False
        try:
            secret = self._vault.decrypt(row.totp_encrypted)
        except VaultError:  # the service's secret was changed: the way in is to take it off
            log.error("desk.totp_unreadable", agent=row.id)
            return False
        step = step_of(secret, code.strip(), self._phones.now())
        if step is None:
            return False
        async with self._sessions.begin() as session:
            taken = await session.scalar(
                update(AgentRow)
                .where(
                    AgentRow.id == row.id,
                    AgentRow.totp_encrypted == row.totp_encrypted,
                    or_(AgentRow.totp_used.is_(None), AgentRow.totp_used < step),
                    # Of guesses side by side, none counts after those that locked the account.
                    or_(AgentRow.locked_until.is_(None), AgentRow.locked_until <= self._clock.now()),
                )
                .values(totp_used=step)
                .returning(AgentRow.id)
            )
        return taken is not None

    async def _refuse(self, agent_id: str) -> NoReturn:
        await self._attempts.failed(agent_id)
        async with self._sessions.begin() as session:
            self._audit(session, f"agent:{agent_id}", "desk.totp_refused", agent_id)
        raise CodeRefused(agent_id)

    async def _row(self, session: AsyncSession, agent_id: str) -> AgentRow:
        row = await session.get(AgentRow, agent_id)
        if row is None:
            raise AgentNotFound(agent_id)
        return row

    def _audit(self, session: AsyncSession, actor: str, action: str, agent_id: str) -> None:
        session.add(
            AuditEventRow(
                at=self._clock.now(), actor=actor, action=action, subject=f"agent:{agent_id}", detail={}
            )
        )
