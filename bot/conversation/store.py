"""Tables of a conversation, and the log of one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.errors import ConversationNotFound
from bot.conversation.model import Conversation, Message, Mode, Sender, Turn, TurnOutcome
from bot.messages.ids import new_id
from bot.store.base import Base, UtcDateTime

NEVER = 0


class ConversationRow(Base):
    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]  #: the platform's name for the other side
    last_seq: Mapped[int] = mapped_column(default=NEVER)
    address_hash: Mapped[str | None]  #: keyed hash of the last network address, where the channel knows it
    hand_back_due: Mapped[bool] = mapped_column(default=False)  #: the bot has yet to hear of a hand-back
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_message_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  #: notices aside
    is_unfinished: Mapped[bool] = mapped_column(default=False)  #: the customer spoke since it was last ended
    idle_noticed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: told that it will be ended
    held_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  #: the platform is fetching: nothing is sent


class OwnershipRow(Base):
    """Who owned a conversation from when on: append-only; the last record is the present."""

    __tablename__ = "ownership"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    mode: Mapped[str]
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    agent_name: Mapped[str | None]
    why: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageRow(Base):
    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("channel", "platform_message_id"),
        Index("ix_message_awaiting", "awaits_turn", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str]
    seq: Mapped[int]
    sender: Mapped[str]
    author_name: Mapped[str | None]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    payload: Mapped[str | None]  #: of a pressed button
    platform_message_id: Mapped[str | None]
    client_id: Mapped[str | None]
    awaits_turn: Mapped[bool] = mapped_column(default=False)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turn.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def as_message(self) -> Message:
        return Message(
            id=self.id,
            conversation_id=self.conversation_id,
            channel=self.channel,
            seq=self.seq,
            sender=Sender(self.sender),
            parts=tuple(self.parts),
            at=self.created_at,
            author_name=self.author_name,
            client_id=self.client_id,
            turn_id=self.turn_id,
        )


class TurnRow(Base):
    __tablename__ = "turn"
    __table_args__ = (Index("ix_turn_conversation_id", "conversation_id", "started_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    outcome: Mapped[str]
    text: Mapped[str | None]
    payload: Mapped[str | None]
    understood: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    error: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_turn(self) -> Turn:
        return Turn(
            id=self.id,
            conversation_id=self.conversation_id,
            outcome=TurnOutcome(self.outcome),
            started_at=self.started_at,
            understood=tuple(self.understood),
            error=self.error,
        )


class OfferedPayloadRow(Base):
    """A button that was shown in a conversation: only these may come back."""

    __tablename__ = "offered_payload"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    payload: Mapped[str] = mapped_column(primary_key=True)


class OutboxRow(Base):
    """A message that has yet to reach the customer's platform."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "next_attempt_at"),)

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str]
    seq: Mapped[int]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: left to whoever claimed it
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Log:
    """The conversations of one transaction: reading, appending, and who owns them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, channel: str, external_id: str, at: datetime) -> Conversation:
        """The conversation with this other side, started now if there was none."""
        row = await self._session.scalar(
            select(ConversationRow).where(
                ConversationRow.channel == channel, ConversationRow.external_id == external_id
            )
        )
        if row is None:
            row = ConversationRow(id=new_id("c"), channel=channel, external_id=external_id, created_at=at)
            self._session.add(row)
            await self._session.flush()
            await self.own(row.id, Mode.BOT, at=at, why="started")
        return await self._described(row)

    async def get(self, conversation_id: str) -> Conversation:
        row = await self._session.get(ConversationRow, conversation_id)
        if row is None:
            raise ConversationNotFound(conversation_id)
        return await self._described(row)

    async def came_from(self, conversation_id: str, address_hash: str) -> None:
        await self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(address_hash=address_hash)
        )

    async def _described(self, row: ConversationRow) -> Conversation:
        owner = await self._session.scalar(
            select(OwnershipRow)
            .where(OwnershipRow.conversation_id == row.id)
            .order_by(OwnershipRow.id.desc())
            .limit(1)
        )
        if owner is None:
            raise ConversationNotFound(f"{row.id} has no owner")
        return Conversation(
            id=row.id,
            channel=row.channel,
            external_id=row.external_id,
            mode=Mode(owner.mode),
            created_at=row.created_at,
            agent_name=owner.agent_name,
            ticket_id=owner.ticket_id,
        )

    async def own(
        self,
        conversation_id: str,
        mode: Mode,
        *,
        at: datetime,
        why: str,
        ticket_id: str | None = None,
        agent_id: str | None = None,
        agent_name: str | None = None,
    ) -> None:
        """Record the new owner."""
        self._session.add(
            OwnershipRow(
                conversation_id=conversation_id,
                mode=mode.value,
                ticket_id=ticket_id,
                agent_id=agent_id,
                agent_name=agent_name,
                why=why,
                at=at,
            )
        )
        await self._session.flush()

    async def append(
        self,
        conversation: Conversation,
        sender: Sender,
        parts: tuple[dict[str, Any], ...],
        *,
        at: datetime,
        author_name: str | None = None,
        agent_id: str | None = None,
        client_id: str | None = None,
        platform_message_id: str | None = None,
        payload: str | None = None,
        awaits_turn: bool = False,
        turn_id: str | None = None,
    ) -> Message:
        """Add an entry with the next number; what is not the customer's own also goes to the outbox.

        The number comes from an UPDATE, so two writers of one conversation wait for each other.
        """
        seq = await self._session.scalar(
            update(ConversationRow)
            .where(ConversationRow.id == conversation.id)
            .values(last_seq=ConversationRow.last_seq + 1, **_activity(sender, at))
            .returning(ConversationRow.last_seq)
        )
        if seq is None:
            raise ConversationNotFound(conversation.id)
        row = MessageRow(
            id=new_id("m"),
            conversation_id=conversation.id,
            channel=conversation.channel,
            seq=seq,
            sender=sender.value,
            author_name=author_name,
            agent_id=agent_id,
            parts=list(parts),
            payload=payload,
            platform_message_id=platform_message_id,
            client_id=client_id,
            awaits_turn=awaits_turn,
            turn_id=turn_id,
            created_at=at,
        )
        self._session.add(row)
        await self._session.flush()
        if sender is not Sender.CUSTOMER:
            self._session.add(
                OutboxRow(
                    message_id=row.id,
                    conversation_id=conversation.id,
                    channel=conversation.channel,
                    seq=seq,
                    state="queued",
                    next_attempt_at=at,
                )
            )
            await self._offer(conversation.id, parts)
        return row.as_message()

    async def _offer(self, conversation_id: str, parts: tuple[dict[str, Any], ...]) -> None:
        for part in parts:
            if part["kind"] != "quick_replies":
                continue
            for option in part["options"]:
                await self._session.merge(
                    OfferedPayloadRow(conversation_id=conversation_id, payload=option["payload"])
                )

    async def was_offered(self, conversation_id: str, payload: str) -> bool:
        return await self._session.get(OfferedPayloadRow, (conversation_id, payload)) is not None

    async def payload_titled(
        self, conversation_id: str, title: str, *, is_waiting: bool = False
    ) -> str | None:
        """The payload of a button with these words, shown since the customer last said something.

        Nobody answers who ``is_waiting`` for a person: then what was shown last counts, whatever they said after it.
        """
        shown = await self._options_shown(conversation_id, is_waiting)
        return next((str(option["payload"]) for option in shown if option["title"] == title), None)

    async def payload_numbered(
        self, conversation_id: str, number: int, *, is_waiting: bool = False
    ) -> str | None:
        """The payload of the button with this number in the last list that ``payload_titled`` would look at.

        The buttons of one message are one list, counted from 1, as `bot.channels.degrade` shows them.
        """
        messages = await self._shown_since_last_said(conversation_id, is_waiting)
        lists = [options for message in messages if (options := _options_of(message.parts))]
        if not lists or not 1 <= number <= len(lists[-1]):
            return None
        return str(lists[-1][number - 1]["payload"])

    async def _options_shown(self, conversation_id: str, is_waiting: bool) -> list[dict[str, Any]]:
        messages = await self._shown_since_last_said(conversation_id, is_waiting)
        return [option for message in messages for option in _options_of(message.parts)]

    async def _shown_since_last_said(self, conversation_id: str, is_waiting: bool) -> list[MessageRow]:
        is_here, is_said = (
            MessageRow.conversation_id == conversation_id,
            MessageRow.sender == Sender.CUSTOMER.value,
        )
        newest = select(func.coalesce(func.max(MessageRow.seq), 0)).where(is_here)
        last_said = newest.where(is_said)
        if is_waiting:
            last_said = last_said.where(MessageRow.seq < newest.where(~is_said).scalar_subquery())
        rows = await self._session.scalars(
            select(MessageRow)
            .where(is_here, ~is_said, MessageRow.seq > last_said.scalar_subquery())
            .order_by(MessageRow.seq)
        )
        return list(rows)

    async def last_version(self, channel: str, conversation_id: str, message_id: str) -> Message | None:
        """A customer's message as it reads after their latest correction (``<message_id>:edit…``), if it is known."""
        original = f"{conversation_id}:{message_id}"
        row = await self._session.scalar(
            select(MessageRow)
            .where(
                MessageRow.conversation_id == conversation_id,
                MessageRow.channel == channel,
                or_(
                    MessageRow.platform_message_id == original,
                    MessageRow.platform_message_id.startswith(f"{original}:edit", autoescape=True),
                ),
            )
            .order_by(MessageRow.seq.desc())
            .limit(1)
        )
        return row.as_message() if row else None

    async def find_by_platform_id(self, channel: str, platform_message_id: str) -> Message | None:
        row = await self._session.scalar(
            select(MessageRow).where(
                MessageRow.channel == channel, MessageRow.platform_message_id == platform_message_id
            )
        )
        return row.as_message() if row else None

    async def since(self, conversation_id: str, seq: int) -> list[Message]:
        """Everything after ``seq``, in order."""
        rows = await self._session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > seq)
            .order_by(MessageRow.seq)
        )
        return [row.as_message() for row in rows]

    async def last_words(self, conversation_id: str) -> str:
        """What the customer said last."""
        row = await self._session.scalar(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.sender == Sender.CUSTOMER.value)
            .order_by(MessageRow.seq.desc())
            .limit(1)
        )
        return row.as_message().text if row else ""

    async def get_message(self, message_id: str) -> Message:
        row = await self._session.get_one(MessageRow, message_id)
        return row.as_message()

    async def get_turn(self, turn_id: str) -> Turn:
        row = await self._session.get_one(TurnRow, turn_id)
        return row.as_turn()

    async def turns(self, conversation_id: str) -> list[Turn]:
        rows = await self._session.scalars(
            select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.started_at)
        )
        return [row.as_turn() for row in rows]


def _options_of(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [option for part in parts if part["kind"] == "quick_replies" for option in part["options"]]


def _activity(sender: Sender, at: datetime) -> dict[str, Any]:
    """What an entry says about the life of its conversation."""
    match sender:
        case Sender.CUSTOMER:
            return {"last_message_at": at, "is_unfinished": True, "idle_noticed_at": None}
        case Sender.BOT | Sender.AGENT:
            return {"last_message_at": at}
        case Sender.SYSTEM:
            return {}
