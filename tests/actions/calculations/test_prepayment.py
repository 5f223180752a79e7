"""Repaying early. Figures: the published examples of 1,000,000 at 3.5 % over 360 months, 200,000 repaid after 24."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from actions.calculations.begin import BeginCalculationAction
from actions.calculations.run import AdjustLastAction, CalculationAction
from actions.colleagues import Colleagues
from bot.servicing.model import LoanKind, LoanOnRecord
from tests.actions.calculations.asked import card_of, found, kept, rows_of, values_in
from tests.actions.conftest import ScriptedServicing
from tests.actions.said import Message, entity, run

STARTED = {"principal": 1000000, "term_months": 360, "annual_rate": "0.035", "paid_months": 24}
ON_RECORD = LoanOnRecord(
    application_no="FX2026100001",
    kind=LoanKind.COMMERCIAL,
    principal=Decimal(1_000_000),
    balance=Decimal("960934.79"),
    annual_rate=Decimal("0.035"),
    term_months=360,
    paid_months=24,
    method="equal_instalment",
    repayment_day=15,
    spread_bp=0,
)


async def begun(colleagues: Colleagues, text: str, *named: tuple[str, Any, str], topic: str = "") -> Any:
    message = Message("calc_payment", text, topic or "prepay_process", entities=found(text, *named))
    return await run(BeginCalculationAction(colleagues), message)


async def shown(colleagues: Colleagues, slot: dict[str, Any]) -> Any:
    return await run(CalculationAction(colleagues), Message("inform", slots={"calculation": slot}))


async def test_a_loan_told_from_its_start_needs_no_balance(colleagues: Colleagues) -> None:
    text = "贷款100万30年，利率3.5，还了2年，提前还20万"
    said = await begun(
        colleagues,
        text,
        ("amount", 1000000, "100万"),
        ("term_months", 360, "30年"),
        ("rate", "0.035", "3.5"),
        ("paid_months", 24, "2年"),
        ("amount", 200000, "20万"),
    )
    slot = said.slots["calculation"]
    assert (slot["subject"], slot["wants"]) == ("prepayment", None)
    assert slot["values"]["balance"] == ["960934.79", "derived"]
    result = await shown(colleagues, slot)
    rows = rows_of(result.parts)
    assert rows["剩余本金"] == "960,934.79元 → 760,934.79元"
    assert (rows["缩短年限 省利息"], rows["缩短年限 少还"]) == ("257,713.56元", "101期（8年5个月）")
    assert (rows["减少月供 省利息"], rows["减少月供 每月还款"]) == (
        "114,025.44元",
        "4,490.45元 → 3,555.85元",
    )
    assert result.texts[0].startswith("提前还 20万元，缩短年限能省利息 257,713.56元")


async def test_the_chart_holds_the_interest_ahead_of_each_plan(colleagues: Colleagues) -> None:
    result = await shown(
        colleagues,
        kept("prepayment", **STARTED, balance="960934.79", remaining_months=336, prepay_amount=200000),
    )
    chart = card_of(result.parts).chart
    assert chart is not None
    unchanged, shorter, lower = map(Decimal, chart.series["利息"])
    assert (unchanged - shorter, unchanged - lower) == (Decimal("257713.56"), Decimal("114025.44"))


async def test_a_young_loan_pays_the_penalty_and_the_saving_is_net_of_it(colleagues: Colleagues) -> None:
    known = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.033", "prepay_amount": 200000}
    before = await shown(colleagues, kept("prepayment", **known))
    assert rows_of(before.parts)["违约金"] == "0.00元"
    message = Message(
        "adjust_last",
        "/adjust_last",
        entities=[entity("paid_months", 6)],
        slots={"last_calculation": before.slots["last_calculation"]},
    )
    after = await run(AdjustLastAction(colleagues), message)
    assert rows_of(after.parts)["违约金"] == "2,000.00元"
    assert after.texts[0].endswith("从 147,971.28元 变为 145,971.28元。")


async def test_a_saving_below_the_penalty_is_said_so(colleagues: Colleagues) -> None:
    """One month before the end the interest ahead is less than a hundredth of what is repaid."""
    slot = kept(
        "prepayment",
        balance=100000,
        remaining_months=2,
        annual_rate="0.033",
        prepay_amount=90000,
        paid_months=10,
    )
    result = await shown(colleagues, slot)
    assert "不划算" in result.texts[0]


@pytest.mark.parametrize(("amount", "hint"), [(9999, "至少 1万元"), (960935, "全部还清")])
async def test_too_little_and_too_much_are_refused_with_what_is_possible(
    colleagues: Colleagues, amount: int, hint: str
) -> None:
    slot = kept(
        "prepayment", balance="960934.79", remaining_months=336, annual_rate="0.035", prepay_amount=amount
    )
    result = await shown(colleagues, slot)
    assert hint in result.texts[0]
    assert not [part for part in result.parts if part.kind == "card"]
    assert result.payloads[-1] == "/prepay_process"


async def test_the_verified_customers_loan_is_taken_from_the_record(
    colleagues: Colleagues, servicing: ScriptedServicing
) -> None:
    servicing.loan = ON_RECORD
    said = await begun(colleagues, "提前还20万能省多少", ("amount", 200000, "20万"))
    slot = said.slots["calculation"]
    assert (slot["wants"], slot["values"]["balance"]) == (None, ["960934.79", "record"])
    result = await shown(colleagues, slot)
    assert rows_of(result.parts)["缩短年限 省利息"] == "257,713.56元"
    assert any("您的贷款记录" in note for note in card_of(result.parts).notes)


async def test_what_a_payment_was_calculated_from_is_carried_along(colleagues: Colleagues) -> None:
    last = kept("payment", principal=1000000, term_months=360, annual_rate="0.035", method="equal_instalment")
    text = "提前还20万呢"
    message = Message(
        "adjust_last",
        text,
        entities=found(text, ("amount", 200000, "20万")),
        slots={"last_calculation": last},
    )
    said = await run(AdjustLastAction(colleagues), message)
    slot = said.slots["calculation"]
    assert (said.next_action, slot["subject"], slot["wants"]) == (
        "calculation_form",
        "prepayment",
        "paid_months",
    )
    assert values_in(slot) == {
        "principal": 1000000,
        "term_months": 360,
        "annual_rate": "0.035",
        "method": "equal_instalment",
        "prepay_amount": 200000,
    }


async def test_a_settlement_names_what_is_to_be_paid(colleagues: Colleagues) -> None:
    """Published: 896,970.52 owed after 60 months, and 450,162.55 of interest that need not be paid."""
    slot = kept("settlement", principal=1000000, term_months=360, annual_rate="0.035", paid_months=60)
    slot["values"] |= {"balance": ["896970.52", "derived"], "remaining_months": [300, "derived"]}
    result = await shown(colleagues, slot)
    rows = rows_of(result.parts)
    assert (rows["结清要还"], rows["违约金"]) == ("896,970.52元", "0.00元")
    assert abs(Decimal(rows["以后少付的利息"].removesuffix("元").replace(",", "")) - Decimal("450162.55")) < 1
    assert any("10 天预约" in note for note in card_of(result.parts).notes)


async def test_a_settlement_between_due_dates_adds_the_days(colleagues: Colleagues) -> None:
    """800,000 × 3.6 % ÷ 360 × 15 days = 1,200.00"""
    known = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.036", "days": 15}
    rows = rows_of((await shown(colleagues, kept("settlement", **known))).parts)
    assert (rows["当期利息"], rows["结清要还"]) == ("1,200.00元", "801,200.00元")
