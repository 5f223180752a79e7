"""Tickets as rows, read and written within somebody's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, and_, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.handoff.errors import TicketAlreadyTaken, TicketNotFound
from bot.handoff.model import Happening, Help, Outcome, Priority, Reason, Skill, Ticket, TicketStatus
from bot.store.base import Base, UtcDateTime

QUEUED = (TicketStatus.WAITING.value, TicketStatus.OFFERED.value)
HELD = (TicketStatus.ACTIVE.value, TicketStatus.ON_HOLD.value)
#: Stands for "no due time" in the queue's order: after every real one.
FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


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
        Index("ix_ticket_agent_status", "agent_id", "status"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str]
    reason: Mapped[str]
    skill: Mapped[str]
    priority: Mapped[int]
    summary: Mapped[str]
    language: Mapped[str] = mapped_column(String(10), default="zh")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    status: Mapped[str]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    agent_name: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_by: Mapped[list[str]] = mapped_column(JSON, default=list)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None]
    resolution: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str | None]
    help_why: Mapped[str | None]
    help_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    helper_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    helper_name: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

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
            language=self.language,
            customer_id=self.customer_id,
            status=TicketStatus(self.status),
            agent_id=self.agent_id,
            agent_name=self.agent_name,
            due_at=self.due_at,
            offer_expires_at=self.offer_expires_at,
            returned_at=self.returned_at,
            refused_by=tuple(self.refused_by),
            claimed_at=self.claimed_at,
            first_replied_at=self.first_replied_at,
            hold_until=self.hold_until,
            hold_reason=self.hold_reason,
            closed_at=self.closed_at,
            outcome=Outcome(self.outcome) if self.outcome else None,
            resolution=self.resolution,
            tags=tuple(self.tags),
            note=self.note,
            help=self._help(),
            version=self.version,
        )

    def _help(self) -> Help | None:
        if self.help_why is None or self.help_asked_at is None:
            return None
        return Help(self.help_why, self.help_asked_at, self.helper_id, self.helper_name)


class AssignmentRow(Base):
    """Who held a ticket, from when to when."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TicketEventRow(Base):
    """What happened to a ticket; rows are only ever added."""

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_kind_at", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  #: opened, offered, accepted, refused, expired, …
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def queue_order() -> tuple[ColumnElement[Any], ...]:
    """By class; within it who came back from an agent first, then the next to breach, then arrival."""
    return (
        TicketRow.priority.asc(),
        TicketRow.returned_at.is_(None).asc(),
        func.coalesce(TicketRow.due_at, FAR).asc(),
        TicketRow.created_at.asc(),
        TicketRow.id.asc(),
    )


