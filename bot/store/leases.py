"""Leases: of several processes that could do a job, one does it, and another goes on when that one dies."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, or_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class LeaseRow(Base):
    """Who does a job, and until when nobody else may."""

    __tablename__ = "lease"

    job: Mapped[str] = mapped_column(String(50), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


async def take_lease(session: AsyncSession, job: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Whether ``holder`` does the job from now on: it did already, nobody did, or the last one's time is over."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    await session.execute(
        insert(LeaseRow)
        .values(job=job, holder=holder, until=now)
        .on_conflict_do_nothing(index_elements=["job"])
    )
    taken = await session.execute(
        update(LeaseRow)
        .where(LeaseRow.job == job, or_(LeaseRow.holder == holder, LeaseRow.until <= now))
        .values(holder=holder, until=now + length)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]
