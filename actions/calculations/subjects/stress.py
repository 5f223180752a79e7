"""A planned loan if the rate rises or the income falls."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.calculations.fields import PRINCIPAL, offered_rate
from actions.calculations.model import Case, Field, Result, Step, Subject, Values, payload
from actions.calculations.planned import (
    HOUSEHOLD,
    PLANNED_RATE,
    PLANNED_TERM,
    carrying_power,
    rate_note,
)
from actions.calculations.rules import Rules
from actions.calculations.steps import longer_term, term_step
from bot.knowledge.formatting import money
from bot.lending.face import Result as Figures
from bot.lending.money import exact, to_fen
from bot.messages import Card, Chart, Row


def _rise(rules: Rules) -> Decimal:
    """Of the rate, where none was said."""
    return rules.fact("guidance.rate_rise").fraction


def _fall(rules: Rules, values: Values) -> str:
    """Of the income, where none was said."""
    return f"{rules.fact('guidance.income_fall').fraction.normalize():f}"


def _risen(rules: Rules, values: Values) -> str:
    rate = Decimal(str(values.raw("annual_rate") or offered_rate(rules, values)))
    return f"{(rate + _rise(rules)).normalize():f}"


NEW_RATE = Field(
    "new_rate",
    "rate",
    re.compile(r"(?:涨|升|加|上调|提高|降|变|调|改)(?:到|成|为|至)"),
    only_with_cue=True,
    role="to",
    default=_risen,
)
INCOME_CUT = Field(
    "income_cut",
    "ratio",
    re.compile(r"少|降|减|跌|缩水|收入|工资"),
    default=_fall,
)


@dataclass(frozen=True)
class Situation:
    """A payment beside what the household may pay at most."""

    name: str
    payment: Decimal
    limit: Decimal
    share: Decimal  #: of the income, as a fraction

    @property
    def is_within(self) -> bool:
        return self.payment <= self.limit


class Stress(Subject):
    """The payment now, at a higher rate, on a smaller income, and both together, against the limit."""

    NAME = "stress"
    TOPICS = ("affordability_eligibility", "rate_change", "calc_payment")
    ASKED = re.compile(
        r"压力测试|壓力測試|stress"
        r"|(?:涨|升|加息|上调|提高|收入|工资).*(?:(?:还|供|扛|承受|负担|顶|受|吃)(?:得|不)(?:起|住|了|消)|承受|还行|负担)"
        r"|(?:收入|工资)(?:要是|如果|万一|又|再)?(?:少|降|减|跌|缩水)",
        re.IGNORECASE,
    )
    FIELDS = (PRINCIPAL, *HOUSEHOLD, PLANNED_TERM, PLANNED_RATE, NEW_RATE, INCOME_CUT)

    def work_out(self, case: Case) -> Result:
        situations, notes = _situations(case)
        now, risen, *_ = situations
        return Result(
            case.say(
                "stress.says",
                rate=case.values.rate("annual_rate"),
                new_rate=case.values.rate("new_rate"),
                risen=risen.payment,
                now=now.payment,
                more=risen.payment - now.payment,
            ),
            Card(
                case.say(
                    "stress.title",
                    principal=case.values.money("principal"),
                    term=case.values.months("term_months"),
                ),
                tuple(_rows(situations, case)),
                (*notes, case.say("stress.note.income")),
                _chart(situations, case),
            ),
            _steps(case),
            caution=_verdict(situations, case),
        )


def _situations(case: Case) -> tuple[tuple[Situation, ...], tuple[str, ...]]:
    values = case.values
    old_rate, new_rate, income = values.rate("annual_rate"), values.rate("new_rate"), values.money("income")
    with exact():
        less = to_fen(income * (1 - values.rate("income_cut")))
    found = case.figures(
        "payment_change",
        principal=values.money("principal"),
        old_rate_pct=old_rate * 100,
        new_rate_pct=new_rate * 100,
        term_months=values.months("term_months"),
    )
    now, risen = Decimal(found["old_payment"]), Decimal(found["new_payment"])
    plain, cut = (Decimal(carrying_power(case, each)["max_monthly_payment"]) for each in (income, less))
    cases = (
        ("now", now, income, plain),
        ("risen", risen, income, plain),
        ("less", now, less, cut),
        ("both", risen, less, cut),
    )
    names: Mapping[str, Any] = {"new_rate": new_rate, "cut": values.rate("income_cut")}
    ratios = [_share(case, payment, earned) for _, payment, earned, _ in cases]
    situations = tuple(
        Situation(case.say(f"stress.name.{key}", **names), payment, limit, Decimal(ratio["ratio_pct"]) / 100)
        for (key, payment, _, limit), ratio in zip(cases, ratios, strict=True)
    )
    return situations, (*found["assumptions"][:1], rate_note(case), *ratios[0]["assumptions"])


def _share(case: Case, payment: Decimal, income: Decimal) -> Figures:
    return case.figures("dti_check", monthly_payment=payment, household_monthly_income=income)


def _verdict(situations: Sequence[Situation], case: Case) -> str:
    """Which of the situations break the limit, and what helps then."""
    now, risen, less, both = situations
    values = case.values
    return case.say(
        "stress.verdict",
        now=now,
        risen=risen,
        less=less,
        both=both,
        housing=case.rules.fact("ratio.housing").text,
        all_debts=case.rules.fact("ratio.all_debts").text,
        debts=values.money("other_debts"),
        can_be_longer=values.months("term_months") < case.rules.fact("term.bank_max_years").whole * 12,
    )


def _rows(situations: Sequence[Situation], case: Case) -> list[Row]:
    rows = [
        Row(
            situation.name,
            case.say("stress.payment_and_share", payment=situation.payment, share=situation.share),
            emphasis=number == 1,
        )
        for number, situation in enumerate(situations)
    ]
    now, _, less, _ = situations
    return [
        *rows,
        Row(case.say("stress.row.limit"), money(now.limit)),
        Row(case.say("stress.row.limit_less"), money(less.limit)),
    ]


def _chart(situations: Sequence[Situation], case: Case) -> Chart:
    """What is paid beside what may be paid at most."""
    return Chart(
        "bars",
        case.say("stress.chart.title"),
        tuple(situation.name for situation in situations),
        {
            case.say("stress.chart.payment"): tuple(f"{each.payment:f}" for each in situations),
            case.say("stress.chart.limit"): tuple(f"{each.limit:f}" for each in situations),
        },
    )


def _steps(case: Case) -> tuple[Step, ...]:
    values, say = case.values, case.say
    rise = values.rate("new_rate") - values.rate("annual_rate")
    usual = _rise(case.rules)
    other = usual if rise == usual * 2 else usual * 2  # the other of once and twice the usual rise
    new_rate = f"{(values.rate('annual_rate') + other).normalize():f}"
    return (
        Step(say("stress.button.rise", points=other * 100), payload("adjust_last", {"new_rate": new_rate})),
        term_step(case, longer_term(case, values.months("term_months"))),
        Step(
            say("stress.button.affordable"),
            payload("calc_payment", {"subject": "affordability"}),
        ),
    )
