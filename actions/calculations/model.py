"""A calculation in conversation: its subject, the fields it needs, what is known of them, and what comes out."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from actions.calculations.rules import BOTH, Refusal, Rules
from actions.turn import Turn
from bot.lending import Loan, Method
from bot.lending.face import Result as Figures
from bot.lending.face import calculate
from bot.messages import Card
from bot.papers import PlannedLoan, SummaryPaper

Say = Callable[..., str]


class Source(StrEnum):
    """Where a value comes from."""

    SAID = "said"
    RECORD = "record"  #: the verified customer's loan
    CARRIED = "carried"  #: the calculation before
    DERIVED = "derived"  #: follows from other values; falls with them
    DEFAULT = "default"  #: taken because nothing was said; named beside the figure


@dataclass(frozen=True)
class Given:
    """A value as it travels (JSON) and where it comes from."""

    value: Any
    source: Source = Source.SAID


class Values(Mapping[str, Given]):
    """What is known of a calculation's fields, by field name."""

    def __init__(self, given: Mapping[str, Given] | None = None) -> None:
        self._given = dict(given or {})

    def __getitem__(self, name: str) -> Given:
        return self._given[name]

    def __iter__(self) -> Any:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def raw(self, name: str) -> Any:
        """The value as it travels; None when it is not known."""
        return self._given[name].value if name in self._given else None

    def money(self, name: str) -> Decimal:
        return Decimal(str(self.raw(name)))

    rate = money  # both travel as decimal text

    def months(self, name: str) -> int:
        return int(self.raw(name))

    whole = months

    def method(self, name: str = "method") -> Method | None:
        """The method, or None where both were asked for."""
        value = self.raw(name)
        return None if value in (None, BOTH) else Method(value)

    def with_(self, source: Source, said: Mapping[str, Any]) -> Values:
        """These values with others over them."""
        return Values({**self._given, **{name: Given(value, source) for name, value in said.items()}})

    def without(self, *names: str) -> Values:
        return Values({name: given for name, given in self._given.items() if name not in names})

    def from_others_than(self, source: Source) -> Values:
        return Values({name: given for name, given in self._given.items() if given.source is not source})

    def only(self, names: Sequence[str]) -> Values:
        return Values({name: given for name, given in self._given.items() if name in names})

    def to_raw(self) -> dict[str, Any]:
        """The values alone."""
        return {name: given.value for name, given in self._given.items()}

    def to_slot(self) -> dict[str, Any]:
        return {name: [given.value, given.source.value] for name, given in self._given.items()}

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any]) -> Values:
        return cls({name: Given(value, Source(source)) for name, (value, source) in slot.items()})


@dataclass(frozen=True)
class Choice:
    """A button under a question: its words, and the fields it settles."""

    title: str
    settles: Mapping[str, Any]


Need = Callable[[Values], bool]
#: Words of an answer, each with the fields they settle.
Words = Sequence[tuple[re.Pattern[str], Mapping[str, Any]]]


@dataclass(frozen=True)
class Field:
    """One value that a calculation needs.

    The same name in two subjects means the same thing, so that it can be carried from one to the other.
    """

    name: str
    entity: str  #: the kind of entity that fills it
    cue: re.Pattern[str] | None = None  #: words beside a value that claim it for this field
    only_with_cue: bool = False  #: never filled by a value without such words, unless it was asked for
    role: str | None = None  #: "from" or "to", when a change is said
    default: Callable[[Rules, Values], Any] | None = None  #: taken, and named, instead of asking
    is_needed: Need = lambda values: True
    choices: Callable[[Rules, Values, Say], Sequence[Choice]] | None = None
    asking: Callable[[Rules, Values], Mapping[str, object]] | None = None  #: values that its question names
    asked_as: str | None = None  #: the kind of entity that a bare number is read as, where not its own
    mentions: Words = ()  #: settle it wherever they stand in a message
    answers: Words = ()  #: settle it when it was asked for: 「是的」
    judge: Callable[[Rules, Any], Refusal | None] | None = None  #: narrower limits than those of its kind

    def but(self, **changes: Any) -> Field:
        """The same field as another subject needs it."""
        return replace(self, **changes)


