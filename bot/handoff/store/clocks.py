"""Service clocks as rows: a restart finds them as they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, Interval, String, UniqueConstraint, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.handoff.clocks import Promise, Runs, ServiceClock, ServiceLevels
from bot.store.base import Base, UtcDateTime


class Subject(StrEnum):
    """What a promise was made about."""

    TICKET = "ticket"
    COMPLAINT = "complaint"
    REQUEST = "request"
    PROMISE = "promise"  #: to a customer, beside any ticket: a call back, a written plan


class ClockRow(Base):
    __tablename__ = "sla_clock"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "promise"),
        Index("ix_sla_clock_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64))
    promise: Mapped[str] = mapped_column(String(40))
    runs: Mapped[str] = mapped_column(String(10))
    limit: Mapped[timedelta] = mapped_column(Interval)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used: Mapped[timedelta] = mapped_column(Interval)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warns_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_clock(self) -> ServiceClock:
        return ServiceClock(
            promise=Promise(self.promise),
            runs=Runs(self.runs),
            limit=self.limit,
            started_at=self.started_at,
            used=self.used,
            resumed_at=self.resumed_at,
            stopped_at=self.stopped_at,
        )


@dataclass(frozen=True)
class Ring:
    """A clock that came to its warning or its end."""

    subject: Subject
    subject_id: str
    promise: Promise
    is_breach: bool


class Clocks:
    """The clocks of one transaction."""

    def __init__(self, session: AsyncSession, levels: ServiceLevels) -> None:
        self._session = session
        self._levels = levels

    async def start(
        self, subject: Subject, subject_id: str, promise: Promise, at: datetime
    ) -> datetime | None:
        """Begin to keep a promise, and when it is due; one that is kept already goes on."""
        row = await self._row(subject, subject_id, promise)
        level = self._levels.levels.get(promise)
        if row is None and level is not None:
            row = ClockRow(subject=subject.value, subject_id=subject_id, promise=promise.value)
            self._write(row, ServiceClock.started(promise, level, at))
            self._session.add(row)
            await self._session.flush()
        return row.due_at if row else None

    async def pause(self, subject: Subject, subject_id: str, at: datetime) -> None:
        """The bank is not the one to act: every promise about it stands still."""
        for row in await self._running(subject, subject_id):
            clock = row.as_clock()
            self._write(row, clock.paused(at, self._levels.hours(clock.runs)))

    async def resume(self, subject: Subject, subject_id: str, at: datetime) -> None:
        for row in await self._running(subject, subject_id):
            self._write(row, row.as_clock().resumed(at))

    async def stop(self, subject: Subject, subject_id: str, at: datetime, *promises: Promise) -> None:
        """What was promised is done; without a name every promise about it ends."""
        for row in await self._running(subject, subject_id):
            clock = row.as_clock()
            if not promises or clock.promise in promises:
                self._write(row, clock.stopped(at, self._levels.hours(clock.runs)))

    async def of(self, subject: Subject, subject_id: str) -> list[ServiceClock]:
        rows = await self._session.scalars(
            select(ClockRow)
            .where(ClockRow.subject == subject.value, ClockRow.subject_id == subject_id)
            .order_by(ClockRow.id)
        )
        return [row.as_clock() for row in rows]

    async def of_many(self, subject: Subject, ids: Iterable[str]) -> dict[str, list[ServiceClock]]:
        """The clocks of several, by their ids; without those that have none."""
        rows = await self._session.scalars(
            select(ClockRow)
            .where(ClockRow.subject == subject.value, ClockRow.subject_id.in_(list(ids)))
            .order_by(ClockRow.id)
        )
        found: dict[str, list[ServiceClock]] = {}
        for row in rows:
            found.setdefault(row.subject_id, []).append(row.as_clock())
        return found

    async def due_of(self, subject: Subject, subject_id: str, promise: Promise) -> datetime | None:
        """When the promise will be broken if nothing happens."""
        row = await self._row(subject, subject_id, promise)
        return row.due_at if row else None

    async def ring(self, now: datetime) -> list[Ring]:
        """Mark what has come to its warning or its end since the last look, each once."""
        warned = await self._session.execute(
            update(ClockRow)
            .where(ClockRow.warns_at <= now, ClockRow.warned_at.is_(None), ClockRow.due_at >= now)
            .values(warned_at=now)
            .returning(ClockRow.subject, ClockRow.subject_id, ClockRow.promise)
        )
        rings = [Ring(Subject(one), id_, Promise(promise), False) for one, id_, promise in warned]
        breached = await self._session.execute(
            update(ClockRow)
            .where(ClockRow.due_at < now, ClockRow.breached_at.is_(None))
            .values(breached_at=ClockRow.due_at)
            .returning(ClockRow.subject, ClockRow.subject_id, ClockRow.promise)
        )
        rings += [Ring(Subject(one), id_, Promise(promise), True) for one, id_, promise in breached]
        return rings

    async def _row(self, subject: Subject, subject_id: str, promise: Promise) -> ClockRow | None:
        return await self._session.scalar(
            select(ClockRow).where(
                ClockRow.subject == subject.value,
                ClockRow.subject_id == subject_id,
                ClockRow.promise == promise.value,
            )
        )

    async def _running(self, subject: Subject, subject_id: str) -> list[ClockRow]:
        rows = await self._session.scalars(
            select(ClockRow)
            .where(
                ClockRow.subject == subject.value,
                ClockRow.subject_id == subject_id,
                ClockRow.stopped_at.is_(None),
            )
            .with_for_update()
        )
        return list(rows)

    def _write(self, row: ClockRow, clock: ServiceClock) -> None:
        hours = self._levels.hours(clock.runs)
        row.runs, row.limit = clock.runs.value, clock.limit
        row.started_at, row.used = clock.started_at, clock.used
        row.resumed_at, row.stopped_at = clock.resumed_at, clock.stopped_at
        row.warns_at, row.due_at = clock.warns_at(hours), clock.due_at(hours)
