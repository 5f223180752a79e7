"""Two ways to borrow set side by side, and what a loan costs a year all in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from itertools import groupby

from bot.lending.model import DueDates, Loan, Schedule, YearBasis
from bot.lending.money import NOTHING, exact, from_fen, in_fen
from bot.lending.payment import equal_instalment_payment
from bot.lending.schedule import Position, build, interest_rule, position, totals

#: How closely the monthly rate is searched for; the result is shown with four decimals of a per cent.
YEARLY_COST_PRECISION = Decimal("1e-10")


def yearly_cost(loan: Loan, upfront_fee: Decimal) -> Decimal:
    """The yearly rate, twelve times the monthly one, at which the instalments are worth what was paid out.

    Found by halving: the value of the instalments falls as the rate rises.
    """
    payments = [row.payment for row in build(loan).rows]
    low, high = Decimal(0), Decimal("0.01")
    with localcontext(Context(prec=28)):
        paid_out = loan.principal - upfront_fee
        while _worth(payments, high) > paid_out:
            low, high = high, high * 2
        while high - low > YEARLY_COST_PRECISION * (1 + low):
            middle = (low + high) / 2
            if _worth(payments, middle) > paid_out:
                low = middle
            else:
                high = middle
        return 12 * (low + high) / 2


def _worth(payments: Sequence[Decimal], monthly_rate: Decimal) -> Decimal:
    """What the payments are worth on the day of the loan."""
    worth = Decimal(0)
    for payment in reversed(payments):
        worth = (worth + payment) / (1 + monthly_rate)
    return worth


@dataclass(frozen=True)
class CombinedMonth:
    """What falls due on one day for both loans of a combination."""

    due_date: date
    provident_fund: Decimal
    commercial: Decimal
    balance: Decimal

    @property
    def payment(self) -> Decimal:
        with exact():
            return self.provident_fund + self.commercial


def combined_calendar(
    provident_fund: tuple[Loan, DueDates], commercial: tuple[Loan, DueDates]
) -> tuple[CombinedMonth, ...]:
    """Two loans of different methods, terms and days as one calendar."""
    schedules = (build(*provident_fund), build(*commercial))
    rows = sorted(
        (row.due_date, index, row)
        for index, schedule in enumerate(schedules)
        for row in schedule.rows
        if row.due_date
    )
    balances = [schedule.loan.principal for schedule in schedules]
    months = []
    with exact():
        for day, due in groupby(rows, key=lambda entry: entry[0]):
            paid = [NOTHING, NOTHING]
            for _, index, row in due:
                paid[index] += row.payment
                balances[index] = row.balance
            months.append(CombinedMonth(day, paid[0], paid[1], sum(balances, NOTHING)))
    return tuple(months)


@dataclass(frozen=True)
class Biweekly:
    """Half a monthly payment every fourteen days, until nothing is owed."""

    payment: Decimal
    final_payment: Decimal
    n_payments: int
    interest: Decimal
    interest_saved: Decimal  #: against monthly payments


def biweekly(loan: Loan, basis: YearBasis = YearBasis.ACTUAL_360) -> Biweekly:
    """双周供: every 14 days half of the monthly payment (rounded to the fen); interest by actual days."""
    with exact():
        half_payment = equal_instalment_payment(loan.principal, loan.annual_rate, loan.term_months) / 2
    payment = max(1, in_fen(half_payment))
    part, half, whole = interest_rule(loan.annual_rate, 14, int(basis))
    balance, interest, count, last = in_fen(loan.principal), 0, 0, 0
    while balance:
        borne = (balance * part + half) // whole
        last = min(payment, balance + borne)
        if last <= borne:  # only a loan of a few fen gets here: pay it off
            last = balance + borne
        balance -= last - borne
        interest += borne
        count += 1
    total = from_fen(interest)
    with exact():
        saved = totals(loan).interest - total
    return Biweekly(from_fen(payment), from_fen(last), count, total, saved)


@dataclass(frozen=True)
class Conversion:
    """A commercial loan turned into a provident-fund loan, as far as its limit goes (商转公)."""

    balance: Decimal
    fund_principal: Decimal
    kept_commercial: Decimal
    payment_before: Decimal
    payment_after: Decimal
    interest_saved: Decimal
    fee: Decimal
    net_saving: Decimal
    months_to_recover_fee: int | None  #: whose lower interest makes up for the fee; None when they never do


def convert_to_provident_fund(
    loan: Loan, paid_periods: int, fund_rate: Decimal, max_fund_loan: Decimal | None, fee: Decimal
) -> Conversion:
    """Converted right after instalment ``paid_periods``, for the months that are left, by the same method."""
    before = position(loan, paid_periods)
    fund_principal = before.balance if max_fund_loan is None else min(before.balance, max_fund_loan)
    months = loan.term_months - paid_periods
    fund = replace(loan, principal=fund_principal, annual_rate=fund_rate, term_months=months)
    with exact():
        kept = before.balance - fund_principal
        parts = [fund, *([replace(loan, principal=kept, term_months=months)] if kept else [])]
        after: list[Position] = [position(part, 0) for part in parts]
        saved = before.interest_ahead - sum((part.interest_ahead for part in after), NOTHING)
        return Conversion(
            balance=before.balance,
            fund_principal=fund_principal,
            kept_commercial=kept,
            payment_before=before.next_payment,
            payment_after=sum((part.next_payment for part in after), NOTHING),
            interest_saved=saved,
            fee=fee,
            net_saving=saved - fee,
            months_to_recover_fee=_months_to_recover(
                build(replace(loan, principal=before.balance, term_months=months)),
                [build(part) for part in parts],
                fee,
            ),
        )


def _months_to_recover(before: Schedule, after: Sequence[Schedule], fee: Decimal) -> int | None:
    if not fee:
        return 0
    saved = NOTHING
    by_period = [{row.period: row.interest for row in schedule.rows} for schedule in after]
    for row in before.rows:
        saved += row.interest - sum((part.get(row.period, NOTHING) for part in by_period), NOTHING)
        if saved >= fee:
            return row.period
    return None
