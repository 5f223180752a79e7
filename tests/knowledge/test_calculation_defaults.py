"""The policy facts that stand in for fields left out of a calculation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.calculation_defaults import defaults_on
from bot.knowledge.policy import PolicyBook

POLICY = PolicyBook.load(Path(__file__).parents[2] / "data" / "knowledge" / "policy")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("annual_rate_pct", "3.05"),  # 3.50 − 0.45
        ("provident_fund_rate_pct", "2.60"),
        ("housing_ratio_cap_pct", "50"),
        ("total_debt_ratio_cap_pct", "60"),
        ("uplift_pct", "50"),
        ("day_basis", 360),
        ("extension_max_total_months", 480),
        ("national_avg_new_spread_bp", -44),  # 3.06 − 3.50
        ("programme_until", "2027-09-30"),
        ("max_price", "1500000"),
    ],
)
def test_the_facts_of_the_day_stand_in(field: str, value: object) -> None:
    assert defaults_on(POLICY, date(2026, 11, 22))[field].value == value


def test_a_fact_of_another_day_has_another_value() -> None:
    """All debts were capped at 55 % before 2026-08-28."""
    assert defaults_on(POLICY, date(2026, 8, 27))["total_debt_ratio_cap_pct"].value == "55"


def test_a_fact_that_does_not_hold_yet_does_not_stand_in() -> None:
    defaults = defaults_on(POLICY, date(2026, 9, 1))
    assert "annual_rate_pct" not in defaults
    assert "subsidy_pct" not in defaults
    assert defaults["programme_from"].value == "2026-10-01"  # the conditions go by the day of disbursement


def test_an_unverified_fact_says_so() -> None:
    assert "待核实" in defaults_on(POLICY, date(2026, 11, 22))["day_basis"].note
