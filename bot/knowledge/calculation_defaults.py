"""What a calculation takes for a field that is left out: the policy facts of the day, each said aloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.knowledge.errors import NoFactForDay, UnknownFact
from bot.knowledge.formatting import day as day_text
from bot.knowledge.formatting import percent
from bot.knowledge.model import Fact
from bot.knowledge.policy import PolicyBook
from bot.knowledge.units import NUMBERS, Status
from bot.lending.inputs import Default
from bot.lending.wording import assumption

MONTHS_A_YEAR = 12

#: Field (or default's name) of the calculation core -> policy fact, as the wire writes it.
_PLAIN = {
    "housing_ratio_cap_pct": "ratio.housing",
    "total_debt_ratio_cap_pct": "ratio.all_debts",
    "age_plus_term_max": "term.age_plus_term_max",
    "house_age_plus_term_max": "term.house_age_plus_term_max",
    "product_max_years": "term.bank_max_years",
    "min_age": "eligibility.min_age",
    "min_down_pct": "down_payment.commercial_bank_min",
    "spread_bp": "pricing.first_home_spread",
    "threshold_bp": "pricing.existing_gap_threshold",
    "uplift_pct": "overdue.uplift",
    "day_basis": "repayment.day_basis",
    "extension_max_share_pct": "extension.max_share_of_term",
    "monthly_deduction": "tax.interest_deduction_monthly",
    "deduction_max_months": "tax.interest_deduction_months",
    "small_area_max_sqm": "tax.deed_area_limit",
    "first_small_pct": "tax.deed_first_small",
    "first_large_pct": "tax.deed_first_large",
    "second_small_pct": "tax.deed_second_small",
    "second_large_pct": "tax.deed_second_large",
    "other_pct": "tax.deed_other_usual",
    "subsidy_pct": "subsidy.rate",
    "subsidy_max_months": "subsidy.max_months",
    "principal_cap": "subsidy.principal_cap",
}

#: Whose sentence would only repeat what another one says.
_SILENT = {"first_small_pct", "first_large_pct", "second_small_pct", "second_large_pct", "other_pct"}

#: The subsidy's conditions hold for the day of disbursement, so they come from the programme and not from today.
_PROGRAMME = {"max_area_sqm": "subsidy.max_area", "max_price": "subsidy.max_price"}


def defaults_on(policy: PolicyBook, today: date) -> dict[str, Default]:
    """Every default of ``today``; a fact that does not hold then is left out, and the field must be given."""
    return dict(_all(policy, today))


def _all(policy: PolicyBook, today: date) -> Iterator[tuple[str, Default]]:
    for field, key in _PLAIN.items():
        fact = _fact(policy, key, today)
        if fact is not None:
            yield field, Default(_wire(fact), "" if field in _SILENT else _note(fact))
    yield from _rates(policy, today)
    yield from _programme(policy)
    total = _fact(policy, "extension.max_total_years", today)
    if total is not None:
        yield "extension_max_total_months", Default(total.whole * MONTHS_A_YEAR, _note(total))
    average, lpr = _fact(policy, "pricing.national_average_new", today), _fact(policy, "lpr.over_5y", today)
    if average is not None and lpr is not None:
        gap = int((average.number - lpr.number) * 100)
        yield "national_avg_new_spread_bp", Default(gap, f"{_note(average)}{_note(lpr)}")


def _rates(policy: PolicyBook, today: date) -> Iterator[tuple[str, Default]]:
    """The rates of a new loan: LPR plus the bank's spread, and the provident fund's, for either length."""
    spread = _fact(policy, "pricing.first_home_spread", today)
    long, short = (_fact(policy, f"lpr.{term}", today) for term in ("over_5y", "one_year"))
    if long is not None and short is not None:
        yield "lpr_pct", Default(_wire(long), _note(long), Default(_wire(short), _note(short)))
        if spread is not None:
            for_short = Default(*_priced(short, spread))
            yield "annual_rate_pct", Default(*_priced(long, spread), for_short)
    over, up_to = (
        _fact(policy, f"provident_fund.first_home_{term}", today) for term in ("over_5y", "up_to_5y")
    )
    if over is not None and up_to is not None:
        yield (
            "provident_fund_rate_pct",
            Default(_wire(over), _note(over), Default(_wire(up_to), _note(up_to))),
        )


def _priced(lpr: Fact, spread: Fact) -> tuple[str, str]:
    pct = lpr.number + spread.number / 100
    note = assumption(
        "default_rate",
        rate=percent(pct / 100),
        lpr=f"{lpr.title} {lpr.text}",
        published=day_text(lpr.verified_on),
        spread=spread.text,
    )
    return format(pct, "f"), note


def _programme(policy: PolicyBook) -> Iterator[tuple[str, Default]]:
    latest = policy.history("subsidy.rate")[-1:]
    for fact in latest:
        last = fact.effective_to or date.max
        yield "programme_from", Default(fact.effective_from.isoformat(), _note(fact))
        yield "programme_until", Default(min(last, date(2200, 12, 31)).isoformat(), "")
        for field, key in _PROGRAMME.items():
            condition = _fact(policy, key, fact.effective_from)
            if condition is not None:
                yield field, Default(_wire(condition), _note(condition))


def _fact(policy: PolicyBook, key: str, today: date) -> Fact | None:
    try:
        return policy.fact(key, today)
    except (NoFactForDay, UnknownFact):
        return None


def _wire(fact: Fact) -> str | int:
    """Per cent and money travel as text, counts as whole numbers."""
    if fact.unit not in NUMBERS or fact.unit.value in ("pct", "yuan", "sqm"):
        return format(fact.number, "f") if isinstance(fact.value, Decimal) else str(fact.value)
    return fact.whole


def _note(fact: Fact) -> str:
    doubt = assumption("default_unverified") if fact.status is Status.UNVERIFIED else ""
    return (
        assumption(
            "default",
            title=fact.title,
            value=fact.text,
            since=day_text(fact.effective_from),
            source=fact.source,
        )
        + doubt
    )
