"""Brings stored messages to the customer's platform, in order, with retries; a dead process loses none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from bot.clock import Clock
from bot.conversation.model import Conversation, Message, Sender
from bot.conversation.ports import Channel, DeliveryFailed, DeliveryPostponed, DeliveryRefused
from bot.conversation.store import ConversationRow, MessageRow, OutboxRow
from bot.handoff.model import Ticket
from bot.store.engine import Sessions

log = structlog.get_logger()

BACK_OFF = (1, 2, 5, 15, 60, 300)  #: seconds after the first, second, … failure
GIVE_UP_AFTER = timedelta(hours=24)  #: a message that is this old when it fails again is given up
SEND_SECONDS = 50.0  #: for one message; a platform that hangs holds up nobody else for longer
LEASE = timedelta(seconds=60)  #: how long a claimed row is left to the one who claimed it
IDLE_SECONDS = 1.0
AT_ONCE = 10  #: messages of one platform under way, each of another conversation


class Outbox:
    """Claims due rows with a lease, oldest first, and never overtakes within one conversation.

    Each platform has a lane of its own: one that hangs does not keep the words of another waiting.
    """

    def __init__(self, sessions: Sessions, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._channels = channels
        self._lanes = {name: asyncio.Event() for name in (*channels, None)}  #: None: what has no way out

    def wake(self, channel: str) -> None:
        """There is something to send on this channel."""
        self._lanes.get(channel, self._lanes[None]).set()

    async def message_stored(self, message: Message) -> None:
        if message.sender is not Sender.CUSTOMER:
            self.wake(message.channel)

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        """Nothing to deliver: a platform sees modes only through messages."""

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        """Nothing to deliver."""

    async def ticket_changed(self, ticket: Ticket) -> None:
        """Nothing to deliver."""

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as lanes:
            for channel, wake in self._lanes.items():
                lanes.create_task(self._run_lane(channel, wake))

    async def _run_lane(self, channel: str | None, wake: asyncio.Event) -> None:
        while True:
            wake.clear()
            try:
                if await self._deliver_due_of(channel):
                    continue
            except Exception:  # a broken database must not end delivery for good
                log.exception("outbox.round_failed", channel=channel)
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), IDLE_SECONDS)

    async def deliver_due(self) -> int:
        """Try everything that is due once; how many were tried."""
        return sum([await self._deliver_due_of(channel) for channel in self._lanes])

    async def _deliver_due_of(self, channel: str | None) -> int:
        claimed = await self._claim(channel)
        await asyncio.gather(*(self._deliver(row) for row in claimed))
        return len(claimed)

    async def _claim(self, channel: str | None) -> list[OutboxRow]:
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
        is_of_lane = OutboxRow.channel == channel if channel else OutboxRow.channel.not_in(self._channels)
        async with self._sessions.begin() as session:
            due = await session.scalars(
                select(OutboxRow)
                .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
                .where(
                    OutboxRow.state == "queued",
                    OutboxRow.next_attempt_at <= now,
                    or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now),
                    or_(ConversationRow.held_until.is_(None), ConversationRow.held_until <= now),
                    is_first,
                    is_of_lane,
                )
                .order_by(OutboxRow.next_attempt_at, OutboxRow.seq)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True, of=OutboxRow)
            )
            rows = list(due)
            for row in rows:
                row.leased_until = now + LEASE
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
            async with asyncio.timeout(SEND_SECONDS):
                await channel.send(conversation.external_id, message.as_message())
        except DeliveryPostponed as exc:
            await self._postpone(row, exc)
        except DeliveryRefused as exc:
            await self._settle(row, state="failed", error=str(exc))
        except DeliveryFailed as exc:
            await self._retry_later(row, message.created_at, str(exc), exc.retry_after)
        except TimeoutError:
            await self._retry_later(row, message.created_at, f"not sent within {SEND_SECONDS} s")
        except Exception as exc:
            log.exception("outbox.send_failed", message=row.message_id)
            await self._retry_later(row, message.created_at, repr(exc))
        else:
            await self._settle(row, state="sent")

    async def _postpone(self, row: OutboxRow, postponed: DeliveryPostponed) -> None:
        """It waits for its time, which is no failure."""
        log.info("outbox.postponed", message=row.message_id, reason=str(postponed))
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id == row.message_id)
                .values(
                    next_attempt_at=postponed.until,
                    leased_until=None,
                    attempts=OutboxRow.attempts - 1,
                    last_error=str(postponed),
                )
            )

    async def _retry_later(
        self, row: OutboxRow, written_at: datetime, error: str, retry_after: float | None = None
    ) -> None:
        if self._clock.now() - written_at >= GIVE_UP_AFTER:
            await self._settle(row, state="failed", error=error)
            return
        wait = retry_after or BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
        log.warning("outbox.retry", message=row.message_id, attempt=row.attempts, error=error)
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id == row.message_id)
                .values(
                    next_attempt_at=self._clock.now() + timedelta(seconds=wait),
                    leased_until=None,
                    last_error=error,
                )
            )

    async def _settle(self, row: OutboxRow, *, state: str, error: str | None = None) -> None:
        if error is not None:
            log.error("outbox.gave_up", message=row.message_id, error=error)
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id == row.message_id)
                .values(state=state, leased_until=None, last_error=error, sent_at=self._clock.now())
            )
