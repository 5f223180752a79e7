"""Ways to borrow side by side: what each costs, what becomes of it under stress, and which of them suits a household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.calculations.guidance import SKIPPED
from actions.calculations.household import NAME
from actions.calculations.model import Case, Source
from actions.calculations.planned import carrying_power
from bot.lending import InvalidInput, Loan, Method, totals
from bot.lending.money import exact, to_fen

YEAR = 12
FEWEST = 3  #: plans that stand side by side
LESS = "less"  #: the plan with a smaller loan, where the term leaves too few others


@dataclass(frozen=True)
class Offer:
    """A way to borrow, and what it costs as things are and if they turn worse."""

    name: str
    title: str
    commercial: Loan | None
    fund: Loan | None
    rise: Decimal
    fund_rise: Decimal

    @property
    def loans(self) -> tuple[Loan, ...]:
        return tuple(loan for loan in (self.fund, self.commercial) if loan)

    @property
    def term_months(self) -> int:
        return self.loans[0].term_months

    @property
    def method(self) -> Method:
        return self.loans[0].method

    @property
    def product(self) -> str:
        if self.fund is None:
            return "commercial"
        return "combined" if self.commercial else "provident_fund"

    @property
    def payment(self) -> Decimal:
        """The first one, the highest there is."""
        with exact():
            return sum((totals(loan).first.payment for loan in self.loans), Decimal(0))

    @property
    def interest(self) -> Decimal:
        with exact():
            return sum((totals(loan).interest for loan in self.loans), Decimal(0))

    @property
    def risen(self) -> Decimal:
        """The payment if the rates rise before the first one falls due."""
        return replace(
            self, commercial=_dearer(self.commercial, self.rise), fund=_dearer(self.fund, self.fund_rise)
        ).payment


@dataclass(frozen=True)
class Power:
    """What may be paid a month at most, with the income of today and with less; an old house's payment is off it."""

    income: Decimal
    less: Decimal
    limit: Decimal
    limit_less: Decimal

    def bears(self, offer: Offer) -> bool:
        return offer.payment <= self.limit

    def bears_worse(self, offer: Offer) -> bool:
        """Either misfortune alone."""
        return offer.risen <= self.limit and offer.payment <= self.limit_less


def _dearer(loan: Loan | None, rise: Decimal) -> Loan | None:
    return loan and replace(loan, annual_rate=loan.annual_rate + rise)


def _longest(case: Case) -> int:
    """Months of the longest term that the bank gives at this age."""
    rules, age = case.rules, case.values.whole("age")
    limit, least = rules.fact("term.age_plus_term_max").whole, rules.fact("term.bank_min_years").whole
    years = min(rules.fact("term.bank_max_years").whole, limit - age)
    if years < least:
        raise InvalidInput("out_of_range", "age", case.say(f"{NAME}.too_old", limit=limit, least=least))
    return years * YEAR


def offers_of(case: Case, principal: Decimal) -> tuple[Offer, ...]:
    """The lightest, the middle one, the falling one, the cheapest, and with the fund's money where there is some.

    Where age leaves so short a term that these are one, the same with a smaller loan stands beside them.
    """
    longest, fact = _longest(case), case.rules.fact
    usual = min(fact("guidance.usual_years").whole * YEAR, longest)
    shorter = int(usual // YEAR * fact("guidance.shorter_share").fraction)
    short = max(shorter, fact("term.bank_min_years").whole) * YEAR
    rate = rate_for(case, usual)
    plain = {
        "lightest": Loan(principal, rate_for(case, longest), longest),
        "middle": Loan(principal, rate, usual),
        "falling": Loan(principal, rate, usual, Method.EQUAL_PRINCIPAL),
        "short": Loan(principal, rate_for(case, short), short),
    }
    offers = [_offer(case, name, loan, None) for name, loan in plain.items()]
    if "fund_principal" in case.values:
        of_fund = min(case.values.money("fund_principal"), principal)
        rest = principal - of_fund
        fund = Loan(of_fund, case.rules.provident_fund_rate(usual).fraction, usual)
        offers.append(_offer(case, "fund", Loan(rest, rate, usual) if rest else None, fund))
    distinct = {offer.loans: offer for offer in reversed(offers)}
    if len(distinct) < FEWEST:
        with exact():
            less = to_fen(principal * (1 - fact("guidance.smaller_loan").fraction))
        offer = _offer(case, LESS, Loan(less, rate, usual), None)
        distinct[offer.loans] = offer
    return tuple(sorted(distinct.values(), key=lambda offer: offer.payment))


def rate_for(case: Case, months: int) -> Decimal:
    """The rate that was named, else that of the day for this term: up to five years it starts from another quote."""
    if case.values["annual_rate"].source is Source.DEFAULT:
        return case.rules.example_rate(months)
    return case.values.rate("annual_rate")


def _offer(case: Case, name: str, commercial: Loan | None, fund: Loan | None) -> Offer:
    fact = case.rules.fact
    rises = (fact("guidance.rate_rise").fraction, fact("guidance.fund_rate_rise").fraction)
    offer = Offer(name, "", commercial, fund, *rises)
    return replace(
        offer,
        title=case.say(
            f"{NAME}.offer",
            product=case.say(f"servicing.product.{offer.product}"),
            years=offer.term_months // YEAR,
            method=case.say(f"calculation.method.{offer.method.value}"),
            less=fact("guidance.smaller_loan").text if name == LESS else None,
        ),
    )


def power_of(case: Case) -> Power | None:
    """None for somebody who would not say what they earn."""
    if "income" not in case.values:
        return None
    income = case.values.money("income")
    old = case.values.money("old_payment") if "old_payment" in case.values else Decimal(0)
    with exact():
        less = to_fen(income * (1 - case.rules.fact("guidance.income_fall").fraction))
        limits = (
            max(Decimal(carrying_power(case, each)["max_monthly_payment"]) - old, Decimal(0))
            for each in (income, less)
        )
        return Power(income, less, *limits)


def income_for(case: Case, offer: Offer) -> Decimal:
    """The income of the household that this payment needs."""
    with exact():
        return to_fen(offer.payment / case.rules.fact("ratio.housing").fraction)


def is_careful(case: Case) -> bool:
    """Whether room to breathe matters more to this household than the interest."""
    raw = case.values.raw
    return (
        raw("job") not in ("stable", SKIPPED)
        or raw("rise_felt") == "no"
        or raw("reserve") == "none"
        or raw("worry") in ("income", "tight")
        or raw("plans") == "sell"
    )


def best_of(case: Case, offers: Sequence[Offer], power: Power | None) -> Offer:
    """The lightest for the careful, else the cheapest of those that bear either misfortune; as much is borrowed as
    was asked for."""
    whole = [offer for offer in offers if offer.name != LESS]
    if power is None:
        middle = next((offer for offer in whole if offer.name == "middle"), whole[0])
        return whole[0] if is_careful(case) else middle
    safe = [offer for offer in whole if power.bears(offer) and power.bears_worse(offer)]
    if is_careful(case) or not safe:
        return whole[0]
    return min(safe, key=lambda offer: offer.interest)
