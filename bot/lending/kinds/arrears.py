"""What paying late costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.lending import wording
from bot.lending.arrears import late_charge, penalty_rate
from bot.lending.inputs import Inputs
from bot.lending.kinds.wire import Kinds, Result, plain_pct, rate_pct, running_loan, said, words, yuan
from bot.lending.model import Method, YearBasis
from bot.lending.money import NOTHING, exact
from bot.lending.schedule import instalments


def overdue_penalty(inputs: Inputs) -> Result:
    """One missed instalment: 罚息 on its principal, 复利 on its interest (OD1)."""
    principal = inputs.amount("overdue_principal")
    interest = inputs.amount("overdue_interest", otherwise="0")
    rate = penalty_rate(inputs.contract_rate("contract_rate_pct"), inputs.share("uplift_pct"))
    due, paid = _due_and_paid(inputs, inputs.day("due_date"))
    basis = inputs.day_basis()
    charge = late_charge(principal, interest, rate, due, paid, basis)
    return {
        "penalty_rate_pct": rate_pct(rate),
        "overdue_days": charge.days,
        "penalty_on_principal": yuan(charge.on_principal),
        "compound_on_interest": yuan(charge.on_interest),
        "total_extra": yuan(charge.total),
        "assumptions": said(inputs, *_words(rate, basis)),
    }


def overdue_penalty_multi(inputs: Inputs) -> Result:
    """Several missed instalments of one loan, all paid on one day (OD1)."""
    loan = running_loan(inputs, Method.EQUAL_INSTALMENT if not inputs.has("method") else None)
    rate = penalty_rate(loan.annual_rate, inputs.share("uplift_pct"))
    basis = inputs.day_basis()
    rows = {row.period: row for row in instalments(loan)}
    extra = instalments_due = NOTHING
    earlier: tuple[int, date] | None = None
    for group in inputs.groups("missed"):
        period = group.count("period", 1, len(rows))
        due = group.day("due_date")
        if earlier and period <= earlier[0]:
            raise group.invalid("not_rising", "period")
        if earlier and due <= earlier[1]:
            raise group.invalid("not_rising", "due_date")
        earlier = period, due
        due, paid = _due_and_paid(inputs, due)
        charge = late_charge(rows[period].principal, rows[period].interest, rate, due, paid, basis)
        with exact():
            extra += charge.total
            instalments_due += rows[period].payment
    return {
        "total_extra": yuan(extra),
        "instalments_due": yuan(instalments_due),
        "penalty_rate_pct": rate_pct(rate),
        "assumptions": said(inputs, *_words(rate, basis)),
    }


KINDS: Kinds = {"overdue_penalty": overdue_penalty, "overdue_penalty_multi": overdue_penalty_multi}


def _due_and_paid(inputs: Inputs, due: date) -> tuple[date, date]:
    paid = inputs.day("paid_date")
    if paid < due:
        raise inputs.invalid("dates_reversed", "paid_date")
    return due, paid


def _words(rate: Decimal, basis: YearBasis) -> list[str]:
    return [
        wording.assumption("penalty_rate", pct=plain_pct(rate)),
        wording.assumption("basis", basis=int(basis)),
        *words("late_days", "by_contract"),
    ]
