"""What the ways of paying less for a time have in common: how long, and what comes before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.calculations.model import Case, Choice, Field, Say, Values
from actions.calculations.plans import Plan, yearly_lines
from actions.calculations.rules import Rules
from bot.knowledge.formatting import money
from bot.lending import Event, InvalidInput, Loan
from bot.messages import Chart, Row

USUAL_MONTHS = (6, 12, 24)


def _months(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(
        Choice(say("interest_only.months_button", months=n), {"grace_months": n}) for n in USUAL_MONTHS
    )


GRACE = Field("grace_months", "term_months", choices=_months)


@dataclass(frozen=True)
class Relief:
    """Less to pay for some months, and what that costs in the end."""

    kept: Plan
    changed: Plan
    months: int

    @classmethod
    def of(cls, loan: Loan, event: Event, months: int) -> Relief:
        return cls(Plan(loan), Plan(loan, (event,)), months)

    @property
    def before(self) -> Decimal:
        return self.kept.payment()

    @property
    def during(self) -> Decimal:
        return self.changed.payment()

    @property
    def after(self) -> Decimal:
        """The first payment once the time is over."""
        return self.changed.payment(self.months + 1)

    @property
    def extra_interest(self) -> Decimal:
        return self.changed.sums.interest - self.kept.sums.interest

    def rows(self, case: Case, subject: str) -> tuple[Row, ...]:
        """What is paid before, in that time and afterwards, in the subject's words."""
        figures = {
            "before": self.before,
            "during": self.during,
            "relief": self.before - self.during,
            "after": self.after,
            "interest": self.extra_interest,
        }
        return tuple(
            Row(case.say(f"{subject}.row.{name}"), money(amount), emphasis=name == "during")
            for name, amount in figures.items()
        )

    def chart(self, case: Case, subject: str) -> Chart:
        """Every year without it and with it."""
        plans = {"before": self.kept, "during": self.changed}
        named = {case.say(f"{subject}.row.{name}"): plan for name, plan in plans.items()}
        return yearly_lines(case, case.say(f"{subject}.chart"), named)


def grace_months(case: Case, loan: Loan, too_long: str) -> int:
    """How long; something must be left to repay afterwards."""
    months = case.values.months("grace_months")
    if months >= loan.term_months:
        raise InvalidInput("out_of_range", "grace_months", case.say(too_long, months=loan.term_months))
    return months
