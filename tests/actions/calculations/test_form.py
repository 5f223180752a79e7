"""The calculation form: what it takes, what it refuses, what it asks, and when it steps aside."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.catalogue import SUBJECTS
from actions.calculations.form import AskCalculationInput, ValidateCalculationForm
from actions.colleagues import Colleagues
from tests.actions.calculations.asked import found, kept, values_in
from tests.actions.said import TURN, Message, entity, ran, run

FORM = "calculation_form"


async def told(colleagues: Colleagues, intent: str, entities: list[dict[str, Any]], **known: Any) -> Any:
    slots = {"calculation": kept("payment", **known), "misses": 1.0}
    message = Message(intent, loop=FORM, entities=entities, slots=slots, after=[ran(FORM)])
    return await run(ValidateCalculationForm(colleagues), message)


async def test_values_that_can_be_used_are_kept(colleagues: Colleagues) -> None:
    said = await told(colleagues, "inform", [entity("term_months", 360), entity("method", "both")])
    assert values_in(said.slots["calculation"]) == {"term_months": 360, "method": "both"}
    assert (said.slots["requested_slot"], said.slots["calculation"]["wants"]) == (
        "calculation_input",
        "amount",
    )
    assert (said.slots["misses"], said.slots["completed_turn"], said.rejected) == (0.0, TURN, None)


async def test_the_form_ends_when_all_is_said(colleagues: Colleagues) -> None:
    said = await told(
        colleagues, "inform", [entity("method", "both")], principal=1, term_months=12, annual_rate="0.03"
    )
    assert (said.slots["requested_slot"], said.slots["calculation"]["wants"]) == (None, None)


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("amount", 0, "principal"),
        ("amount", -5, "principal"),
        ("amount", 200000000, "principal"),
        ("amount", [800000, 1000000], "principal"),
        ("rate", "3.5", "annual_rate"),
        ("rate", "nonsense", "annual_rate"),
        ("term_months", 0, "term_months"),
        ("term_months", 6000, "term_months"),
        ("method", "balloon", "method"),
        ("method", "interest_first", "method"),
    ],
)
async def test_values_that_cannot_be_used_are_not_taken(
    colleagues: Colleagues, kind: str, value: Any, field: str
) -> None:
    said = await told(colleagues, "inform", [entity(kind, value)])
    assert values_in(said.slots["calculation"]) == {}
    assert list(said.slots["calculation"]["refused"]) == [field]
    assert said.rejected is None


@pytest.mark.parametrize("intent", ["rate_change", "human_agent", "cancel", "unsure", "not_understood"])
async def test_a_turn_for_somebody_else_is_let_through(colleagues: Colleagues, intent: str) -> None:
    said = await told(colleagues, intent, [])
    assert said.rejected == FORM
    assert "calculation" not in said.slots


async def test_values_named_in_another_question_are_not_taken(colleagues: Colleagues) -> None:
    said = await told(colleagues, "prepay_process", [entity("amount", 200000)], principal=1000000)
    assert said.rejected == FORM
    assert "calculation" not in said.slots


async def test_a_value_that_fits_counts_even_when_the_words_were_not_understood(
    colleagues: Colleagues,
) -> None:
    said = await told(colleagues, "not_understood", [entity("term_months", 360)])
    assert (said.rejected, said.slots["misses"]) == (None, 0.0)


async def test_coming_back_after_an_interruption_neither_rejects_nor_forgives(colleagues: Colleagues) -> None:
    message = Message(
        "not_understood",
        loop=FORM,
        slots={"calculation": kept("payment", principal=1000000)},
        after=[ran("action_not_understood"), ran(FORM)],
    )
    said = await run(ValidateCalculationForm(colleagues), message)
    assert (said.rejected, said.slots["requested_slot"], "misses" in said.slots) == (
        None,
        "calculation_input",
        False,
    )


async def test_a_spread_is_put_on_the_quote(colleagues: Colleagues) -> None:
    """LPR 3.50 % − 30 BP = 3.20 %"""
    said = await told(colleagues, "inform", [entity("rate_spread_bp", -30)], term_months=360)
    assert values_in(said.slots["calculation"])["annual_rate"] == "0.032"


async def asked(colleagues: Colleagues, refused: dict[str, Any] | None = None, **known: Any) -> Any:
    slot = {**kept("payment", **known), "refused": refused or {}}
    return await run(
        AskCalculationInput(colleagues), Message("inform", loop=FORM, slots={"calculation": slot})
    )


async def test_the_rate_question_names_the_quote_and_offers_the_days_example(colleagues: Colleagues) -> None:
    said = await asked(colleagues, principal=1000000, term_months=360)
    assert "3.50%" in said.texts[0]
    assert "2026年9月20日" in said.texts[0]
    assert "3.05%" in said.texts[0]
    assert said.payloads == ['/inform{"annual_rate": "0.0305"}']


async def test_a_provident_fund_loan_is_offered_the_funds_rate(colleagues: Colleagues) -> None:
    said = await asked(colleagues, principal=1000000, term_months=360, product="provident_fund")
    assert said.payloads == ['/inform{"annual_rate": "0.026"}']


async def test_the_method_is_asked_with_buttons(colleagues: Colleagues) -> None:
    said = await asked(colleagues, principal=1000000, term_months=360, annual_rate="0.03")
    assert said.payloads == [
        '/inform{"method": "equal_instalment"}',
        '/inform{"method": "equal_principal"}',
        '/inform{"method": "both"}',
    ]


async def test_a_range_is_asked_back_with_both_ends(colleagues: Colleagues) -> None:
    refused = {"principal": ["calculation.refused.range", {"low": "800000", "high": "1000000"}]}
    said = await asked(colleagues, refused)
    assert said.texts == ["您说的是 80万元 到 100万元，先按哪个数来算？"]
    assert said.payloads == ['/inform{"principal": 800000}', '/inform{"principal": 1000000}']


async def test_several_wrong_values_are_all_said_back_with_their_ranges(colleagues: Colleagues) -> None:
    entities = [entity("rate", "3.5"), entity("term_months", 6000)]
    validated = await told(colleagues, "inform", entities, principal=1000000)
    slots = {"calculation": validated.slots["calculation"]}
    said = await run(AskCalculationInput(colleagues), Message("inform", loop=FORM, slots=slots))
    assert said.texts == [
        "年利率要在 0% 到 36% 之间，您看是不是多打或少打了小数点？比如“3.05”。",
        "年限要在 1 个月到 40 年之间，麻烦再说一次，比如“30年”。",
    ]


async def test_after_a_clarifying_question_the_form_keeps_quiet(colleagues: Colleagues) -> None:
    clarified = [ran("action_clarify"), ran(FORM)]
    slots = {"calculation": kept("payment"), "asked_text": "那个怎么弄"}
    message = Message("unsure", loop=FORM, slots=slots, after=clarified)
    assert (await run(AskCalculationInput(colleagues), message)).parts == []


async def test_a_form_asks_again_when_a_doubtful_message_was_answered_after_all(
    colleagues: Colleagues,
) -> None:
    answered = [ran("action_clarify"), ran(FORM)]
    message = Message("unsure", "没看清", loop=FORM, slots={"calculation": kept("payment")}, after=answered)
    assert "想贷款多少钱" in (await run(AskCalculationInput(colleagues), message)).texts[0]


@pytest.mark.parametrize(
    ("text", "named", "values"),
    [
        (
            "还剩80万，提前还20万",
            [("amount", 800000, "80万"), ("amount", 200000, "20万")],
            {"balance": 800000, "prepay_amount": 200000},
        ),
        (
            "手里有20万想提前还，还欠80万",
            [("amount", 200000, "20万"), ("amount", 800000, "80万")],
            {"balance": 800000, "prepay_amount": 200000},
        ),
        (
            "20万，80万",
            [("amount", 200000, "20万"), ("amount", 800000, "80万")],
            {"prepay_amount": 200000, "balance": 800000},
        ),
        (
            "100万贷款30年，还剩25年",
            [("amount", 1000000, "100万"), ("term_months", 360, "30年"), ("term_months", 300, "25年")],
            {"principal": 1000000, "term_months": 360, "remaining_months": 300},
        ),
    ],
)
async def test_the_words_beside_a_value_say_which_field_it_is(
    colleagues: Colleagues, text: str, named: list[tuple[str, Any, str]], values: dict[str, Any]
) -> None:
    slots = {"calculation": kept("prepayment")}
    message = Message("inform", text, entities=found(text, *named), loop=FORM, slots=slots, after=[ran(FORM)])
    said = await run(ValidateCalculationForm(colleagues), message)
    assert values_in(said.slots["calculation"]) == values


@pytest.mark.parametrize(
    ("text", "was_english", "is_english"),
    [
        ("how much would I pay a month", False, True),
        ("30", True, True),
        ("30", False, False),
        ("三十年", True, False),
    ],
)
async def test_a_customer_who_writes_english_is_asked_in_english_first(
    colleagues: Colleagues, text: str, was_english: bool, is_english: bool
) -> None:
    slot = {**kept("payment"), "in_english": was_english}
    message = Message("inform", text, loop=FORM, slots={"calculation": slot})
    said = await run(AskCalculationInput(colleagues), message)
    chinese = "想贷款多少钱呢？比如“100万”。"
    english = 'How much would you like to borrow? For example "1 million".'
    assert said.texts == [f"{english}\n\n{chinese}" if is_english else chinese]


async def test_the_form_remembers_the_language_while_figures_are_given(colleagues: Colleagues) -> None:
    slots = {"calculation": {**kept("payment"), "in_english": True}}
    message = Message("inform", "30", loop=FORM, entities=[entity("term_months", 360)], slots=slots)
    validated = await run(ValidateCalculationForm(colleagues), message)
    assert validated.slots["calculation"]["in_english"] is True


def test_every_field_that_is_asked_for_has_its_english_question(colleagues: Colleagues) -> None:
    phrases = colleagues.library.phrases
    asked_for = {
        field.name
        for subject in SUBJECTS.values()
        for field in subject.FIELDS
        if phrases.has(f"{subject.NAME}.ask.{field.name}") or phrases.has(f"calculation.ask.{field.name}")
    }
    assert {name for name in asked_for if not phrases.has(f"english.calculation.ask.{name}")} == set()
