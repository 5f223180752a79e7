"""组合贷, the fund against a bank, and 商转公. The first: the published example of 300,000 and 700,000 over 360 months."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.begin import BeginCalculationAction
from actions.calculations.run import CalculationAction
from actions.colleagues import Colleagues
from tests.actions.calculations.asked import card_of, found, kept, rows_of, values_in
from tests.actions.said import Message, run

SIXTY, EIGHTY = ("amount", 600000, "60万"), ("amount", 800000, "80万")


async def begun(colleagues: Colleagues, text: str, *named: tuple[str, Any, str]) -> dict[str, Any]:
    message = Message("calc_payment", text, "calc_payment", entities=found(text, *named))
    slot: dict[str, Any] = (await run(BeginCalculationAction(colleagues), message)).slots["calculation"]
    return slot


async def shown(colleagues: Colleagues, subject: str, **values: Any) -> Any:
    slots = {"calculation": kept(subject, **values)}
    return await run(CalculationAction(colleagues), Message("inform", slots=slots))


async def test_both_loans_are_added_and_set_against_the_bank_alone(colleagues: Colleagues) -> None:
    said = await shown(
        colleagues, "combination", fund_principal=300000, commercial_principal=700000, term_months=360
    )
    rows = rows_of(said.parts)
    assert (rows["每月合计"], rows["总利息"]) == ("4,171.16元", "501,615.88元")
    assert (rows["全部商贷每月"], rows["比全部商贷省利息"]) == ("4,243.05元", "25,884.54元")
    chart = card_of(said.parts).chart
    assert chart is not None
    assert {name: len(each) for name, each in chart.series.items()} == {"公积金部分": 30, "商贷部分": 30}


@pytest.mark.parametrize("text", ["公积金贷60万商贷80万30年", "商贷80万公积金60万30年"])
async def test_each_amount_belongs_to_the_part_beside_it(colleagues: Colleagues, text: str) -> None:
    slot = await begun(colleagues, text, SIXTY, EIGHTY, ("term_months", 360, "30年"))
    values = values_in(slot)
    assert slot["subject"] == "combination"
    assert (values["fund_principal"], values["commercial_principal"]) == (600000, 800000)
    assert (values["term_months"], slot["wants"]) == (360, None)


async def test_a_total_leaves_the_bank_what_the_fund_does_not_lend(colleagues: Colleagues) -> None:
    slot = await begun(colleagues, "组合贷总共140万公积金最多60万", ("amount", 1400000, "140万"), SIXTY)
    assert values_in(slot)["commercial_principal"] == "800000"
    assert slot["wants"] == "term_months"


async def test_each_part_may_have_a_term_of_its_own(colleagues: Colleagues) -> None:
    text = "公积金贷60万20年，商贷贷80万30年"
    slot = await begun(
        colleagues, text, SIXTY, EIGHTY, ("term_months", 240, "20年"), ("term_months", 360, "30年")
    )
    said = await run(CalculationAction(colleagues), Message("inform", slots={"calculation": slot}))
    rows = rows_of(said.parts)
    assert rows["公积金部分"].endswith("（60万元，20年）")
    assert rows["20年以后每月"] == "3,394.44元"


async def test_the_fund_is_set_against_a_bank(colleagues: Colleagues) -> None:
    """The published example: 1,000,000 over 360 months at 2.6 % and at 3.05 %."""
    said = await shown(colleagues, "fund_vs_commercial", principal=1000000, term_months=360)
    rows = rows_of(said.parts)
    assert (rows["公积金 每月还款"], rows["商贷 每月还款"]) == ("4,003.40元", "4,243.05元")
    assert rows["公积金省利息"] == "86,278.07元"
    assert "15–20 个工作日" in said.texts[0]


async def test_a_fund_that_is_dearer_is_called_so(colleagues: Colleagues) -> None:
    said = await shown(
        colleagues, "fund_vs_commercial", principal=500000, term_months=240, fund_rate="0.03075"
    )
    assert "用商贷反而" in said.texts[0]
    assert rows_of(said.parts)["商贷省利息"] == "1,506.76元"


RUNNING = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.038"}


async def test_a_conversion_says_what_it_saves_after_its_cost(colleagues: Colleagues) -> None:
    free = await shown(colleagues, "fund_conversion", **RUNNING)
    assert rows_of(free.parts)["转了能省"] == "116,554.46元"
    said = await shown(colleagues, "fund_conversion", **RUNNING, conversion_fee=5000)
    assert rows_of(said.parts)["转了能省"] == "111,554.46元"
    assert "约7个月省回来" in said.texts[0]


async def test_a_conversion_that_saves_nothing_is_not_recommended(colleagues: Colleagues) -> None:
    said = await shown(colleagues, "fund_conversion", **{**RUNNING, "annual_rate": "0.025"})
    assert said.texts[0].startswith("不划算")


async def test_a_loan_that_is_the_funds_already_is_not_converted(colleagues: Colleagues) -> None:
    said = await shown(colleagues, "fund_conversion", **RUNNING, product="provident_fund")
    assert said.texts == ["您的贷款记录里这笔已经是公积金贷款了，不用再转。"]
