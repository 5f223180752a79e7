"""Deed tax and the deduction of home-loan interest from income tax."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.lending.money import exact, to_fen


@dataclass(frozen=True)
class DeedTaxRates:
    """Deed tax by the number of homes and their size, fractions of the price without VAT."""

    small_up_to: Decimal  #: ㎡, inclusive
    first_small: Decimal
    first_large: Decimal
    second_small: Decimal
    second_large: Decimal
    other: Decimal

    def rate(self, home_number: int, area: Decimal) -> Decimal:
        is_small = area <= self.small_up_to
        match home_number:
            case 1:
                return self.first_small if is_small else self.first_large
            case 2:
                return self.second_small if is_small else self.second_large
            case _:
                return self.other


def deed_tax(price: Decimal, rate: Decimal) -> Decimal:
    """契税: price without VAT times the rate.

    >>> deed_tax(Decimal("2000000"), Decimal("0.01"))
    Decimal('20000.00')
    """
    with exact():
        return to_fen(price * rate)


@dataclass(frozen=True)
class Deduction:
    """What the special deduction saves in income tax."""

    months: int
    annual_saving: Decimal  #: in a full year, or in all months if they are fewer
    total_saving: Decimal


def interest_deduction(
    term_months: int, marginal_rate: Decimal, monthly: Decimal, max_months: int
) -> Deduction:
    """A fixed amount a month, whatever interest is paid, for as long as the loan runs and the rule allows."""
    months = min(term_months, max_months)
    with exact():
        return Deduction(
            months,
            to_fen(monthly * min(12, months) * marginal_rate),
            to_fen(monthly * months * marginal_rate),
        )
