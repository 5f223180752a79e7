"""The payment calculation and its changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from actions.calculations.begin import BeginCalculationAction
from actions.calculations.run import AdjustLastAction, CalculationAction
from actions.colleagues import Colleagues
from bot.clock import FixedClock
from bot.messages import QuickReplies, TextPart
from tests.actions.calculations.asked import card_of, found, kept, rows_of, values_in
from tests.actions.said import TURN, Message, entity, run

FILLED = {"principal": 1000000, "annual_rate": "0.035", "term_months": 360, "method": "equal_instalment"}
LAST = {"last_calculation": kept("payment", **FILLED)}


async def shown(colleagues: Colleagues, **changes: Any) -> Any:
    slots = {"calculation": kept("payment", **{**FILLED, **changes})}
    return await run(CalculationAction(colleagues), Message("inform", slots=slots))


async def test_a_filled_form_gives_the_figure_first_and_then_a_card(colleagues: Colleagues) -> None:
    said = await shown(colleagues)
    assert said.texts[0].startswith("每月还 4,490.45元。")
    card = card_of(said.parts)
    assert card.title == "月供试算 · 100万元 · 30年"
    assert rows_of(said.parts) == {
        "还款方式": "等额本息",
        "每月还款": "4,490.45元",
        "总利息": "616,560.07元",
        "还款总额": "1,616,560.07元",
    }
    assert [row.label for row in card.rows if row.emphasis] == ["每月还款"]
    assert card.notes[0] == "年利率 3.50%，按全程不变计算，月利率＝年利率÷12。"


async def test_the_calculation_is_remembered_and_the_form_emptied(colleagues: Colleagues) -> None:
    said = await shown(colleagues)
    assert values_in(said.slots["last_calculation"]) == FILLED
    assert (said.slots["calculation"], said.slots["completed_turn"]) == (None, TURN)


async def test_the_chart_shows_each_year_and_adds_up(colleagues: Colleagues) -> None:
    chart = card_of((await shown(colleagues)).parts).chart
    assert chart is not None
    assert chart.type == "stacked_area"
    assert (len(chart.labels), chart.labels[0], chart.labels[-1]) == (30, "第1年", "第30年")
    assert sum(map(Decimal, chart.series["本金"])) == Decimal("1000000.00")
    assert sum(map(Decimal, chart.series["利息"])) == Decimal("616560.07")


async def test_equal_principal_shows_first_and_last_payment(colleagues: Colleagues) -> None:
    rows = rows_of((await shown(colleagues, method="equal_principal")).parts)
    assert (rows["首月还款"], rows["末月还款"], rows["总利息"]) == (
        "5,694.45元",
        "2,785.08元",
        "526,457.92元",
    )


async def test_both_methods_are_compared(colleagues: Colleagues) -> None:
    said = await shown(colleagues, method="both")
    chart = card_of(said.parts).chart
    assert rows_of(said.parts)["总利息相差"] == "90,102.15元"
    assert chart is not None
    assert chart.type == "lines"


async def test_a_rate_that_is_the_days_example_names_its_quote(colleagues: Colleagues) -> None:
    note = card_of((await shown(colleagues, annual_rate="0.0305")).parts).notes[1]
    assert "3.50%" in note
    assert "2026年9月20日" in note
    assert "-45BP" in note


async def test_price_and_share_give_the_loan(colleagues: Colleagues) -> None:
    """3,000,000 with three tenths down leaves a loan of 2,100,000: 9,429.94 a month at 3.5 % over 30 years."""
    text = "总价300万首付三成贷30年利率3.5等额本息"
    entities = found(
        text,
        ("amount", 3000000, "300万"),
        ("ratio", "0.3", "三成"),
        ("term_months", 360, "30年"),
        ("rate", "0.035", "3.5"),
        ("method", "equal_instalment", "等额本息"),
    )
    begun = await run(BeginCalculationAction(colleagues), Message("calc_payment", text, entities=entities))
    slots = {"calculation": begun.slots["calculation"]}
    said = await run(CalculationAction(colleagues), Message("calc_payment", text, slots=slots))
    assert card_of(said.parts).title == "月供试算 · 210万元 · 30年"
    assert rows_of(said.parts)["每月还款"] == "9,429.94元"


async def test_next_steps_are_offered(colleagues: Colleagues) -> None:
    assert (await shown(colleagues)).payloads == [
        '/adjust_last{"term_months": 240}',
        '/adjust_last{"method": "equal_principal"}',
        '/calc_payment{"subject": "prepayment"}',
        '/calc_payment{"paper": true}',
    ]


async def test_a_form_left_without_values_says_nothing(colleagues: Colleagues) -> None:
    slots = {"calculation": kept("payment", principal=1000000)}
    said = await run(CalculationAction(colleagues), Message("inform", slots=slots))
    assert (said.parts, said.slots) == ([], {"completed_turn": TURN})


@pytest.mark.parametrize(
    ("entities", "text", "changed"),
    [
        (
            [entity("term_months", 240)],
            "改好了。每月还款从 4,490.45元 变为 5,799.60元，总利息少 224,656.83元。",
            {"term_months": 240},
        ),
        (
            [entity("term_months", 360, "from"), entity("term_months", 240, "to")],
            "改好了。每月还款从 4,490.45元 变为 5,799.60元，总利息少 224,656.83元。",
            {"term_months": 240},
        ),
        (
            [entity("rate_spread_bp", -25)],
            "改好了。每月还款从 4,490.45元 变为 4,352.06元，总利息少 49,816.26元。",
            {"annual_rate": "0.0325"},
        ),
        (
            [entity("method", "equal_principal")],
            "改好了。每月还款 4,490.45元 变为首月还款 5,694.45元，总利息少 90,102.15元。",
            {"method": "equal_principal"},
        ),
    ],
)
async def test_a_change_recomputes_and_says_what_it_does(
    colleagues: Colleagues, entities: list[dict[str, Any]], text: str, changed: dict[str, Any]
) -> None:
    said = await run(AdjustLastAction(colleagues), Message("adjust_last", entities=entities, slots=LAST))
    assert said.parts[0] == TextPart(text)
    assert values_in(said.slots["last_calculation"]) == {**FILLED, **changed}


@pytest.mark.parametrize(
    ("text", "rate"),
    [("利率减30个基点", "0.027"), ("LPR减30个基点", "0.032"), ("lpr-30bp", "0.032")],
)
async def test_points_named_with_the_lpr_start_from_the_quote_and_others_from_the_last_rate(
    colleagues: Colleagues, text: str, rate: str
) -> None:
    slots = {"last_calculation": kept("payment", **{**FILLED, "annual_rate": "0.03"})}
    message = Message("adjust_last", text, entities=[entity("rate_spread_bp", -30)], slots=slots)
    said = await run(AdjustLastAction(colleagues), message)
    assert values_in(said.slots["last_calculation"])["annual_rate"] == rate


async def test_both_methods_named_after_a_calculation_are_shown_side_by_side(colleagues: Colleagues) -> None:
    entities = [entity("method", "equal_instalment"), entity("method", "equal_principal")]
    said = await run(AdjustLastAction(colleagues), Message("adjust_last", entities=entities, slots=LAST))
    assert said.texts[0].startswith("等额本息每月 4,490.45元；等额本金首月 5,694.45元")
    assert values_in(said.slots["last_calculation"])["method"] == "both"


async def test_an_impossible_change_is_said_back_and_nothing_changes(colleagues: Colleagues) -> None:
    message = Message("adjust_last", entities=[entity("term_months", 6000)], slots=LAST)
    said = await run(AdjustLastAction(colleagues), message)
    assert said.texts == ["年限要在 1 个月到 40 年之间，麻烦再说一次，比如“30年”。"]
    assert "last_calculation" not in said.slots


async def test_a_change_to_nothing_asks_what_to_change(colleagues: Colleagues) -> None:
    said = await run(AdjustLastAction(colleagues), Message("adjust_last", slots=LAST))
    assert said.texts[0].startswith("想改哪一项呢")
    assert isinstance(said.parts[1], QuickReplies)


async def test_a_change_without_a_calculation_starts_one(colleagues: Colleagues) -> None:
    said = await run(AdjustLastAction(colleagues), Message("adjust_last", entities=[entity("rate", "0.03")]))
    assert (said.parts, said.next_action) == ([], "calculation_form")
    assert values_in(said.slots["calculation"]) == {"annual_rate": "0.03"}


async def test_a_new_calculation_keeps_nothing_of_the_last_one(colleagues: Colleagues) -> None:
    message = Message("calc_payment", entities=[entity("amount", 500000)], slots=LAST)
    said = await run(BeginCalculationAction(colleagues), message)
    assert (said.next_action, said.slots["misses"]) == (None, 0.0)
    assert values_in(said.slots["calculation"]) == {"principal": 500000}


async def test_a_question_that_names_only_a_change_changes_the_last_one(colleagues: Colleagues) -> None:
    message = Message("calc_payment", entities=[entity("rate", "0.032")], slots=LAST)
    assert (await run(BeginCalculationAction(colleagues), message)).next_action == "action_adjust_last"


async def test_a_calculation_leaves_another_form(colleagues: Colleagues) -> None:
    said = await run(BeginCalculationAction(colleagues), Message("calc_payment", loop="progress_form"))
    assert said.ends_form
    assert said.slots["id_last4"] is None


@pytest.mark.parametrize("action", [CalculationAction, AdjustLastAction])
async def test_without_a_fact_of_the_day_a_person_takes_over(
    colleagues: Colleagues, action: type[CalculationAction]
) -> None:
    """Nothing holds in 1990; neither the first result nor a change of it may end in silence."""
    earlier = replace(colleagues, clock=FixedClock(datetime(1990, 1, 1, tzinfo=UTC)))
    slots = {"calculation": kept("payment", **FILLED), **LAST}
    message = Message("adjust_last", entities=[entity("term_months", 240)], slots=slots)
    said = await run(action(earlier), message)
    assert [part.kind for part in said.parts] == ["text", "handoff"]
