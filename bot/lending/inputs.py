"""Reads the inputs of the machine-readable face: each wrong one becomes a named error, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.lending import wording
from bot.lending.errors import InvalidInput
from bot.lending.model import MAX_ANNUAL_RATE, MAX_PRINCIPAL, MAX_TERM_MONTHS
from bot.lending.money import exact

#: Plain decimal text. `Decimal` itself takes "1e6", "NaN", "1_000" and full-width digits, which nobody means.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,24}(\.[0-9]{1,24})?")

MONEY_PLACES = 2
RATE_PLACES = 10


@dataclass(frozen=True)
class Default:
    """A value that stands in for a field not given, and the sentence that says so."""

    value: str
    note: str


@dataclass
class Inputs:
    """The raw inputs of one calculation, read field by field."""

    raw: Mapping[str, Any]
    defaults: Mapping[str, Default] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  #: which defaults were taken
    _read: set[str] = field(default_factory=set)

    def principal(self, name: str = "principal") -> Decimal:
        """An amount of money above zero, in yuan, with no more than two decimals."""
        amount = self._decimal(name)
        with exact():
            if not 0 < amount <= MAX_PRINCIPAL:
                raise self._invalid("not_positive", name, valid=(Decimal("0.01"), MAX_PRINCIPAL))
            if amount != amount.quantize(Decimal(1).scaleb(-MONEY_PLACES)):
                raise self._invalid("too_precise", name, places=MONEY_PLACES)
        return amount

    def annual_rate(self, name: str = "annual_rate_pct") -> Decimal:
        """A yearly rate given per cent, as the fraction the core calculates with."""
        pct = self._decimal(name)
        with exact():
            highest = MAX_ANNUAL_RATE * 100
            if not 0 <= pct <= highest:
                raise self._invalid("out_of_range", name, valid=(Decimal(0), highest))
            if pct != pct.quantize(Decimal(1).scaleb(-RATE_PLACES)):
                raise self._invalid("too_precise", name, places=RATE_PLACES)
            return pct / 100

    def term(self, name: str = "term_months") -> int:
        """A whole number of months, from 1 to 480."""
        value = self._take(name)
        # bool is an int in Python, and `true` months is no term
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._invalid("not_an_integer", name)
        if not 1 <= value <= MAX_TERM_MONTHS:
            raise self._invalid("out_of_range", name, valid=(Decimal(1), Decimal(MAX_TERM_MONTHS)))
        return value

    def finish(self) -> None:
        """Complain about a field that no one asked for: most likely it is misspelt."""
        for name in self.raw:
            if name not in self._read:
                raise self._invalid("unknown_field", str(name)[:40])

    def _decimal(self, name: str) -> Decimal:
        value = self._take(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**24 else ""
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise self._invalid("not_a_number", name)
        return Decimal(value)

    def _take(self, name: str) -> Any:
        self._read.add(name)
        value = self.raw.get(name)
        if value is not None:
            return value
        if name in self.defaults:
            self.notes.append(self.defaults[name].note)
            return self.defaults[name].value
        raise self._invalid("missing", name)

    def _invalid(
        self, code: str, name: str, valid: tuple[Decimal, Decimal] | None = None, **values: object
    ) -> InvalidInput:
        if valid:
            values = {"low": f"{valid[0].normalize():f}", "high": f"{valid[1].normalize():f}", **values}
        return InvalidInput(code, name, wording.problem(code, name, **values), valid)
