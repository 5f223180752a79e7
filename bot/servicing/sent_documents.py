"""What was sent to the bot and is being read, waits to be placed, or has become part of a document."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.servicing.reading import Reading
from bot.servicing.reading.model import NOT_READ
from bot.servicing.store import SentDocumentRow, StoredFileRow
from bot.store.engine import Sessions


class SentState(StrEnum):
    """What has become of a file that was sent to the bot."""

    BEING_READ = "being_read"
    WAITING = "waiting"  #: it was read; which document it is has yet to be settled
    PLACED = "placed"  #: part of a document
    REPLACED = "replaced"  #: it was part of a document of which better files came
    DROPPED = "dropped"  #: the customer does not want it used


class SentDocuments:
    """Remembers, for the service, what was sent and is being read."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def begin(self, session: AsyncSession, file_id: int, conversation_id: str, message_id: str) -> bool:
        """Note that a file is to be read; false when it was noted before."""
        known = await session.scalar(select(SentDocumentRow.id).where(SentDocumentRow.file_id == file_id))
        if known is not None:
            return False
        session.add(
            SentDocumentRow(
                file_id=file_id,
                conversation_id=conversation_id,
                message_id=message_id,
                state=SentState.BEING_READ.value,
                sent_at=self._clock.now(),
            )
        )
        return True

    async def being_read(self) -> tuple[str, ...]:
        """The ids of files whose reading was begun and has not ended."""
        async with self._sessions() as session:
            rows = await session.scalars(
                select(StoredFileRow.public_id)
                .join(SentDocumentRow, SentDocumentRow.file_id == StoredFileRow.id)
                .where(SentDocumentRow.state == SentState.BEING_READ.value)
                .order_by(SentDocumentRow.id)
            )
            return tuple(rows)

    async def end(self, session: AsyncSession, file_id: int, reading: Reading) -> str | None:
        """Keep what was read; the message whose turn may begin, None when another process was first."""
        message_id: str | None = await session.scalar(
            update(SentDocumentRow)
            .where(SentDocumentRow.file_id == file_id, SentDocumentRow.state == SentState.BEING_READ.value)
            .values(state=SentState.WAITING.value, reading=reading.to_wire(), read_at=self._clock.now())
            .returning(SentDocumentRow.message_id)
        )
        return message_id


def reading_in(wire: dict[str, Any] | None) -> Reading:
    """What a row says was read."""
    return Reading.from_wire(wire) if wire else NOT_READ
