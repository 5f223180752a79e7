"""A customer who writes English is told the main thing in English first."""

from __future__ import annotations

import pytest

from actions.answers import AnswerAction
from actions.colleagues import Colleagues
from actions.handoffs import HumanAgentAction
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.turn import Turn
from tests.actions.said import Message, run


async def test_an_answer_begins_with_its_summary(colleagues: Colleagues) -> None:
    asked = "什么时候没有违约金, 二套"
    chinese = await run(AnswerAction(colleagues), Message("prepay_penalty", asked))
    assert chinese.texts == ["满12个月就没有。"]
    slots = {
        "last_answer": {"topic": "prepay_penalty", "answer": "prepay_penalty/fee", "question": "要违约金吗"}
    }
    english = await run(
        OutOfScopeAction(colleagues), Message("out_of_scope", "what about second home", slots=slots)
    )
    assert english.texts == ["After 12 months there is none.\n\n满12个月就没有。"]


@pytest.mark.parametrize("action", [ClarifyAction, NotUnderstoodAction, OutOfScopeAction, HumanAgentAction])
async def test_the_main_phrases_begin_with_an_english_sentence(
    colleagues: Colleagues, action: type[ClarifyAction]
) -> None:
    ranking = [("rate_change", "rate_change", 0.4)]
    said = await run(action(colleagues), Message("unsure", "what do you mean by that", ranking=ranking))
    english, _, chinese = said.texts[0].partition("\n\n")
    assert english.isascii()
    assert chinese
    said = await run(action(colleagues), Message("unsure", "这是什么意思", ranking=ranking))
    assert said.texts == [chinese]


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("how do I prepay", True),
        ("hello", True),
        ("mortgage rate 3.5%?", True),
        ("LPR", False),
        ("LPR?", False),
        ("lpr是多少", False),
        ("FX2026100001", False),
        ("100", False),
        ("", False),
        ("我要 prepay my mortgage", False),
    ],
)
def test_english_is_words_in_latin_letters_alone(text: str, is_english: bool) -> None:
    assert Turn.of(Message("unsure", text).tracker()).is_english is is_english
