"""Interest by the day, and what a changed repayment day costs."""

from __future__ import annotations

from bot.lending import wording
from bot.lending.days import interest_by_days, interest_by_months_and_days, moved_due_date, span
from bot.lending.errors import DatesReversed
from bot.lending.inputs import Inputs
from bot.lending.kinds.schedule import FIRST_NEW_DUE
from bot.lending.kinds.wire import Kinds, Result, said, words, yuan
from bot.lending.model import YearBasis


def day_count_interest(inputs: Inputs) -> Result:
    """Interest between two days, in the ways that contracts use (DC)."""
    balance, annual_rate = inputs.principal("balance"), inputs.contract_rate()
    since, until = inputs.day("from_date"), inputs.day("to_date")
    if until < since:
        raise inputs.invalid("dates_reversed", "to_date")
    counted = span(since, until)
    return {
        "days_actual": counted.days,
        "days_30e360": counted.days_30e360,
        "whole_months": counted.whole_months,
        "odd_days": counted.odd_days,
        "interest_actual_360": yuan(
            interest_by_days(balance, annual_rate, counted.days, YearBasis.ACTUAL_360)
        ),
        "interest_actual_365": yuan(
            interest_by_days(balance, annual_rate, counted.days, YearBasis.ACTUAL_365)
        ),
        "interest_month_plus_days_360": yuan(interest_by_months_and_days(balance, annual_rate, counted)),
        "assumptions": said(inputs, *words("days_counted", "by_contract")),
    }


def repayment_day_change(inputs: Inputs) -> Result:
    """The first period on a new repayment day, by its actual days (DC)."""
    balance, annual_rate = inputs.principal("balance"), inputs.contract_rate()
    last_due = inputs.day("last_due_date")
    inputs.optional_count("old_day", 1, 31)  # the last due date says it too, and exactly
    new_day = inputs.count("new_day", 1, 31)
    is_same_month = inputs.choice("first_new_due", FIRST_NEW_DUE, "next_month")
    basis = inputs.basis()
    try:
        next_due = moved_due_date(last_due, new_day, is_same_month)
    except DatesReversed as exc:
        raise inputs.invalid("new_day_passed", "first_new_due") from exc
    days = (next_due - last_due).days
    return {
        "next_due_date": next_due.isoformat(),
        "days": days,
        "period_interest": yuan(interest_by_days(balance, annual_rate, days, basis)),
        "assumptions": said(
            inputs,
            wording.assumption("changed_period", since=last_due.isoformat(), until=next_due.isoformat()),
            wording.assumption("basis", basis=int(basis)),
        ),
    }


KINDS: Kinds = {"day_count_interest": day_count_interest, "repayment_day_change": repayment_day_change}
