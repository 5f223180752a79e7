"""The central interest subsidy (贴息, 财金〔2026〕95号) and what it takes off the payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.lending.model import Loan
from bot.lending.money import NOTHING, exact, to_fen
from bot.lending.schedule import instalments


@dataclass(frozen=True)
class SubsidyRules:
    """Who gets it; area, price and days all inclusive."""

    max_area: Decimal
    max_price: Decimal
    since: date
    until: date


@dataclass(frozen=True)
class Purchase:
    """What the rules ask about."""

    is_first_home: bool
    area: Decimal
    price: Decimal
    is_commercial_loan: bool
    disbursed: date
    is_refinance: bool


def failed_conditions(purchase: Purchase, rules: SubsidyRules) -> tuple[str, ...]:
    """Which conditions the purchase does not meet; none of them means it is eligible."""
    conditions = {
        "first_home": purchase.is_first_home,
        "area_sqm": purchase.area <= rules.max_area,
        "price": purchase.price <= rules.max_price,
        "loan_type": purchase.is_commercial_loan,
        "disbursed": rules.since <= purchase.disbursed <= rules.until,
        "refinance": not purchase.is_refinance,
    }
    return tuple(name for name, is_met in conditions.items() if not is_met)


@dataclass(frozen=True)
class Subsidised:
    """A loan whose interest the state shares for a time."""

    monthly_payment: Decimal
    first_subsidy: Decimal
    first_net_payment: Decimal
    total_subsidy: Decimal
    payment_afterwards: Decimal | None  #: None when the loan ends before the subsidy


def subsidise(loan: Loan, points: Decimal, max_months: int, principal_cap: Decimal) -> Subsidised:
    """Each month ``min(balance, cap) · points / 12``, never more than the interest itself."""
    balance = loan.principal
    total, first, afterwards = NOTHING, None, None
    with exact():
        for row in instalments(loan):
            if row.period > max_months:
                afterwards = row
                break
            share = min(row.interest, to_fen(min(balance, principal_cap) * points / 12))
            total += share
            first = first or (row.payment, share)
            balance = row.balance
        payment, first_share = first or (NOTHING, NOTHING)
        return Subsidised(
            monthly_payment=payment,
            first_subsidy=first_share,
            first_net_payment=payment - first_share,
            total_subsidy=total,
            payment_afterwards=afterwards.payment if afterwards else None,
        )
