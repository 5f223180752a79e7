"""The payment calculation and its changes."""

from __future__ import annotations

from typing import Any

import pytest
from actions.payment import AdjustLastAction, BeginPaymentAction, PaymentAction

from actions.colleagues import Colleagues
from bot.messages import Card, QuickReplies, TextPart
from tests.actions.said import TURN, Message, entity, run

FILLED = {"principal": 1000000, "annual_rate": "0.035", "term_months": 360, "method": "equal_instalment"}
LAST = {
    "kind": "level_payment",
    "inputs": {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360},
}


def card_of(parts: list[Any]) -> Card:
    return next(part for part in parts if isinstance(part, Card))


def rows_of(card: Card) -> dict[str, str]:
    return {row.label: row.value for row in card.rows}


async def test_a_filled_form_is_shown_as_a_card(colleagues: Colleagues) -> None:
    said = await run(PaymentAction(colleagues), Message("inform", slots=FILLED))
    card = card_of(said.parts)
    assert card.title == "月供试算 · 100万元 · 30年"
    assert rows_of(card) == {
        "还款方式": "等额本息",
        "每月还款": "4,490.45元",
        "总利息": "616,560.07元",
        "还款总额": "1,616,560.07元",
    }
    assert [row.label for row in card.rows if row.emphasis] == ["每月还款"]
    assert card.notes[0] == "年利率 3.50%，按全程不变计算，月利率＝年利率÷12。"


async def test_the_calculation_is_remembered_and_the_form_emptied(colleagues: Colleagues) -> None:
    said = await run(PaymentAction(colleagues), Message("inform", slots=FILLED))
    assert said.slots["last_calculation"] == LAST
    assert {name: said.slots[name] for name in FILLED} == dict.fromkeys(FILLED)
    assert said.slots["completed_turn"] == TURN


async def test_the_chart_shows_each_year_and_adds_up(colleagues: Colleagues) -> None:
    from decimal import Decimal

    chart = card_of((await run(PaymentAction(colleagues), Message("inform", slots=FILLED))).parts).chart
    assert chart is not None
    assert chart.type == "stacked_area"
    assert (len(chart.labels), chart.labels[0], chart.labels[-1]) == (30, "第1年", "第30年")
    assert sum(map(Decimal, chart.series["本金"])) == Decimal("1000000.00")
    assert sum(map(Decimal, chart.series["利息"])) == Decimal("616560.07")


async def test_equal_principal_shows_first_and_last_payment(colleagues: Colleagues) -> None:
    said = await run(
        PaymentAction(colleagues), Message("inform", slots=FILLED | {"method": "equal_principal"})
    )
    rows = rows_of(card_of(said.parts))
    assert (rows["首月还款"], rows["末月还款"], rows["总利息"]) == (
        "5,694.45元",
        "2,785.08元",
        "526,457.92元",
    )


async def test_both_methods_are_compared(colleagues: Colleagues) -> None:
    said = await run(PaymentAction(colleagues), Message("inform", slots=FILLED | {"method": "both"}))
    card = card_of(said.parts)
    assert rows_of(card)["总利息相差"] == "90,102.15元"
    assert card.chart is not None
    assert card.chart.type == "lines"
    assert said.slots["last_calculation"]["kind"] == "compare_methods"


async def test_a_rate_that_is_the_days_example_names_its_quote(colleagues: Colleagues) -> None:
    said = await run(PaymentAction(colleagues), Message("inform", slots=FILLED | {"annual_rate": "0.0305"}))
    note = card_of(said.parts).notes[1]
    assert "3.50%" in note
    assert "2026年9月20日" in note
    assert "-45BP" in note


async def test_next_steps_are_offered(colleagues: Colleagues) -> None:
    said = await run(PaymentAction(colleagues), Message("inform", slots=FILLED))
    assert said.payloads == [
        '/adjust_last{"term_months": 240}',
        '/adjust_last{"method": "equal_principal"}',
        "/prepay_process",
    ]


async def test_a_form_left_without_values_says_nothing(colleagues: Colleagues) -> None:
    said = await run(PaymentAction(colleagues), Message("inform", slots={"principal": 1000000}))
    assert (said.parts, said.slots) == ([], {"completed_turn": TURN})


