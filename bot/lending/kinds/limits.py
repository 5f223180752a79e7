"""The longest term, the largest loan, and how far a term may be stretched."""

from __future__ import annotations

from bot.lending.inputs import Inputs
from bot.lending.kinds.wire import Kinds, Result, rounded_pct, said, words, yuan
from bot.lending.limits import (
    AgeRule,
    RetirementCategory,
    max_extension,
    max_term_years,
)
from bot.lending.limits import (
    down_payment as needed_down_payment,
)
from bot.lending.limits import (
    statutory_retirement as retirement_of,
)
from bot.lending.model import MAX_TERM_MONTHS

MAX_AGE, MAX_HOUSE_AGE, MAX_YEARS = 120, 200, 200
CATEGORIES = {category.value: category for category in RetirementCategory}


def max_term(inputs: Inputs) -> Result:
    """The longest term by product, age and house (AG1); 0 for somebody under age."""
    age = inputs.count("age", 0, MAX_AGE)
    product = inputs.count("product_max_years", 0, MAX_YEARS)
    rules = [AgeRule(age, inputs.count("age_plus_term_max", 0, MAX_YEARS))]
    house_age = inputs.optional_count("house_age", 0, MAX_HOUSE_AGE)
    if house_age is not None:
        rules.append(AgeRule(house_age, inputs.count("house_age_plus_term_max", 0, MAX_YEARS)))
    elif inputs.has("house_age_plus_term_max"):
        inputs.count("house_age_plus_term_max", 0, MAX_YEARS)
    min_age = inputs.count("min_age", 0, MAX_AGE, otherwise=0)
    years = max_term_years(product, rules) if age >= min_age else 0
    notes = words("age_is_bank_policy", *(() if age >= min_age else ("under_age",)))
    return {"max_term_years": years, "assumptions": said(inputs, *notes)}


def statutory_retirement(inputs: Inputs) -> Result:
    """The statutory retirement age by month of birth (AG2)."""
    found = retirement_of(inputs.choice("category", CATEGORIES), inputs.month("birth_month"))
    year, month0 = divmod(found.month, 12)
    return {
        "retirement_age": f"{found.age_years}-{found.age_months}",
        "retirement_month": f"{year:04d}-{month0 + 1:02d}",
        "assumptions": said(inputs, *words("retirement_rises")),
    }


def down_payment(inputs: Inputs) -> Result:
    """What the buyer must bring, and what may be lent (LV1)."""
    price = inputs.principal("price")
    min_share = inputs.share("min_down_pct")
    savings = inputs.amount("savings", otherwise="0")
    needed = needed_down_payment(price, min_share, savings, inputs.optional_principal("appraised_value"))
    return {
        "max_loan": yuan(needed.max_loan),
        "min_down_payment": yuan(needed.min_down_payment),
        "ltv_pct": rounded_pct(needed.loan_to_value),
        "cash_gap": yuan(needed.cash_gap),
        "assumptions": said(inputs, *words("lower_of_price_and_appraisal", "own_money")),
    }


def extension_limit(inputs: Inputs) -> Result:
    """How many months a term may still be extended by (EX1)."""
    original = inputs.count("original_months", 1, MAX_TERM_MONTHS)
    extended = inputs.count("already_extended_months", 0, MAX_TERM_MONTHS, otherwise=0)
    share = inputs.share("max_share_pct", default="extension_max_share_pct")
    longest = inputs.count("max_total_months", 1, MAX_TERM_MONTHS, default="extension_max_total_months")
    return {
        "max_extension_months": max_extension(original, extended, share, longest),
        "assumptions": said(inputs, *words("bank_decides")),
    }


KINDS: Kinds = {
    "max_term": max_term,
    "statutory_retirement": statutory_retirement,
    "down_payment": down_payment,
    "extension_limit": extension_limit,
}
