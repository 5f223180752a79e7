"""The payment form: what it takes, what it refuses, and when it steps aside."""

from __future__ import annotations

from typing import Any

import pytest
from actions.payment_form import AskPaymentSlot, ValidatePaymentForm

from actions.colleagues import Colleagues
from tests.actions.said import TURN, Message, entity, ran, run, slot

FORM = "payment_form"
BEGUN = [ran("action_begin_payment"), ran(FORM)]


async def test_values_that_can_be_used_are_kept(colleagues: Colleagues) -> None:
    said = await run(
        ValidatePaymentForm(colleagues),
        Message("inform", loop=FORM, after=[ran(FORM), slot("term_months", 360), slot("method", "both")]),
    )
    assert (said.slots["term_months"], said.slots["method"], said.slots["completed_turn"]) == (
        360,
        "both",
        TURN,
    )
    assert said.rejected is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("principal", 0),
        ("principal", -5),
        ("principal", 200000000),
        ("principal", [800000, 1000000]),
        ("annual_rate", "3.5"),
        ("annual_rate", "nonsense"),
        ("term_months", 0),
        ("term_months", 6000),
        ("method", "balloon"),
        ("method", "interest_first"),
    ],
)
async def test_values_that_cannot_be_used_leave_the_slot_empty(
    colleagues: Colleagues, name: str, value: Any
) -> None:
    message = Message("calc_payment", loop=FORM, after=[*BEGUN, slot(name, value)])
    said = await run(ValidatePaymentForm(colleagues), message)
    assert said.slots[name] is None
    assert said.rejected is None


@pytest.mark.parametrize("intent", ["rate_change", "human_agent", "cancel", "unsure", "not_understood"])
async def test_a_turn_for_somebody_else_is_let_through(colleagues: Colleagues, intent: str) -> None:
    message = Message(intent, loop=FORM, after=[ran(FORM)])
    assert (await run(ValidatePaymentForm(colleagues), message)).rejected == FORM


async def test_values_named_in_another_question_are_put_back(colleagues: Colleagues) -> None:
    message = Message(
        "prepay_process",
        loop=FORM,
        before=[slot("principal", 1000000)],
        after=[slot("principal", 200000), ran(FORM), slot("principal", 200000)],
    )
    said = await run(ValidatePaymentForm(colleagues), message)
    assert (said.rejected, said.slots["principal"]) == (FORM, 1000000)


async def test_a_value_that_fits_counts_even_when_the_words_were_not_understood(
    colleagues: Colleagues,
) -> None:
    message = Message(
        "not_understood", loop=FORM, slots={"misses": 1.0}, after=[ran(FORM), slot("term_months", 360)]
    )
    said = await run(ValidatePaymentForm(colleagues), message)
    assert (said.rejected, said.slots["misses"]) == (None, 0.0)


async def test_coming_back_after_an_interruption_neither_rejects_nor_forgives(colleagues: Colleagues) -> None:
    message = Message("not_understood", loop=FORM, after=[ran("action_not_understood"), ran(FORM)])
    said = await run(ValidatePaymentForm(colleagues), message)
    assert (said.rejected, said.slots) == (None, {"completed_turn": TURN})


async def test_a_spread_is_put_on_the_quote(colleagues: Colleagues) -> None:
    """LPR 3.50 % − 30 BP = 3.20 %"""
    message = Message(
        "inform",
        loop=FORM,
        entities=[entity("rate_spread_bp", -30)],
        slots={"term_months": 360},
        after=[ran(FORM)],
    )
    assert (await run(ValidatePaymentForm(colleagues), message)).slots["annual_rate"] == "0.032"


async def test_the_rate_question_names_the_quote_and_offers_the_days_example(colleagues: Colleagues) -> None:
    said = await run(
        AskPaymentSlot(colleagues, "annual_rate"), Message("inform", loop=FORM, slots={"term_months": 360})
    )
    assert "3.50%" in said.texts[0]
    assert "2026年9月20日" in said.texts[0]
    assert "3.05%" in said.texts[0]
    assert said.payloads == ['/inform{"rate": "0.0305"}']


async def test_a_provident_fund_loan_is_offered_the_funds_rate(colleagues: Colleagues) -> None:
    message = Message("inform", loop=FORM, slots={"term_months": 360, "product": "provident_fund"})
    assert (await run(AskPaymentSlot(colleagues, "annual_rate"), message)).payloads == [
        '/inform{"rate": "0.026"}'
    ]


async def test_the_method_is_asked_with_buttons(colleagues: Colleagues) -> None:
    said = await run(AskPaymentSlot(colleagues, "method"), Message("inform", loop=FORM))
    assert said.payloads == [
        '/inform{"method": "equal_instalment"}',
        '/inform{"method": "equal_principal"}',
        '/inform{"method": "both"}',
    ]


async def test_a_range_is_asked_back_with_both_ends(colleagues: Colleagues) -> None:
    message = Message("inform", loop=FORM, entities=[entity("amount", [800000, 1000000])])
    said = await run(AskPaymentSlot(colleagues, "principal"), message)
    assert said.texts == ["您说的是 80万元 到 100万元，先按哪个数来算？"]
    assert said.payloads == ['/inform{"amount": 800000}', '/inform{"amount": 1000000}']


async def test_a_rate_of_350_per_cent_is_said_back_with_the_range(colleagues: Colleagues) -> None:
    message = Message(
        "inform", loop=FORM, entities=[entity("rate", "3.5")], slots={"term_months": 360, "annual_rate": None}
    )
    said = await run(AskPaymentSlot(colleagues, "annual_rate"), message)
    assert said.texts == ["年利率要在 0% 到 36% 之间，您看是不是多打或少打了小数点？比如“3.05”。"]


async def test_several_wrong_values_are_all_said_back(colleagues: Colleagues) -> None:
    message = Message(
        "calc_payment",
        loop=FORM,
        entities=[entity("rate", "3.5"), entity("term_months", 6000)],
        slots={"principal": 1000000},
    )
    said = await run(AskPaymentSlot(colleagues, "term_months"), message)
    assert [text[:4] for text in said.texts] == ["年利率要", "贷款年限"]


async def test_after_a_clarifying_question_the_form_keeps_quiet(colleagues: Colleagues) -> None:
    message = Message("unsure", loop=FORM, after=[ran("action_clarify"), ran(FORM)])
    assert (await run(AskPaymentSlot(colleagues, "principal"), message)).parts == []
