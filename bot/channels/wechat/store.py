"""Tables of the channel: who may be written to, what was asked, how far an answer got, tokens and notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class ContactRow(Base):
    """A customer at the platform, and how many messages it still lets through to them."""

    __tablename__ = "wechat_contact"

    open_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    is_subscribed: Mapped[bool] = mapped_column(default=True)
    message_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  #: the end of the window that a message opened
    message_left: Mapped[int] = mapped_column(default=0)
    action_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  #: the same after a menu, scan or subscription
    action_left: Mapped[int] = mapped_column(default=0)


class ArrivalRow(Base):
    """Something that the platform told; it asks up to three times about each."""

    __tablename__ = "wechat_arrival"
    __table_args__ = (Index("ix_wechat_arrival_state", "state", "at"),)

    key: Mapped[str] = mapped_column(String(260), primary_key=True)
    open_id: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))  #: ``new``, ``fetching`` (a picture to be got) or ``done``
    tries: Mapped[int] = mapped_column(default=1)
    message_id: Mapped[str | None]  #: of the log's entry
    media_id: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)  #: at getting the picture
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(
        Text
    )  #: what was answered in the request, said again if it asks again
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgressRow(Base):
    """A message of which only the first pieces were shown yet."""

    __tablename__ = "wechat_progress"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    pieces_shown: Mapped[int]


class TokenRow(Base):
    """The access token that all replicas use, sealed."""

    __tablename__ = "wechat_token"

    app_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_encrypted: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forced_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  #: when the platform was last told to change it


class NoticeRow(Base):
    """A template or subscription message, and what became of it."""

    __tablename__ = "wechat_notice"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    open_id: Mapped[str] = mapped_column(String(64), index=True)
    template: Mapped[str] = mapped_column(String(50))
    platform_id: Mapped[str | None] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(10))  #: ``sending``, ``accepted``, ``arrived`` or ``failed``
    error: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
