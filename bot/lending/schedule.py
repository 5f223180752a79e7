"""The schedule engine: walks a loan month by month.

What the customer pays each month follows from a `Plan`: the rate in force, and either the level payment or
the share of principal. A plan is made from a balance and the months left, so whatever changes a running loan
means one thing only: a new plan from that month on.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from bot.lending.model import DueDates, Instalment, Loan, Method, Schedule, Totals, YearSums
from bot.lending.money import exact, to_fen
from bot.lending.payment import equal_instalment_payment, equal_principal_share, month_interest


@dataclass(frozen=True)
class Plan:
    """How a balance is repaid: exactly one of ``payment`` and ``share`` is set."""

    annual_rate: Decimal
    payment: Decimal | None  #: the level payment (等额本息)
    share: Decimal | None  #: the principal in each payment (等额本金)

    def principal_part(self, balance: Decimal, interest: Decimal) -> Decimal:
        """The principal repaid by an ordinary payment; never more than is owed."""
        wanted = self.share if self.share is not None else (self.payment or Decimal(0)) - interest
        return min(wanted, balance)


def plan(balance: Decimal, annual_rate: Decimal, months: int, method: Method) -> Plan:
    """How ``balance`` is repaid over ``months``."""
    match method:
        case Method.EQUAL_INSTALMENT:
            return Plan(annual_rate, equal_instalment_payment(balance, annual_rate, months), None)
        case Method.EQUAL_PRINCIPAL:
            return Plan(annual_rate, None, equal_principal_share(balance, months))


def instalments(loan: Loan, due: DueDates | None = None) -> Iterator[Instalment]:
    """The instalments of ``loan`` one after the other, dated when ``due`` is given.

    The last one clears the balance.
    A loan so small that rounding repays it early ends with the payment that clears it.
    """
    balance = to_fen(loan.principal)
    current = plan(balance, loan.annual_rate, loan.term_months, loan.method)
    for period in range(1, loan.term_months + 1):
        interest = month_interest(balance, current.annual_rate)
        is_last = period == loan.term_months
        with exact():
            principal = balance if is_last else current.principal_part(balance, interest)
            balance -= principal
            payment = principal + interest
        yield Instalment(
            period=period,
            payment=payment,
            principal=principal,
            interest=interest,
            balance=balance,
            due_date=due_date(due, period) if due else None,
        )
        if not balance:
            return


def build(loan: Loan, due: DueDates | None = None) -> Schedule:
    """The full schedule of ``loan``."""
    return Schedule(loan, tuple(instalments(loan, due)))


def totals(loan: Loan) -> Totals:
    """What the schedule of ``loan`` adds up to, without keeping its rows."""
    walk = instalments(loan)
    first = last = next(walk)
    with exact():
        interest, payment = first.interest, first.payment
        for last in walk:
            interest += last.interest
            payment += last.payment
    return Totals(last.period, interest, payment, first, last)


def by_year(loan: Loan) -> tuple[YearSums, ...]:
    """Principal and interest paid in each year of the loan."""
    sums = []
    for year, rows in groupby(instalments(loan), key=lambda row: (row.period - 1) // 12 + 1):
        paid = tuple(rows)
        sums.append(
            YearSums(
                year,
                sum((row.principal for row in paid), Decimal(0)),
                sum((row.interest for row in paid), Decimal(0)),
            )
        )
    return tuple(sums)


def due_date(due: DueDates, period: int) -> date:
    """When instalment ``period`` falls due.

    >>> due_date(DueDates(date(2027, 1, 31), day=31), 2)
    datetime.date(2027, 2, 28)
    """
    if period == 1:
        return due.first_due
    year, month0 = divmod(due.first_due.year * 12 + due.first_due.month - 1 + period - 1, 12)
    return date(year, month0 + 1, min(due.day, monthrange(year, month0 + 1)[1]))
