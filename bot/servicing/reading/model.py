"""What can be read from a document."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from bot.servicing.model import DocumentKind


class Legibility(StrEnum):
    """How well a file could be read."""

    CLEAR = "clear"
    UNCLEAR = "unclear"  #: something is there, but too little of it can be made out
    BLANK = "blank"  #: nothing is on it
    NOT_READ = "not_read"  #: the reading itself failed or took too long; a person has to look


class Side(StrEnum):
    """Of an identity card."""

    FRONT = "front"  #: name, picture and number
    BACK = "back"  #: the emblem, who issued it, and how long it is valid


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Which document a file seems to be and the dates on it; None where nothing could be read."""

    legibility: Legibility
    kind: DocumentKind | None = None
    side: Side | None = None
    valid_until: date | None = None
    is_long_term: bool = False  #: valid for good (「长期」)
    issued_on: date | None = None
    covered_from: date | None = None  #: the first and the last day that a statement covers
    covered_to: date | None = None
    pages: int = 1
    pages_read: int = 1  #: of a long PDF only so many are looked at

    def to_wire(self) -> dict[str, Any]:
        """As JSON: dates in ISO form, what is unknown left out."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found.items()
            if value is not None
        }

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Reading:
        """The reading of a JSON object; ``ValueError``, ``KeyError`` or ``TypeError`` when it is none."""
        days = {"valid_until", "issued_on", "covered_from", "covered_to"}
        given: dict[str, Any] = {
            name: date.fromisoformat(value) if name in days else value for name, value in wire.items()
        }
        given["legibility"] = Legibility(given["legibility"])
        if "kind" in given:
            given["kind"] = DocumentKind(given["kind"])
        if "side" in given:
            given["side"] = Side(given["side"])
        return cls(**given)


NOT_READ = Reading(legibility=Legibility.NOT_READ, pages_read=0)