class Tickets:
    """The tickets of one transaction."""

    def __init__(self, session: AsyncSession, happened: list[Happening] | None = None) -> None:
        self._session = session
        self._happened = [] if happened is None else happened  #: collects what is noted

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

    async def listed(
        self, statuses: Iterable[TicketStatus], *, agent_id: str | None = None, limit: int | None = None
    ) -> list[Ticket]:
        """Open tickets in the queue's order, or finished ones newest first."""
        wanted = [status.value for status in statuses]
        query = select(TicketRow).where(TicketRow.status.in_(wanted)).limit(limit)
        if agent_id is not None:
            query = query.where(TicketRow.agent_id == agent_id)
        if wanted == [TicketStatus.CLOSED.value]:
            query = query.order_by(TicketRow.closed_at.desc())
        else:
            query = query.order_by(*queue_order())
        return [row.as_ticket() for row in await self._session.scalars(query)]

    async def ahead_of(self, ticket: Ticket) -> int:
        """How many queued tickets will be served before this one."""
        queued = await self._session.scalars(
            select(TicketRow.id).where(TicketRow.status.in_(QUEUED)).order_by(*queue_order())
        )
        order = list(queued)
        return order.index(ticket.id) if ticket.id in order else 0

    async def waits_since(self, since: datetime, skill: Skill) -> list[float]:
        """How many seconds those who were taken since then had waited."""
        rows = await self._session.execute(
            select(TicketRow.created_at, TicketRow.claimed_at).where(
                TicketRow.claimed_at > since,
                TicketRow.skill == skill.value,
                TicketRow.reason != Reason.AGENT_TOOK.value,
            )
        )
        return [(claimed - created).total_seconds() for created, claimed in rows if claimed]

    async def load_of(self, agent_ids: Iterable[str]) -> dict[str, int]:
        """How many tickets each of them holds or is offered."""
        rows = await self._session.execute(
            select(TicketRow.agent_id, func.count())
            .where(
                TicketRow.agent_id.in_(list(agent_ids)),
                or_(TicketRow.status.in_(HELD), TicketRow.status == TicketStatus.OFFERED.value),
            )
            .group_by(TicketRow.agent_id)
        )
        return {agent_id: count for agent_id, count in rows if agent_id}

    async def last_agent_of(self, ticket: Ticket) -> str | None:
        """Who served this customer last, in this conversation or, once verified, in another."""
        same = TicketRow.conversation_id == ticket.conversation_id
        if ticket.customer_id is not None:
            same = or_(same, TicketRow.customer_id == ticket.customer_id)
        return await self._session.scalar(
            select(AssignmentRow.agent_id)
            .join(TicketRow, TicketRow.id == AssignmentRow.ticket_id)
            .where(and_(same, TicketRow.id != ticket.id))
            .order_by(AssignmentRow.started_at.desc())
            .limit(1)
        )

    async def add(self, ticket: Ticket) -> None:
        self._session.add(TicketRow(id=ticket.id, created_at=ticket.created_at, **_columns(ticket)))
        await self._session.flush()

    async def save(self, ticket: Ticket) -> Ticket:
        """Write a change; ``TicketAlreadyTaken`` when somebody else made one since it was read."""
        changed = await self._session.execute(
            update(TicketRow)
            .where(TicketRow.id == ticket.id, TicketRow.version == ticket.version)
            .values(**{**_columns(ticket), "version": ticket.version + 1})
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise TicketAlreadyTaken(ticket.id)
        return await self.get(ticket.id)

    async def begin_assignment(self, ticket: Ticket, at: datetime) -> None:
        """The agent of the ticket holds it from now on, and nobody else does."""
        await self.end_assignment(ticket.id, at)
        self._session.add(AssignmentRow(ticket_id=ticket.id, agent_id=ticket.agent_id, started_at=at))

    async def end_assignment(self, ticket_id: str, at: datetime) -> None:
        await self._session.execute(
            update(AssignmentRow)
            .where(AssignmentRow.ticket_id == ticket_id, AssignmentRow.ended_at.is_(None))
            .values(ended_at=at)
        )

    async def held_since(self, ticket_id: str) -> datetime | None:
        """Since when its present agent holds the ticket."""
        return await self._session.scalar(
            select(AssignmentRow.started_at).where(
                AssignmentRow.ticket_id == ticket_id, AssignmentRow.ended_at.is_(None)
            )
        )

    def note_event(
        self, ticket_id: str, kind: str, at: datetime, agent_id: str | None = None, **detail: Any
    ) -> None:
        """Add a line to the ticket's history."""
        self._happened.append(Happening(kind, detail))
        self._session.add(
            TicketEventRow(ticket_id=ticket_id, kind=kind, agent_id=agent_id, detail=detail, at=at)
        )

    async def events_of(self, ticket_id: str) -> list[TicketEventRow]:
        rows = await self._session.scalars(
            select(TicketEventRow).where(TicketEventRow.ticket_id == ticket_id).order_by(TicketEventRow.id)
        )
        return list(rows)


def _columns(ticket: Ticket) -> dict[str, Any]:
    return {
        "conversation_id": ticket.conversation_id,
        "channel": ticket.channel,
        "reason": ticket.reason.value,
        "skill": ticket.skill.value,
        "priority": ticket.priority.value,
        "summary": ticket.summary,
        "language": ticket.language,
        "customer_id": ticket.customer_id,
        "status": ticket.status.value,
        "agent_id": ticket.agent_id,
        "agent_name": ticket.agent_name,
        "due_at": ticket.due_at,
        "offer_expires_at": ticket.offer_expires_at,
        "returned_at": ticket.returned_at,
        "refused_by": list(ticket.refused_by),
        "claimed_at": ticket.claimed_at,
        "first_replied_at": ticket.first_replied_at,
        "hold_until": ticket.hold_until,
        "hold_reason": ticket.hold_reason,
        "closed_at": ticket.closed_at,
        "outcome": ticket.outcome.value if ticket.outcome else None,
        "resolution": ticket.resolution,
        "tags": list(ticket.tags),
        "note": ticket.note,
        "help_why": ticket.help.why if ticket.help else None,
        "help_asked_at": ticket.help.asked_at if ticket.help else None,
        "helper_id": ticket.help.supervisor_id if ticket.help else None,
        "helper_name": ticket.help.supervisor_name if ticket.help else None,
    }
