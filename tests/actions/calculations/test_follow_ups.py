"""Words that change the last plan, and doubtful questions that a plan's words and figures settle."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answers import AnswerAction
from actions.calculations.form import AskCalculationInput
from actions.calculations.run import AdjustLastAction
from actions.calculations.state import FORM
from actions.colleagues import Colleagues
from actions.misses import ClarifyAction, OutOfScopeAction
from tests.actions.said import TURN, Message, run


def last(subject: str, **values: Any) -> dict[str, Any]:
    given = {name: [value, "said"] for name, value in values.items()}
    return {"last_calculation": {"subject": subject, "values": given, "carries": {}}}


def said(type_: str, value: Any, text: str, whole: str) -> dict[str, Any]:
    start = whole.index(text)
    return {"entity": type_, "value": value, "start": start, "end": start + len(text)}


async def test_another_loan_named_after_a_plan_changes_it(colleagues: Colleagues) -> None:
    text = "有车贷3000"
    message = Message(
        "out_of_scope",
        text,
        entities=[said("amount", 3000, "3000", text)],
        slots=last("affordability", income="20000"),
    )
    assert (await run(OutOfScopeAction(colleagues), message)).next_action == AdjustLastAction.NAME
    changed = await run(AdjustLastAction(colleagues), message)
    assert "2,121,113.00元" in changed.texts[0]


async def test_another_loan_is_none_of_our_business_without_a_plan(colleagues: Colleagues) -> None:
    text = "有车贷3000"
    message = Message("out_of_scope", text, entities=[said("amount", 3000, "3000", text)])
    assert (await run(OutOfScopeAction(colleagues), message)).next_action is None


@pytest.mark.parametrize(
    ("text", "changes"), [("那首付两成行吗", True), ("总价200万首付两成行吗", False), ("二套利率多少", False)]
)
async def test_what_names_the_price_anew_is_no_change(
    colleagues: Colleagues, text: str, changes: bool
) -> None:
    entities = []
    if "两成" in text:
        entities.append(said("ratio", "0.2", "两成", text))
    if "200万" in text:
        entities.append(said("amount", 2000000, "200万", text))
    topic = "rate_change" if "利率" in text else "down_payment"
    message = Message(topic, text, entities=entities, slots=last("down_payment", price=3000000))
    answered = await run(AnswerAction(colleagues), message)
    assert (answered.next_action == AdjustLastAction.NAME) is changes


async def test_a_figure_that_stays_is_not_told_as_a_change(colleagues: Colleagues) -> None:
    text = "手里只有40万呢"
    message = Message(
        "adjust_last",
        text,
        entities=[said("amount", 400000, "40万", text)],
        slots=last("down_payment", price=3000000),
    )
    texts = (await run(AdjustLastAction(colleagues), message)).texts
    assert texts[0].startswith("首付最少要 450,000.00元")
    assert "还差 50,000.00元" in texts[1]


async def test_words_of_another_plan_begin_it_when_they_change_nothing(colleagues: Colleagues) -> None:
    message = Message("adjust_last", "那月供多少呢", slots=last("down_payment", price=3000000))
    begun = await run(AdjustLastAction(colleagues), message)
    assert begun.next_action == FORM
    assert begun.slots["calculation"]["subject"] == "payment"


async def test_a_doubtful_question_with_a_plans_words_and_figures_is_begun(colleagues: Colleagues) -> None:
    text = "我58岁能贷几年"
    message = Message("unsure", text, "loan_term", entities=[said("age", 58, "58岁", text)])
    begun = await run(ClarifyAction(colleagues), message)
    assert begun.next_action == FORM
    assert begun.slots["calculation"]["values"] == {"age": [58, "said"]}
    assert begun.parts == []


async def test_one_figure_does_not_settle_a_payment(colleagues: Colleagues) -> None:
    text = "20年等额本金要还多少"
    message = Message(
        "unsure",
        text,
        "repayment_method",
        entities=[said("term_months", 240, "20年", text)],
        ranking=[("repayment_method", "repayment_method", 0.5), ("calc_payment", "calc_payment", 0.4)],
    )
    asked = await run(ClarifyAction(colleagues), message)
    assert asked.next_action is None
    assert asked.payloads


async def test_the_form_asks_at_once_when_a_doubtful_question_began_it(colleagues: Colleagues) -> None:
    form = {"subject": "stress", "values": {}, "refused": {}, "begun_by": TURN, "wants": "amount"}
    clarified = [{"event": "action", "name": "action_clarify"}]
    message = Message("unsure", loop=FORM, slots={"calculation": form, "asked_text": "那"}, after=clarified)
    assert "想贷款多少钱" in (await run(AskCalculationInput(colleagues), message)).texts[0]
    form["begun_by"] = "turn-0"
    assert (await run(AskCalculationInput(colleagues), message)).texts == []
