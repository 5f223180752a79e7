"""A kind of request in conversation: what is asked, how an answer is read, and what its summary shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from actions.calculations.rules import Rules
from actions.loan_choice import LOAN
from actions.turn import Turn
from bot.knowledge.formatting import day, money
from bot.servicing.model import LoanOnRecord
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import FIGURES, Shown

Say = Callable[..., str]
Values = Mapping[str, Any]  #: what is known of a request's items, as JSON
LOANS = "loans"  #: beside the items: the loans in question, where there are several
CONFIRMATION = "confirmation"  #: what is waited for once nothing is missing


@dataclass(frozen=True)
class Choice:
    """A button: its words, and the items it settles (None empties one)."""

    title: str
    settles: Mapping[str, Any]


@dataclass(frozen=True)
class Heard:
    """A message as the items read it."""

    turn: Turn
    text: str  #: without the words that point at a loan: 「公积金部分」 is no part of a sum
    wanted: str | None  #: the item that was asked for
    known: Values
    today: date

    def entity(self, name: str) -> Any:
        """The one value said of a kind of entity; None for a range."""
        value = self.turn.value(name)
        return None if isinstance(value, list) else value


@dataclass(frozen=True)
class Asking:
    """What the choices under a question are made from."""

    known: Values
    rules: Rules
    loan: LoanOnRecord | None
    say: Say
    today: date


def always(values: Values) -> bool:
    return True


@dataclass(frozen=True)
class Item:
    """One thing that a request needs to know."""

    name: str
    read: Callable[[Heard], Any]  #: the value that a message says; None when it says none
    entity: str | None = None  #: the kind of entity that a bare number is read as
    is_needed: Callable[[Values], bool] = always
    choices: Callable[[Asking], Sequence[Choice]] | None = None
    shows_figures: bool = False  #: its question stands under the figures, so that one can choose by them


@dataclass(frozen=True)
class Row:
    """A line of the summary: a figure of the draft, or else a value of the wish."""

    name: str
    form: Shown
    is_emphasised: bool = False


@dataclass(frozen=True)
class Follow:
    """What a request takes over from a calculation that it follows."""

    fixed: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)  #: the calculation's field for each item


@dataclass(frozen=True)
class RequestForm:
    """A kind of request as it is filled in a conversation."""

    name: str
    items: tuple[Item, ...]
    kind_of: Callable[[Values], RequestKind | None]
    rows: Mapping[RequestKind, tuple[Row, ...]] = field(default_factory=dict)
    needs_customer: bool = True
    follows: Mapping[str, Follow] = field(default_factory=dict)  #: by the calculation's name
    rules: Callable[[Rules], Mapping[str, object]] | None = None  #: the facts that are told at the beginning

    def wish_of(self, values: Values) -> dict[str, Any]:
        """What servicing is asked, of what is known."""
        return {
            name: value for name, value in values.items() if value is not None and name not in (LOAN, LOANS)
        }

    def wants(self, values: Values) -> Item | None:
        """The item to ask for next; None when all is there."""
        return next(
            (item for item in self.items if values.get(item.name) is None and item.is_needed(values)), None
        )


def typed(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures as phrases take them: amounts as decimals, days as dates, counts as numbers."""
    return {name: _typed(FIGURES.get(name, Shown.MONEY), value) for name, value in figures.items()}


def shown(form: Shown, name: str, value: Any, say: Say) -> str:
    """A figure as it stands on a card."""
    match form:
        case Shown.MONEY:
            return money(Decimal(str(value)))
        case Shown.DAY:
            return day(date.fromisoformat(str(value)))
        case Shown.WORDS:
            return say(f"request.value.{name}.{value}")
        case Shown.METHOD:
            return say(f"papers.method.{value}")
        case Shown.PLAIN:
            return say(f"request.plain.{name}", value=value)
        case _:
            return say(f"request.form.{form.value}", value=value)


def _typed(form: Shown, value: Any) -> Any:
    match form:
        case Shown.MONEY:
            return Decimal(str(value))
        case Shown.DAY:
            return date.fromisoformat(str(value))
        case Shown.DAYS | Shown.MONTHS:
            return int(value)
        case _:
            return int(value) if str(value).isdigit() and form is Shown.PLAIN else value


def payload(intent: str, settles: Mapping[str, Any]) -> str:
    """The payload of a button."""
    return f"/{intent}" + json.dumps(settles, ensure_ascii=False)
