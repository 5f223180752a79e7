"""The rules by which documents will do: the same for what a customer describes and for what was read from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.servicing.model import DocumentKind
from bot.servicing.ports import PolicyFact
from bot.servicing.reading.model import Legibility, Reading, Side

FactOfToday = Callable[[str], PolicyFact]


class Finding(StrEnum):
    """What the pre-check came to; the phrase ``documents.finding.<finding>`` says it."""

    IDENTITY_VALID = "identity_valid"
    IDENTITY_FOR_GOOD = "identity_for_good"
    IDENTITY_SOON = "identity_soon"  #: valid, but not for long enough
    IDENTITY_EXPIRED = "identity_expired"
    IDENTITY_NO_BACK = "identity_no_back"  #: the side with the validity is still to come
    IDENTITY_NO_FRONT = "identity_no_front"
    STATEMENT_ENOUGH = "statement_enough"
    STATEMENT_SHORT = "statement_short"
    STATEMENT_OLD = "statement_old"  #: it ends too long ago
    ISSUED = "issued"
    ISSUED_LONG_AGO = "issued_long_ago"
    NO_DATE = "no_date"  #: the date that matters could not be made out
    SEEN = "seen"  #: it is what it is said to be; nothing more is read from this kind
    OTHER_KIND = "other_kind"  #: it looks like another document
    UNCLEAR = "unclear"
    BLANK = "blank"
    NOT_READ = "not_read"
    UNKNOWN_KIND = "unknown_kind"  #: readable, but nothing on it says which document it is


#: With these the customer has something to do.
FAULTS = frozenset(
    {
        Finding.IDENTITY_SOON,
        Finding.IDENTITY_EXPIRED,
        Finding.IDENTITY_NO_BACK,
        Finding.IDENTITY_NO_FRONT,
        Finding.STATEMENT_SHORT,
        Finding.STATEMENT_OLD,
        Finding.ISSUED_LONG_AGO,
        Finding.OTHER_KIND,
        Finding.UNCLEAR,
        Finding.BLANK,
    }
)


@dataclass(frozen=True)
class Found:
    """One finding with its figures (dates and whole numbers)."""

    finding: Finding
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def is_fault(self) -> bool:
        return self.finding in FAULTS

    def to_wire(self) -> dict[str, Any]:
        """As JSON, dates in ISO form."""
        values = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.values.items()
        }
        return {"finding": self.finding.value, **values}

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Found:
        values = {
            name: date.fromisoformat(value) if isinstance(value, str) and name in _DAYS else value
            for name, value in wire.items()
            if name != "finding"
        }
        return cls(Finding(wire["finding"]), values)


_DAYS = frozenset({"until", "first", "last", "on", "needed_from"})


def statement_months_needed(fact: FactOfToday, *, is_self_employed: bool) -> int:
    """How many months a statement must cover: more for somebody without an employer."""
    if is_self_employed:
        return fact("materials.self_employed_statement_months").whole
    return int(fact("materials.statement_months").low)


def months_missing(months: int, needed: int) -> int:
    """How many months a statement is short of; 0 when it will do."""
    return max(0, needed - months)


def _months(first: date, last: date) -> Iterator[int]:
    """The calendar months from the first day's to the last day's, both among them."""
    return iter(range(first.year * 12 + first.month, last.year * 12 + last.month + 1))


def examined(
    kind: DocumentKind,
    readings: Sequence[Reading],
    fact: FactOfToday,
    today: date,
    *,
    is_self_employed: bool = False,
) -> tuple[Found, ...]:
    """What all files of one document come to together."""
    clear = [reading for reading in readings if reading.legibility is Legibility.CLEAR]
    found = list(_illegible(readings))
    others = {reading.kind for reading in clear if reading.kind not in (None, kind)}
    found += [Found(Finding.OTHER_KIND, {"kind": str(other)}) for other in sorted(others, key=str)]
    own = [reading for reading in clear if reading.kind in (None, kind)]
    if own:
        match kind:
            case DocumentKind.IDENTITY:
                found += _identity(own, fact, today)
            case DocumentKind.STATEMENT:
                found += _statement(own, fact, today, is_self_employed=is_self_employed)
            case DocumentKind.PROOF:
                found += _proof(own, fact, today)
            case _:
                is_told = any(reading.kind is kind for reading in own)
                found.append(Found(Finding.SEEN if is_told else Finding.UNKNOWN_KIND))
    return tuple(found)


def _illegible(readings: Iterable[Reading]) -> Iterator[Found]:
    """Each way in which a file could not be read, once."""
    ways = {reading.legibility for reading in readings}
    for way, finding in (
        (Legibility.UNCLEAR, Finding.UNCLEAR),
        (Legibility.BLANK, Finding.BLANK),
        (Legibility.NOT_READ, Finding.NOT_READ),
    ):
        if way in ways:
            yield Found(finding)


def _identity(readings: Sequence[Reading], fact: FactOfToday, today: date) -> Iterator[Found]:
    sides = {reading.side for reading in readings}
    ends = [reading.valid_until for reading in readings if reading.valid_until is not None]
    if any(reading.is_long_term for reading in readings):
        yield Found(Finding.IDENTITY_FOR_GOOD)
    elif ends:
        # Of two cards the one that ends first: husband and wife may have sent both.
        until = min(ends)
        left = (until - today).days
        if left < 0:
            yield Found(Finding.IDENTITY_EXPIRED, {"until": until})
        elif left < fact("documents.identity_days_left").whole:
            yield Found(Finding.IDENTITY_SOON, {"until": until, "days": left})
        else:
            yield Found(Finding.IDENTITY_VALID, {"until": until})
    elif sides == {Side.FRONT}:
        yield Found(Finding.IDENTITY_NO_BACK)
    else:
        yield Found(Finding.NO_DATE)
    if sides == {Side.BACK}:
        yield Found(Finding.IDENTITY_NO_FRONT)


def _statement(
    readings: Sequence[Reading], fact: FactOfToday, today: date, *, is_self_employed: bool
) -> Iterator[Found]:
    """The pages together; a month that no page covers is missing, also between others."""
    covered = [
        (reading.covered_from, reading.covered_to)
        for reading in readings
        if reading.covered_from is not None and reading.covered_to is not None
    ]
    if not covered:
        yield Found(Finding.NO_DATE)
        return
    first, last = min(start for start, _ in covered), min(max(end for _, end in covered), today)
    needed = statement_months_needed(fact, is_self_employed=is_self_employed)
    months = len({month for start, end in covered for month in _months(start, min(end, today))})
    missing = months_missing(months, needed)
    is_old = today - last > timedelta(days=fact("documents.statement_days_old").whole)
    span = {"first": first, "last": last, "months": months}
    if is_old:
        yield Found(Finding.STATEMENT_OLD, {**span, "needed": needed})
    if missing:
        yield Found(Finding.STATEMENT_SHORT, {**span, "needed": needed, "missing": missing})
    if not is_old and not missing:
        yield Found(Finding.STATEMENT_ENOUGH, span)


def _proof(readings: Sequence[Reading], fact: FactOfToday, today: date) -> Iterator[Found]:
    days = [reading.issued_on for reading in readings if reading.issued_on is not None]
    if not days:
        yield Found(Finding.NO_DATE)
        return
    on = max(days)
    longest = fact("documents.proof_days_old").whole
    if (today - on).days > longest:
        yield Found(Finding.ISSUED_LONG_AGO, {"on": on, "days": longest})
    else:
        yield Found(Finding.ISSUED, {"on": on})
