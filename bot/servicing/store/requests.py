"""What customers asked for after the loan was paid out, and what they complained of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class ServiceRequestRow(Base):
    """A request that a verified customer confirmed."""

    __tablename__ = "service_request"
    __table_args__ = (Index("ix_service_request_customer_kind", "customer_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_no: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)  #: of the turn that submitted it
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)  #: what was asked for, figures as text
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSON
    )  #: what was computed and told before it was confirmed
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ServiceRequestEventRow(Base):
    """One step of a request."""

    __tablename__ = "service_request_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))  #: the state it came to
    actor: Mapped[str] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_untold: Mapped[bool] = mapped_column(default=False)  #: the customer has yet to hear of it


class ComplaintRow(Base):
    """A complaint, from its registration to the call-back."""

    __tablename__ = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_no: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"))
    cause: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(20))  #: ordinary, urgent or complex
    state: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    satisfaction: Mapped[int | None]  #: 1-5, asked at the call-back
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ComplaintEventRow(Base):
    """One contact or step of a complaint."""

    __tablename__ = "complaint_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
