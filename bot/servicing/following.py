"""Conversations that want to hear when an application moves on."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.servicing.applications import Applications
from bot.servicing.model import ApplicationState
from bot.servicing.store import ApplicationRow, AuditEventRow, ProgressSubscriptionRow, StageEventRow


class Followed(StrEnum):
    """What came of the wish to hear of changes."""

    BEGUN = "begun"
    ALREADY = "already"
    ENDED = "ended"  #: the application has ended: no change will come


class Following:
    """Begins and ends it; who tells the changes is `bot.care`."""

    def __init__(self, clock: Clock, applications: Applications) -> None:
        self._clock = clock
        self._applications = applications

    async def begin(self, session: AsyncSession, conversation_id: str, application_no: str) -> Followed:
        """From now on; what happened before is not told. Twice is once. ``NotVerified`` for somebody else's."""
        seen = await self._applications.visible(session, conversation_id, application_no)
        row = await session.get_one(ApplicationRow, seen.id, with_for_update=True, populate_existing=True)
        if row.state != ApplicationState.IN_PROGRESS:
            return Followed.ENDED
        told = await session.scalar(
            select(func.max(StageEventRow.id)).where(StageEventRow.application_id == row.id)
        )
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        begun = insert(ProgressSubscriptionRow).values(
            application_id=row.id,
            conversation_id=conversation_id,
            created_at=self._clock.now(),
            ended_at=None,
            told_event_id=told or 0,
        )
        changed = await session.scalar(
            begun.on_conflict_do_update(
                index_elements=["application_id", "conversation_id"],
                set_={"ended_at": None, "told_event_id": told or 0, "created_at": self._clock.now()},
                where=ProgressSubscriptionRow.ended_at.is_not(None),
            ).returning(ProgressSubscriptionRow.id)
        )
        if changed is None:
            return Followed.ALREADY
        self._note(session, conversation_id, "application.followed", row.application_no)
        return Followed.BEGUN

    async def end(self, session: AsyncSession, conversation_id: str) -> int:
        """Nothing more is told in this conversation; how many applications that concerns."""
        now = self._clock.now()
        ended = (
            await session.execute(
                update(ProgressSubscriptionRow)
                .where(
                    ProgressSubscriptionRow.conversation_id == conversation_id,
                    ProgressSubscriptionRow.ended_at.is_(None),
                )
                .values(ended_at=now)
                .returning(ProgressSubscriptionRow.application_id)
            )
        ).scalars()
        numbers = (
            await session.scalars(
                select(ApplicationRow.application_no).where(ApplicationRow.id.in_(list(ended)))
            )
        ).all()
        for number in numbers:
            self._note(session, conversation_id, "application.unfollowed", number)
        return len(numbers)

    async def is_on(self, session: AsyncSession, conversation_id: str, application_no: str) -> bool:
        found = await session.scalar(
            select(ProgressSubscriptionRow.id)
            .join(ApplicationRow, ApplicationRow.id == ProgressSubscriptionRow.application_id)
            .where(
                ProgressSubscriptionRow.conversation_id == conversation_id,
                ProgressSubscriptionRow.ended_at.is_(None),
                ApplicationRow.application_no == application_no,
            )
        )
        return found is not None

    def _note(self, session: AsyncSession, conversation_id: str, action: str, application_no: str) -> None:
        session.add(
            AuditEventRow(
                at=self._clock.now(),
                actor=f"conversation:{conversation_id}",
                action=action,
                subject=f"application:{application_no}",
            )
        )
