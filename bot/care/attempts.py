"""The record of what was tried for a notice; every call works within the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.hours import start_of_day
from bot.care.model import AttemptState
from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.care.ways import Way, name_of
from bot.clock import Clock
from bot.conversation.store import OutboxRow
from bot.servicing.contact import NoticeKind

WITHDRAWN = "withdrawn"  #: of the outbox: called back before it was sent
LONGEST_REASON = 200
#: The customer heard nothing of these.
UNHEARD = (AttemptState.BARRED.value, AttemptState.FAILED.value)


class Attempts:
    """One row for each way of each notice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def of(self, session: AsyncSession, notice_id: int) -> Sequence[NoticeAttemptRow]:
        rows = await session.scalars(
            select(NoticeAttemptRow)
            .where(NoticeAttemptRow.notice_id == notice_id)
            .order_by(NoticeAttemptRow.id)
        )
        return rows.all()

    async def begin(
        self,
        session: AsyncSession,
        notice_id: int,
        way: Way,
        state: AttemptState,
        *,
        message_id: str | None = None,
        reason: str | None = None,
    ) -> None:
        """A way is gone now; one that was not done the last time goes on in its row."""
        known = next((one for one in await self.of(session, notice_id) if name_of(one) == way.name), None)
        if known is None:
            channel, external_id, manner = way.name
            known = NoticeAttemptRow(
                notice_id=notice_id,
                channel=channel,
                external_id=external_id,
                manner=manner,
                tries=0,
                at=self._clock.now(),
            )
            session.add(known)
        known.state, known.reason, known.message_id = state.value, reason, message_id
        known.tries += 1
        if state is AttemptState.STORED:
            known.settled_at = self._clock.now()
        await session.flush()

    async def note_barred(self, session: AsyncSession, notice_id: int, barred: Iterable[Way]) -> None:
        for way in barred:
            await self.begin(session, notice_id, way, AttemptState.BARRED, reason=way.reach.why_not)

    async def settle(
        self,
        session: AsyncSession,
        notice_id: int,
        before: AttemptState,
        state: AttemptState,
        reason: str | None,
    ) -> NoticeAttemptRow:
        """What became of the one attempt in the state ``before``."""
        row = await session.scalar(
            select(NoticeAttemptRow).where(
                NoticeAttemptRow.notice_id == notice_id, NoticeAttemptRow.state == before.value
            )
        )
        if row is None:
            raise LookupError(f"{notice_id}: no attempt is {before.value}")
        self._close(row, state, reason, self._clock.now())
        return row

    async def look(self, session: AsyncSession, attempts: Sequence[NoticeAttemptRow]) -> bool:
        """Note what the outbox has done by now; whether the customer has it."""
        for attempt in attempts:
            if attempt.state != AttemptState.QUEUED:
                continue
            sent = await session.get(OutboxRow, attempt.message_id, populate_existing=True)
            if sent is None or sent.state == "failed":
                reason = sent.last_error if sent is not None else "no longer in the outbox"
                self._close(attempt, AttemptState.FAILED, reason, self._clock.now())
            elif sent.state == "sent":
                self._close(attempt, AttemptState.SENT, None, sent.sent_at or self._clock.now())
        return any(attempt.state == AttemptState.SENT for attempt in attempts)

    async def call_back(self, session: AsyncSession, attempt_id: int, state: AttemptState) -> bool:
        """Take a message out of the outbox unless somebody is just sending it; whether that was done.

        ``state``: AGAIN when the same way is to be gone later, FAILED when not.
        """
        now = self._clock.now()
        attempt = await session.get_one(NoticeAttemptRow, attempt_id)
        error = await session.scalar(
            update(OutboxRow)
            .where(
                OutboxRow.message_id == attempt.message_id,
                OutboxRow.state == "queued",
                or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now),
            )
            .values(state=WITHDRAWN)
            .returning(func.coalesce(OutboxRow.last_error, "not sent in time"))
        )
        if error is None:
            return False
        self._close(attempt, state, error, now)
        return True

    async def said_today(
        self, session: AsyncSession, row: NoticeRow, uncounted: frozenset[NoticeKind]
    ) -> int:
        """How many other notices this customer got, or is getting, since midnight."""
        said = await session.scalar(
            select(func.count(func.distinct(NoticeAttemptRow.notice_id)))
            .join(NoticeRow, NoticeRow.id == NoticeAttemptRow.notice_id)
            .where(
                NoticeRow.customer_id == row.customer_id,
                NoticeRow.id != row.id,
                NoticeRow.kind.not_in([kind.value for kind in uncounted]),
                NoticeAttemptRow.at >= start_of_day(self._clock.now()),
                NoticeAttemptRow.state.not_in(UNHEARD),
            )
        )
        return said or 0

    @staticmethod
    def _close(row: NoticeAttemptRow, state: AttemptState, reason: str | None, at: datetime) -> None:
        row.state, row.settled_at = state.value, at
        row.reason = reason[:LONGEST_REASON] if reason else None
