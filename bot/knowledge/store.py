"""Where the edits of facts and answers are kept. Rows are never deleted: what was taken back says by whom and when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.changes import AnswerChange, Given, PolicyChange
from bot.knowledge.units import Status
from bot.store.base import Base, UtcDateTime


class PolicyChangeRow(Base):
    """A new value of a policy fact."""

    __tablename__ = "policy_change"
    __table_args__ = (Index("ix_policy_change_key_id", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    region: Mapped[str] = mapped_column(String(50))
    value: Mapped[Given] = mapped_column(JSON)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    verified_on: Mapped[date] = mapped_column(Date)
    review_by: Mapped[date | None] = mapped_column(Date)
    author: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    taken_back_by: Mapped[str | None] = mapped_column(String(100))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_change(self) -> PolicyChange:
        return PolicyChange(
            id=self.id,
            key=self.key,
            region=self.region,
            value=self.value,
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            source=self.source,
            status=Status(self.status),
            verified_on=self.verified_on,
            review_by=self.review_by,
            author=self.author,
            made_at=self.made_at,
            reason=self.reason,
            taken_back_by=self.taken_back_by,
            taken_back_at=self.taken_back_at,
        )


class AnswerChangeRow(Base):
    """A new text of an answer."""

    __tablename__ = "answer_change"
    __table_args__ = (Index("ix_answer_change_answer_id", "answer", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    author: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    taken_back_by: Mapped[str | None] = mapped_column(String(100))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def as_change(self) -> AnswerChange:
        return AnswerChange(
            id=self.id,
            answer=self.answer,
            text=self.text,
            effective_from=self.effective_from,
            author=self.author,
            made_at=self.made_at,
            reason=self.reason,
            taken_back_by=self.taken_back_by,
            taken_back_at=self.taken_back_at,
        )
