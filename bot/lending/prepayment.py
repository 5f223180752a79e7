"""Repaying early: what it saves, what it costs, and when it pays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.lending.days import interest_by_days
from bot.lending.errors import EventOutOfTerm, PrepaymentTooLarge
from bot.lending.model import Loan, Prepayment, PrepaymentOption, YearBasis
from bot.lending.money import NOTHING, exact, to_fen
from bot.lending.payment import month_interest
from bot.lending.schedule import Position, instalments, position, totals


@dataclass(frozen=True)
class ShareOfPrepaid:
    """A penalty of so much of the amount repaid early; a fraction."""

    fraction: Decimal


@dataclass(frozen=True)
class MonthsOfInterest:
    """A penalty of so many months' interest on the amount repaid early."""

    months: int


Penalty = ShareOfPrepaid | MonthsOfInterest | None


def penalty_on(prepaid: Decimal, annual_rate: Decimal, penalty: Penalty) -> Decimal:
    """What the contract charges for repaying ``prepaid`` early, to the fen.

    >>> penalty_on(Decimal("200000"), Decimal("0.035"), ShareOfPrepaid(Decimal("0.01")))
    Decimal('2000.00')
    >>> penalty_on(Decimal("200000"), Decimal("0.035"), MonthsOfInterest(3))
    Decimal('1750.00')
    """
    with exact():
        match penalty:
            case None:
                return NOTHING
            case ShareOfPrepaid(fraction):
                return to_fen(prepaid * fraction)
            case MonthsOfInterest(months):
                return to_fen(prepaid * annual_rate * months / 12)


@dataclass(frozen=True)
class PartialPrepayment:
    """What repaying a part does to the rest of the loan."""

    balance_before: Decimal
    balance_after: Decimal
    payment_before: Decimal  #: the next instalment had nothing been prepaid
    new_payment: Decimal  #: the next instalment
    new_principal: Decimal  #: the principal in it
    remaining_periods: int
    periods_saved: int
    final_payment: Decimal
    interest_saved: Decimal
    penalty: Decimal
    net_saving: Decimal


def prepay(
    loan: Loan, paid_periods: int, amount: Decimal, option: PrepaymentOption, penalty: Penalty = None
) -> PartialPrepayment:
    """Repay ``amount`` right after instalment ``paid_periods``."""
    before = _standing(loan, paid_periods)
    if amount > before.balance:
        raise PrepaymentTooLarge(amount, before.balance)
    event = Prepayment(paid_periods, amount, option)
    with exact():
        balance_after = before.balance - amount
    last_before = totals(loan).n_payments
    if not balance_after:
        remaining, final_payment, ahead = 0, NOTHING, NOTHING
        new_payment = new_principal = NOTHING
    else:
        after = position(loan, paid_periods, (event,))
        last = totals(loan, (event,)).last
        remaining, final_payment, ahead = last.period - paid_periods, last.payment, after.interest_ahead
        new_payment, new_principal = after.next_payment, after.next_principal
    charged = penalty_on(amount, loan.annual_rate, penalty)
    with exact():
        saved = before.interest_ahead - ahead
        return PartialPrepayment(
            balance_before=before.balance,
            balance_after=balance_after,
            payment_before=before.next_payment,
            new_payment=new_payment,
            new_principal=new_principal,
            remaining_periods=remaining,
            periods_saved=last_before - paid_periods - remaining,
            final_payment=final_payment,
            interest_saved=saved,
            penalty=charged,
            net_saving=saved - charged,
        )


@dataclass(frozen=True)
class MidPeriodPrepayment:
    """A part repaid between two due dates."""

    accrued_on_prepaid: Decimal
    cash_needed: Decimal
    next_period_interest: Decimal


def prepay_between_due_dates(
    balance: Decimal, amount: Decimal, annual_rate: Decimal, days_since_last_payment: int, basis: YearBasis
) -> MidPeriodPrepayment:
    """The prepaid part bears interest up to the day; the rest bears a whole month's on the due date."""
    if amount > balance:
        raise PrepaymentTooLarge(amount, balance)
    accrued = interest_by_days(amount, annual_rate, days_since_last_payment, basis)
    with exact():
        return MidPeriodPrepayment(accrued, amount + accrued, month_interest(balance - amount, annual_rate))


@dataclass(frozen=True)
class Payoff:
    """What ends a loan on one day."""

    balance: Decimal
    accrued_interest: Decimal
    penalty: Decimal
    payoff_total: Decimal
    interest_saved: Decimal
    net_saving: Decimal


def pay_off(
    loan: Loan, paid_periods: int, days_since_last_payment: int, basis: YearBasis, penalty: Penalty = None
) -> Payoff:
    """Repay everything so many days after instalment ``paid_periods``."""
    standing = _standing(loan, paid_periods)
    accrued = interest_by_days(standing.balance, loan.annual_rate, days_since_last_payment, basis)
    charged = penalty_on(standing.balance, loan.annual_rate, penalty)
    with exact():
        saved = standing.interest_ahead - accrued
        return Payoff(
            balance=standing.balance,
            accrued_interest=accrued,
            penalty=charged,
            payoff_total=standing.balance + accrued + charged,
            interest_saved=saved,
            net_saving=saved - charged,
        )


@dataclass(frozen=True)
class BreakEven:
    """A penalty set against the interest still ahead."""

    balance: Decimal
    penalty: Decimal
    interest_ahead: Decimal
    is_worthwhile: bool
    max_penalty: Decimal  #: the penalty, as a fraction of the balance, that would eat up all of the saving
    months: int | None  #: whose interest makes up for the penalty; None when even all of it does not


def break_even(loan: Loan, paid_periods: int, penalty: Penalty) -> BreakEven:
    """When repaying everything after instalment ``paid_periods`` makes up for its penalty."""
    standing = _standing(loan, paid_periods)
    charged = penalty_on(standing.balance, loan.annual_rate, penalty)
    months: int | None = None if charged else 0
    with exact():
        saved = NOTHING
        for row in instalments(loan):
            if months is not None:
                break
            if row.period > paid_periods:
                saved += row.interest
                if saved >= charged:
                    months = row.period - paid_periods
        return BreakEven(
            balance=standing.balance,
            penalty=charged,
            interest_ahead=standing.interest_ahead,
            is_worthwhile=standing.interest_ahead > charged,
            max_penalty=standing.interest_ahead / standing.balance,
            months=months,
        )


def last_worthwhile_period(loan: Loan, penalty: Decimal) -> int | None:
    """The last instalment after which paying off saves more interest than the penalty, a share of the balance.

    0 is the day the money was paid out; None when it never pays.
    """
    rows = tuple(instalments(loan))
    balances = (loan.principal, *(row.balance for row in rows))
    with exact():
        ahead = NOTHING
        for row in reversed(rows):
            ahead += row.interest
            balance = balances[row.period - 1]
            if ahead > to_fen(balance * penalty):
                return row.period - 1
    return None


def _standing(loan: Loan, paid_periods: int) -> Position:
    standing = position(loan, paid_periods)
    if not 0 <= paid_periods < loan.term_months or not standing.balance:
        raise EventOutOfTerm(paid_periods, loan.term_months)
    return standing
