"""Calculations as Rasa remembers them, for messages of tests."""

from __future__ import annotations

from typing import Any

from bot.messages import Card
from tests.actions.said import entity


def kept(subject: str, wants: str | None = None, **values: Any) -> dict[str, Any]:
    """The slot of a calculation whose values the customer has said."""
    return {
        "subject": subject,
        "values": {name: [value, "said"] for name, value in values.items()},
        "refused": {},
        "begun_by": "",
        "wants": wants,
    }


def values_in(slot: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, (value, _) in slot["values"].items()}


def found(text: str, *named: tuple[str, Any, str]) -> list[dict[str, Any]]:
    """Entities as the reader of messages finds them: type, value and the words they stand for in ``text``."""
    return [
        {**entity(kind, value), "start": text.index(words), "end": text.index(words) + len(words)}
        for kind, value, words in named
    ]


def card_of(parts: list[Any]) -> Card:
    return next(part for part in parts if isinstance(part, Card))


def rows_of(parts: list[Any]) -> dict[str, str]:
    return {row.label: row.value for row in card_of(parts).rows}
