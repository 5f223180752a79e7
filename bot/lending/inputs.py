"""Reads the inputs of the machine-readable face: each wrong one becomes a named error, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeVar

from bot.lending import wording
from bot.lending.errors import InvalidInput
from bot.lending.model import MAX_ANNUAL_RATE, MAX_PRINCIPAL, MAX_TERM_MONTHS, Method, YearBasis
from bot.lending.money import exact, to_fen

#: Plain decimal text. `Decimal` itself takes "1e6", "NaN", "1_000" and full-width digits, which nobody means.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,24}(\.[0-9]{1,24})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

MONEY_PLACES = 2
RATE_PLACES = 10
SMALLEST_STEP = Decimal(1).scaleb(-RATE_PLACES)
SHORT_TERM_MONTHS = 60  #: up to here the shorter-dated policy rates apply
MAX_ITEMS = 480
FIRST_YEAR, LAST_YEAR = 1900, 2200
HUNDRED = Decimal(100)

METHODS = {"level": Method.EQUAL_INSTALMENT, "equal_principal": Method.EQUAL_PRINCIPAL}
BASES = {"actual/360": YearBasis.ACTUAL_360, "actual/365": YearBasis.ACTUAL_365}

T = TypeVar("T")


class _Unset(Enum):
    """Marks a field without a stand-in: leaving it out is an error."""

    REQUIRED = 0


REQUIRED: Final = _Unset.REQUIRED


@dataclass(frozen=True)
class Default:
    """A value that stands in for a field not given, and the sentence that says so."""

    value: object
    note: str
    for_short_term: Default | None = None  #: where another value holds for terms up to five years


@dataclass
class Inputs:
    """The raw inputs of one calculation, read field by field."""

    raw: Mapping[str, Any]
    defaults: Mapping[str, Default] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  #: which defaults were taken
    prefix: str = ""  #: where these inputs stand within the whole: ``commercial.``
    _read: set[str] = field(default_factory=set)
    _groups: list[Inputs] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the customer gave this field."""
        return self.raw.get(name) is not None

    def principal(self, name: str = "principal") -> Decimal:
        """An amount of money above zero, in yuan, with no more than two decimals."""
        return self._money(name, self._take(name), Decimal("0.01"))

    def amount(self, name: str, otherwise: str | None = None) -> Decimal:
        """As `principal`, but nothing is a possible amount; ``otherwise`` stands in when it is left out."""
        return self._money(name, self._take(name, REQUIRED if otherwise is None else otherwise), Decimal(0))

    def optional_principal(self, name: str) -> Decimal | None:
        value = self._take(name, None)
        return None if value is None else self._money(name, value, Decimal("0.01"))

    def optional_amount(self, name: str) -> Decimal | None:
        value = self._take(name, None)
        return None if value is None else self._money(name, value, Decimal(0))

    def annual_rate(self, name: str = "annual_rate_pct", default: str | None = None) -> Decimal:
        """A yearly rate given per cent, as the fraction the core calculates with.

        ``default`` names the default to take where it is not the field's own.
        """
        return self._percent(name, self._take(name, default=default), MAX_ANNUAL_RATE * 100)

    def contract_rate(self, name: str = "annual_rate_pct") -> Decimal:
        """The rate of a loan that runs: nobody but the contract knows it, so it has no default."""
        return self.annual_rate(name, default="")

    def share(self, name: str, low: str = "0", high: str = "100", default: str | None = None) -> Decimal:
        """A percentage of something, as a fraction."""
        return self._percent(name, self._take(name, default=default), Decimal(high), Decimal(low))

    def optional_share(self, name: str) -> Decimal | None:
        value = self._take(name, None)
        return None if value is None else self._percent(name, value, HUNDRED)

    def number(self, name: str, low: str, high: str) -> Decimal:
        """A plain decimal number."""
        return self._within(name, self._decimal(name, self._take(name)), Decimal(low), Decimal(high))

    def optional_number(self, name: str, low: str, high: str) -> Decimal | None:
        value = self._take(name, None)
        if value is None:
            return None
        return self._within(name, self._decimal(name, value), Decimal(low), Decimal(high))

    def term(self, name: str = "term_months") -> int:
        """A whole number of months, from 1 to 480."""
        return self.count(name, 1, MAX_TERM_MONTHS)

    def count(
        self, name: str, low: int, high: int, otherwise: int | None = None, default: str | None = None
    ) -> int:
        """A whole number; ``otherwise`` stands in when it is left out."""
        value = self._take(name, REQUIRED if otherwise is None else otherwise, default)
        return self._whole(name, value, low, high)

    def optional_count(self, name: str, low: int, high: int) -> int | None:
        value = self._take(name, None)
        return None if value is None else self._whole(name, value, low, high)

    def flag(self, name: str, otherwise: bool | None = None) -> bool:
        value = self._take(name, REQUIRED if otherwise is None else otherwise)
        if not isinstance(value, bool):
            raise self.invalid("not_a_flag", name)
        return value

    def day(self, name: str) -> date:
        return self._day(name, self._take(name))

    def optional_day(self, name: str) -> date | None:
        value = self._take(name, None)
        return None if value is None else self._day(name, value)

    def month(self, name: str) -> int:
        """A month like ``1964-12``, counted from year 0."""
        value = self._take(name)
        if not isinstance(value, str) or not _MONTH.fullmatch(value):
            raise self.invalid("not_a_month", name)
        year = int(value[:4])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self.invalid("out_of_range", name, (Decimal(FIRST_YEAR), Decimal(LAST_YEAR)))
        return year * 12 + int(value[5:]) - 1

    def choice(self, name: str, options: Mapping[str, T], otherwise: str | None = None) -> T:
        """One of the words in ``options``."""
        value = self._take(name, REQUIRED if otherwise is None else otherwise)
        if isinstance(value, str) and value in options:
            return options[value]
        raise self.invalid("not_a_choice", name, options="、".join(options))

    def method(self, name: str = "method") -> Method:
        if not self.has(name) and name not in self.defaults:
            self.notes.append(wording.assumption("method_default"))
        return self.choice(name, METHODS, "level")

    def basis(self, name: str = "basis") -> YearBasis:
        return self.choice(name, BASES, "actual/360")

    def day_basis(self, name: str = "day_basis") -> YearBasis:
        """The same choice as `basis`, written as a number of days."""
        value = self._take(name, 360)
        if isinstance(value, bool) or not isinstance(value, int) or value not in (360, 365):
            raise self.invalid("not_a_choice", name, options="360、365")
        return YearBasis(value)

    def group(self, name: str) -> Inputs:
        """The object under ``name``, read as inputs of its own."""
        return self._group(name, self._take(name))

    def optional_group(self, name: str) -> Inputs | None:
        value = self._take(name, None)
        return None if value is None else self._group(name, value)

    def groups(self, name: str, least: int = 1) -> Iterator[Inputs]:
        """Every object of the list under ``name``."""
        for position, item in enumerate(self._list(name, least)):
            yield self._group(f"{name}[{position}]", item)

    def counts(self, name: str, low: int, high: int, otherwise: list[int]) -> tuple[int, ...]:
        """A list of whole numbers."""
        items = self._list(name, 1) if self.has(name) else otherwise
        return tuple(
            self._whole(f"{name}[{position}]", item, low, high) for position, item in enumerate(items)
        )

    def finish(self) -> None:
        """Complain about a field that no one asked for: most likely it is misspelt."""
        for name in self.raw:
            if name not in self._read:
                raise self.invalid("unknown_field", str(name)[:40])
        for group in self._groups:
            group.finish()

    def invalid(
        self, code: str, name: str, valid: tuple[Decimal, Decimal] | None = None, **values: object
    ) -> InvalidInput:
        """The error for field ``name``, with the range of values it may have."""
        if valid:
            values = {"low": f"{valid[0].normalize():f}", "high": f"{valid[1].normalize():f}", **values}
        field_name = self.prefix + name
        return InvalidInput(code, field_name, wording.problem(code, field_name, **values), valid)

    def _list(self, name: str, least: int) -> list[Any]:
        value = self._take(name)
        if not isinstance(value, list):
            raise self.invalid("not_a_list", name)
        if not least <= len(value) <= MAX_ITEMS:
            raise self.invalid("wrong_length", name, (Decimal(least), Decimal(MAX_ITEMS)))
        return value

    def _group(self, name: str, value: object) -> Inputs:
        if not isinstance(value, Mapping):
            raise self.invalid("not_an_object", name)
        group = Inputs(value, self.defaults, self.notes, f"{self.prefix}{name}.")
        self._groups.append(group)
        return group

    def _money(self, name: str, value: object, least: Decimal) -> Decimal:
        amount = self._decimal(name, value)
        with exact():
            if amount <= 0 < least:
                raise self.invalid("not_positive", name, (least, MAX_PRINCIPAL))
            if amount < 0:
                raise self.invalid("out_of_range", name, (least, MAX_PRINCIPAL))
            if amount > MAX_PRINCIPAL:
                raise self.invalid("not_positive" if least else "out_of_range", name, (least, MAX_PRINCIPAL))
            if amount != to_fen(amount):
                raise self.invalid("too_precise", name, places=MONEY_PLACES)
        return amount

    def _percent(self, name: str, value: object, high: Decimal, low: Decimal = Decimal(0)) -> Decimal:
        with exact():
            return self._within(name, self._decimal(name, value), low, high) / 100

    def _within(self, name: str, number: Decimal, low: Decimal, high: Decimal) -> Decimal:
        with exact():
            if not low <= number <= high:
                raise self.invalid("out_of_range", name, (low, high))
            if number != number.quantize(SMALLEST_STEP):
                raise self.invalid("too_precise", name, places=RATE_PLACES)
        return number

    def _whole(self, name: str, value: object, low: int, high: int) -> int:
        # bool is an int in Python, and `true` months is no term
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.invalid("not_an_integer", name)
        if not low <= value <= high:
            raise self.invalid("out_of_range", name, (Decimal(low), Decimal(high)))
        return value

    def _day(self, name: str, value: object) -> date:
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                day = date.fromisoformat(value)
            except ValueError as exc:
                raise self.invalid("not_a_date", name) from exc
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
        raise self.invalid("not_a_date", name)

    def _decimal(self, name: str, value: object) -> Decimal:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**24 else ""
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise self.invalid("not_a_number", name)
        return Decimal(value)

    def _take(self, name: str, otherwise: object = REQUIRED, default: str | None = None) -> Any:
        """The value given, else the policy's default, else ``otherwise``."""
        self._read.add(name)
        value = self.raw.get(name)
        if value is not None:
            return value
        stand_in = self.defaults.get(name if default is None else default)
        if stand_in is not None:
            term = self.raw.get("term_months")
            is_short = type(term) is int and 0 < term <= SHORT_TERM_MONTHS
            if is_short and stand_in.for_short_term:
                stand_in = stand_in.for_short_term
            if stand_in.note:
                self.notes.append(stand_in.note)
            return stand_in.value
        if otherwise is REQUIRED:
            raise self.invalid("missing", name)
        return otherwise
