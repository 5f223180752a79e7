"""How much a household can carry, and what if the rate rises."""

from __future__ import annotations

from decimal import Decimal

from bot.lending import wording
from bot.lending.affordability import (
    Household,
    max_loan,
    max_monthly_payment,
    payment_ratio,
)
from bot.lending.affordability import (
    required_income as income_for,
)
from bot.lending.inputs import Inputs
from bot.lending.kinds.wire import Kinds, Result, difference, rounded_pct, said, schedule_said, words, yuan
from bot.lending.model import MAX_ANNUAL_RATE, Loan
from bot.lending.money import exact
from bot.lending.payment import equal_instalment_payment
from bot.lending.repricing import rate_with_spread

HOUSING_CAP, ALL_DEBTS_CAP = "housing_ratio_cap_pct", "total_debt_ratio_cap_pct"
MAX_SHOCK = 3600
TEN_THOUSAND = 10000


def affordability(inputs: Inputs) -> Result:
    """The largest loan that both debt ratios allow (AF1)."""
    household = Household(
        inputs.principal("household_monthly_income"),
        inputs.amount("other_debt_payments", otherwise="0"),
        inputs.amount("property_fee", otherwise="0"),
    )
    housing_cap = inputs.share(HOUSING_CAP)
    all_debts_cap = inputs.optional_share(ALL_DEBTS_CAP)
    annual_rate, months = inputs.annual_rate(), inputs.term()
    payment = max_monthly_payment(household, housing_cap, all_debts_cap)
    loan = max_loan(payment, annual_rate, months)
    return {
        "max_monthly_payment": yuan(payment),
        "max_loan": yuan(loan),
        "max_loan_wan_floor": int(loan) // TEN_THOUSAND,
        "assumptions": said(
            inputs,
            *words("equal_instalment", "ratios", "spouse_income", "loan_floored"),
        ),
    }


def required_income(inputs: Inputs) -> Result:
    """The income of which the payment is just the allowed share; other debts count where they are given (AF1)."""
    loan = Loan(inputs.principal(), inputs.annual_rate(), inputs.term())
    cap = _positive_cap(inputs, HOUSING_CAP)
    others = inputs.amount("other_debt_payments", otherwise="0")
    counts_all = bool(others) or inputs.has(ALL_DEBTS_CAP)
    all_debts_cap = _positive_cap(inputs, ALL_DEBTS_CAP) if counts_all else None
    payment = _level(loan)
    return {
        "monthly_payment": yuan(payment),
        "required_income": yuan(income_for(payment, cap, others, all_debts_cap)),
        "assumptions": said(inputs, *schedule_said(loan)[:2], *words("ratios", "spouse_income")),
    }


def dti_check(inputs: Inputs) -> Result:
    """A payment as a share of income, against its cap, inclusive (AF1)."""
    payment, income = inputs.amount("monthly_payment"), inputs.principal("household_monthly_income")
    ratio = payment_ratio(payment, income, inputs.share("cap_pct", default=HOUSING_CAP))
    return {
        "ratio_pct": rounded_pct(ratio.fraction),
        "pass": ratio.is_within,
        "assumptions": said(inputs, *words("ratios", "spouse_income")),
    }


def stress_test(inputs: Inputs) -> Result:
    """The payment if the rate rises by so many basis points."""
    loan = Loan(inputs.principal(), inputs.annual_rate(), inputs.term())
    shock = inputs.count("shock_bp", -MAX_SHOCK, MAX_SHOCK)
    income = inputs.principal("household_monthly_income")
    cap = inputs.share("cap_pct", default=HOUSING_CAP)
    stressed_rate = rate_with_spread(loan.annual_rate, shock)
    if not 0 <= stressed_rate <= MAX_ANNUAL_RATE:
        with exact():
            low = -int(loan.annual_rate * 10000)
            high = int((MAX_ANNUAL_RATE - loan.annual_rate) * 10000)
        raise inputs.invalid("out_of_range", "shock_bp", (Decimal(low), Decimal(high)))
    base = _level(loan)
    stressed = equal_instalment_payment(loan.principal, stressed_rate, loan.term_months)
    with exact():
        increase = (stressed - base) / base if base else Decimal(0)
    return {
        "base_payment": yuan(base),
        "stressed_payment": yuan(stressed),
        "increase": difference(stressed, base),
        "increase_pct": rounded_pct(increase),
        "pass_base": payment_ratio(base, income, cap).is_within,
        "pass_stressed": payment_ratio(stressed, income, cap).is_within,
        "assumptions": said(
            inputs, *schedule_said(loan)[:2], wording.assumption("shock", bp=shock), *words("ratios")
        ),
    }


KINDS: Kinds = {
    "affordability": affordability,
    "required_income": required_income,
    "dti_check": dti_check,
    "stress_test": stress_test,
}


def _level(loan: Loan) -> Decimal:
    return equal_instalment_payment(loan.principal, loan.annual_rate, loan.term_months)


def _positive_cap(inputs: Inputs, name: str) -> Decimal:
    return inputs.share(name, low="0.01")
