"""For platforms that fetch an answer in their own request: what is queued is handed to them and not sent as well.

While a platform waits, the outbox leaves the conversation alone (``held_until``). What is handed out stays queued
under a lease until it is known to have been written, so a process that dies in between loses nothing.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.clock import Clock
from bot.conversation.model import Message, Mode, TurnOutcome
from bot.conversation.store import ConversationRow, Log, MessageRow, OutboxRow, TurnRow
from bot.store.engine import Sessions

#: Longer than a platform goes on asking for the same answer.
LEASE = timedelta(seconds=20)


class Fetching:
    """The outbox of one conversation, as a platform's own request uses it."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def hold(self, conversation_id: str, seconds: float) -> None:
        """Leave it to a request to take what is queued, for so long at most."""
        until = self._clock.now() + timedelta(seconds=seconds)
        async with self._sessions.begin() as session:
            await session.execute(
                update(ConversationRow).where(ConversationRow.id == conversation_id).values(held_until=until)
            )

    async def let_go(self, conversation_id: str) -> None:
        """The outbox delivers again, and at once: also what had been put off."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            await session.execute(
                update(ConversationRow).where(ConversationRow.id == conversation_id).values(held_until=None)
            )
            await session.execute(
                update(OutboxRow)
                .where(
                    OutboxRow.conversation_id == conversation_id,
                    OutboxRow.state == "queued",
                    OutboxRow.next_attempt_at > now,
                )
                .values(next_attempt_at=now)
            )

    async def is_settled(self, message_id: str) -> bool:
        """Nobody is thinking about this message: answered, passed to a person, or not to be answered."""
        async with self._sessions() as session:
            message = await session.get_one(MessageRow, message_id)
            turn = await session.get(TurnRow, message.turn_id) if message.turn_id else None
            conversation = await Log(session).get(message.conversation_id)
        is_unread = turn is None and message.parts[0]["kind"] != "text"  # a file is read before its turn
        with_the_bot = conversation.mode in (Mode.BOT, Mode.CLOSED)
        thinking = turn is not None and turn.outcome == TurnOutcome.RUNNING.value
        return not (message.awaits_turn or thinking or (is_unread and with_the_bot))

    async def is_being_shown(self, conversation_id: str) -> bool:
        """Whether something is in somebody's hands now, who will have shown it soon or puts it back."""
        async with self._sessions() as session:
            leased = await session.scalar(
                select(OutboxRow.message_id)
                .where(
                    OutboxRow.conversation_id == conversation_id,
                    OutboxRow.state == "queued",
                    OutboxRow.leased_until > self._clock.now(),
                )
                .limit(1)
            )
        return leased is not None

    async def claim(self, conversation_id: str) -> list[Message]:
        """What is to be shown now, in order, left to the caller; nothing behind what another is delivering."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            rows = await session.scalars(
                select(OutboxRow)
                .where(OutboxRow.conversation_id == conversation_id, OutboxRow.state == "queued")
                .order_by(OutboxRow.seq)
                .with_for_update()
            )
            taken: list[OutboxRow] = []
            for row in rows:
                if row.leased_until is not None and row.leased_until > now:
                    break
                taken.append(row)
            for row in taken:
                row.leased_until = now + LEASE
            entries = Log(session)
            return [await entries.get_message(row.message_id) for row in taken]

    async def put_back(self, messages: list[str], *, in_seconds: float = 0.0) -> None:
        """These were not shown, or not whole: whoever comes next delivers them."""
        at = self._clock.now() + timedelta(seconds=in_seconds)
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id.in_(messages), OutboxRow.state == "queued")
                .values(leased_until=None, next_attempt_at=at)
            )

    async def shown(self, messages: list[str]) -> None:
        """These reached the platform."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id.in_(messages), OutboxRow.state == "queued")
                .values(state="sent", leased_until=None, last_error=None, sent_at=self._clock.now())
            )
