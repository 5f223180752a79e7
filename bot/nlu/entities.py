"""All entities of one message: the readers run over one sheet, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.nlu.amounts import read_amounts
from bot.nlu.asides import read_asides, read_asked_aside
from bot.nlu.bare import read_bare_numbers
from bot.nlu.corrections import settled
from bot.nlu.dates import read_dates
from bot.nlu.entity import Entity, Sheet
from bot.nlu.identifiers import read_identifiers
from bot.nlu.normalise import Normalised, normalise
from bot.nlu.rates import read_rates
from bot.nlu.spans import read_spans
from bot.nlu.terms import read_terms
from bot.nlu.vocabulary import Finder, by_pattern, read_vocabulary

CHINA = timezone(timedelta(hours=8))


def extract(
    message: Normalised, today: date, requested_slot: str | None = None, finder: Finder = by_pattern
) -> list[Entity]:
    """The entities of a message, placed in its original text."""
    sheet = Sheet(message.text, today, requested_slot)
    read_identifiers(sheet)
    read_asides(sheet)
    read_asked_aside(sheet)
    read_vocabulary(sheet, finder)
    read_dates(sheet)
    read_terms(sheet)
    read_rates(sheet)
    read_amounts(sheet)
    read_bare_numbers(sheet)
    read_spans(sheet)
    placed = []
    for entity in settled(message.text, sheet.found):
        start, end = message.span(entity.start, entity.end)
        placed.append(Entity(entity.type, entity.value, start, end, entity.role))
    return placed


def extract_from(text: str, today: date, requested_slot: str | None = None) -> list[Entity]:
    """The entities of a text as it was typed."""
    return extract(normalise(text), today, requested_slot)


def to_wire(entities: Sequence[Entity], text: str) -> list[dict[str, Any]]:
    """The entities as the contract spells them, with the words they stand for."""
    wire = []
    for entity in entities:
        item: dict[str, Any] = {
            "type": entity.type,
            "value": entity.value,
            "text": text[entity.start : entity.end],
            "start": entity.start,
            "end": entity.end,
        }
        if entity.role:
            item["role"] = entity.role
        wire.append(item)
    return wire


def day_of(now: str | None) -> date:
    """The day in China of an ISO time; today when none is given or it cannot be read."""
    if now:
        try:
            moment = datetime.fromisoformat(now.replace("Z", "+00:00"))
        except ValueError:
            return datetime.now(CHINA).date()
        return moment.astimezone(CHINA).date() if moment.tzinfo else moment.date()
    return datetime.now(CHINA).date()
