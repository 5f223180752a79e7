"""Words of the bank's core that came before what they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class WaitingWordRow(Base):
    """A word that is taken as soon as the record that it belongs to arrives."""

    __tablename__ = "waiting_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(String(20))
    waits_for: Mapped[str] = mapped_column(String(60), index=True)  #: "customer:…", "application:…", "loan:…"
    word_encrypted: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  #: keyed hash; the same word waits once
    actor: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
