"""Messages that only take up what went before."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answers import AnswerAction
from actions.calculations.form import ValidateCalculationForm
from actions.calculations.run import AdjustLastAction
from actions.colleagues import Colleagues
from actions.context import Named
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.repeating import is_repeat
from tests.actions.said import Message, run, slot

PENALTY = {
    "topic": "prepay_penalty",
    "answer": "prepay_penalty/fee",
    "question": "提前还款要违约金吗",
    "message": "turn-0",
}
REPLY = {"turn": "turn-0", "parts": [{"kind": "text", "text": "1%。", "detail": None}]}


def after_answer(**others: Any) -> dict[str, Any]:
    return {"last_answer": PENALTY, "last_reply": REPLY, **others}


async def test_an_answer_is_remembered_with_its_question(colleagues: Colleagues) -> None:
    said = await run(AnswerAction(colleagues), Message("prepay_penalty", "提前还款要违约金吗"))
    assert said.slots["last_answer"] == {**PENALTY, "message": "turn-1"}
    assert said.slots["last_reply"]["parts"][0]["text"] == said.texts[0]


@pytest.mark.parametrize("action", [ClarifyAction, NotUnderstoodAction, OutOfScopeAction, AdjustLastAction])
async def test_a_fragment_is_answered_within_the_last_topic(
    colleagues: Colleagues, action: type[ClarifyAction]
) -> None:
    said = await run(action(colleagues), Message("unsure", "那公积金的呢", slots=after_answer(misses=1.0)))
    assert (said.texts[0], said.slots["misses"]) == ("公积金贷款不收。", 0.0)
    assert said.slots["last_answer"]["question"] == "提前还款要违约金吗"


async def test_even_a_sure_topic_gives_way_to_a_fragment(colleagues: Colleagues) -> None:
    message = Message("provident_fund", "公积金贷款呢", slots=after_answer())
    assert (await run(AnswerAction(colleagues), message)).texts == ["公积金贷款不收。"]


async def test_the_usual_kind_of_loan_has_the_general_answer(colleagues: Colleagues) -> None:
    kept = {**PENALTY, "answer": "prepay_penalty/fund"}
    message = Message("unsure", "那商贷呢", slots={"last_answer": kept})
    assert (await run(ClarifyAction(colleagues), message)).texts == ["1%。"]


async def test_what_the_book_says_nothing_about_is_a_miss(colleagues: Colleagues) -> None:
    said = await run(OutOfScopeAction(colleagues), Message("out_of_scope", "北京的呢", slots=after_answer()))
    assert said.slots["misses"] == 1.0


async def test_a_fragment_with_nothing_before_it_is_a_miss(colleagues: Colleagues) -> None:
    said = await run(NotUnderstoodAction(colleagues), Message("not_understood", "那公积金的呢"))
    assert said.slots["misses"] == 1.0


async def test_a_form_steps_aside_for_a_fragment_right_after_an_answer(colleagues: Colleagues) -> None:
    form = {"subject": "payment", "values": {}, "refused": {}, "begun_by": "turn-0", "wants": "amount"}
    slots = after_answer(calculation=form, requested_slot="calculation_input")
    message = Message("adjust_last", "那公积金的呢", slots=slots, loop="calculation_form")
    assert (await run(ValidateCalculationForm(colleagues), message)).rejected == "calculation_form"
    slots["last_reply"] = {**REPLY, "turn": "turn-9"}  # something else was said since
    assert (await run(ValidateCalculationForm(colleagues), message)).rejected is None


LOAN = {
    "subject": "payment",
    "values": {
        "principal": ["1000000", "said"],
        "term_months": [360, "said"],
        "annual_rate": ["0.035", "said"],
        "method": ["equal_instalment", "said"],
    },
    "refused": {},
    "begun_by": "turn-0",
    "wants": None,
    "carries": {},
}
FUND = [{"entity": "product", "value": "provident_fund", "start": 1, "end": 4}]


async def test_after_a_calculation_another_kind_of_loan_brings_its_rate(colleagues: Colleagues) -> None:
    message = Message("unsure", "那公积金的呢", entities=FUND, slots={"last_calculation": LOAN})
    assert (await run(ClarifyAction(colleagues), message)).next_action == "action_adjust_last"
    said = await run(AdjustLastAction(colleagues), message)
    assert said.slots["last_calculation"]["values"]["annual_rate"] == ["0.026", "said"]
    assert said.slots["last_answer"] is None
    back = [{"entity": "product", "value": "commercial", "start": 1, "end": 3}]
    slots = {"last_calculation": said.slots["last_calculation"]}
    said = await run(AdjustLastAction(colleagues), Message("unsure", "那商贷呢", entities=back, slots=slots))
    assert said.slots["last_calculation"]["values"]["annual_rate"] == ["0.0305", "said"]


@pytest.mark.parametrize("action", [ClarifyAction, NotUnderstoodAction, OutOfScopeAction, AnswerAction])
async def test_the_last_reply_is_said_again_and_nothing_counted(
    colleagues: Colleagues, action: type[ClarifyAction]
) -> None:
    message = Message("thanks", "上一个再说一遍", slots=after_answer(misses=1.0), feeling=("angry", 1))
    said = await run(action(colleagues), message)
    assert said.texts == ["1%。"]
    assert "misses" not in said.slots


async def test_a_form_asks_its_question_again_itself(colleagues: Colleagues) -> None:
    slots = {"last_reply": {"turn": "turn-0", "parts": []}}
    message = Message("unsure", "没看清", slots=slots, loop="calculation_form")
    said = await run(ClarifyAction(colleagues), message)
    assert (said.parts, said.next_action) == ([], "calculation_form")


async def test_what_several_actions_say_in_a_turn_is_one_reply(colleagues: Colleagues) -> None:
    earlier = slot(
        "last_reply", {"turn": "turn-1", "parts": [{"kind": "text", "text": "先", "detail": None}]}
    )
    said = await run(AnswerAction(colleagues), Message("rate_change", "现在利率多少", after=[earlier]))
    assert [part["text"] for part in said.slots["last_reply"]["parts"]] == ["先", "LPR是3.50%。"]


@pytest.mark.parametrize(
    "text",
    [
        "上一个再说一遍",
        "再说一遍",
        "没看清",
        "请再说一次好吗",
        "重复一遍",
        "刚才说的什么",
        "没看清，再说一遍",
        "say it again please",
    ],
)
def test_words_that_ask_for_the_last_reply(text: str) -> None:
    assert is_repeat(text)


@pytest.mark.parametrize(
    "text", ["违约金再说一遍", "没看明白", "说说利率", "再说吧", "我再看看", "再贷一次可以吗", ""]
)
def test_words_that_ask_for_something_else(text: str) -> None:
    assert not is_repeat(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("那公积金的呢", "公积金"),
        ("那二套呢？", "二套"),
        ("还有外籍的呢", "外籍"),
        ("如果是个体户呢", "个体户"),
        ("公积金的也一样吗", "公积金"),
        ("那外地户口的呢", "外地户口"),
        ("what about a second home?", "a second home"),
    ],
)
def test_a_fragment_names_what_takes_the_place(text: str, words: str) -> None:
    named = Named.of(text)
    assert named is not None
    assert named.words == words


@pytest.mark.parametrize(
    "text",
    ["公积金", "公积金贷款利率多少呢", "那怎么办呢", "改成二十年", "公积金能贷多少", "那首付呢", "二套"],
)
def test_a_question_of_its_own_is_no_fragment(text: str) -> None:
    assert Named.of(text) is None


def test_what_is_named_takes_the_place_of_others_of_its_kind_alone() -> None:
    named = Named.of("那二套呢")
    assert named is not None
    assert named.asked_of("首套商贷利率多少") == "商贷利率多少"
