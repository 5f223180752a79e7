"""The longest term by the borrower's age and the age of the house."""

from __future__ import annotations

import re

from actions.calculations.fields import AGE
from actions.calculations.model import Case, Field, Result, Step, Subject, never, payload
from bot.messages import Card, Row

MONTHS_A_YEAR = 12

HOUSE_AGE = Field("house_age", "house_age", is_needed=never)


class MaxTerm(Subject):
    """The shortest of the bank's limit, what the age leaves and what the house leaves."""

    NAME = "max_term"
    TOPICS = ("loan_term", "affordability_eligibility")
    ASKED = re.compile(
        r"(?=.*(?:岁|歲|今年|年龄|年纪|房龄|楼龄|老房|旧房|年的(?:房|楼|小区)|建的|years? old))"
        r".*(?:(?:多少|几|多|幾)(?:年|久|长|長)|最长|最久|年限|能贷|可以贷|能借|how (?:long|many years)|longest)",
        re.IGNORECASE,
    )
    FIELDS = (AGE, HOUSE_AGE)

    def work_out(self, case: Case) -> Result:
        say, values, fact = case.say, case.values, case.rules.fact
        age = values.whole("age")
        house_age = values.whole("house_age") if "house_age" in values else None
        found = case.figures("max_term", age=age, house_age=house_age)
        years, adult = int(found["max_term_years"]), fact("eligibility.min_age")
        limits = {
            "product": fact("term.bank_max_years").whole,
            "age": fact("term.age_plus_term_max").whole - age,
        }
        if house_age is not None:
            limits["house"] = fact("term.house_age_plus_term_max").whole - house_age
        shortest = fact("term.bank_min_years").whole
        is_possible = years >= shortest
        card = Card(
            say("max_term.title"),
            (
                Row(
                    say("max_term.row.years"),
                    say("max_term.years", years=years) if is_possible else say("max_term.none"),
                    emphasis=True,
                ),
                *(
                    Row(say(f"max_term.row.{name}"), say("max_term.years", years=max(0, left)))
                    for name, left in limits.items()
                ),
            ),
            tuple(found["assumptions"]),
        )
        says = say(
            "max_term.says",
            years=years,
            shortest=shortest,
            is_possible=is_possible,
            is_minor=age < adult.whole,
            adult=adult.text,
            binding=min(limits, key=lambda name: limits[name]),
        )
        if not is_possible:
            return Result(says, card, _around(case))
        return Result(
            says,
            card,
            (
                Step(
                    say("max_term.button.payment", years=years),
                    payload("calc_payment", {"subject": "payment", "term_months": years * MONTHS_A_YEAR}),
                ),
                Step(
                    say("max_term.button.affordable"),
                    payload(
                        "calc_payment", {"subject": "affordability", "term_months": years * MONTHS_A_YEAR}
                    ),
                ),
            ),
            carries={"term_months": years * MONTHS_A_YEAR},
        )


def _around(case: Case) -> tuple[Step, ...]:
    """What to ask next where no loan is possible this way."""
    return (
        Step(case.say("max_term.button.conditions"), "/affordability_eligibility"),
        Step(case.say("handoff_reply.button"), "/human_agent"),
    )
