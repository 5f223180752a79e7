"""Tables of the Telegram channel. Nothing in them is needed for longer than a few days but buttons and groups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class UpdateRow(Base):
    """An update that Telegram told us, kept until it is worked through; its id stays, so that a repeat is known."""

    __tablename__ = "telegram_update"
    __table_args__ = (Index("ix_telegram_update_state", "state", "bot_id", "update_id"),)

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)  #: whose order it is part of
    body: Mapped[str] = mapped_column(Text)  #: the update as JSON; emptied when it is done
    state: Mapped[str] = mapped_column(String(10))  #: "waiting", "done" or "failed"
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OffsetRow(Base):
    """How far polling has come."""

    __tablename__ = "telegram_offset"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    next_update_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ButtonRow(Base):
    """What a button stands for: Telegram carries 64 bytes with a press, a payload can be longer."""

    __tablename__ = "telegram_button"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    payload: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)


class PieceRow(Base):
    """How far the sending of a message has come: a message can be several of Telegram's."""

    __tablename__ = "telegram_piece"

    message_id: Mapped[str] = mapped_column(String, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))  #: a `PieceState`
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class GroupRow(Base):
    """A group that was told that the bot talks to people one by one."""

    __tablename__ = "telegram_group"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)
