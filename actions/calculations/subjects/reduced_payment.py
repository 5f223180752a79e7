"""A smaller payment for a time: how much less, for how long, and what follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from actions.calculations.hardship import GRACE, Relief, grace_months
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Figure,
    Result,
    Say,
    Step,
    Values,
    never,
    payload,
)
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import Plan
from actions.calculations.rules import Rules
from actions.calculations.spans import MONTHLY_LIMIT, first_said, months_said
from actions.turn import Turn
from bot.knowledge.formatting import money
from bot.lending import FixedPayments, InvalidInput, Loan
from bot.lending.money import FEN
from bot.messages import Card, Row

USUAL_TENTHS = (2, 3)
_LESS = re.compile("少还|减|降|先还|只能还|能还|最多还|缓")


def _tenths(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(
        Choice(say("reduced_payment.reduction_button", tenths=n), {"reduction": f"0.{n}"})
        for n in USUAL_TENTHS
    )


class ReducedPayment(OwnLoan):
    """An agreed payment below the usual one; never one that lets the debt grow."""

    NAME = "reduced_payment"
    TOPICS = ("extension_hardship", "calc_payment", "prepay_process", "overdue", "repayment_method")
    ASKED = re.compile(
        r"(?:每个?月|月供).{0,6}(?:只能|最多|顶多|就能)还?.{0,8}|(?:月供|每个?月).{0,4}(?:降|减|少还?)(?:低|少|到|掉)?\s*(?:\d|[一二两三四五])+\s*(?:%|成|百分)"
        r"|(?:先|暂时|临时).{0,4}(?:少还|降低月供|减少月供)"
    )
    WANTS_FIGURES = re.compile(
        r"\d{3,}|[一二两三四五六七八九]千|\d+%|[一二两三四五六七八九]成|先少还.*行不行"
    )
    FIELDS = (
        *RUNNING[:4],
        Field(
            "reduced_payment",
            "amount",
            re.compile("只能|最多|顶多|还得起|能还"),
            only_with_cue=True,
            is_needed=never,
        ),
        Field(
            "reduction",
            "ratio",
            choices=_tenths,
            is_needed=lambda values: "reduced_payment" not in values,
        ),
        GRACE,
        *RUNNING[4:],
    )

    def noted(self, turn: Turn, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """「每月只能还3000，两年」: the sum of one month, and how long."""
        heard = dict(said)
        payment = first_said(turn, MONTHLY_LIMIT)
        if payment is not None:
            heard = {name: value for name, value in heard.items() if value != payment}
            heard["reduced_payment"] = payment
        months = months_said(turn, _LESS)
        if months is not None:
            heard = {name: value for name, value in heard.items() if name != "term_months" or value != months}
            if heard.get("remaining_months") == months and "grace_months" not in heard:
                del heard["remaining_months"]
            heard["grace_months"] = months
        return heard

    def work_out(self, case: Case) -> Result:
        loan = running_loan(case)
        months = grace_months(case, loan, "reduced_payment.too_long")
        payment = _agreed(case, loan)
        relief = Relief.of(loan, FixedPayments(1, months, payment), months)
        first_interest = relief.kept.sums.first.interest
        if payment < first_interest:
            return _refused(case, payment, first_interest, relief.before)
        return Result(
            case.say(
                "reduced_payment.says.possible",
                months=months,
                during=relief.during,
                relief=relief.before - relief.during,
                after=relief.after,
                interest=relief.extra_interest,
            ),
            Card(
                title=case.say("reduced_payment.title", months=months),
                rows=relief.rows(case, "reduced_payment"),
                notes=tuple(case.say(f"reduced_payment.note.{name}") for name in ("agreement", "after")),
                chart=relief.chart(case, "reduced_payment"),
            ),
            _steps(case),
            figure=Figure(case.say("reduced_payment.row.during"), relief.during),
            interest=relief.changed.sums.interest,
        )


def _agreed(case: Case, loan: Loan) -> Decimal:
    """The payment agreed for the time: a sum, or the usual one less a share."""
    usual = Plan(loan).payment()
    if "reduced_payment" in case.values:
        payment, field = case.values.money("reduced_payment"), "reduced_payment"
    else:
        share = 1 - case.values.rate("reduction")
        payment, field = (usual * share).quantize(FEN, ROUND_HALF_UP), "reduction"
    if payment >= usual:
        raise InvalidInput("not_less", field, case.say("reduced_payment.not_less", before=usual))
    return payment


def _refused(case: Case, payment: Decimal, interest: Decimal, before: Decimal) -> Result:
    """A payment below the interest lets the debt grow: not offered, and what is possible instead."""
    card = Card(
        title=case.say("reduced_payment.title", months=case.values.months("grace_months")),
        rows=(
            Row(case.say("reduced_payment.row.before"), money(before)),
            Row(case.say("reduced_payment.row.first_interest"), money(interest), emphasis=True),
            Row(case.say("reduced_payment.row.shortfall"), money(interest - payment)),
        ),
        notes=(case.say("reduced_payment.note.agreement"),),
    )
    return Result(
        case.say("reduced_payment.says.refused", during=payment, first_interest=interest),
        card,
        _steps(case),
        is_refused=True,
    )


def _steps(case: Case) -> tuple[Step, ...]:
    return (
        Step(
            case.say("reduced_payment.interest_only_button"),
            payload("calc_payment", {"subject": "interest_only"}),
        ),
        Step(case.say("reduced_payment.extension_button"), payload("calc_payment", {"subject": "extension"})),
        Step(case.say("handoff_reply.button"), "/human_agent"),
    )
