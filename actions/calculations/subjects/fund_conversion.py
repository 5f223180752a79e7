"""商转公: what it saves to turn a running commercial loan into a provident-fund one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions.calculations.fields import PRODUCT, RATE
from actions.calculations.model import Case, Field, Figure, Result, Step, never, payload
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import wire_method
from actions.calculations.two_rates import FUND_RATE, rate_notes
from bot.knowledge.formatting import money
from bot.lending import Loan, Method, totals
from bot.lending.face import Result as Figures
from bot.messages import Card, Chart, Row
from bot.papers import PlannedLoan

#: A share of the balance that the fund may take over, offered as a button.
HALF = Decimal("0.5")

MAX_FUND_LOAN = Field(
    "max_fund_loan",
    "amount",
    re.compile("公积金.{0,6}(?:最多|额度|上限|只能|能贷|可贷|批|转)|额度|最多|上限|只能转|能转"),
    only_with_cue=True,
    is_needed=never,
)
CONVERSION_FEE = Field(
    "conversion_fee",
    "amount",
    re.compile("费用|手续费|担保费|评估费|成本|花费|违约金"),
    only_with_cue=True,
    is_needed=never,
)


class FundConversion(OwnLoan):
    """What a conversion saves, when its cost comes back, and what it depends on."""

    NAME = "fund_conversion"
    TOPICS = ("provident_fund", "calc_payment", "rate_change", "prepay_process")
    ASKED = re.compile(r"商转公|商业?贷?款?(?:.{0,6})转(?:成|为|换成)?.{0,3}公积金|转(?:成|为)?公积金")
    FIELDS = (
        MAX_FUND_LOAN,
        CONVERSION_FEE,
        *(RATE.but(role=None) if field is RATE else field for field in RUNNING),
        FUND_RATE,
        # which loan runs is known from the record alone: the words of the question name both products
        PRODUCT.but(entity="product_on_record"),
    )

    def work_out(self, case: Case) -> Result:
        if case.values.raw("product") == "provident_fund":
            return Result(case.say("fund_conversion.is_fund"), None)
        loan = running_loan(case)
        figures = case.figures(
            "fund_conversion",
            principal=loan.principal,
            annual_rate_pct=loan.annual_rate * 100,
            term_months=loan.term_months,
            method=wire_method(loan.method),
            paid_periods=0,
            pf_rate_pct=case.pct("fund_rate"),
            max_pf_loan=case.values.raw("max_fund_loan"),
            conversion_fee=case.values.raw("conversion_fee"),
        )
        net = Decimal(figures["net_saving"])
        card = Card(
            title=case.say("fund_conversion.title", balance=loan.principal, months=loan.term_months),
            rows=tuple(_rows(case, figures)),
            notes=(
                *rate_notes(case),
                case.say("fund_conversion.note.unchanged"),
                case.say("fund_conversion.note.local"),
            ),
            chart=_chart(case, loan, Decimal(figures["interest_saved"])),
        )
        return Result(
            case.say(
                "fund_conversion.says",
                less=Decimal(figures["monthly_saving"]),
                is_level=loan.method is Method.EQUAL_INSTALMENT,
                saved=Decimal(figures["interest_saved"]),
                net=net,
                fee=_fee(case),
                months=figures["months_to_recover_fee"],
            ),
            card,
            _steps(case, loan),
            figure=Figure(case.say("fund_conversion.row.net"), net) if net >= 0 else None,
            loans=_loans(case, figures, loan),
        )


def _fee(case: Case) -> Decimal:
    return case.values.money("conversion_fee") if "conversion_fee" in case.values else Decimal(0)


def _rows(case: Case, figures: Figures) -> Sequence[Row]:
    say = case.say
    rows = [
        Row(say("fund_conversion.row.net"), money(Decimal(figures["net_saving"])), emphasis=True),
        Row(
            say("fund_conversion.row.payment"),
            say(
                "fund_conversion.from_to",
                before=Decimal(figures["payment_before"]),
                after=Decimal(figures["payment_after"]),
            ),
        ),
        Row(say("fund_conversion.row.converted"), money(Decimal(figures["pf_principal"]))),
    ]
    if Decimal(figures["commercial_principal"]):
        rows.append(Row(say("fund_conversion.row.kept"), money(Decimal(figures["commercial_principal"]))))
    if _fee(case):
        rows.append(Row(say("fund_conversion.row.saved"), money(Decimal(figures["interest_saved"]))))
        rows.append(Row(say("fund_conversion.row.fee"), money(_fee(case))))
    return rows


def _chart(case: Case, loan: Loan, saved: Decimal) -> Chart:
    interest = totals(loan).interest
    return Chart(
        "bars",
        case.say("fund_conversion.chart.title"),
        (case.say("fund_conversion.chart.before"), case.say("fund_conversion.chart.after")),
        {case.say("fund_conversion.chart.interest"): (str(interest), str(interest - saved))},
    )


def _loans(case: Case, figures: Figures, loan: Loan) -> tuple[PlannedLoan, ...]:
    """The fund's loan, and what stays with the bank."""
    fund = replace(
        loan, principal=Decimal(figures["pf_principal"]), annual_rate=case.values.rate("fund_rate")
    )
    kept = Decimal(figures["commercial_principal"])
    converted = PlannedLoan(fund, name=case.say("fund_conversion.row.converted"))
    if not kept:
        return (converted,)
    return (converted, PlannedLoan(replace(loan, principal=kept), name=case.say("fund_conversion.row.kept")))


def _steps(case: Case, loan: Loan) -> tuple[Step, ...]:
    steps = []
    if "max_fund_loan" not in case.values:
        half = (loan.principal * HALF).quantize(Decimal(1))
        settles: dict[str, Any] = {"max_fund_loan": f"{half:f}"}
        steps.append(Step(case.say("fund_conversion.half_button"), payload("adjust_last", settles)))
    return (
        *steps,
        Step(case.say("fund_conversion.conditions_button"), "/provident_fund"),
        Step(case.say("fund_conversion.human_button"), "/human_agent"),
    )
