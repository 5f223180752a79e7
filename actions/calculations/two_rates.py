"""The provident fund's rate and a bank's, which several calculations set side by side."""

from __future__ import annotations

import re

from actions.calculations.model import Case, Field, Source, Values
from actions.calculations.rules import LONG_TERM_MONTHS, Rules


def _term(values: Values) -> int:
    return int(values.raw("term_months") or values.raw("remaining_months") or LONG_TERM_MONTHS)


def _fund_rate(rules: Rules, values: Values) -> str:
    return f"{rules.provident_fund_rate(_term(values)).fraction.normalize():f}"


def _commercial_rate(rules: Rules, values: Values) -> str:
    return f"{rules.example_rate(_term(values)).normalize():f}"


#: A bank's rate stands first: a spread over the LPR is meant for it.
COMMERCIAL_RATE = Field("commercial_rate", "rate", re.compile("商贷|商业|银行"), default=_commercial_rate)
FUND_RATE = Field("fund_rate", "rate", re.compile("公积金"), only_with_cue=True, default=_fund_rate)


def rate_notes(case: Case) -> tuple[str, ...]:
    """Which rates were calculated with, and where they come from."""
    notes = []
    if "commercial_rate" in case.values:
        lpr = case.rules.quote(_term(case.values))
        notes.append(
            case.say(
                "two_rates.commercial",
                rate=case.values.rate("commercial_rate"),
                is_example=case.values["commercial_rate"].source is Source.DEFAULT,
                lpr=lpr.fraction,
                published=lpr.verified_on,
                spread=case.rules.first_home_spread().whole,
            )
        )
    fund = case.rules.provident_fund_rate(_term(case.values))
    notes.append(
        case.say(
            "two_rates.fund",
            rate=case.values.rate("fund_rate"),
            is_first_home=case.values["fund_rate"].source is Source.DEFAULT,
            since=fund.effective_from,
        )
    )
    return tuple(notes)
