"""Tables of what is told of the bank's own accord."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class NoticeRow(Base):
    """One thing to be told to one customer, once."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_due", "state", "due_at"),
        Index("ix_notice_customer", "customer_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)  #: in the order in which they were stored
    key: Mapped[str] = mapped_column(String(150), unique=True)  #: of `bot.care.model.Notice`
    kind: Mapped[str] = mapped_column(String(30))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    conversation_id: Mapped[str | None] = mapped_column(String(64))  #: where it was asked for
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))  #: NoticeState
    reason: Mapped[str | None] = mapped_column(String(200))  #: why it waits, or came to its end
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: left to whoever claimed it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeAttemptRow(Base):
    """What was tried on one channel; one row for each way, so that none is gone twice."""

    __tablename__ = "notice_attempt"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "external_id", "manner"),
        Index("ix_notice_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    manner: Mapped[str] = mapped_column(String(10))  #: message, template or none
    state: Mapped[str] = mapped_column(String(10))  #: AttemptState
    reason: Mapped[str | None] = mapped_column(String(200))
    message_id: Mapped[str | None] = mapped_column(String(64))  #: in the conversation
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
