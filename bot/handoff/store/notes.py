"""What people at the desk write for each other, and what they write again and again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class NoteRow(Base):
    """A note on a conversation that the customer never sees."""

    __tablename__ = "desk_note"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)  #: once verified
    kind: Mapped[str] = mapped_column(String(10))  #: note, or whisper: a supervisor's word to the agent
    author_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    author_name: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CannedReplyRow(Base):
    """A reply kept for reuse: an agent's own, or shared by all."""

    __tablename__ = "canned_reply"
    __table_args__ = (UniqueConstraint("owner_id", "shortcut"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))  #: none: shared
    shortcut: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(Text)  #: with {客户}, {坐席}, {申请编号} filled in when it is used
    changed_by: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