@pytest.mark.parametrize(
    ("entities", "text", "inputs"),
    [
        (
            [entity("term_months", 240)],
            "改好了。每月还款从 4,490.45元 变为 5,799.60元，总利息少 224,656.83元。",
            {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 240},
        ),
        (
            [entity("term_months", 360, "from"), entity("term_months", 240, "to")],
            "改好了。每月还款从 4,490.45元 变为 5,799.60元，总利息少 224,656.83元。",
            {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 240},
        ),
        (
            [entity("rate_spread_bp", -25)],
            "改好了。每月还款从 4,490.45元 变为 4,352.06元，总利息少 49,816.26元。",
            {"principal": "1000000", "annual_rate_pct": "3.25", "term_months": 360},
        ),
    ],
)
async def test_a_change_recomputes_and_says_what_it_does(
    colleagues: Colleagues, entities: list[dict[str, Any]], text: str, inputs: dict[str, Any]
) -> None:
    message = Message("adjust_last", entities=entities, slots={"last_calculation": LAST})
    said = await run(AdjustLastAction(colleagues), message)
    assert said.parts[0] == TextPart(text)
    assert said.slots["last_calculation"] == {"kind": "level_payment", "inputs": inputs}


async def test_a_change_of_method_compares_first_payments(colleagues: Colleagues) -> None:
    message = Message(
        "adjust_last", entities=[entity("method", "equal_principal")], slots={"last_calculation": LAST}
    )
    said = await run(AdjustLastAction(colleagues), message)
    assert said.texts == ["改好了。首月还款从 4,490.45元 变为 5,694.45元，总利息少 90,102.15元。"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [("利率减30个基点", "2.7"), ("LPR减30个基点", "3.2"), ("lpr-30bp", "3.2")],
)
async def test_points_named_with_the_lpr_start_from_the_quote_and_others_from_the_last_rate(
    colleagues: Colleagues, text: str, rate: str
) -> None:
    last = {"kind": "level_payment", "inputs": {**LAST["inputs"], "annual_rate_pct": "3"}}
    message = Message(
        "adjust_last",
        entities=[entity("rate_spread_bp", -30)],
        slots={"last_calculation": last},
        text=text,
    )
    said = await run(AdjustLastAction(colleagues), message)
    assert said.slots["last_calculation"]["inputs"]["annual_rate_pct"] == rate


async def test_both_methods_named_after_a_calculation_are_shown_side_by_side(colleagues: Colleagues) -> None:
    message = Message(
        "adjust_last",
        entities=[entity("method", "equal_instalment"), entity("method", "equal_principal")],
        slots={"last_calculation": LAST},
    )
    said = await run(AdjustLastAction(colleagues), message)
    assert said.texts == ["好的，两种还款方式放在一起，您对比一下。"]
    assert said.slots["last_calculation"]["kind"] == "compare_methods"


async def test_an_impossible_change_is_said_back_and_nothing_changes(colleagues: Colleagues) -> None:
    message = Message("adjust_last", entities=[entity("term_months", 6000)], slots={"last_calculation": LAST})
    said = await run(AdjustLastAction(colleagues), message)
    assert said.texts == ["贷款年限要在 1 个月到 40 年之间，麻烦再说一次，比如“30年”。"]
    assert "last_calculation" not in said.slots


async def test_a_change_to_nothing_asks_what_to_change(colleagues: Colleagues) -> None:
    said = await run(AdjustLastAction(colleagues), Message("adjust_last", slots={"last_calculation": LAST}))
    assert said.texts[0].startswith("想改哪一项呢")
    assert isinstance(said.parts[1], QuickReplies)


async def test_a_change_without_a_calculation_starts_one(colleagues: Colleagues) -> None:
    said = await run(AdjustLastAction(colleagues), Message("adjust_last", entities=[entity("rate", "0.03")]))
    assert (said.parts, said.next_action) == ([], "payment_form")


async def test_a_new_calculation_starts_with_an_empty_form(colleagues: Colleagues) -> None:
    message = Message("calc_payment", entities=[entity("amount", 500000)], slots={"last_calculation": LAST})
    said = await run(BeginPaymentAction(colleagues), message)
    assert (said.next_action, said.slots["principal"], said.slots["misses"]) == (None, None, 0.0)


async def test_a_question_that_names_only_a_change_changes_the_last_one(colleagues: Colleagues) -> None:
    message = Message("calc_payment", entities=[entity("rate", "0.032")], slots={"last_calculation": LAST})
    assert (await run(BeginPaymentAction(colleagues), message)).next_action == "action_adjust_last"


async def test_a_calculation_leaves_another_form(colleagues: Colleagues) -> None:
    said = await run(BeginPaymentAction(colleagues), Message("calc_payment", loop="progress_form"))
    assert said.ends_form
    assert said.slots["id_last4"] is None
