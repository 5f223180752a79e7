"""What all calculations about a loan that runs have in common: what is owed, over how long, at which rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from actions.calculations.fields import (
    BALANCE,
    OLD_PRINCIPAL,
    OLD_TERM,
    PAID,
    RATE,
    REMAINING,
    RUNNING_METHOD,
)
from actions.calculations.model import Case, Field, Subject, Values
from actions.calculations.rules import Rules
from bot.lending import Loan, Method, position


def has_started(values: Values) -> bool:
    """Whether the loan is known from its start: then what is owed today follows."""
    return (
        knows_start(values)
        and "paid_months" in values
        and values.months("paid_months") < values.months("term_months")
    )


def knows_start(values: Values) -> bool:
    return all(name in values for name in ("principal", "term_months"))


#: Asked for in this order; somebody who named the loan's start is asked only how long ago that was.
RUNNING: tuple[Field, ...] = (
    PAID.but(is_needed=knows_start),
    BALANCE.but(is_needed=lambda values: not has_started(values)),
    REMAINING.but(is_needed=lambda values: not has_started(values)),
    RATE.but(choices=None),  # what a new loan costs is no answer to what this one does
    RUNNING_METHOD,
    OLD_PRINCIPAL,
    OLD_TERM,
)


class OwnLoan(Subject):
    """About a loan that runs. ``RUNNING`` belongs into its fields."""

    IS_OWN_LOAN: ClassVar[bool] = True

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """What is owed and for how long, from how the loan started and how long it was repaid."""
        if not has_started(values) or "annual_rate" not in values:
            return {}
        loan = Loan(
            values.money("principal"),
            values.rate("annual_rate"),
            values.months("term_months"),
            values.method() or Method.EQUAL_INSTALMENT,
        )
        paid = values.months("paid_months")
        balance = position(loan, paid).balance if paid else loan.principal
        return {"balance": f"{balance:f}", "remaining_months": loan.term_months - paid}


def running_loan(case: Case) -> Loan:
    """The loan as if it began today: what is owed, over the months left."""
    return case.loan("balance", "remaining_months")
