"""The interest subsidy, the deduction from income tax, deed tax, and what paying late costs."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.begin import BeginCalculationAction
from actions.calculations.form import ValidateCalculationForm
from actions.calculations.run import CalculationAction
from actions.colleagues import Colleagues
from tests.actions.calculations.asked import found, kept, rows_of, values_in
from tests.actions.said import Message, ran, run

FORM = "calculation_form"
MET = {
    "home_count": 1,
    "area_sqm": "98",
    "price": 1500000,
    "product": "commercial",
    "disbursed": "2026-10-01",
    "is_refinance": False,
}


async def shown(colleagues: Colleagues, subject: str, **values: Any) -> Any:
    slots = {"calculation": kept(subject, **values)}
    return await run(CalculationAction(colleagues), Message("inform", slots=slots))


async def answered(colleagues: Colleagues, text: str, wants: str, **known: Any) -> Any:
    slots = {"calculation": kept("subsidy_check", wants, **known)}
    message = Message("out_of_scope", text, loop=FORM, slots=slots, after=[ran(FORM)])
    return await run(ValidateCalculationForm(colleagues), message)


async def test_a_purchase_at_every_limit_gets_the_subsidy(colleagues: Colleagues) -> None:
    said = await shown(colleagues, "subsidy_check", **{**MET, "area_sqm": "120"})
    assert set(rows_of(said.parts).values()) == {"符合"}
    assert said.texts[0].startswith("照您说的")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"home_count": 2}, "只给首套房贷款"),
        ({"area_sqm": "120.5"}, "面积超过 120㎡"),
        ({"price": 1500001}, "总价超过 150万元"),
        ({"product": "provident_fund"}, "只给商业贷款"),
        ({"disbursed": "2026-09-30"}, "2026年10月1日到2027年9月30日"),
        ({"is_refinance": True}, "置换原有贷款"),
    ],
)
async def test_the_first_condition_not_met_is_the_reason(
    colleagues: Colleagues, wrong: dict[str, Any], reason: str
) -> None:
    said = await shown(colleagues, "subsidy_check", **{**MET, **wrong})
    assert reason in said.texts[0]
    assert not [part for part in said.parts if part.kind == "card"]


@pytest.mark.parametrize(("text", "home_count"), [("是的", 1), ("不是", 2), ("不是首套", 2)])
async def test_a_question_is_answered_in_words(colleagues: Colleagues, text: str, home_count: int) -> None:
    said = await answered(colleagues, text, "home_count")
    assert said.rejected is None
    assert values_in(said.slots["calculation"])["home_count"] == home_count


async def test_nothing_is_asked_after_the_first_no(colleagues: Colleagues) -> None:
    said = await answered(colleagues, "超过了", "area_sqm", home_count=1)
    assert said.slots["requested_slot"] is None


async def test_other_words_to_a_choice_are_asked_about_once(colleagues: Colleagues) -> None:
    assert (await answered(colleagues, "今天天气不错", "home_count")).rejected is None


async def test_the_subsidy_of_the_published_example(colleagues: Colleagues) -> None:
    said = await shown(colleagues, "subsidy", principal=1000000, term_months=360, annual_rate="0.031")
    rows = rows_of(said.parts)
    assert (rows["首月贴息"], rows["贴息后首月还款"]) == ("833.33元", "3,436.83元")
    assert rows["贴息合计"] == "47,382.98元"


@pytest.mark.parametrize(
    ("rate", "months", "yearly", "total"),
    [("0.1", 360, "1,200.00元", "24,000.00元"), ("0.03", 180, "360.00元", "5,400.00元")],
)
async def test_the_deduction_is_a_fixed_sum_for_at_most_twenty_years(
    colleagues: Colleagues, rate: str, months: int, yearly: str, total: str
) -> None:
    said = await shown(colleagues, "interest_deduction", marginal_rate=rate, term_months=months)
    rows = rows_of(said.parts)
    assert (rows["一年省个税"], rows["最多一共省"]) == (yearly, total)


async def test_a_second_home_has_no_deduction(colleagues: Colleagues) -> None:
    said = await shown(colleagues, "interest_deduction", marginal_rate="0.1", term_months=360, home_count=2)
    assert "抵不了" in said.texts[0]


@pytest.mark.parametrize(
    ("area", "homes", "tax"),
    [
        ("140", 1, "30,000.00元"),
        ("140.01", 1, "45,000.00元"),
        ("140", 2, "30,000.00元"),
        ("150", 2, "60,000.00元"),
        ("90", 3, "90,000.00元"),
    ],
)
async def test_deed_tax_by_area_and_homes(colleagues: Colleagues, area: str, homes: int, tax: str) -> None:
    said = await shown(colleagues, "deed_tax", price=3000000, area_sqm=area, tax_home_count=homes)
    assert rows_of(said.parts)["契税"] == tax


async def test_the_homes_of_a_loan_are_not_those_of_the_tax(colleagues: Colleagues) -> None:
    text = "契税多少，300万，120平"
    message = Message(
        "fees_tax",
        text,
        "fees_tax",
        entities=found(text, ("amount", 3000000, "300万"), ("area_sqm", "120", "120平")),
        slots={"last_calculation": kept("subsidy_check", **MET)},
    )
    slot = (await run(BeginCalculationAction(colleagues), message)).slots["calculation"]
    assert (slot["subject"], slot["wants"]) == ("deed_tax", "home_count")


async def test_late_interest_by_the_day(colleagues: Colleagues) -> None:
    """5,000 · 3.5 % · 1.5 · 15 / 360 = 10.94"""
    said = await shown(colleagues, "overdue", overdue_amount=5000, days=15, annual_rate="0.035")
    rows = rows_of(said.parts)
    assert (rows["罚息"], rows["罚息年利率"], rows["现在还清共需"]) == ("10.94元", "5.25%", "5,010.94元")


@pytest.mark.parametrize(("days", "is_charged"), [(3, False), (4, True)])
async def test_days_of_grace_cost_nothing(colleagues: Colleagues, days: int, is_charged: bool) -> None:
    said = await shown(colleagues, "overdue", overdue_amount=5000, days=days)
    assert ("罚息大约" in said.texts[0]) is is_charged


async def test_missed_instalments_are_a_month_apart(colleagues: Colleagues) -> None:
    """On 22 November the oldest is 61 days late (from 22 September), the next 31."""
    said = await shown(colleagues, "overdue", overdue_amount=5000, days=61, missed=2, annual_rate="0.036")
    rows = rows_of(said.parts)
    assert (rows["第1期"], rows["第2期"]) == ("61天，罚息 45.75元", "31天，罚息 23.25元")
    assert rows["罚息"] == "69.00元"
