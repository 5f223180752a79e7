"""What a payment is calculated from: the four values of the form, judged singly and kept for changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.knowledge.model import Fact
from bot.knowledge.policy import PolicyBook
from bot.lending import Loan, Method
from bot.lending.money import FEN

#: Which entity fills which slot of the payment form.
ENTITIES = {"principal": "amount", "annual_rate": "rate", "term_months": "term_months", "method": "method"}
BOTH = "both"  #: the method of a customer who wants to see the two side by side

SHORT_TERM_MONTHS = 60  #: up to here a rate starts from the one-year quote, above from the five-year one


@dataclass(frozen=True)
class Refusal:
    """A value that cannot be used: which phrase says so, with its values."""

    phrase: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True)
class PaymentTerms:
    """A calculation that was asked for; without a method both are shown."""

    principal: Decimal
    annual_rate: Decimal
    term_months: int
    method: Method | None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> PaymentTerms:
        method = slots["method"]
        return cls(
            Decimal(str(slots["principal"])),
            Decimal(str(slots["annual_rate"])),
            int(slots["term_months"]),
            None if method == BOTH else Method(method),
        )

    @classmethod
    def from_last(cls, last: Mapping[str, Any]) -> PaymentTerms:
        """From the slot `last_calculation`."""
        inputs = last["inputs"]
        return cls(
            Decimal(inputs["principal"]),
            Decimal(inputs["annual_rate_pct"]) / 100,
            int(inputs["term_months"]),
            _METHODS[last["kind"]],
        )

    def as_last(self) -> dict[str, Any]:
        """For the slot `last_calculation`, in the words of the machine-readable face."""
        return {
            "kind": _KINDS[self.method],
            "inputs": {
                "principal": f"{self.principal:f}",
                "annual_rate_pct": f"{(self.annual_rate * 100).normalize():f}",
                "term_months": self.term_months,
            },
        }

    @property
    def loans(self) -> tuple[Loan, ...]:
        """One loan, or one for each method."""
        methods = (self.method,) if self.method else tuple(Method)
        return tuple(Loan(self.principal, self.annual_rate, self.term_months, method) for method in methods)


_KINDS = {
    Method.EQUAL_INSTALMENT: "level_payment",
    Method.EQUAL_PRINCIPAL: "equal_principal",
    None: "compare_methods",
}
_METHODS = {kind: method for method, kind in _KINDS.items()}


@dataclass(frozen=True)
class PaymentRules:
    """The policy facts of a day that a payment calculation leans on."""

    policy: PolicyBook
    on: date

    def judge(self, slot: str, value: Any) -> Refusal | None:
        """Why ``value`` cannot fill ``slot``; None when it can."""
        if slot == "method":
            return None if value in (*Method, BOTH) else Refusal("form.method_not_offered", {})
        if slot == "principal" and isinstance(value, list):
            return Refusal("form.which_amount", {"low": Decimal(value[0]), "high": Decimal(value[1])})
        low, high = self._limits(slot)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if slot == "annual_rate":
            number *= 100
        if number.is_finite() and low <= number <= high:
            return None
        return Refusal(f"form.{slot}_out_of_range", {"said": number, "low": low, "high": high})

    def quote(self, term_months: int) -> Fact:
        """The LPR a rate of this term starts from."""
        return self._fact("lpr.over_5y" if term_months > SHORT_TERM_MONTHS else "lpr.one_year")

    def with_spread(self, term_months: int, spread_bp: int) -> Decimal:
        """LPR plus a spread in basis points, as a fraction."""
        return self.quote(term_months).fraction + Decimal(spread_bp) / 10000

    def first_home_spread(self) -> Fact:
        return self._fact("pricing.first_home_spread")

    def example_rate(self, term_months: int) -> Decimal:
        """What a first home costs today: the quote and the bank's spread."""
        return self.quote(term_months).fraction + self.first_home_spread().fraction

    def provident_fund_rate(self, term_months: int) -> Fact:
        """The fund's rate for a first home."""
        over = term_months > SHORT_TERM_MONTHS
        return self._fact(
            "provident_fund.first_home_over_5y" if over else "provident_fund.first_home_up_to_5y"
        )

    def _limits(self, slot: str) -> tuple[Decimal, Decimal]:
        if slot == "principal":
            return FEN, self._fact("calculation.principal_max").number
        fact = self._fact(f"calculation.{slot}")
        return fact.low, fact.high

    def _fact(self, key: str) -> Fact:
        return self.policy.fact(key, self.on)
