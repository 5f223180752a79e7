"""Brings stored messages to the customer's platform, in order, with retries; a dead process loses none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from bot.clock import Clock
from bot.conversation.model import Conversation, Message, Sender
from bot.conversation.ports import Channel, DeliveryFailed, DeliveryRefused
from bot.conversation.store import ConversationRow, MessageRow, OutboxRow
from bot.handoff.model import Ticket
from bot.store.engine import Sessions

log = structlog.get_logger()

BACK_OFF = (1, 2, 5, 15, 60, 300)  #: seconds after the first, second, … failure
MAX_ATTEMPTS = 12
LEASE = timedelta(seconds=30)  #: how long a claimed row is left to the one who claimed it
IDLE_SECONDS = 1.0
BATCH = 50


class Outbox:
    """Claims due rows with a lease, oldest first, and never overtakes within one conversation."""

    def __init__(self, sessions: Sessions, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._channels = channels
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()

    async def message_stored(self, message: Message) -> None:
        if message.sender is not Sender.CUSTOMER:
            self.wake()

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        """Nothing to deliver: a platform sees modes only through messages."""

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        """Nothing to deliver."""

    async def ticket_changed(self, ticket: Ticket) -> None:
        """Nothing to deliver."""

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._wake.clear()
            try:
                if await self.deliver_due():
                    continue
            except Exception:  # a broken database must not end delivery for good
                log.exception("outbox.round_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)

    async def deliver_due(self) -> int:
        """Try everything that is due once; how many were tried."""
        claimed = await self._claim()
        for row in claimed:
            await self._deliver(row)
        return len(claimed)

    async def _claim(self) -> list[OutboxRow]:
        now = self._clock.now()
        earlier = aliased(OutboxRow)
        is_first = ~(
            select(earlier.message_id)
            .where(
                earlier.conversation_id == OutboxRow.conversation_id,
                earlier.seq < OutboxRow.seq,
                earlier.state == "queued",
            )
            .exists()
        )
        async with self._sessions.begin() as session:
            due = await session.scalars(
                select(OutboxRow)
                .where(OutboxRow.state == "queued", OutboxRow.next_attempt_at <= now, is_first)
                .order_by(OutboxRow.next_attempt_at, OutboxRow.seq)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = list(due)
            for row in rows:
                row.next_attempt_at = now + LEASE
                row.attempts += 1
        return rows

    async def _deliver(self, row: OutboxRow) -> None:
        async with self._sessions() as session:
            message = await session.get(MessageRow, row.message_id)
            conversation = await session.get(ConversationRow, row.conversation_id)
        channel = self._channels.get(row.channel)
        if message is None or conversation is None or channel is None:
            await self._settle(row, state="failed", error=f"no way to {row.channel}")
            return
        try:
            await channel.send(conversation.external_id, message.as_message())
        except DeliveryRefused as exc:
            await self._settle(row, state="failed", error=str(exc))
        except DeliveryFailed as exc:
            await self._retry_later(row, str(exc))
        except Exception as exc:
            log.exception("outbox.send_failed", message=row.message_id)
            await self._retry_later(row, repr(exc))
        else:
            await self._settle(row, state="sent")

    async def _retry_later(self, row: OutboxRow, error: str) -> None:
        if row.attempts >= MAX_ATTEMPTS:
            await self._settle(row, state="failed", error=error)
            return
        wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
        log.warning("outbox.retry", message=row.message_id, attempt=row.attempts, error=error)
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id == row.message_id)
                .values(next_attempt_at=self._clock.now() + timedelta(seconds=wait), last_error=error)
            )

    async def _settle(self, row: OutboxRow, *, state: str, error: str | None = None) -> None:
        if error is not None:
            log.error("outbox.gave_up", message=row.message_id, error=error)
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id == row.message_id)
                .values(state=state, last_error=error, sent_at=self._clock.now())
            )
