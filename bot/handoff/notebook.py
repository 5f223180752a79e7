"""Notes among colleagues, and replies kept for reuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.handoff.errors import NotAllowed, ReplyNotFound, ShortcutTaken
from bot.handoff.model import Agent
from bot.handoff.store import CannedReplyRow, NoteRow
from bot.messages.ids import new_id
from bot.store.engine import Sessions


class NoteKind(StrEnum):
    NOTE = "note"
    WHISPER = "whisper"  #: a supervisor's word to the agent who has the customer


@dataclass(frozen=True)
class Note:
    id: str
    conversation_id: str
    kind: NoteKind
    author_name: str
    text: str
    at: datetime


@dataclass(frozen=True)
class CannedReply:
    id: str
    shortcut: str
    text: str
    is_shared: bool


class Notebook:
    """What the desk writes down for itself."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def add_note(
        self,
        conversation_id: str,
        author: Agent,
        text: str,
        kind: NoteKind = NoteKind.NOTE,
        customer_id: int | None = None,
    ) -> Note:
        """A note that stays with the conversation and, once known, with the customer; only supervisors whisper."""
        if kind is NoteKind.WHISPER and not author.is_supervisor:
            raise NotAllowed("only a supervisor whispers")
        note = Note(new_id("n"), conversation_id, kind, author.display_name, text, self._clock.now())
        async with self._sessions.begin() as session:
            session.add(
                NoteRow(
                    id=note.id,
                    conversation_id=conversation_id,
                    customer_id=customer_id,
                    kind=kind.value,
                    author_id=author.id,
                    author_name=note.author_name,
                    text=text,
                    at=note.at,
                )
            )
        return note

    async def notes_on(self, conversation_id: str, customer_id: int | None = None) -> list[Note]:
        """The conversation's notes, and those of the customer's other conversations; oldest first."""
        about = NoteRow.conversation_id == conversation_id
        if customer_id is not None:
            about = or_(about, NoteRow.customer_id == customer_id)
        async with self._sessions() as session:
            rows = await session.scalars(select(NoteRow).where(about).order_by(NoteRow.at))
            return [
                Note(row.id, row.conversation_id, NoteKind(row.kind), row.author_name, row.text, row.at)
                for row in rows
            ]

    async def replies_for(self, agent: Agent) -> list[CannedReply]:
        """The agent's own replies and the shared ones; an own one hides a shared one of the same shortcut."""
        async with self._sessions() as session:
            rows = await session.scalars(
                select(CannedReplyRow).where(
                    or_(CannedReplyRow.owner_id.is_(None), CannedReplyRow.owner_id == agent.id)
                )
            )
            found = [CannedReply(row.id, row.shortcut, row.text, row.owner_id is None) for row in rows]
        own = {reply.shortcut for reply in found if not reply.is_shared}
        kept = [reply for reply in found if not (reply.is_shared and reply.shortcut in own)]
        return sorted(kept, key=lambda reply: reply.shortcut)

    async def keep_reply(
        self, agent: Agent, shortcut: str, text: str, *, is_shared: bool = False, reply_id: str | None = None
    ) -> CannedReply:
        """Add a reply or change one; shared ones are the supervisors' business."""
        if is_shared and not agent.is_supervisor:
            raise NotAllowed("shared replies are the supervisors' business")
        owner = None if is_shared else agent.id
        try:
            async with self._sessions.begin() as session:
                if reply_id is None:
                    taken = await session.scalar(
                        select(CannedReplyRow.id).where(
                            CannedReplyRow.shortcut == shortcut,
                            CannedReplyRow.owner_id.is_(None)
                            if owner is None
                            else CannedReplyRow.owner_id == owner,
                        )
                    )
                    if taken is not None:  # the database holds nulls apart, so shared ones are looked up
                        raise ShortcutTaken(shortcut)
                    row = CannedReplyRow(id=new_id("k"), owner_id=owner)
                    session.add(row)
                else:
                    row = await self._own_row(session, agent, reply_id)
                row.shortcut, row.text = shortcut, text
                row.changed_by, row.changed_at = agent.id, self._clock.now()
                await session.flush()
                return CannedReply(row.id, shortcut, text, row.owner_id is None)
        except IntegrityError as exc:
            raise ShortcutTaken(shortcut) from exc

    async def drop_reply(self, agent: Agent, reply_id: str) -> None:
        async with self._sessions.begin() as session:
            await self._own_row(session, agent, reply_id)
            await session.execute(delete(CannedReplyRow).where(CannedReplyRow.id == reply_id))

    async def _own_row(self, session: AsyncSession, agent: Agent, reply_id: str) -> CannedReplyRow:
        row = await session.get(CannedReplyRow, reply_id)
        may_change = row is not None and (
            row.owner_id == agent.id or (row.owner_id is None and agent.is_supervisor)
        )
        if row is None or not may_change:
            raise ReplyNotFound(reply_id)
        return row
