"""How much can be borrowed on an income."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.calculations.fields import PRICE, SAVINGS
from actions.calculations.model import Case, Figure, Result, Step, Subject, Values, never, payload
from actions.calculations.planned import (
    HOUSEHOLD,
    PLANNED_RATE,
    PLANNED_TERM,
    WISHED,
    carrying_power,
    loan_of,
)
from actions.calculations.rules import Rules
from actions.calculations.steps import other_term, term_step
from bot.knowledge.formatting import money
from bot.messages import Card, Row

#: The term offered instead, in months: a shorter one, or the usual one.
SMALLEST = Decimal(10_000)  #: below it nobody can be told a loan in 万


class Affordability(Subject):
    """The largest loan whose payment, and all debts together, the income may bear."""

    NAME = "affordability"
    TOPICS = ("affordability_eligibility", "calc_payment")
    ASKED = re.compile(
        r"^(?!.*(?:月供|每个?月还|一个月还)(?:要|是|得|款|给)*(?:多少|几多)).*(?:"
        r"(?:收入|工资|薪|月入|年入|入息|挣|赚|拿到手|到手).*(?:贷|借|额度|買樓|供得起多|borrow|loan)"
        r"|(?:贷|借|额度).*(?:收入|工资|薪|月入|挣|赚)"
        r"|(?:能|可以|可|最多|最高)(?:贷|借)(?:款|到|出)?(?:多少|几)|(?:多少|什么)额度"
        r"|(?:income|salary|earn).*(?:borrow|loan|mortgage)|how much can i borrow)",
        re.IGNORECASE,
    )
    FIELDS = (
        *HOUSEHOLD,
        PLANNED_TERM,
        PLANNED_RATE.but(role=None),
        WISHED,
        PRICE.but(only_with_cue=True, is_needed=never),
        SAVINGS.but(only_with_cue=True, is_needed=never),
    )

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """What is wished for is what the savings leave of the price."""
        if "price" not in values or "savings" not in values:
            return {}
        missing = values.money("price") - values.money("savings")
        return {"principal": f"{missing:f}"} if missing > 0 else {}

    def work_out(self, case: Case) -> Result:
        say, values, found = case.say, case.values, carrying_power(case)
        loan, payment = Decimal(found["max_loan"]), Decimal(found["max_monthly_payment"])
        rows = [
            Row(say("affordability.row.loan"), money(loan), emphasis=True),
            Row(say("affordability.row.payment"), money(payment)),
            Row(say("affordability.row.income"), money(values.money("income"))),
        ]
        if values.money("other_debts"):
            rows.append(Row(say("affordability.row.debts"), money(values.money("other_debts"))))
        card = Card(
            say("affordability.title", term=values.months("term_months"), rate=values.rate("annual_rate")),
            tuple(rows),
            tuple(found["assumptions"]),
        )
        limits = {
            "housing": case.rules.fact("ratio.housing").text,
            "all_debts": case.rules.fact("ratio.all_debts").text,
        }
        if loan < SMALLEST:
            return Result(say("affordability.says.nothing", **limits), card)
        bound_by_debts = payment < values.money("income") * case.rules.fact("ratio.housing").fraction
        return Result(
            say(
                "affordability.says.loan",
                wan=found["max_loan_wan_floor"],
                payment=payment,
                bound_by_debts=bound_by_debts,
                **limits,
            ),
            card,
            _steps(case, loan),
            caution=_about_wish(case, loan),
            figure=Figure(say("affordability.row.loan"), loan),
            carries={"principal": int(min(loan, _wish(case) or loan))},
        )


def _wish(case: Case) -> Decimal | None:
    return case.values.money("principal") if "principal" in case.values else None


def _about_wish(case: Case, most: Decimal) -> str | None:
    wish = _wish(case)
    if wish is None:
        return None
    return case.say("affordability.wish", wish=wish, most=most, is_within=wish <= most)


def _steps(case: Case, loan: Decimal) -> tuple[Step, ...]:
    say, carried = case.say, loan_of(case, min(loan, _wish(case) or loan))
    return (
        Step(say("affordability.button.payment"), payload("calc_payment", {"subject": "payment", **carried})),
        Step(say("affordability.button.stress"), payload("calc_payment", {"subject": "stress", **carried})),
        Step(say("affordability.button.down_payment"), payload("calc_payment", {"subject": "down_payment"})),
        term_step(case, other_term(case.values.months("term_months"))),
    )
