"""A longer term for somebody who cannot pay as much: the payment, its price, and how far the law goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.calculations.model import Case, Choice, Field, Figure, Result, Say, Step, Values, payload
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import Plan, yearly_lines
from actions.calculations.rules import Rules
from actions.calculations.spans import months_said
from actions.turn import Turn
from bot.knowledge.formatting import money
from bot.lending import Extension as Longer
from bot.messages import Card, Row

USUAL_MONTHS = (12, 24, 60)
_LONGER = re.compile("展期|延长|延期|拉长|多还|加长|延")


def _years(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(
        Choice(say("extension.years_button", months=n), {"extension_months": n}) for n in USUAL_MONTHS
    )


def surely_allowed(rules: Rules, remaining_months: int) -> int:
    """Months that a loan may be extended by whatever its original term was: that is at least what is left."""
    share = rules.fact("extension.max_share_of_term").fraction
    return min(int(remaining_months * share), rules.fact("extension.surely_allowed").whole)


def _is_term_decisive(values: Values, rules: Rules) -> bool:
    if "extension_months" not in values or "remaining_months" not in values:
        return False
    if not (rules.has("extension.max_share_of_term") and rules.has("extension.surely_allowed")):
        return False  # the work itself then says that a fact is missing
    return values.months("extension_months") > surely_allowed(rules, values.months("remaining_months"))


class Extension(OwnLoan):
    """The balance spread over more months, within half the original term and forty years."""

    NAME = "extension"
    TOPICS = ("extension_hardship", "calc_payment", "loan_term", "adjust_last")
    ASKED = re.compile(
        r"(?:展期|延长(?!线)|拉长|延期).*(?:月供|每月|每个月|多少|利息|最多|最长|能不能|可以|行|吗|算|$)"
    )
    WANTS_FIGURES = re.compile(
        r"(?:展期|延长|拉长|延期)[^,，。]{0,4}(?:\d|[一二两三四五六七八九十半])+个?[年月]|(?:展期|延长|拉长|延期).*(?:月供|每月|每个月|利息).*多少"
    )
    FIELDS = (
        *RUNNING[:2],
        RUNNING[2],
        RUNNING[3],
        Field("extension_months", "term_months", _LONGER, choices=_years),
        *RUNNING[4:6],
        RUNNING[6].but(
            is_needed=lambda values: bool(values.raw("is_term_decisive")),
            cue=re.compile("当初|原来|一共|总共|贷了|原期限"),
        ),
    )

    def noted(self, turn: Turn, said: Mapping[str, Any]) -> Mapping[str, Any]:
        months = months_said(turn, _LONGER)
        if months is None:
            return said
        kept = {name: value for name, value in said.items() if value != months or name == "remaining_months"}
        return {**kept, "extension_months": months}

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """Whether the original term has to be asked for."""
        return {**super().derive(values, rules), "is_term_decisive": _is_term_decisive(values, rules)}

    def work_out(self, case: Case) -> Result:
        loan, asked = running_loan(case), case.values.months("extension_months")
        limit, notes = longest_extension(case)
        months = asked if limit is None else min(asked, limit)
        share = case.rules.fact("extension.max_share_of_term").text
        total = case.rules.fact("extension.max_total_years").text
        words = {"share": share, "total": total}
        if months <= 0:
            return Result(case.say("extension.says.impossible", **words), None, _steps(case), is_refused=True)
        kept, longer = Plan(loan), Plan(loan, (Longer(1, months),))
        before, after = kept.payment(), longer.payment()
        interest = longer.sums.interest - kept.sums.interest
        return Result(
            case.say(
                f"extension.says.{'possible' if months == asked else 'capped'}",
                asked=case.say("extension.span", months=asked),
                words=case.say("extension.span", months=months),
                before=before,
                after=after,
                relief=before - after,
                interest=interest,
                **words,
            ),
            Card(
                title=case.say("extension.title", months=months),
                rows=(
                    Row(
                        case.say("extension.row.term"),
                        case.say("extension.term", before=loan.term_months, after=loan.term_months + months),
                    ),
                    Row(case.say("extension.row.before"), money(before)),
                    Row(case.say("extension.row.after"), money(after), emphasis=True),
                    Row(case.say("extension.row.relief"), money(before - after)),
                    Row(case.say("extension.row.interest"), money(interest)),
                ),
                notes=(
                    case.say("extension.note.method"),
                    case.say("extension.note.limit", **words),
                    *_handling(case),
                    *notes,
                ),
                chart=yearly_lines(
                    case,
                    case.say("extension.chart"),
                    {
                        case.say("extension.row.before"): kept,
                        case.say("extension.row.after"): longer,
                    },
                ),
            ),
            _steps(case),
            figure=Figure(case.say("extension.row.after"), after),
            interest=longer.sums.interest,
            is_refused=months < asked,
        )


def longest_extension(case: Case) -> tuple[int | None, Sequence[str]]:
    """How far the term may go in all; None where the original term is not known and cannot matter."""
    if "term_months" not in case.values:
        return None, ()
    original = max(case.values.months("term_months"), case.values.months("remaining_months"))
    found = case.figures("extension_limit", original_months=original)
    return int(found["max_extension_months"]), found["assumptions"]


def _handling(case: Case) -> list[str]:
    if not case.rules.has("extension.handling_weeks"):
        return []
    return [case.say("extension.note.handling", weeks=case.rules.fact("extension.handling_weeks").text)]


def _steps(case: Case) -> tuple[Step, ...]:
    return (
        Step(
            case.say("extension.interest_only_button"), payload("calc_payment", {"subject": "interest_only"})
        ),
        Step(case.say("extension.reduced_button"), payload("calc_payment", {"subject": "reduced_payment"})),
        Step(case.say("handoff_reply.button"), "/human_agent"),
    )
