"""Tables of the queue, and the reading and writing of tickets within somebody's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.handoff.errors import TicketAlreadyTaken, TicketNotFound
from bot.handoff.model import Agent, Outcome, Priority, Reason, Role, Skill, Ticket, TicketStatus
from bot.store.base import Base, UtcDateTime


class AgentRow(Base):
    __tablename__ = "agent"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session_epoch: Mapped[int] = mapped_column(default=0)  #: raised to end all of the agent's sessions
    is_enabled: Mapped[bool] = mapped_column(default=True)

    def as_agent(self) -> Agent:
        return Agent(self.id, self.name, self.display_name, Role(self.role))


class TicketRow(Base):
    __tablename__ = "ticket"
    __table_args__ = (
        # One open ticket a conversation, and the database is the one to say so.
        Index(
            "uq_ticket_open_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index("ix_ticket_queue", "status", "priority", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str]
    reason: Mapped[str]
    skill: Mapped[str]
    priority: Mapped[int]
    summary: Mapped[str]
    status: Mapped[str]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    agent_name: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None]
    note: Mapped[str | None]

    def as_ticket(self) -> Ticket:
        return Ticket(
            id=self.id,
            conversation_id=self.conversation_id,
            channel=self.channel,
            reason=Reason(self.reason),
            skill=Skill(self.skill),
            summary=self.summary,
            created_at=self.created_at,
            priority=Priority(self.priority),
            status=TicketStatus(self.status),
            agent_id=self.agent_id,
            agent_name=self.agent_name,
            claimed_at=self.claimed_at,
            closed_at=self.closed_at,
            outcome=Outcome(self.outcome) if self.outcome else None,
            note=self.note,
        )


class AssignmentRow(Base):
    """Who held a ticket, from when to when."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Tickets:
    """The tickets of one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, ticket_id: str) -> Ticket:
        row = await self._session.get(TicketRow, ticket_id, populate_existing=True)
        if row is None:
            raise TicketNotFound(ticket_id)
        return row.as_ticket()

    async def open_for(self, conversation_id: str) -> Ticket | None:
        """The ticket the conversation holds now, if any."""
        row = await self._session.scalar(
            select(TicketRow).where(
                TicketRow.conversation_id == conversation_id, TicketRow.status != TicketStatus.CLOSED.value
            )
        )
        return row.as_ticket() if row else None

    async def of_conversation(self, conversation_id: str) -> list[Ticket]:
        rows = await self._session.scalars(
            select(TicketRow)
            .where(TicketRow.conversation_id == conversation_id)
            .order_by(TicketRow.created_at)
        )
        return [row.as_ticket() for row in rows]

    async def listed(self, *, status: TicketStatus | None, agent_id: str | None, limit: int) -> list[Ticket]:
        """Tickets for the desk: open ones in the queue's order, finished ones newest first."""
        query = select(TicketRow).limit(limit)
        if status is not None:
            query = query.where(TicketRow.status == status.value)
        if agent_id is not None:
            query = query.where(TicketRow.agent_id == agent_id)
        if status is TicketStatus.CLOSED:
            query = query.order_by(TicketRow.closed_at.desc())
        else:
            query = query.order_by(TicketRow.priority, TicketRow.created_at)
        return [row.as_ticket() for row in await self._session.scalars(query)]

    async def ahead_of(self, ticket: Ticket) -> int:
        """How many waiting tickets will be served before this one."""
        count = await self._session.scalar(
            select(func.count())
            .select_from(TicketRow)
            .where(
                TicketRow.status == TicketStatus.WAITING.value,
                (TicketRow.priority < ticket.priority)
                | ((TicketRow.priority == ticket.priority) & (TicketRow.created_at < ticket.created_at)),
            )
        )
        return count or 0

    async def add(self, ticket: Ticket) -> None:
        self._session.add(
            TicketRow(
                id=ticket.id,
                conversation_id=ticket.conversation_id,
                channel=ticket.channel,
                reason=ticket.reason.value,
                skill=ticket.skill.value,
                priority=ticket.priority.value,
                summary=ticket.summary,
                status=ticket.status.value,
                created_at=ticket.created_at,
            )
        )
        await self._session.flush()

    async def save(self, ticket: Ticket, *, was: TicketStatus) -> None:
        """Write a transition; ``TicketAlreadyTaken`` when somebody else made one since it was read."""
        changed = await self._session.execute(
            update(TicketRow)
            .where(TicketRow.id == ticket.id, TicketRow.status == was.value)
            .values(
                status=ticket.status.value,
                agent_id=ticket.agent_id,
                agent_name=ticket.agent_name,
                claimed_at=ticket.claimed_at,
                closed_at=ticket.closed_at,
                outcome=ticket.outcome.value if ticket.outcome else None,
                note=ticket.note,
            )
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise TicketAlreadyTaken(ticket.id)
        if ticket.status is TicketStatus.ACTIVE and ticket.agent_id and ticket.claimed_at:
            self._session.add(
                AssignmentRow(ticket_id=ticket.id, agent_id=ticket.agent_id, started_at=ticket.claimed_at)
            )
        elif ticket.closed_at is not None:
            await self._session.execute(
                update(AssignmentRow)
                .where(AssignmentRow.ticket_id == ticket.id, AssignmentRow.ended_at.is_(None))
                .values(ended_at=ticket.closed_at)
            )
