"""Promises to a customer as rows: a call back, a written plan. Their clocks are rows of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.handoff.clocks import Promise, ServiceClock
from bot.handoff.errors import PromiseNotFound
from bot.handoff.store.agents import AgentRow
from bot.handoff.store.clocks import Clocks, Subject
from bot.messages.ids import new_id
from bot.store.base import Base, UtcDateTime

BY_REQUEST = "request"  #: made by a service request that was submitted


class PromiseRow(Base):
    """One promise, by whom it was made and by whom it was kept. It outlives the ticket in which it was made.

    One that a service request brought with it has the request's number for its id: it is made once.
    """

    __tablename__ = "promise"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str] = mapped_column(String(100))  #: "bot", "request" or "agent:…"
    note: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by: Mapped[str | None] = mapped_column(String(100))
    kept_note: Mapped[str | None] = mapped_column(Text)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, kw_only=True)
class Promised:
    """A promise with its clock."""

    id: str
    conversation_id: str
    kind: Promise
    made_by: str
    agent_name: str  #: of the agent who made it; empty where it was not made by hand
    note: str
    made_at: datetime
    kept_at: datetime | None
    kept_note: str | None
    clock: ServiceClock | None  #: none when no level held on the day it was made

    @property
    def request_no(self) -> str | None:
        """The service request that brought it with it."""
        return self.id if self.made_by == BY_REQUEST else None


class Promises:
    """The promises of one transaction."""

    def __init__(self, session: AsyncSession, clocks: Clocks) -> None:
        self._session = session
        self._clocks = clocks

    async def make(self, conversation_id: str, kind: Promise, by: str, note: str, at: datetime) -> Promised:
        """Promise it; who was promised the same and still waits is not promised it twice."""
        row = await self._session.scalar(
            self._open_of(conversation_id).where(PromiseRow.kind == kind.value).limit(1)
        )
        if row is None:
            row = await self._write(new_id("p"), conversation_id, kind, by, note, at)
        return await self._promised(row)

    async def make_for_request(
        self, request_no: str, conversation_id: str, kind: Promise, at: datetime
    ) -> None:
        """What is promised with a service request, whatever else was promised."""
        await self._write(request_no, conversation_id, kind, BY_REQUEST, "", at)

    async def has_open(self, conversation_id: str, kind: Promise) -> bool:
        """Whether this is promised and not kept yet."""
        row = await self._session.scalar(
            self._open_of(conversation_id).where(PromiseRow.kind == kind.value).limit(1)
        )
        return row is not None

    async def keep(self, promise_id: str, by: str, note: str | None, at: datetime) -> Promised:
        """It is done; ``PromiseNotFound`` when there is none or it was done before."""
        row = await self._session.get(PromiseRow, promise_id, with_for_update=True)
        if row is None or row.kept_at is not None:
            raise PromiseNotFound(promise_id)
        row.kept_by, row.kept_note, row.kept_at = by, note, at
        await self._clocks.stop(Subject.PROMISE, row.id, at)
        return await self._promised(row)

    async def keep_older(
        self, conversation_id: str, kind: Promise, since: datetime, by: str, at: datetime
    ) -> None:
        """Whatever of this kind was promised before a moment is done."""
        rows = await self._session.scalars(
            self._open_of(conversation_id).where(PromiseRow.kind == kind.value, PromiseRow.made_at < since)
        )
        for row in list(rows):
            await self.keep(row.id, by, None, at)

    async def pause(self, conversation_id: str, at: datetime) -> None:
        """The bank is not the one to act."""
        for row in list(await self._session.scalars(self._open_of(conversation_id))):
            await self._clocks.pause(Subject.PROMISE, row.id, at)

    async def resume(self, conversation_id: str, at: datetime) -> None:
        for row in list(await self._session.scalars(self._open_of(conversation_id))):
            await self._clocks.resume(Subject.PROMISE, row.id, at)

    async def get(self, promise_id: str) -> Promised:
        row = await self._session.get(PromiseRow, promise_id)
        if row is None:
            raise PromiseNotFound(promise_id)
        return await self._promised(row)

    async def of(self, conversation_id: str) -> Sequence[Promised]:
        """All promises of a conversation, oldest first."""
        mine = select(PromiseRow).where(PromiseRow.conversation_id == conversation_id)
        return await self._all(mine.order_by(PromiseRow.made_at))

    async def open(self, limit: int) -> Sequence[Promised]:
        """What is not kept yet, oldest first."""
        waiting = select(PromiseRow).where(PromiseRow.kept_at.is_(None))
        return await self._all(waiting.order_by(PromiseRow.made_at).limit(limit))

    async def _write(
        self, promise_id: str, conversation_id: str, kind: Promise, by: str, note: str, at: datetime
    ) -> PromiseRow:
        row = PromiseRow(
            id=promise_id, conversation_id=conversation_id, kind=kind.value, made_by=by, note=note, made_at=at
        )
        self._session.add(row)
        await self._session.flush()
        await self._clocks.start(Subject.PROMISE, row.id, kind, at)
        return row

    def _open_of(self, conversation_id: str) -> Select[PromiseRow]:
        return select(PromiseRow).where(
            PromiseRow.conversation_id == conversation_id, PromiseRow.kept_at.is_(None)
        )

    async def _promised(self, row: PromiseRow) -> Promised:
        (promised,) = await self._with_clocks([row])
        return promised

    async def _all(self, wanted: Select[PromiseRow]) -> list[Promised]:
        return await self._with_clocks(list(await self._session.scalars(wanted)))

    async def _with_clocks(self, rows: list[PromiseRow]) -> list[Promised]:
        clocks = await self._clocks.of_many(Subject.PROMISE, [row.id for row in rows])
        makers = {row.made_by.removeprefix("agent:") for row in rows}
        agents = await self._session.scalars(select(AgentRow).where(AgentRow.id.in_(makers)))
        names = {f"agent:{agent.id}": agent.display_name for agent in agents}
        return [
            Promised(
                id=row.id,
                conversation_id=row.conversation_id,
                kind=Promise(row.kind),
                made_by=row.made_by,
                agent_name=names.get(row.made_by, ""),
                note=row.note,
                made_at=row.made_at,
                kept_at=row.kept_at,
                kept_note=row.kept_note,
                clock=next(iter(clocks.get(row.id, ())), None),
            )
            for row in rows
        ]
