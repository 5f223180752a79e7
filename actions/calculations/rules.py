"""The policy facts of a day that the calculations lean on, and what values can be calculated with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.knowledge.calculation_defaults import defaults_on
from bot.knowledge.errors import PolicyError
from bot.knowledge.model import Fact
from bot.knowledge.policy import PolicyBook
from bot.lending import Method
from bot.lending.inputs import Default
from bot.lending.money import FEN

BOTH = "both"  #: the method of a customer who wants to see the two side by side
SHORT_TERM_MONTHS = 60  #: up to here a rate starts from the one-year quote, above from the five-year one
LONG_TERM_MONTHS = 360  #: stands in for a term not named yet: the quote that nearly all home loans have

#: What can be meant at all, by the kind of value; policy facts narrow some of them.
_POSSIBLE = {
    "ratio": (Decimal(0), Decimal(1)),
    "age": (Decimal(1), Decimal(120)),
    "area_sqm": (Decimal(1), Decimal(2000)),
    "house_age": (Decimal(0), Decimal(100)),
    "days": (Decimal(1), Decimal(3650)),
    "paid_months": (Decimal(0), Decimal(479)),
    "day_of_month": (Decimal(1), Decimal(31)),
    "home_count": (Decimal(1), Decimal(9)),
}
_MONEY = ("amount", "income_monthly")


@dataclass(frozen=True)
class Refusal:
    """A value that cannot be used: which phrase says so, with its values as text."""

    phrase: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True)
class Rules:
    """Facts of the day, by the names that calculations use."""

    policy: PolicyBook
    on: date

    def judge(self, entity: str, value: Any) -> Refusal | None:
        """Why a value of this kind of entity cannot be calculated with; None when it can."""
        if entity == "method":
            return None if value in (*Method, BOTH) else Refusal("calculation.refused.method", {})
        if isinstance(value, list):
            return Refusal("calculation.refused.range", {"low": Decimal(value[0]), "high": Decimal(value[1])})
        if entity not in _POSSIBLE and entity not in (*_MONEY, "rate", "term_months"):
            return None
        low, high = self._limits(entity)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if entity == "rate":
            number *= 100
        if number.is_finite() and low <= number <= high:
            return None
        return Refusal(f"calculation.refused.{entity}", {"said": number, "low": low, "high": high})

    def fact(self, key: str) -> Fact:
        """A policy fact of the day; `PolicyError` when there is none."""
        return self.policy.fact(key, self.on)

    def has(self, key: str) -> bool:
        try:
            self.fact(key)
        except PolicyError:
            return False
        return True

    @property
    def defaults(self) -> dict[str, Default]:
        """What the calculation core takes for fields that are left out."""
        return defaults_on(self.policy, self.on)

    def quote(self, term_months: int) -> Fact:
        """The LPR a rate of this term starts from."""
        return self.fact("lpr.over_5y" if term_months > SHORT_TERM_MONTHS else "lpr.one_year")

    def with_spread(self, term_months: int, spread_bp: int) -> Decimal:
        """LPR plus a spread in basis points, as a fraction."""
        return self.quote(term_months).fraction + Decimal(spread_bp) / 10000

    def first_home_spread(self) -> Fact:
        return self.fact("pricing.first_home_spread")

    def example_rate(self, term_months: int) -> Decimal:
        """What a first home costs today: the quote and the bank's spread."""
        return self.quote(term_months).fraction + self.first_home_spread().fraction

    def min_down_payment(self, product: str | None) -> Fact:
        """The smallest share of the price that must be the buyer's own; cities may ask for more."""
        of_fund = product in ("provident_fund", "combined")
        return self.fact(f"down_payment.{'provident_fund_min' if of_fund else 'commercial_bank_min'}")

    def provident_fund_rate(self, term_months: int) -> Fact:
        """The fund's rate for a first home."""
        over = term_months > SHORT_TERM_MONTHS
        return self.fact(
            "provident_fund.first_home_over_5y" if over else "provident_fund.first_home_up_to_5y"
        )

    def _limits(self, entity: str) -> tuple[Decimal, Decimal]:
        if entity in _MONEY:
            return FEN, self.fact("calculation.principal_max").number
        if entity == "rate":
            fact = self.fact("calculation.annual_rate")
            return fact.low, fact.high
        if entity == "term_months":
            fact = self.fact("calculation.term_months")
            return fact.low, fact.high
        return _POSSIBLE[entity]
