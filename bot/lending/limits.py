"""The longest term, the largest loan, and how far a term may be stretched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from bot.lending.money import NOTHING, down_to_yuan, exact


@dataclass(frozen=True)
class AgeRule:
    """An age (of a person or a house) and the term together must not pass a limit; in years."""

    age: int
    limit: int

    @property
    def max_years(self) -> int:
        return self.limit - self.age


def max_term_years(product_max: int, rules: Sequence[AgeRule]) -> int:
    """The strictest of the product's limit and all age rules, never below 0.

    >>> max_term_years(40, [AgeRule(35, 70)])
    35
    """
    return max(0, min([product_max, *(rule.max_years for rule in rules)]))


class RetirementCategory(str, Enum):
    """Whose statutory age: the one that held before 2025 tells the three groups apart."""

    MALE = "male"  #: 60, rising to 63
    FEMALE_55 = "female55"  #: 55, rising to 58
    FEMALE_50 = "female50"  #: 50, rising to 55


@dataclass(frozen=True)
class _Rise:
    """From how old to how old, one month later for so many months of birth."""

    since_years: int
    months: int
    births_a_month: int


_RISES = {
    RetirementCategory.MALE: _Rise(60, 36, 4),
    RetirementCategory.FEMALE_55: _Rise(55, 36, 4),
    RetirementCategory.FEMALE_50: _Rise(50, 60, 2),
}
_RISE_BEGINS = 2025 * 12  #: 2025-01 as a month counted from year 0


@dataclass(frozen=True)
class Retirement:
    """The statutory age, and the month in which it is reached (counted from year 0)."""

    age_years: int
    age_months: int
    month: int


def statutory_retirement(category: RetirementCategory, birth_month: int) -> Retirement:
    """The gradual rise from 2025-01-01; ``birth_month`` is counted from year 0.

    A man born in January 1965 would have been 60 in January 2025: one month more, as for the three
    births after his.

    >>> statutory_retirement(RetirementCategory.MALE, 1965 * 12)
    Retirement(age_years=60, age_months=1, month=24301)
    """
    rise = _RISES[category]
    months_after_start = birth_month + rise.since_years * 12 - _RISE_BEGINS
    later = min(rise.months, max(0, months_after_start // rise.births_a_month + 1))
    age = rise.since_years * 12 + later
    return Retirement(*divmod(age, 12), birth_month + age)


@dataclass(frozen=True)
class DownPayment:
    """What a home needs in cash, and what may be lent on it."""

    max_loan: Decimal
    min_down_payment: Decimal
    loan_to_value: Decimal  #: of the lower of price and appraisal
    cash_gap: Decimal


def down_payment(
    price: Decimal, min_share: Decimal, savings: Decimal, appraised_value: Decimal | None = None
) -> DownPayment:
    """The loan is floored to the yuan; the buyer brings the rest of the price."""
    value = price if appraised_value is None else min(price, appraised_value)
    with exact():
        loan = down_to_yuan(value * (1 - min_share))
        own = price - loan
        return DownPayment(loan, own, loan / value, max(NOTHING, own - savings))


def max_extension(original_months: int, extended_months: int, max_share: Decimal, max_total: int) -> int:
    """How many months a term may still be stretched: a share of the original in total, and an overall limit.

    >>> max_extension(360, 0, Decimal("0.5"), 480)
    120
    """
    with exact():
        by_share = int(original_months * max_share) - extended_months
    return max(0, min(by_share, max_total - original_months - extended_months))
