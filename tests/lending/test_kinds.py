"""What the published examples leave open: edges of each kind, defaults of the day, and the kinds beyond the table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.lending.errors import InvalidInput
from bot.lending.face import calculate
from bot.lending.inputs import Default

Defaults = dict[str, Default]
MILLION = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}


def refused(kind: str, inputs: dict[str, Any], defaults: Defaults) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        calculate(kind, inputs, defaults)
    assert caught.value.message.endswith("。")
    return caught.value.field, caught.value.code


PREPAY = MILLION | {"paid_periods": 24, "prepay_amount": "200000", "option": "lower_payment"}
DAYS = {"balance": "1000000", "annual_rate_pct": "3.5", "from_date": "2026-11-05", "to_date": "2026-12-20"}
CHANGE = {"balance": "1000000", "annual_rate_pct": "3.5", "last_due_date": "2026-11-25", "new_day": 5}


@pytest.mark.parametrize(
    ("kind", "inputs", "field", "code"),
    [
        ("prepay_partial", PREPAY | {"prepay_amount": "970000"}, "prepay_amount", "too_large"),
        ("prepay_partial", PREPAY | {"paid_periods": 360}, "paid_periods", "nothing_owed"),
        ("prepay_partial", PREPAY | {"paid_periods": 361}, "paid_periods", "out_of_range"),
        ("prepay_partial", PREPAY | {"paid_periods": 2.5}, "paid_periods", "not_an_integer"),
        ("prepay_partial", PREPAY | {"option": "whatever"}, "option", "not_a_choice"),
        ("prepay_partial", PREPAY | {"penalty": "1"}, "penalty", "not_an_object"),
        ("prepay_partial", PREPAY | {"penalty": {"type": "pct_of_prepaid"}}, "penalty.pct", "missing"),
        ("prepay_partial", PREPAY | {"penalty": {"type": "months_interest", "months": "3"}}, "penalty.months",
         "not_an_integer"),
        ("interest_only", MILLION | {"interest_only_months": 360}, "interest_only_months", "out_of_range"),
        ("balloon", MILLION | {"amortization_months": 359}, "amortization_months", "out_of_range"),
        ("day_count_interest", DAYS | {"to_date": "2026-11-04"}, "to_date", "dates_reversed"),
        ("day_count_interest", DAYS | {"from_date": "2026-02-30"}, "from_date", "not_a_date"),
        ("repayment_day_change", CHANGE | {"first_new_due": "same_month"}, "first_new_due", "new_day_passed"),
        ("repayment_day_change", CHANGE | {"new_day": 32}, "new_day", "out_of_range"),
        ("rate_change", MILLION | {"rate_changes": []}, "rate_changes", "wrong_length"),
        (
            "rate_change",
            MILLION
            | {
                "rate_changes": [
                    {"effective_period": 20, "annual_rate_pct": "3"},
                    {"effective_period": 13, "annual_rate_pct": "2"},
                ]
            },
            "rate_changes[1].effective_period",
            "not_rising",
        ),
        ("rate_composition", {"lpr_pct": "3", "base_pct": "4.9", "multiplier": "1"}, "lpr_pct", "conflict"),
        ("rate_composition", {"lpr_pct": "3.5", "spread_bp": -400}, "spread_bp", "rate_out_of_range"),
        ("annualised_cost", MILLION | {"upfront_fee": "1000000"}, "upfront_fee", "out_of_range"),
        (
            "graduated_steps",
            MILLION | {"steps": [{"months": 360, "pct_of_standard": "80"}]},
            "steps[0].months",
            "out_of_range",
        ),
        ("combination", {"provident_fund": {"principal": "1"}}, "provident_fund.term_months", "missing"),
        ("statutory_retirement", {"category": "male", "birth_month": "1964-13"}, "birth_month", "not_a_month"),
        ("extension_payment", {"balance": "1", "annual_rate_pct": "3", "remaining_months": 480,
                               "extension_months": 1}, "extension_months", "out_of_range"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(
    kind: str, inputs: dict[str, Any], field: str, code: str, defaults: Defaults
) -> None:
    assert refused(kind, inputs, defaults) == (field, code)


def test_the_word_for_a_nested_field_says_where_it_stands(defaults: Defaults) -> None:
    with pytest.raises(InvalidInput) as caught:
        calculate(
            "rate_change",
            MILLION | {"rate_changes": [{"effective_period": 13, "annual_rate_pct": "37"}]},
            defaults,
        )
    assert caught.value.message == "利率变动第1项的年利率要在 0 到 36 之间。"


def test_a_new_loan_without_a_rate_takes_the_days_and_says_so(defaults: Defaults) -> None:
    """LPR 3.50 % less 45 basis points; up to five years LPR 3.00 %."""
    long = calculate("level_payment", {"principal": "1000000", "term_months": 360}, defaults)
    assert long["monthly_payment"] == "4243.05"
    assert any("3.05%" in sentence and "2026年9月20日" in sentence for sentence in long["assumptions"])
    short = calculate("level_payment", {"principal": "1000000", "term_months": 60}, defaults)
    assert any("2.55%" in sentence for sentence in short["assumptions"])


def test_a_running_loans_rate_is_never_guessed(defaults: Defaults) -> None:
    inputs = {"principal": "1000000", "term_months": 360, "paid_periods": 12}
    assert refused("balance_after", inputs, defaults) == ("annual_rate_pct", "missing")


def test_no_penalty_is_assumed_and_that_is_said(defaults: Defaults) -> None:
    result = calculate("prepay_partial", PREPAY | {"paid_periods": 6}, defaults)
    assert result["penalty"] == "0.00"
    assert any("没有计违约金" in sentence for sentence in result["assumptions"])


def test_months_of_interest_are_a_penalty_too(defaults: Defaults) -> None:
    """200,000 · 3.5 % / 12 · 3 = 1,750.00"""
    penalty = {"type": "months_interest", "months": 3}
    assert calculate("prepay_partial", PREPAY | {"penalty": penalty}, defaults)["penalty"] == "1750.00"


def test_repaying_all_that_is_owed_leaves_nothing(defaults: Defaults) -> None:
    result = calculate("prepay_partial", PREPAY | {"prepay_amount": "960934.79"}, defaults)
    assert (result["balance_after"], result["remaining_periods"], result["new_payment"]) == (
        "0.00",
        0,
        "0.00",
    )


def test_a_relevelled_shorter_term_keeps_the_payment_about_the_same(defaults: Defaults) -> None:
    """ln(1/(1 − 760934.79·i/4490.45))/ln(1+i) = 234.07 months at i = 3.5 %/12, so 234."""
    result = calculate("prepay_partial", PREPAY | {"option": "shorten_relevel"}, defaults)
    assert result["remaining_periods"] == 234
    assert abs(Decimal(result["new_payment"]) - Decimal("4490.45")) < 10


def test_other_debts_count_against_the_wider_ratio(defaults: Defaults) -> None:
    """20,000 · 60 % − 4,000 = 8,000, less than 20,000 · 50 %."""
    inputs = {"household_monthly_income": "20000", "annual_rate_pct": "3.5", "term_months": 360}
    result = calculate("affordability", inputs | {"other_debt_payments": "4000"}, defaults)
    assert result["max_monthly_payment"] == "8000.00"
    assert any("60%" in sentence for sentence in result["assumptions"])


def test_debts_beyond_the_ratio_leave_no_room(defaults: Defaults) -> None:
    inputs = {"household_monthly_income": "5000", "annual_rate_pct": "3.5", "term_months": 360}
    result = calculate("affordability", inputs | {"other_debt_payments": "4000"}, defaults)
    assert (result["max_loan"], result["max_loan_wan_floor"]) == ("0.00", 0)


@pytest.mark.parametrize(
    ("category", "birth", "age", "month"),
    [
        # the annexes of the State Council's decision on raising the statutory retirement age
        ("male", "1965-01", "60-1", "2025-02"),
        ("male", "1965-04", "60-1", "2025-05"),
        ("male", "1965-05", "60-2", "2025-07"),
        ("male", "1976-09", "63-0", "2039-09"),
        ("male", "1990-01", "63-0", "2053-01"),
        ("female55", "1970-01", "55-1", "2025-02"),
        ("female55", "1981-09", "58-0", "2039-09"),
        ("female50", "1975-01", "50-1", "2025-02"),
        ("female50", "1975-03", "50-2", "2025-05"),
        ("female50", "1984-11", "55-0", "2039-11"),
        ("female50", "1970-01", "50-0", "2020-01"),
    ],
)
def test_the_retirement_age_rises_step_by_step(
    category: str, birth: str, age: str, month: str, defaults: Defaults
) -> None:
    result = calculate("statutory_retirement", {"category": category, "birth_month": birth}, defaults)
    assert (result["retirement_age"], result["retirement_month"]) == (age, month)


@pytest.mark.parametrize(
    ("area", "home", "rate", "tax"),
    [
        ("140", 1, "1", "20000.00"),
        ("140.01", 1, "1.5", "30000.00"),
        ("140", 2, "1", "20000.00"),
        ("141", 2, "2", "40000.00"),
        ("90", 3, "3", "60000.00"),
    ],
)
def test_deed_tax_by_home_and_area(area: str, home: int, rate: str, tax: str, defaults: Defaults) -> None:
    inputs = {"price_ex_vat": "2000000", "area_sqm": area, "home_number": home}
    result = calculate("deed_tax", inputs, defaults)
    assert (result["rate_pct"], result["deed_tax"]) == (rate, tax)


PURCHASE = {
    "first_home": True,
    "area_sqm": "120",
    "price": "1500000",
    "loan_type": "commercial",
    "disbursed": "2026-10-01",
    "refinance": False,
}


@pytest.mark.parametrize(
    "change",
    [
        {"first_home": False},
        {"area_sqm": "120.01"},
        {"price": "1500000.01"},
        {"loan_type": "provident_fund"},
        {"disbursed": "2026-09-30"},
        {"disbursed": "2027-10-01"},
        {"refinance": True},
    ],
)
def test_each_condition_of_the_subsidy_counts(change: dict[str, Any], defaults: Defaults) -> None:
    result = calculate("subsidy_eligibility", PURCHASE | change, defaults)
    assert result["eligible"] is False
    assert any("不符合贴息条件" in sentence for sentence in result["assumptions"])


def test_house_and_age_both_limit_the_term(defaults: Defaults) -> None:
    """50 − 25 = 25 is less than 70 − 35 and 40; at 75 nothing is left; under 18 nothing either."""
    assert calculate("max_term", {"age": 35, "house_age": 25}, defaults)["max_term_years"] == 25
    assert calculate("max_term", {"age": 75}, defaults)["max_term_years"] == 0
    assert calculate("max_term", {"age": 17}, defaults)["max_term_years"] == 0


def test_the_lower_of_price_and_appraisal_counts(defaults: Defaults) -> None:
    """2,800,000 · 85 % = 2,380,000 to be lent, 620,000 of the price to be brought."""
    inputs = {"price": "3000000", "appraised_value": "2800000", "savings": "700000"}
    result = calculate("down_payment", inputs, defaults)
    assert (result["max_loan"], result["min_down_payment"]) == ("2380000.00", "620000.00")
    assert (result["ltv_pct"], result["cash_gap"]) == ("85.00", "0.00")


def test_a_fee_raises_the_yearly_cost(defaults: Defaults) -> None:
    """One month: 1,002,916.67 for 990,000 paid out is 1.30471 % a month, 15.6566 % a year."""
    result = calculate("annualised_cost", MILLION | {"term_months": 1, "upfront_fee": "10000"}, defaults)
    expected = (Decimal("1002916.67") / Decimal(990000) - 1) * 1200
    assert result["nominal_annual_cost_pct"] == f"{expected:.4f}"


def test_a_month_end_counts_as_a_whole_month(defaults: Defaults) -> None:
    """31 January to 28 February, and to 29 February of a leap year."""
    for until in ("2027-02-28", "2028-02-29"):
        dates = {"from_date": f"{until[:4]}-01-31", "to_date": until}
        result = calculate("day_count_interest", DAYS | dates, defaults)
        assert (result["whole_months"], result["odd_days"]) == (1, 0)


STORY = MILLION | {
    "start_date": "2026-11-05",
    "events": [
        {"type": "rate_change", "effective_period": 13, "annual_rate_pct": "3.2"},
        {"type": "prepayment", "after_period": 24, "amount": "200000", "option": "shorten_keep_payment"},
        {"type": "day_change", "effective_period": 30, "new_day": 20},
    ],
}


def test_rate_cut_prepayment_and_changed_day_are_one_call(defaults: Defaults) -> None:
    """Each step is checked by hand from the row before it."""
    result = calculate("schedule", STORY, defaults)
    rows = {row["period"]: row for row in result["rows"]}
    assert rows[1]["payment"] == "4490.45"
    assert rows[12]["payment"] == "4490.45"
    assert rows[13]["payment"] != "4490.45"
    assert rows[24]["prepaid"] == "200000.00"
    assert rows[25]["payment"] == rows[24]["payment"] == rows[13]["payment"]
    assert (rows[29]["due_date"], rows[30]["due_date"], rows[31]["due_date"]) == (
        "2029-04-05",
        "2029-05-20",
        "2029-06-20",
    )
    # 45 days at 3.2 % on the balance after instalment 29
    interest = (Decimal(rows[29]["balance"]) * Decimal("0.032") * 45 / 360).quantize(Decimal("0.01"))
    assert rows[30]["interest"] == str(interest)
    assert result["n_payments"] < 360
    assert rows[result["n_payments"]]["balance"] == "0.00"
    assert result["total_prepaid"] == "200000.00"


def test_a_changed_day_needs_dates(defaults: Defaults) -> None:
    inputs = {name: value for name, value in STORY.items() if name != "start_date"}
    assert refused("schedule", inputs, defaults) == ("first_due_date", "missing")


def test_prepaying_more_than_is_owed_on_the_way_is_refused(defaults: Defaults) -> None:
    event = {"type": "prepayment", "after_period": 24, "amount": "970000", "option": "lower_payment"}
    assert refused("schedule", MILLION | {"events": [event]}, defaults) == ("events", "too_large")


def test_a_first_period_that_is_no_month_bears_interest_by_days(defaults: Defaults) -> None:
    """20 days from 25 November: 1,000,000 · 3.5 % · 20 / 360 = 1,944.44."""
    dates = {"start_date": "2026-11-25", "first_due_date": "2026-12-15"}
    first = calculate("schedule", MILLION | dates, defaults)["rows"][0]
    assert (first["due_date"], first["interest"]) == ("2026-12-15", "1944.44")


def test_yearly_interest_adds_up_to_the_schedule(defaults: Defaults) -> None:
    years = calculate("yearly_interest", MILLION | {"first_due_date": "2026-12-20"}, defaults)["years"]
    assert years[0] == {"year": 2026, "interest": "2916.67", "principal": "1573.78"}
    assert sum(Decimal(year["interest"]) for year in years) == Decimal("616560.07")


def test_a_combination_is_one_calendar(defaults: Defaults) -> None:
    fund = {"principal": "300000", "annual_rate_pct": "2.6", "term_months": 240, "method": "equal_principal"}
    bank = {"principal": "700000", "annual_rate_pct": "3.05", "term_months": 360}
    dated = {"first_due_date": "2026-12-31"}
    rows = calculate(
        "combination_calendar", {"provident_fund": fund | dated, "commercial": bank | dated}, defaults
    )["rows"]
    assert len(rows) == 360
    assert rows[0]["payment"] == "4870.14"  # 1,250 + 650 of interest, and 2,970.14
    assert rows[2]["due_date"] == "2027-02-28"
    assert (rows[240]["provident_fund"], rows[-1]["balance"]) == ("0.00", "0.00")


def test_biweekly_payments_cost_less_than_monthly_ones(defaults: Defaults) -> None:
    result = calculate("biweekly", MILLION, defaults)
    assert result["biweekly_payment"] == "2245.23"
    assert Decimal(result["interest_saved_vs_monthly"]) > 0
    assert Decimal(result["years"]) < 30


def test_rate_bands_show_best_same_and_worse(defaults: Defaults) -> None:
    bands = calculate("rate_bands", MILLION, defaults)["bands"]
    assert [band["payment"] for band in bands] == ["4352.06", "4490.45", "4631.16"]
    assert bands[1]["interest_change"] == "0.00"


def test_a_conversion_names_when_its_fee_is_recovered(defaults: Defaults) -> None:
    inputs = MILLION | {"paid_periods": 24, "pf_rate_pct": "2.6", "max_pf_loan": "600000"}
    result = calculate("fund_conversion", inputs | {"conversion_fee": "3000"}, defaults)
    assert (result["pf_principal"], result["commercial_principal"]) == ("600000.00", "360934.79")
    # the first month's interest falls by 600,000 · 0.9 % / 12 = 450: seven months for 3,000
    assert result["months_to_recover_fee"] == 7


def test_another_method_for_the_rest_costs_less_interest(defaults: Defaults) -> None:
    inputs = MILLION | {"method": "level", "paid_periods": 24, "new_method": "equal_principal"}
    result = calculate("method_change", inputs, defaults)
    assert result["balance"] == "960934.79"
    assert result["payment_after"] == "5662.65"  # 960,934.79 / 336 + 960,934.79 · 3.5 % / 12
    assert Decimal(result["interest_difference"]) < 0
