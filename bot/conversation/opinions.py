"""Whether an answer of the bot's was of use to the customer: a thumb up or down on one message.

Kept in the audit, since it is somebody's act on a record and carries no words; the latest counts.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversation.errors import MessageNotFound
from bot.conversation.model import Sender
from bot.conversation.store import MessageRow
from bot.servicing.store import AuditEventRow
from bot.store.engine import Sessions

log = structlog.get_logger()

ACTION = "answer.opinion"


class Opinions:
    """Takes what customers think of single answers."""

    def __init__(
        self, sessions: Sessions, clock: Clock, observe: Callable[[bool], None] = lambda _: None
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._observe = observe

    async def take(self, conversation_id: str, seq: int, *, is_helpful: bool) -> None:
        """Keep an opinion on the bot's message with this number; ``MessageNotFound`` where there is none."""
        async with self._sessions.begin() as session:
            message = await session.scalar(
                select(MessageRow).where(
                    MessageRow.conversation_id == conversation_id,
                    MessageRow.seq == seq,
                    MessageRow.sender == Sender.BOT.value,
                )
            )
            if message is None:
                raise MessageNotFound(f"{conversation_id} {seq}")
            if (await _opinions(session, conversation_id)).get(seq) is is_helpful:
                return
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=_subject(conversation_id),
                    action=ACTION,
                    subject=_subject(conversation_id),
                    detail={
                        "seq": seq,
                        "is_helpful": is_helpful,
                        "message_id": message.id,
                        "turn_id": message.turn_id,
                    },
                )
            )
        self._observe(is_helpful)
        log.info("opinion.given", conversation=conversation_id, turn=message.turn_id, is_helpful=is_helpful)

    async def of(self, conversation_id: str) -> dict[int, bool]:
        """The opinions by message number."""
        async with self._sessions() as session:
            return await _opinions(session, conversation_id)


async def _opinions(session: AsyncSession, conversation_id: str) -> dict[int, bool]:
    details = await session.scalars(
        select(AuditEventRow.detail)
        .where(AuditEventRow.subject == _subject(conversation_id), AuditEventRow.action == ACTION)
        .order_by(AuditEventRow.id)
    )
    return {int(detail["seq"]): bool(detail["is_helpful"]) for detail in details}


def _subject(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"
