"""Facts, answers and problems as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.knowledge.errors import WrongShape
from bot.knowledge.formatting import value_text
from bot.knowledge.units import Scalar, Shape, Status, Unit, Value


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One value of one policy key, with the days on which it holds (both included)."""

    key: str
    title: str
    value: Value
    unit: Unit
    shape: Shape
    effective_from: date
    effective_to: date | None  #: None means until further notice
    region: str
    source: str
    status: Status
    bank_configurable: bool
    verified_on: date  #: the last day for which somebody looked it up
    review_by: date | None = None  #: the day by which somebody looks it up again

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def is_unverified(self) -> bool:
        return self.status is Status.UNVERIFIED

    @property
    def items(self) -> tuple[Scalar, ...]:
        """Every value, whatever the shape."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def number(self) -> Decimal:
        """The one number of a scalar fact, in its unit."""
        return _number(self, self.value)

    @property
    def whole(self) -> int:
        """The number of a scalar fact that counts something."""
        number = self.number
        if number != int(number):
            raise _wrong(self, "a whole number")
        return int(number)

    @property
    def fraction(self) -> Decimal:
        """A percentage or a number of basis points as a fraction: 3.50 % is ``Decimal('0.0350')``."""
        if self.unit is Unit.PCT:
            return self.number / 100
        if self.unit in (Unit.BASIS_POINTS, Unit.SPREAD):
            return self.number / 10000
        raise _wrong(self, "a share")

    @property
    def low(self) -> Decimal:
        """The lower end of a range; a scalar's number."""
        return _number(self, self.items[0]) if self.shape is not Shape.LIST else _refuse(self, "a range")

    @property
    def high(self) -> Decimal:
        """The upper end of a range; a scalar's number."""
        return _number(self, self.items[-1]) if self.shape is not Shape.LIST else _refuse(self, "a range")

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """Every value as a number."""
        return tuple(_number(self, item) for item in self.items)

    @property
    def words(self) -> tuple[str, ...]:
        """Every value as text, as written in the file."""
        return tuple(str(item) for item in self.items)

    @property
    def is_true(self) -> bool:
        if not isinstance(self.value, bool):
            raise _wrong(self, "a yes or no")
        return self.value

    @property
    def text(self) -> str:
        """The value as a customer reads it, with its unit."""
        return value_text(self.value, self.unit, self.shape)


def _wrong(fact: Fact, wanted: str) -> WrongShape:
    return WrongShape(f"{fact.key!r} ({fact.shape.value} of {fact.unit.value}) was read as {wanted}")


def _refuse(fact: Fact, wanted: str) -> Decimal:
    raise _wrong(fact, wanted)


def _number(fact: Fact, value: Value) -> Decimal:
    if not isinstance(value, Decimal):
        raise _wrong(fact, "a number")
    return value


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer file: what customers ask, and the two forms of what we say, still with their facts open."""

    topic: str
    slug: str
    title: str
    questions: tuple[str, ...]
    short: str
    long: str | None
    related: tuple[str, ...] = ()
    skill: str | None = None  #: which agents know more, when it is handed over
    is_default: bool = False  #: what the topic says when nothing fits better
    only_if: tuple[str, ...] = ()  #: a special case: said only when one of these words was
    audience: tuple[str, ...] = ()  #: the groups of customers it is written for; none means everybody
    channels: tuple[str, ...] = ()  #: where it may be said; none means everywhere
    calculation: str | None = None  #: the calculation that shows it with the customer's own figures
    english: str | None = None  #: a summary for those who write English, its facts still open
    review_by: date  #: the day by which somebody reads it again

    @property
    def name(self) -> str:
        return f"{self.topic}/{self.slug}"


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as is known, and where."""

    audience: tuple[str, ...] = ()  #: the groups that they said they belong to
    words: str = ""  #: the words they said it with: they count for ``only_if`` like those of the question
    channel: str | None = None  #: None means that it is not known, and then nothing is left out


ANYBODY = Asker()


@dataclass(frozen=True)
class Rendered:
    """An answer with the facts of one day in it; ``detail`` is the long form behind 「展开」."""

    text: str
    detail: str | None = None
    facts: tuple[Fact, ...] = ()  #: every fact it rests on, so that it can be traced
    english: str | None = None  #: what a customer who writes English is told first
