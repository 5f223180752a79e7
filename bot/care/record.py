"""What a customer was told of the bank's own accord, as the desk sees it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.conversation.ports import Words

MOST_LISTED = 20


class NoticeRecord:
    """Reads notices and attempts; accounts on platforms are not shown."""

    def __init__(self, words: Words) -> None:
        self._words = words

    async def of(self, session: AsyncSession, customer: int) -> list[dict[str, Any]]:
        """The newest first, each with what was tried."""
        notices = (
            await session.scalars(
                select(NoticeRow)
                .where(NoticeRow.customer_id == customer)
                .order_by(NoticeRow.id.desc())
                .limit(MOST_LISTED)
            )
        ).all()
        attempts = defaultdict(list)
        for one in await session.scalars(
            select(NoticeAttemptRow)
            .where(NoticeAttemptRow.notice_id.in_([row.id for row in notices]))
            .order_by(NoticeAttemptRow.id)
        ):
            attempts[one.notice_id].append(
                {
                    "channel": one.channel,
                    "manner": one.manner,
                    "state": one.state,
                    "reason": one.reason,
                    "at": one.at.isoformat(),
                }
            )
        return [
            {
                "kind": row.kind,
                "title": self._words.say(f"notice.template.{row.kind}"),
                "state": row.state,
                "reason": row.reason,
                "created_at": row.created_at.isoformat(),
                "due_at": row.due_at.isoformat(),
                "attempts": attempts[row.id],
            }
            for row in notices
        ]
