"""What the bank has on record: customers, applications, documents, loans and what was paid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.servicing.store.numeric import ExactNumeric
from bot.store.base import Base, UtcDateTime


class CustomerRow(Base):
    """A customer: what identifies a person is encrypted, and found again by keyed hash."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_encrypted: Mapped[str] = mapped_column(Text)
    phone_encrypted: Mapped[str] = mapped_column(Text)
    phone_hash: Mapped[str] = mapped_column(String(64), index=True)
    id_number_encrypted: Mapped[str] = mapped_column(Text)
    id_number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    id_last4_hash: Mapped[str] = mapped_column(String(64))  #: salted with id_number_hash
    customer_no: Mapped[str | None] = mapped_column(
        String(32), unique=True
    )  #: the core's number, if it gave one
    is_valued: Mapped[bool] = mapped_column(default=False)  #: the bank asks for personal service
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: of the core's latest word on it


class ApplicationRow(Base):
    """A loan application and where it stands."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_no: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    product: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2))
    term_months: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(30))  #: the stage it is in, or ended in
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(String(40))  #: why it was rejected, where the bank says so
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: of the core's latest word on it


class StageEventRow(Base):
    """A stage that ended. The same event told twice is one row; one that came too early waits here too."""

    __tablename__ = "stage_event"
    __table_args__ = (UniqueConstraint("application_id", "stage", "outcome", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    stage: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(String(40))  #: why, for a rejection


class LoanRow(Base):
    """A loan that was paid out; a combined application has two."""

    __tablename__ = "loan"
    __table_args__ = (
        UniqueConstraint("application_id", "kind"),
        CheckConstraint("principal > 0", name="principal_positive"),
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("repayment_day BETWEEN 1 AND 28", name="repayment_day_exists_every_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(20), default="commercial")  #: as told; see `LoanKind.of`
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    principal: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2))
    balance: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2))
    annual_rate: Mapped[Decimal] = mapped_column(ExactNumeric(9, 6))  #: a fraction: 0.030500 is 3.05 %
    term_months: Mapped[int]
    method: Mapped[str] = mapped_column(String(20))
    rate_kind: Mapped[str] = mapped_column(String(20))  #: floating or fixed
    spread_bp: Mapped[int | None]  #: over LPR; None when the rate is not floating over LPR
    repayment_day: Mapped[int]
    account_tail: Mapped[str] = mapped_column(String(4))
    first_due: Mapped[date] = mapped_column(Date)
    loan_no: Mapped[str | None] = mapped_column(String(32), unique=True)  #: the core's number, if it gave one
    state: Mapped[str] = mapped_column(String(20), default="running")  #: running or settled
    paid_out_on: Mapped[date | None] = mapped_column(Date)
    repricing_month: Mapped[int | None]  #: 1-12; None for a fixed rate
    repricing_day: Mapped[int | None]
    repricing_cycle_months: Mapped[int | None]
    arrears_amount: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2), default=Decimal(0))
    arrears_since: Mapped[date | None] = mapped_column(Date)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: of the core's latest word on it


class RepaymentRow(Base):
    """Money that came in on a loan, or an instalment that fell due and was not paid."""

    __tablename__ = "repayment"
    __table_args__ = (UniqueConstraint("loan_id", "kind", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    kind: Mapped[str] = mapped_column(String(20))  #: instalment, prepayment or settlement
    due_on: Mapped[date] = mapped_column(Date)
    paid_on: Mapped[date | None] = mapped_column(Date)  #: None: not paid
    principal: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2))
    interest: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2))
    penalty: Mapped[Decimal] = mapped_column(ExactNumeric(14, 2), default=Decimal(0))
    balance_after: Mapped[Decimal | None] = mapped_column(ExactNumeric(14, 2))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: of the core's latest word on it


class LoanRateRow(Base):
    """The rate that a loan bears from a day on."""

    __tablename__ = "loan_rate"
    __table_args__ = (UniqueConstraint("loan_id", "effective_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    effective_on: Mapped[date] = mapped_column(Date)
    annual_rate: Mapped[Decimal] = mapped_column(ExactNumeric(9, 6))  #: a fraction
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DocumentRow(Base):
    """A document that an application needs, or has."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_application_kind", "application_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(40))  #: DocumentKind
    is_required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(20))  #: missing, received, accepted, refused
    issued_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    months_covered: Mapped[int | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  #: what the pre-check found
    reason: Mapped[str | None] = mapped_column(Text)  #: why it was refused
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredFileRow(Base):
    """A file that a customer or an agent sent: kept once under its digest, whoever sends it."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_conversation", "conversation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(60))  #: as found in its bytes
    size: Mapped[int]
    conversation_id: Mapped[str] = mapped_column(String(64))
    name_encrypted: Mapped[str] = mapped_column(Text)  #: as the sender called it; never used as a path
    sent_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SentDocumentRow(Base):
    """A file that was sent to the bot: what was read of it, and the document that it became part of.

    A document may consist of several: both sides of a card, the pages of a statement.
    """

    __tablename__ = "sent_document"
    __table_args__ = (
        Index("ix_sent_document_conversation_state", "conversation_id", "state"),
        Index("ix_sent_document_document", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str] = mapped_column(String(64))  #: whose turn begins once it is read
    state: Mapped[str] = mapped_column(String(20), index=True)  #: SentState
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON)  #: what was read, never the text itself
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProgressSubscriptionRow(Base):
    """A conversation that wants to hear when an application moves on."""

    __tablename__ = "progress_subscription"
    __table_args__ = (UniqueConstraint("application_id", "conversation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    conversation_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_event_id: Mapped[int] = mapped_column(
        default=0
    )  #: the newest stage event that was told, or came before
