"""Interest alone for some months of a running loan: a way through hardship, by agreement with the bank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.calculations.hardship import GRACE, Relief, grace_months
from actions.calculations.model import Case, Figure, Result, Step, payload
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.spans import months_said
from actions.turn import Turn
from bot.lending import InterestOnly as Pause
from bot.messages import Card

_PAUSE = re.compile("利息|还息|本金|还本|宽限|缓|停|先还")


class InterestOnly(OwnLoan):
    """The payment in that time, the payment afterwards, and what it costs."""

    NAME = "interest_only"
    TOPICS = ("extension_hardship", "calc_payment", "repayment_method", "overdue", "prepay_process")
    # 「贷100万前3年只还利息」 is a new loan, which may not be repaid so
    ASKED = re.compile(
        r"^(?!(?!.*(?:还了|已经?还|剩|欠)).*贷(?:款)?\d).*(?:(?:只|先|光|仅)(?:能|想|要)?(?:还|付|交)[^,，。]{0,8}利息"
        r"|利息先还|还息不还本|不还本金?|(?:暂缓|延迟|推迟|暂停|停)(?:归)?还?本金?)",
        re.DOTALL,
    )
    WANTS_FIGURES = re.compile(r"(?:\d|[一二两三四五六七八九十半])+\s*个?(?:年|月)|多少")
    FIELDS = (*RUNNING[:4], GRACE, *RUNNING[4:])

    def noted(self, turn: Turn, said: Mapping[str, Any]) -> Mapping[str, Any]:
        months = months_said(turn, _PAUSE)
        return said if months is None else {**said, "grace_months": months}

    def work_out(self, case: Case) -> Result:
        loan = running_loan(case)
        months = grace_months(case, loan, "interest_only.too_long")
        relief = Relief.of(loan, Pause(1, months), months)
        return Result(
            case.say(
                "interest_only.says",
                months=months,
                during=relief.during,
                relief=relief.before - relief.during,
                after=relief.after,
                interest=relief.extra_interest,
            ),
            Card(
                title=case.say("interest_only.title", months=months),
                rows=relief.rows(case, "interest_only"),
                notes=tuple(
                    case.say(f"interest_only.note.{name}") for name in ("agreement", "after", "running_only")
                ),
                chart=relief.chart(case, "interest_only"),
            ),
            (
                Step(
                    case.say("interest_only.extension_button"),
                    payload("calc_payment", {"subject": "extension"}),
                ),
                Step(case.say("handoff_reply.button"), "/human_agent"),
            ),
            figure=Figure(case.say("interest_only.row.during"), relief.during),
            interest=relief.changed.sums.interest,
        )
