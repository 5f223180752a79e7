"""A running loan as it is and as it would be: what is paid now, what is paid then, and every year drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.calculations.model import Case
from bot.lending import Event, Loan, Method, Totals, YearSums, by_year, position, totals
from bot.messages import Chart


@dataclass(frozen=True)
class Plan:
    """How the rest of a loan is repaid: as agreed, or with something that happens on the way."""

    loan: Loan
    events: tuple[Event, ...] = ()

    @property
    def sums(self) -> Totals:
        return totals(self.loan, self.events)

    def payment(self, period: int = 1) -> Decimal:
        """The instalment of a period, counted from today."""
        return position(self.loan, period - 1, self.events).next_payment

    def years(self) -> tuple[YearSums, ...]:
        return by_year(self.loan, self.events)


def yearly_lines(case: Case, title: str, plans: Mapping[str, Plan]) -> Chart:
    """What each year costs under every plan; a plan that has ended costs nothing."""
    years = {name: plan.years() for name, plan in plans.items()}
    length = max(len(each) for each in years.values())
    return Chart(
        "lines",
        title,
        tuple(case.say("payment.chart.year", n=n) for n in range(1, length + 1)),
        {name: _paid(each, length) for name, each in years.items()},
    )


def _paid(years: Sequence[YearSums], length: int) -> tuple[str, ...]:
    paid = tuple(str(year.principal + year.interest) for year in years)
    return paid + ("0.00",) * (length - len(paid))


def wire_method(method: Method) -> str:
    """A method as the core's face calls it."""
    return "level" if method is Method.EQUAL_INSTALMENT else method.value
