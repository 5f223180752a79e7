"""住房贷款利息专项附加扣除: the income tax that a home loan saves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from actions.calculations.fields import HOME_COUNT, TERM
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Figure,
    Result,
    Say,
    Step,
    Subject,
    Values,
    never,
    payload,
)
from actions.calculations.rules import Refusal, Rules
from bot.knowledge.formatting import money
from bot.messages import Card, Row

#: What may be said as a rate; which rates there are is a policy fact.
_SAYABLE = range(1, 61)
MOST_OFFERED = 4  #: most people meet one of the lower steps


def _settles(pct: Decimal | int) -> dict[str, Any]:
    return {"marginal_rate": f"{Decimal(pct) / 100:f}"}


def _steps_of_tax(rules: Rules) -> tuple[Decimal, ...]:
    """The steps of the tax on a year's income, per cent."""
    return rules.fact("tax.income_rates").numbers


def _choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(Choice(f"{pct}%", _settles(pct)) for pct in _steps_of_tax(rules)[:MOST_OFFERED])


def _judge(rules: Rules, value: Any) -> Refusal | None:
    is_step = Decimal(str(value)) * 100 in _steps_of_tax(rules)
    return None if is_step else Refusal("interest_deduction.no_such_step", {})


MARGINAL_RATE = Field(
    "marginal_rate",
    "tax_rate",
    choices=_choices,
    answers=tuple(
        (re.compile(rf"^\D{{0,8}}(?<![\d.]){pct}(?![\d.])\s*(?:[%％]|个?点|档)?\D{{0,4}}$"), _settles(pct))
        for pct in _SAYABLE
    ),
    mentions=tuple((re.compile(rf"税率\D{{0,4}}(?<![\d.]){pct}\s*[%％]"), _settles(pct)) for pct in _SAYABLE),
    judge=_judge,
)


class InterestDeduction(Subject):
    """A fixed sum a month off the taxed income, for one loan at a first home's rate in a lifetime."""

    NAME = "interest_deduction"
    FOLLOWS_BY_NAME = True
    TOPICS = ("fees_tax", "calc_payment", "other_mortgage")
    ASKED = re.compile(
        r"^(?!.*(?:卖|换房)).*(?:专项附加|专项扣除|抵.{0,3}税|抵扣|税.{0,4}(?:抵|扣除)|退税|少交.{0,4}税|省.{0,4}税)"
    )
    FIELDS = (
        MARGINAL_RATE,
        TERM,
        HOME_COUNT.but(is_needed=never, mentions=((re.compile(r"(?:不是|非)首套"), {"home_count": 2}),)),
    )

    def work_out(self, case: Case) -> Result:
        values, say = case.values, case.say
        if values.raw("home_count") not in (None, 1):
            return Result(
                say("interest_deduction.second_home"),
                None,
                (Step(say("interest_deduction.taxes_button"), "/fees_tax"),),
            )
        figures = case.figures(
            "interest_deduction",
            term_months=values.months("term_months"),
            marginal_rate_pct=case.pct("marginal_rate"),
        )
        yearly, total = Decimal(figures["annual_tax_saving"]), Decimal(figures["total_tax_saving_max"])
        months = int(figures["eligible_months"])
        monthly = case.rules.fact("tax.interest_deduction_monthly").number
        card = Card(
            title=say("interest_deduction.title", rate=values.rate("marginal_rate")),
            rows=(
                Row(say("interest_deduction.row.yearly"), money(yearly), emphasis=True),
                Row(say("interest_deduction.row.total"), money(total)),
                Row(
                    say("interest_deduction.row.deducted"), say("interest_deduction.a_month", monthly=monthly)
                ),
                Row(say("interest_deduction.row.months"), say("interest_deduction.months", months=months)),
            ),
            notes=(
                say("interest_deduction.note.fixed"),
                say("interest_deduction.note.not_rent"),
                say("interest_deduction.note.couple"),
            ),
        )
        offered = _steps_of_tax(case.rules)[1:MOST_OFFERED]
        other = next(pct for pct in offered if pct != case.pct("marginal_rate"))
        return Result(
            say("interest_deduction.says", yearly=yearly, total=total, months=months),
            card,
            (
                Step(
                    say("interest_deduction.rate_button", pct=other), payload("adjust_last", _settles(other))
                ),
                Step(say("interest_deduction.taxes_button"), "/fees_tax"),
            ),
            figure=Figure(say("interest_deduction.row.yearly"), yearly),
        )
