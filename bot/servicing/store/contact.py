"""How customers wish to be told things that they did not just ask for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class ContactWishRow(Base):
    """A customer's wishes for every notice; no row: none were said."""

    __tablename__ = "contact_wish"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True, autoincrement=False)
    channel: Mapped[str | None] = mapped_column(String(20))  #: to be tried first
    wants_none: Mapped[bool] = mapped_column(default=False)
    spares_evenings: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeWishRow(Base):
    """Whether a customer wants one kind of notice; no row: nothing was said about it."""

    __tablename__ = "notice_wish"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)  #: NoticeKind
    is_wanted: Mapped[bool]
    conversation_id: Mapped[str] = mapped_column(String(64))  #: where it was said
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
