"""Deed tax, the deduction of interest, and the central interest subsidy."""

from __future__ import annotations

from bot.lending import wording
from bot.lending.inputs import Inputs
from bot.lending.kinds.wire import (
    Kinds,
    Result,
    new_loan,
    optional_yuan,
    plain_pct,
    said,
    schedule_said,
    words,
    yuan,
)
from bot.lending.model import Method
from bot.lending.subsidy import Purchase, SubsidyRules, failed_conditions, subsidise
from bot.lending.tax import DeedTaxRates
from bot.lending.tax import deed_tax as tax_on
from bot.lending.tax import interest_deduction as deduct_interest

LOAN_TYPES = {"commercial": True, "provident_fund": False, "combination": False}
MAX_HOMES, MAX_AREA = 99, "1000000"


def subsidy_eligibility(inputs: Inputs) -> Result:
    """Whether a purchase meets the conditions of the central subsidy (SB1)."""
    purchase = Purchase(
        is_first_home=inputs.flag("first_home"),
        area=inputs.number("area_sqm", "0.01", MAX_AREA),
        price=inputs.principal("price"),
        is_commercial_loan=inputs.choice("loan_type", LOAN_TYPES),
        disbursed=inputs.day("disbursed"),
        is_refinance=inputs.flag("refinance", otherwise=False),
    )
    rules = SubsidyRules(
        max_area=inputs.number("max_area_sqm", "0", MAX_AREA),
        max_price=inputs.amount("max_price"),
        since=inputs.day("programme_from"),
        until=inputs.day("programme_until"),
    )
    failed = failed_conditions(purchase, rules)
    notes = [wording.assumption("subsidy_failed", name=wording.name_of(field)) for field in failed]
    return {
        "eligible": not failed,
        "assumptions": said(inputs, *notes, *words("subsidy_bank_decides")),
    }


def interest_subsidy(inputs: Inputs) -> Result:
    """What the central subsidy takes off the payments (SB1)."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT if not inputs.has("method") else None)
    subsidised = subsidise(
        loan,
        inputs.share("subsidy_pct", high="36"),
        inputs.count("max_months", 0, 480, default="subsidy_max_months"),
        inputs.amount("principal_cap"),
    )
    return {
        "monthly_payment": yuan(subsidised.monthly_payment),
        "first_month_subsidy": yuan(subsidised.first_subsidy),
        "first_month_net_payment": yuan(subsidised.first_net_payment),
        "total_subsidy": yuan(subsidised.total_subsidy),
        "payment_after_subsidy_ends": optional_yuan(subsidised.payment_afterwards),
        "assumptions": said(inputs, *schedule_said(loan), *words("subsidy_base", "subsidy_bank_decides")),
    }


def deed_tax(inputs: Inputs) -> Result:
    """契税 by the number of homes and the area (TX2)."""
    price = inputs.principal("price_ex_vat")
    area = inputs.number("area_sqm", "0.01", MAX_AREA)
    home_number = inputs.count("home_number", 1, MAX_HOMES)
    rates = DeedTaxRates(
        small_up_to=inputs.number("small_area_max_sqm", "0", MAX_AREA),
        first_small=inputs.share("first_small_pct"),
        first_large=inputs.share("first_large_pct"),
        second_small=inputs.share("second_small_pct"),
        second_large=inputs.share("second_large_pct"),
        other=inputs.share("other_pct"),
    )
    rate = rates.rate(home_number, area)
    return {
        "rate_pct": plain_pct(rate),
        "deed_tax": yuan(tax_on(price, rate)),
        "assumptions": said(
            inputs, *words("homes_by_tax_rule", *(("local_rate",) if home_number > 2 else ()))
        ),
    }


def interest_deduction(inputs: Inputs) -> Result:
    """What the special deduction for home-loan interest saves (TX1)."""
    term = inputs.term()
    rate = inputs.share("marginal_rate_pct")
    monthly = inputs.amount("monthly_deduction")
    deduction = deduct_interest(
        term, rate, monthly, inputs.count("max_months", 0, 480, default="deduction_max_months")
    )
    return {
        "eligible_months": deduction.months,
        "annual_tax_saving": yuan(deduction.annual_saving),
        "total_tax_saving_max": yuan(deduction.total_saving),
        "assumptions": said(inputs, *words("deduction")),
    }


KINDS: Kinds = {
    "subsidy_eligibility": subsidy_eligibility,
    "interest_subsidy": interest_subsidy,
    "deed_tax": deed_tax,
    "interest_deduction": interest_deduction,
}
