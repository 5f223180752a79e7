"""What paying late costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.lending.days import interest_by_days
from bot.lending.errors import DatesReversed
from bot.lending.model import YearBasis
from bot.lending.money import exact


def penalty_rate(contract_rate: Decimal, uplift: Decimal) -> Decimal:
    """罚息利率: ``contract rate · (1 + uplift)``.

    >>> penalty_rate(Decimal("0.035"), Decimal("0.5"))
    Decimal('0.0525')
    """
    with exact():
        return contract_rate * (1 + uplift)


@dataclass(frozen=True)
class LateCharge:
    """What one missed instalment adds."""

    days: int
    on_principal: Decimal  #: 罚息
    on_interest: Decimal  #: 复利

    @property
    def total(self) -> Decimal:
        with exact():
            return self.on_principal + self.on_interest


def late_charge(
    principal: Decimal, interest: Decimal, rate: Decimal, due: date, paid: date, basis: YearBasis
) -> LateCharge:
    """Simple interest at the penalty rate from the due date (counted) to the day of payment (not counted)."""
    if paid < due:
        raise DatesReversed(due, paid)
    days = (paid - due).days
    return LateCharge(
        days,
        interest_by_days(principal, rate, days, basis),
        interest_by_days(interest, rate, days, basis),
    )
