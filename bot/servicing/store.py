"""Servicing's tables."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from bot.store.base import Base, UtcDateTime


class ExactNumeric(TypeDecorator[Decimal]):
    """A ``NUMERIC(precision, scale)``; on SQLite, which has only floats for it, a scaled integer.

    A number with more places than the column holds is refused instead of rounded.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self._scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(self.impl_instance)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        scaled = value.scaleb(self._scale)
        if scaled != int(scaled):
            raise ValueError(f"{value} has more than {self._scale} decimal places")
        return int(scaled) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self._scale) if dialect.name == "sqlite" else value


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
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


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


class StageEventRow(Base):
    """A stage that ended. The same event told twice is one row."""

    __tablename__ = "stage_event"
    __table_args__ = (UniqueConstraint("application_id", "stage", "outcome", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    stage: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoanRow(Base):
    """A loan that was paid out."""

    __tablename__ = "loan"
    __table_args__ = (
        CheckConstraint("principal > 0", name="principal_positive"),
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("repayment_day BETWEEN 1 AND 28", name="repayment_day_exists_every_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
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


class VerificationRow(Base):
    """One identity check of one conversation for one application."""

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_conversation_application", "conversation_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    code_hash: Mapped[str] = mapped_column(String(64))  #: keyed, over nonce and code
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code_expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VerificationAttemptRow(Base):
    """One attempt, whatever came of it. ``key`` makes a repeated turn find its own answer."""

    __tablename__ = "verification_attempt"
    __table_args__ = (
        Index("ix_verification_attempt_conversation_application", "conversation_id", "application_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    application_no: Mapped[str] = mapped_column(String(32))  #: as claimed; it need not exist
    step: Mapped[str] = mapped_column(String(10))  #: begin or confirm
    outcome: Mapped[str] = mapped_column(String(20))
    attempts_left: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class VerificationGuardRow(Base):
    """Failures and locks of one conversation or of one (claimed) application number.

    Attempts lock this row before they count, so that concurrent ones count after each other.
    """

    __tablename__ = "verification_guard"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)  #: since the last lock or success
    locks: Mapped[int] = mapped_column(default=0)  #: how often it was locked; the next lock is longer
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_failure_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: failures up to then weigh no more


class AuditEventRow(Base):
    """Who did what to which record, and when."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(100))  #: "conversation:…", "agent:…", "core"
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(String(100))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
