"""Ends conversations in which the customer has long been silent, with a notice before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Exists, or_, select, update

from bot.clock import Clock, china_date
from bot.conversation.handover import Change, Handover
from bot.conversation.model import Conversation, Mode
from bot.conversation.ports import Words
from bot.conversation.rating import Ratings
from bot.conversation.store import ConversationRow, MessageRow, OutboxRow
from bot.handoff.errors import HandoffError
from bot.handoff.model import Outcome, TicketStatus
from bot.handoff.ports import Policy
from bot.handoff.store import Subject
from bot.knowledge.errors import PolicyError
from bot.messages import TextPart
from bot.messages.ids import new_id
from bot.store.leases import take_lease

log = structlog.get_logger()

EVERY_SECONDS = 15.0
LEASE = timedelta(minutes=1)
#: Silence older than this belongs to conversations that ended before there was an end.
FORGOTTEN = timedelta(days=2)
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Silence:
    """How long a customer may be silent."""

    until_closed: timedelta
    notice_before: timedelta

    @classmethod
    def of(cls, policy: Policy, on: date) -> Silence:
        """As the facts of a day say."""
        return cls(
            timedelta(minutes=policy.fact("desk.idle_close", on).whole),
            timedelta(minutes=policy.fact("desk.idle_notice", on).whole),
        )


class Closing:
    """Looks for silent conversations again and again; one process at a time."""

    def __init__(
        self, handover: Handover, ratings: Ratings, clock: Clock, words: Words, policy: Policy
    ) -> None:
        self._handover = handover
        self._ratings = ratings
        self._clock = clock
        self._words = words
        self._policy = policy
        self._name = new_id("d")

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except PolicyError as exc:
                log.error("closing.left_undone", error=str(exc))
            except Exception:
                log.exception("closing.fault")
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Give notice where it is due, and end what was noticed and stayed silent."""
        now = self._clock.now()
        silence = Silence.of(self._policy, china_date(self._clock))
        async with self._handover.change() as work:
            if not await take_lease(work.session, "closing", self._name, LEASE):
                return
            silent_since = now - silence.until_closed + silence.notice_before
            rows = await work.session.scalars(
                select(ConversationRow)
                .where(
                    ConversationRow.last_message_at <= silent_since,
                    ConversationRow.last_message_at > now - FORGOTTEN,
                    ConversationRow.is_unfinished,
                    or_(ConversationRow.idle_noticed_at.is_not(None), ~_is_on_its_way(silent_since)),
                )
                .order_by(ConversationRow.last_message_at)
                .limit(MOST_AT_ONCE)
            )
            found = [(row.id, row.idle_noticed_at) for row in rows]
        for conversation_id, noticed_at in found:
            try:
                async with self._handover.change() as work:
                    await self._go_on(work, conversation_id, noticed_at, now, silence)
            except HandoffError as exc:  # an agent was quicker: nothing to end any more
                log.info("closing.overtaken", conversation=conversation_id, error=str(exc))

    async def _go_on(
        self,
        work: Change,
        conversation_id: str,
        noticed_at: datetime | None,
        now: datetime,
        silence: Silence,
    ) -> None:
        conversation = await work.log.get(conversation_id)
        if conversation.mode in (Mode.QUEUED, Mode.CLOSED) or not await self._is_their_turn(
            work, conversation
        ):
            return
        if noticed_at is None:
            await self._set(work, conversation_id, idle_noticed_at=now)
            minutes = int(silence.notice_before.total_seconds() // 60)
            told = self._words.say("conversation.closing_soon", minutes=minutes)
            await self._handover.say(work, conversation, TextPart(told))
        elif now - noticed_at >= silence.notice_before:
            await self._end(work, conversation, now)

    async def _is_their_turn(self, work: Change, conversation: Conversation) -> bool:
        """Whether the customer is the one who has to say something: an agent on hold is not."""
        held = await work.queue.open_for(conversation.id)
        return held is None or held.status is TicketStatus.ACTIVE

    async def _end(self, work: Change, conversation: Conversation, now: datetime) -> None:
        held = await work.queue.open_for(conversation.id)
        if held is not None:
            await work.save(held.timed_out(now))
            await work.queue.end_assignment(held.id, now)
            await work.clocks.stop(Subject.TICKET, held.id, now)
            work.queue.note_event(held.id, Outcome.TIMED_OUT.value, now)
        await self._handover.back_to_bot(work, conversation, why="silent", mode=Mode.CLOSED)
        await self._handover.say(work, conversation, TextPart(self._words.say("conversation.closed_silent")))
        await self._ratings.ask(work, conversation, held)
        await self._set(work, conversation.id, is_unfinished=False, idle_noticed_at=None)
        log.info("conversation.closed_silent", conversation=conversation.id)

    async def _set(self, work: Change, conversation_id: str, **values: object) -> None:
        await work.session.execute(
            update(ConversationRow).where(ConversationRow.id == conversation_id).values(**values)
        )


def _is_on_its_way(since: datetime) -> Exists:
    """Whether the customer was sent something after ``since`` only, or a platform that is down still lacks it."""
    return (
        select(OutboxRow.message_id)
        .join(MessageRow, MessageRow.id == OutboxRow.message_id)
        .where(
            MessageRow.conversation_id == ConversationRow.id,
            or_(
                OutboxRow.sent_at > since,
                (OutboxRow.state == "queued") & (OutboxRow.attempts > 0),
            ),
        )
        .exists()
    )
