"""``Care.tell``: one call to have something said to a customer, where and when they want it said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.model import Notice, NoticeState
from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.clock import Clock


class Care:
    """Takes notices; `bot.care.delivery` brings them to the customer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def tell(
        self, session: AsyncSession, customer: int, notice: Notice, conversation_id: str | None = None
    ) -> bool:
        """Store it within the caller's transaction; False when the same was stored before.

        ``conversation_id`` is where the customer asked to be told, if they did. What was stored is told once, on
        the first channel that takes it, or it is recorded why not.
        """
        now = self._clock.now()
        insert: Any = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        stored = await session.scalar(
            insert(NoticeRow)
            .values(
                key=notice.key,
                kind=notice.kind.value,
                customer_id=customer,
                conversation_id=conversation_id,
                body=notice.model_dump(mode="json"),
                state=NoticeState.WAITING.value,
                due_at=now,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(NoticeRow.id)
        )
        return stored is not None

    async def forget(self, session: AsyncSession, before: datetime) -> None:
        """Delete what came to its end before then, with its attempts."""
        old = select(NoticeRow.id).where(NoticeRow.settled_at < before)
        await session.execute(delete(NoticeAttemptRow).where(NoticeAttemptRow.notice_id.in_(old)))
        await session.execute(delete(NoticeRow).where(NoticeRow.settled_at < before))
