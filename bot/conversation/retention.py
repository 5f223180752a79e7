"""Old words are deleted: what was said, what was understood, and what the bot remembers of it.

Deleting again what is gone changes nothing, so several replicas may do this, and a process that dies in the middle
leaves work for the next day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Select, delete, select, update

from bot.clock import Clock
from bot.conversation.store import MessageRow, OutboxRow, TurnRow
from bot.dialogue.ports import Dialogue, DialogueUnavailable
from bot.handoff.model import TicketStatus
from bot.handoff.store import TicketRow
from bot.store.engine import Sessions

log = structlog.get_logger()

AT_A_TIME = 500  #: rows a transaction, so that nobody waits long for the database


@dataclass(frozen=True)
class Periods:
    """How long words are kept."""

    messages: timedelta  #: in the log of conversations
    memory: timedelta  #: in the bot's memory, counted from the last turn of a session


@dataclass(frozen=True)
class Deleted:
    """What one run deleted."""

    messages: int
    remembered: int | None  #: events of the bot's memory; None when the bot could not be had


class Retention:
    """Deletes what is older than the rules allow. Who owned a conversation when, and how turns ended, is kept."""

    def __init__(self, sessions: Sessions, clock: Clock, dialogue: Dialogue) -> None:
        self._sessions = sessions
        self._clock = clock
        self._dialogue = dialogue

    async def run(self, periods: Periods) -> Deleted:
        """One run; what still waits for its turn or belongs to an open ticket is left alone."""
        messages = 0
        while deleted := await self._delete_some(periods.messages):
            messages += deleted
        await self._empty_turns_and_tickets(periods.messages)
        try:
            remembered: int | None = await self._dialogue.forget(periods.memory)
        except DialogueUnavailable as exc:
            log.warning("retention.bot_unavailable", reason=exc.reason)
            remembered = None
        log.info("retention.done", messages=messages, remembered=remembered)
        return Deleted(messages, remembered)

    async def _delete_some(self, kept_for: timedelta) -> int:
        async with self._sessions.begin() as session:
            ids = list(
                await session.scalars(
                    select(MessageRow.id)
                    .where(
                        MessageRow.created_at < self._clock.now() - kept_for,
                        ~MessageRow.awaits_turn,
                        MessageRow.conversation_id.not_in(_in_service()),
                    )
                    .limit(AT_A_TIME)
                )
            )
            await session.execute(delete(OutboxRow).where(OutboxRow.message_id.in_(ids)))
            await session.execute(delete(MessageRow).where(MessageRow.id.in_(ids)))
        return len(ids)

    async def _empty_turns_and_tickets(self, kept_for: timedelta) -> None:
        before = self._clock.now() - kept_for
        async with self._sessions.begin() as session:
            await session.execute(
                update(TurnRow)
                .where(
                    TurnRow.started_at < before,
                    TurnRow.text.is_not(None),
                    TurnRow.finished_at.is_not(None),
                    TurnRow.conversation_id.not_in(_in_service()),
                )
                .values(text=None, understood=[])
            )
            await session.execute(
                update(TicketRow)
                .where(
                    TicketRow.closed_at < before,
                    TicketRow.status == TicketStatus.CLOSED.value,
                    TicketRow.summary != "",
                )
                .values(summary="", note=None)
            )


def _in_service() -> Select[str]:
    """Conversations that somebody waits in or works on."""
    return select(TicketRow.conversation_id).where(TicketRow.status != TicketStatus.CLOSED.value)
