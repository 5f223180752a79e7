"""Leases: of several processes that could do a job, one does it, and another goes on when that one dies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import String, or_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime

CLOCKS_APART = timedelta(minutes=1)  #: at most, of machines that share a database


class LeaseRow(Base):
    """Who does a job, and until when nobody else may."""

    __tablename__ = "lease"

    job: Mapped[str] = mapped_column(String(50), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


async def take_lease(session: AsyncSession, job: str, holder: str, length: timedelta) -> bool:
    """Whether ``holder`` does the job from now on: it did already, nobody did, or the last one's time is over.

    Leases are about processes, which live in real time whatever time the service is told it is. One that lasts
    longer than it could have been taken for was written by another clock, and holds nobody up.
    """
    now = datetime.now(UTC)
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    await session.execute(
        insert(LeaseRow)
        .values(job=job, holder=holder, until=now)
        .on_conflict_do_nothing(index_elements=["job"])
    )
    is_over = or_(LeaseRow.until <= now, LeaseRow.until > now + length + CLOCKS_APART)
    taken = await session.execute(
        update(LeaseRow)
        .where(LeaseRow.job == job, or_(LeaseRow.holder == holder, is_over))
        .values(holder=holder, until=now + length)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


async def end_lease(session: AsyncSession, job: str, holder: str) -> None:
    """``holder`` stops doing the job, so that the next need not wait; somebody else's lease stays."""
    await session.execute(
        update(LeaseRow).where(LeaseRow.job == job, LeaseRow.holder == holder).values(until=datetime.now(UTC))
    )
