"""Edits made at the desk or on the command line, as values: they lie over the files until they are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.knowledge.units import Status

Given = str | int | bool | list[str | int]  #: a value as a file writes it; a date or a number as text


@dataclass(frozen=True, kw_only=True)
class PolicyChange:
    """A new value of a fact from a day on."""

    id: int
    key: str
    region: str
    value: Given
    effective_from: date
    effective_to: date | None  #: None means as long as the value that it replaces
    source: str
    status: Status
    verified_on: date
    review_by: date | None
    author: str
    made_at: datetime
    reason: str | None = None  #: why, in the author's words
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call it: ``p12``."""
        return f"p{self.id}"

    def as_entry(self) -> dict[str, Any]:
        """The fields of one value in a policy file."""
        return {
            "value": self.value,
            "effective_from": self.effective_from,
            "effective_to": self.effective_to,
            "region": self.region,
            "source": self.source,
            "status": self.status.value,
            "verified_on": self.verified_on,
            "review_by": self.review_by,
        }


@dataclass(frozen=True, kw_only=True)
class AnswerChange:
    """A new text of an answer from a day on: front matter and both forms, as its file would have them."""

    id: int
    answer: str  #: ``topic/slug``
    text: str
    effective_from: date
    author: str
    made_at: datetime
    reason: str | None = None  #: why, in the author's words
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call it: ``a3``."""
        return f"a{self.id}"


@dataclass(frozen=True)
class Edits:
    """What lies over the files on a day: every policy change (they carry their own days), and the newest text of
    each changed answer."""

    policy: tuple[PolicyChange, ...] = ()
    answers: tuple[AnswerChange, ...] = ()

    @property
    def texts(self) -> Mapping[str, str]:
        """The changed answers by name."""
        return {change.answer: change.text for change in self.answers}


NO_EDITS = Edits()
