"""The income that a loan needs."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.calculations.fields import PRINCIPAL
from actions.calculations.model import Case, Figure, Result, Step, Subject, payload
from actions.calculations.planned import OTHER_DEBTS, PLANNED_RATE, PLANNED_TERM, loan_of, rate_pct
from actions.calculations.steps import longer_term, term_step
from bot.knowledge.formatting import money
from bot.messages import Card, Row

#: The term offered for comparison, in months; the other one where this was just calculated.


class RequiredIncome(Subject):
    """The income of which the payment, and all debts together, are just the allowed share."""

    NAME = "required_income"
    TOPICS = ("affordability_eligibility", "calc_payment", "materials")
    ASKED = re.compile(
        r"(?:收入|工资|薪水?|月薪|月入|流水)(?:最少|至少|大概|一般|证明)*(?:要|得|需要?|应该?|该|達到|达到|有|开)*(?:是|有|达到|在|到)?(?:多少|几多|多高|什么水平)"
        r"|(?:要|需要?|得|至少)(?:有|达到)?(?:多少|多高的?|几多)(?:月|年|家庭)?(?:收入|工资|薪|流水)"
        r"|(?:多少|多高的?)(?:月|年|家庭)?(?:收入|工资|月薪|流水)(?:才|能|可以|够)"
        r"|(?:what|how much) (?:income|salary)|income.*(?:need|required)",
        re.IGNORECASE,
    )
    FIELDS = (PRINCIPAL, PLANNED_TERM, PLANNED_RATE.but(role=None), OTHER_DEBTS)

    def work_out(self, case: Case) -> Result:
        say, values = case.say, case.values
        found = case.figures(
            "required_income",
            principal=values.money("principal"),
            annual_rate_pct=rate_pct(case),
            term_months=values.months("term_months"),
            other_debt_payments=values.money("other_debts"),
        )
        income, payment = Decimal(found["required_income"]), Decimal(found["monthly_payment"])
        rows = [
            Row(say("required_income.row.income"), money(income), emphasis=True),
            Row(say("required_income.row.payment"), money(payment)),
        ]
        if values.money("other_debts"):
            rows.append(Row(say("affordability.row.debts"), money(values.money("other_debts"))))
        card = Card(
            say(
                "required_income.title",
                principal=values.money("principal"),
                term=values.months("term_months"),
                rate=values.rate("annual_rate"),
            ),
            tuple(rows),
            (*found["assumptions"], say("required_income.note.certificate")),
        )
        carried = loan_of(case, values.raw("principal"))
        return Result(
            say(
                "required_income.says",
                income=income,
                payment=payment,
                debts=values.money("other_debts"),
                housing=case.rules.fact("ratio.housing").text,
                all_debts=case.rules.fact("ratio.all_debts").text,
            ),
            card,
            (
                term_step(case, longer_term(case, values.months("term_months"))),
                Step(
                    say("affordability.button.payment"),
                    payload("calc_payment", {"subject": "payment", **carried}),
                ),
                Step(
                    say("required_income.button.stress"),
                    payload("calc_payment", {"subject": "stress", **carried}),
                ),
            ),
            figure=Figure(say("required_income.row.income"), income),
        )
