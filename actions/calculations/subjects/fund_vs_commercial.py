"""The same loan from the provident fund and from a bank."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from actions.calculations.fields import PRINCIPAL, TERM
from actions.calculations.model import Case, Figure, Result, Step, Subject, payload
from actions.calculations.steps import other_term, term_step
from actions.calculations.two_rates import COMMERCIAL_RATE, FUND_RATE, rate_notes
from bot.knowledge.formatting import money
from bot.lending import Loan, totals
from bot.messages import Card, Chart, Row
from bot.papers import PlannedLoan

_COMPARES = r"差|省|比|哪|划算|合适|便宜|少还|区别|贵"


class FundVsCommercial(Subject):
    """Payment and interest side by side, under 等额本息."""

    NAME = "fund_vs_commercial"
    FOLLOWS_BY_NAME = True
    TOPICS = ("provident_fund", "calc_payment", "rate_change")
    ASKED = re.compile(
        rf"公积金.{{0,16}}商(?:贷|业).{{0,10}}(?:{_COMPARES})|商(?:贷|业).{{0,16}}公积金.{{0,10}}(?:{_COMPARES})"
        r"|公积金.{0,12}(?:比|和|跟).{0,6}(?:商|银行).{0,8}|用公积金.{0,10}(?:省|少)"
    )
    FIELDS = (PRINCIPAL, TERM, COMMERCIAL_RATE, FUND_RATE)

    def work_out(self, case: Case) -> Result:
        values, say = case.values, case.say
        figures = case.figures(
            "pf_vs_commercial",
            principal=values.money("principal"),
            term_months=values.months("term_months"),
            pf_rate_pct=case.pct("fund_rate"),
            commercial_rate_pct=case.pct("commercial_rate"),
        )
        fund = Loan(values.money("principal"), values.rate("fund_rate"), values.months("term_months"))
        commercial = replace(fund, annual_rate=values.rate("commercial_rate"))
        interest = {"fund": totals(fund).interest, "commercial": totals(commercial).interest}
        saved = Decimal(figures["total_interest_saving"])
        approval = case.rules.fact("approval.total_provident_fund").text
        card = Card(
            title=say(
                "fund_vs_commercial.title", principal=values.money("principal"), months=fund.term_months
            ),
            rows=(
                Row(
                    say(f"fund_vs_commercial.row.{'saved' if saved >= 0 else 'saved_by_bank'}"),
                    money(abs(saved)),
                    emphasis=True,
                ),
                Row(say("fund_vs_commercial.row.fund"), money(Decimal(figures["pf_payment"]))),
                Row(say("fund_vs_commercial.row.commercial"), money(Decimal(figures["commercial_payment"]))),
                Row(say("fund_vs_commercial.row.fund_interest"), money(interest["fund"])),
                Row(say("fund_vs_commercial.row.commercial_interest"), money(interest["commercial"])),
            ),
            notes=(*rate_notes(case), say("fund_vs_commercial.note.method")),
            chart=Chart(
                "bars",
                say("fund_vs_commercial.chart.title"),
                tuple(say(f"fund_vs_commercial.plan.{name}") for name in interest),
                {say("fund_vs_commercial.chart.interest"): tuple(str(each) for each in interest.values())},
            ),
        )
        return Result(
            say(
                "fund_vs_commercial.says",
                less=Decimal(figures["monthly_saving"]),
                saved=saved,
                approval=approval,
            ),
            card,
            (
                Step(
                    say("fund_vs_commercial.combination_button"),
                    payload("calc_payment", {"subject": "combination"}),
                ),
                term_step(case, other_term(fund.term_months)),
                Step(say("fund_vs_commercial.conditions_button"), "/provident_fund"),
            ),
            figure=Figure(say("fund_vs_commercial.row.saved"), saved) if saved >= 0 else None,
            loans=(PlannedLoan(fund),),
        )
