"""Repaying early: a part of the loan in either way, or all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.calculations.fields import PREPAY_AMOUNT, PRODUCT
from actions.calculations.model import Case, Field, Figure, Result, Step, never, payload
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import wire_method
from bot.knowledge.formatting import money
from bot.lending import Loan, Method
from bot.lending.face import Result as Figures
from bot.messages import Card, Chart, Row

MONTHS_A_YEAR = 12
#: Days since the last instalment, when the money does not come on a repayment day.
DAYS_SINCE = Field(
    "days", "days", re.compile("距|离|上次|过了|还款日后"), only_with_cue=True, is_needed=never
)


class Prepayment(OwnLoan):
    """A part repaid early: shorter at the same payment, or a lower payment to the same end."""

    NAME = "prepayment"
    TOPICS = ("prepay_process", "prepay_penalty", "calc_payment")
    ASKED = re.compile(r"提前|先还|多还|还掉|prepay|early", re.IGNORECASE)
    FIELDS = (PREPAY_AMOUNT, *RUNNING, PRODUCT)

    def work_out(self, case: Case) -> Result:
        loan, amount = running_loan(case), case.values.money("prepay_amount")
        least = case.rules.fact("prepayment.partial_min")
        if amount < least.number:
            return Result(
                case.say("prepayment.below_minimum", least=least.number, amount=amount), None, _how_to(case)
            )
        if amount >= loan.principal:
            return Result(
                case.say("prepayment.is_settlement", amount=amount, balance=loan.principal),
                None,
                (_settle(case), *_how_to(case)),
            )
        penalty = _penalty(case)
        shorter, lower = (
            case.figures(
                "prepay_partial",
                **_of(loan),
                paid_periods=0,
                prepay_amount=amount,
                option=option,
                penalty=penalty,
            )
            for option in ("shorten_keep_payment", "lower_payment")
        )
        return Result(
            case.say("prepayment.says.both", amount=amount, **_said(shorter, lower))
            + case.say(f"prepayment.says.{_verdict(shorter, lower)}", **_said(shorter, lower)),
            Card(
                case.say("prepayment.title", amount=amount),
                _rows(case, loan, shorter, lower),
                (*lower["assumptions"], *_notes(case)),
                _chart(case, loan, shorter, lower),
            ),
            _steps(case, amount),
            figure=Figure(case.say("prepayment.net"), _yuan(shorter, "net_saving")),
        )


class Settlement(OwnLoan):
    """Everything that is owed repaid on one day."""

    NAME = "settlement"
    TOPICS = ("prepay_process", "prepay_penalty", "balance_query", "calc_payment")
    ASKED = re.compile(r"结清|还清|全部|一次性|剩下的都|pay off|full", re.IGNORECASE)
    FIELDS = (*RUNNING, DAYS_SINCE, PRODUCT)

    def work_out(self, case: Case) -> Result:
        loan = running_loan(case)
        done = case.figures(
            "prepay_full",
            **_of(loan),
            paid_periods=0,
            days_since_last_payment=case.values.whole("days") if "days" in case.values else None,
            penalty=_penalty(case),
        )
        total, saved = _yuan(done, "payoff_total"), _yuan(done, "interest_saved")
        notice = case.rules.fact("prepayment.full_notice")
        rows = [
            Row(case.say("settlement.row.total"), money(total), emphasis=True),
            Row(case.say("prepayment.row.balance"), money(_yuan(done, "balance"))),
            Row(case.say("settlement.row.accrued"), money(_yuan(done, "accrued_interest"))),
            Row(case.say("prepayment.row.penalty"), money(_yuan(done, "penalty"))),
            Row(case.say("settlement.row.saved"), money(saved)),
        ]
        net = _yuan(done, "net_saving")
        return Result(
            case.say("settlement.says.total", total=total)
            + case.say(f"settlement.says.{'pays' if net > 0 else 'does_not_pay'}", net=net),
            Card(
                case.say("settlement.title"),
                tuple(rows),
                (
                    *done["assumptions"],
                    *([] if "days" in case.values else [case.say("settlement.note.on_due_date")]),
                    case.say("settlement.note.notice", days=notice.whole),
                    *_notes(case),
                ),
            ),
            (
                Step(
                    case.say("settlement.part_button"), payload("calc_payment", {"subject": Prepayment.NAME})
                ),
                *_how_to(case),
            ),
            figure=Figure(case.say("settlement.row.total"), total),
        )


def _of(loan: Loan) -> Mapping[str, Any]:
    return {
        "principal": loan.principal,
        "annual_rate_pct": loan.annual_rate * 100,
        "term_months": loan.term_months,
        "method": wire_method(loan.method),
    }


def _penalty(case: Case) -> Mapping[str, str] | None:
    """What the bank charges a loan of this age; a provident-fund loan none."""
    if case.values.raw("product") == "provident_fund":
        return None
    until = case.rules.fact("prepayment.penalty_until_month").whole
    is_young = "paid_months" in case.values and case.values.months("paid_months") < until
    share = case.rules.fact("prepayment.penalty_early" if is_young else "prepayment.penalty_later").number
    return {"type": "pct_of_prepaid", "pct": f"{share:f}"} if share else None


def _notes(case: Case) -> tuple[str, ...]:
    """Which penalty was reckoned with, and that the contract decides."""
    until = case.rules.fact("prepayment.penalty_until_month").whole
    early = case.rules.fact("prepayment.penalty_early").fraction
    if case.values.raw("product") == "provident_fund":
        key = "fund"
    elif "paid_months" not in case.values:
        key = "age_unknown"
    else:
        key = "young" if case.values.months("paid_months") < until else "old"
    return (case.say(f"prepayment.note.{key}", months=until, share=early),)


def _verdict(shorter: Figures, lower: Figures) -> str:
    """What an honest adviser adds."""
    if _yuan(shorter, "net_saving") <= 0:
        return "does_not_pay"
    return "lower_does_not_pay" if _yuan(lower, "net_saving") <= 0 else "pays"


def _said(shorter: Figures, lower: Figures) -> Mapping[str, Any]:
    return {
        "saved_shorter": _yuan(shorter, "interest_saved"),
        "saved_lower": _yuan(lower, "interest_saved"),
        "fewer": int(shorter["periods_saved"]),
        "less_a_month": _yuan(lower, "payment_reduction"),
        "penalty": _yuan(lower, "penalty"),
    }


def _rows(case: Case, loan: Loan, shorter: Figures, lower: Figures) -> tuple[Row, ...]:
    say = case.say
    rows = [
        Row(
            say("prepayment.row.balance"),
            say(
                "prepayment.from_to",
                before=_yuan(lower, "balance_before"),
                after=_yuan(lower, "balance_after"),
            ),
        ),
        Row(say("prepayment.row.saved_shorter"), money(_yuan(shorter, "interest_saved")), emphasis=True),
        Row(say("prepayment.row.fewer"), say("prepayment.periods", n=int(shorter["periods_saved"]))),
        Row(say("prepayment.row.saved_lower"), money(_yuan(lower, "interest_saved")), emphasis=True),
        Row(
            say(
                "prepayment.row.payment" if loan.method is Method.EQUAL_INSTALMENT else "prepayment.row.next"
            ),
            say(
                "prepayment.from_to",
                before=_yuan(lower, "new_payment") + _yuan(lower, "payment_reduction"),
                after=_yuan(lower, "new_payment"),
            ),
        ),
        Row(say("prepayment.row.penalty"), money(_yuan(lower, "penalty"))),
    ]
    return tuple(rows)


def _chart(case: Case, loan: Loan, shorter: Figures, lower: Figures) -> Chart:
    """The interest still ahead under each plan."""
    ahead = Decimal(case.figures("balance_after", **_of(loan), paid_periods=0)["remaining_interest"])
    return Chart(
        "bars",
        case.say("prepayment.chart.title"),
        tuple(case.say(f"prepayment.chart.{plan}") for plan in ("unchanged", "shorter", "lower")),
        {
            case.say("prepayment.chart.interest"): tuple(
                str(ahead - saved)
                for saved in (Decimal(0), _yuan(shorter, "interest_saved"), _yuan(lower, "interest_saved"))
            )
        },
    )


def _steps(case: Case, amount: Decimal) -> tuple[Step, ...]:
    steps = [
        Step(
            case.say("prepayment.double_button", amount=amount * 2),
            payload("adjust_last", {"prepay_amount": int(amount * 2)}),
        ),
        _settle(case),
    ]
    if "paid_months" not in case.values and case.values.raw("product") != "provident_fund":
        until = case.rules.fact("prepayment.penalty_until_month").whole
        steps.insert(
            0,
            Step(
                case.say("prepayment.young_button", months=until),
                payload("adjust_last", {"paid_months": until // 2}),
            ),
        )
    return (*steps, *_how_to(case))


def _settle(case: Case) -> Step:
    return Step(case.say("prepayment.settle_button"), payload("calc_payment", {"subject": Settlement.NAME}))


def _how_to(case: Case) -> tuple[Step, ...]:
    return (Step(case.say("prepayment.how_button"), "/prepay_process"),)


def _yuan(figures: Figures, name: str) -> Decimal:
    return Decimal(str(figures[name]))
