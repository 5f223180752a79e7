"""Which unanswered words somebody has seen to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime


class ReviewedMissRow(Base):
    """A miss that needs nobody any more; the words themselves stay where they were said."""

    __tablename__ = "reviewed_miss"

    turn_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    intent: Mapped[str | None] = mapped_column(String(100))  #: to be taught as; None: nothing to teach
    reviewer: Mapped[str] = mapped_column(String(100))
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
