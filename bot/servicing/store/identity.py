"""Tables of the identity check, and of the channel identities that came through it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, column, table
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime

#: Who is at the other side of a conversation, read from the conversation's own table and never written here.
CONVERSATION = table(
    "conversation", column("id"), column("channel"), column("external_id"), column("address_hash")
)


class VerificationRow(Base):
    """One identity check of one conversation: who it is about, and the code that was sent."""

    __tablename__ = "verification"
    __table_args__ = (Index("ix_verification_conversation_customer", "conversation_id", "customer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id"), index=True
    )  #: the application that was named, if one was
    claim: Mapped[str] = mapped_column(String(80))  #: what was named, as in ``VerificationAttemptRow``
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
        Index("ix_verification_attempt_conversation_claim", "conversation_id", "claim"),
        Index("ix_verification_attempt_claim_at", "claim", "at"),
        Index("ix_verification_attempt_address_at", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    claim: Mapped[str] = mapped_column(
        String(80)
    )  #: an application number, which need not exist, or a phone's hash
    address_hash: Mapped[str | None] = mapped_column(String(64))  #: of the network address, where it is known
    step: Mapped[str] = mapped_column(String(10))  #: begin or confirm
    outcome: Mapped[str] = mapped_column(String(20))
    attempts_left: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class VerificationGuardRow(Base):
    """Failures and locks of a conversation, a claim, a customer or a network address.

    Attempts lock this row before they count, so that concurrent ones count after each other.
    """

    __tablename__ = "verification_guard"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)  #: since the last lock or success
    locks: Mapped[int] = mapped_column(default=0)  #: how often it was locked; the next lock is longer
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_failure_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  #: failures up to then weigh no more


class ChannelIdentityRow(Base):
    """Who somebody is on a channel, once proved; it stays proved for a set time."""

    __tablename__ = "channel_identity"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))  #: the conversation's external id on that channel
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    proved_by: Mapped[str] = mapped_column(String(20))  #: code, bank_token or oauth
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedNonceRow(Base):
    """A signed identity that was used, kept until it could not be used any more anyway."""

    __tablename__ = "used_nonce"

    nonce_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