def never(values: Values) -> bool:
    """For a field that is taken when it is said, and not asked for."""
    return False


@dataclass(frozen=True)
class Figure:
    """The figure that the customer came for."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class Step:
    """A natural next step, as a button."""

    title: str
    payload: str


def payload(intent: str, settles: Mapping[str, Any]) -> str:
    """The payload of a button that settles fields."""
    return f"/{intent}" + json.dumps(settles, ensure_ascii=False)


@dataclass(frozen=True)
class Result:
    """What a calculation says: the figure and its meaning first, then a card, then what one could do next."""

    says: str | None  #: the figure and one sentence of meaning
    card: Card | None
    steps: tuple[Step, ...] = ()
    caution: str | None = (
        None  #: a limit reached or an offer refused: said after the figure, after a change too
    )
    figure: Figure | None = None  #: what a change of the calculation compares
    interest: Decimal | None = None  #: compared as well, where the subject has it
    carries: Mapping[str, Any] = field(default_factory=dict)  #: values found, for the calculation after
    is_refused: bool = False  #: what was asked for cannot be had: its words are said even after a change
    loans: tuple[PlannedLoan, ...] = ()  #: whose whole schedule can be had as a file
    summary: SummaryPaper | None = None  #: to keep as a file; an agent who takes over reads what it says


@dataclass(frozen=True)
class Case:
    """Everything a subject works with: what is known, the day's facts and the words."""

    values: Values
    rules: Rules
    say: Say
    today: date

    def figures(self, kind: str, **inputs: Any) -> Figures:
        """A calculation of the core, in its words (`bot.lending.face`); None is left out."""
        given = {name: _wire(value) for name, value in inputs.items() if value is not None}
        return calculate(kind, given, self.rules.defaults)

    def pct(self, name: str = "annual_rate") -> Decimal:
        """A rate per cent, as the core's face takes it."""
        return self.values.rate(name) * 100

    def loan(self, principal: str = "principal", term: str = "term_months") -> Loan:
        """The loan of the usual fields; both methods asked for count as 等额本息."""
        method = self.values.method() or Method.EQUAL_INSTALMENT
        return Loan(
            self.values.money(principal), self.values.rate("annual_rate"), self.values.months(term), method
        )


class Subject(ABC):
    """A kind of calculation that customers ask for: one module each."""

    NAME: ClassVar[str]
    TOPICS: ClassVar[tuple[str, ...]] = ()  #: topics under which it may be meant
    ASKED: ClassVar[re.Pattern[str]]  #: the words that mean it
    WANTS_FIGURES: ClassVar[re.Pattern[str] | None] = None  #: words that ask for figures and name none
    FIELDS: ClassVar[tuple[Field, ...]] = ()  #: in the order in which they are asked
    IS_OWN_LOAN: ClassVar[bool] = False  #: about a loan that runs: taken from the record, carried along
    NEEDS_NO_FIGURE: ClassVar[bool] = False  #: its words alone ask for it
    FOLLOWS_BY_NAME: ClassVar[bool] = False  #: its words lead to it from another calculation

    @classmethod
    def field(cls, name: str) -> Field:
        return next(each for each in cls.FIELDS if each.name == name)

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        """What a message says, where its words mean more than the values read from it: 「再降25个基点」."""
        return said

    def noted(self, turn: Turn, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a message says with the times and limits that were read beside its values: 「延长5年」."""
        return said

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """Values that follow from others, where they were not given; what then is still missing is asked for."""
        return {}

    @classmethod
    def changes_last(cls, said: Collection[str]) -> bool:
        """Whether a message that names these fields changes the last calculation of this subject.

        It does unless it names what the subject starts from, its first field.
        """
        return not cls.IS_OWN_LOAN and cls.FIELDS[0].name not in said

    @abstractmethod
    def work_out(self, case: Case) -> Result:
        """The result of complete values. `InvalidInput` when they do not go together."""


def _wire(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value
