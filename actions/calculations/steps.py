"""Next steps that several calculations offer."""

from __future__ import annotations

from actions.calculations.model import Case, Step, payload
from bot.lending import Method

#: Offered to compare with, in months: the first that is not the one just calculated.
OTHER_TERMS = (240, 360)


def other_term(months: int) -> int:
    """A usual term that is not this one."""
    return next(each for each in OTHER_TERMS if each != months)


def longer_term(case: Case, months: int) -> int:
    """The longest term of the bank, or the usual one for somebody who has that already."""
    longest = case.rules.fact("term.bank_max_years").whole * 12
    return OTHER_TERMS[-1] if months == longest else longest


def term_step(case: Case, months: int) -> Step:
    """The same with another term."""
    return Step(case.say("adjust.term_button", term=months), payload("adjust_last", {"term_months": months}))


def method_step(case: Case, method: Method | None) -> Step:
    """The same by the other method; 等额本金 where both were shown."""
    is_falling = method is Method.EQUAL_PRINCIPAL
    other = Method.EQUAL_INSTALMENT if is_falling else Method.EQUAL_PRINCIPAL
    name = case.say(f"calculation.method.{other.value}")
    return Step(case.say("adjust.method_button", name=name), payload("adjust_last", {"method": other.value}))
