"""The keys of the bank's systems, and the answers that their calls were given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class ApiKeyRow(Base):
    """A key with which a system of the bank calls; only its keyed hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    public_id: Mapped[str] = mapped_column(
        String(16), unique=True
    )  #: the part of the key by which it is found
    key_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnsweredCallRow(Base):
    """The answer to a call with an idempotency key: the same call again is given it again."""

    __tablename__ = "answered_call"
    __table_args__ = (
        UniqueConstraint("caller", "route", "key"),
        Index("ix_answered_call_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(String(60))  #: name of the API key
    route: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
