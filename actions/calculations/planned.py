"""What the calculations about a plan share: a loan nobody has signed yet, and the household that will repay it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.calculations.fields import DEBTS, INCOME, PRINCIPAL, RATE, TERM, offered_rate
from actions.calculations.model import Case, Field, Source, Values, never
from actions.calculations.rules import LONG_TERM_MONTHS, Rules
from bot.lending.face import Result as Figures

NO_DEBTS = "0"


def _rate_of_the_day(rules: Rules, values: Values) -> str:
    return f"{offered_rate(rules, values).normalize():f}"


PLANNED_TERM = TERM.but(default=lambda rules, values: LONG_TERM_MONTHS)
PLANNED_RATE = RATE.but(default=_rate_of_the_day)
OTHER_DEBTS = DEBTS.but(default=lambda rules, values: NO_DEBTS)
#: Judged when somebody names it; nobody is asked what they wish for.
WISHED = PRINCIPAL.but(is_needed=never, only_with_cue=True)
HOUSEHOLD: tuple[Field, ...] = (INCOME, OTHER_DEBTS)


def rate_pct(case: Case) -> Decimal | None:
    """The rate per cent; None where it is the day's, which the core then takes and names itself."""
    return None if case.values["annual_rate"].source is Source.DEFAULT else case.pct()


def rate_note(case: Case) -> str:
    """Which rate was calculated with, and where one comes from that nobody named."""
    if case.values["annual_rate"].source is not Source.DEFAULT:
        return case.say("planned.rate", rate=case.values.rate("annual_rate"))
    term = case.values.months("term_months")
    quote = case.rules.quote(term)
    return case.say(
        "planned.rate_of_the_day",
        rate=case.values.rate("annual_rate"),
        lpr=quote.fraction,
        published=quote.verified_on,
        spread=case.rules.first_home_spread().whole,
    )


def carrying_power(case: Case, income: Decimal | None = None) -> Figures:
    """The largest payment and loan that the household can carry, by both ratios (kind ``affordability``)."""
    values = case.values
    return case.figures(
        "affordability",
        household_monthly_income=values.money("income") if income is None else income,
        other_debt_payments=values.money("other_debts") if "other_debts" in values else None,
        annual_rate_pct=rate_pct(case),
        term_months=values.months("term_months"),
    )


def loan_of(case: Case, principal: object) -> Mapping[str, Any]:
    """A planned loan as buttons carry it to the next calculation."""
    values = case.values
    return {
        "principal": int(Decimal(str(principal))),
        "term_months": values.months("term_months"),
        "annual_rate": values.raw("annual_rate"),
    }
