"""How much a household can carry."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.lending.model import MAX_PRINCIPAL
from bot.lending.money import NOTHING, down_to_fen, down_to_yuan, exact, to_fen
from bot.lending.payment import loan_for_payment


@dataclass(frozen=True)
class Household:
    """What comes in and goes out each month; a spouse's income only together with the spouse's debts."""

    income: Decimal
    other_debt_payments: Decimal = NOTHING
    property_fee: Decimal = NOTHING


def max_monthly_payment(household: Household, housing_cap: Decimal, all_debts_cap: Decimal | None) -> Decimal:
    """The most a month that both ratios allow, both inclusive; never below nothing.

    ``income · cap − property fee`` for housing, and the other debts besides for all debts.

    >>> max_monthly_payment(Household(Decimal("20000"), Decimal("4000")), Decimal("0.5"), Decimal("0.6"))
    Decimal('8000.00')
    """
    with exact():
        room = household.income * housing_cap - household.property_fee
        if all_debts_cap is not None:
            taken = household.property_fee + household.other_debt_payments
            room = min(room, household.income * all_debts_cap - taken)
        return max(NOTHING, down_to_fen(room))


def max_loan(payment: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """The largest loan in whole yuan that ``payment`` repays under 等额本息.

    >>> max_loan(Decimal("10000"), Decimal("0.035"), 360)
    Decimal('2226949')
    """
    return min(MAX_PRINCIPAL, down_to_yuan(loan_for_payment(payment, annual_rate, months)))


def required_income(
    payment: Decimal,
    housing_cap: Decimal,
    other_debt_payments: Decimal = NOTHING,
    all_debts_cap: Decimal | None = None,
) -> Decimal:
    """The income of which ``payment``, and all debts together, are at most the allowed shares.

    >>> required_income(Decimal("9665.94"), Decimal("0.5"))
    Decimal('19331.88')
    >>> required_income(Decimal("9000"), Decimal("0.5"), Decimal("3000"), Decimal("0.6"))
    Decimal('20000.00')
    """
    with exact():
        income = payment / housing_cap
        if all_debts_cap is not None:
            income = max(income, (payment + other_debt_payments) / all_debts_cap)
        return to_fen(income)


@dataclass(frozen=True)
class Ratio:
    """A payment as a share of income, judged against its cap (inclusive)."""

    fraction: Decimal
    is_within: bool


def payment_ratio(payment: Decimal, income: Decimal, cap: Decimal) -> Ratio:
    with exact():
        return Ratio(payment / income, payment <= income * cap)
