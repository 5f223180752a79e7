"""Answer, ask back or decline; and forms that got their answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.entities import extract_from, to_wire
from bot.nlu.errors import SettingsMissing
from bot.nlu.gate import Reading, Thresholds, decide, of_button
from bot.nlu.topics import Topics

TOPICS = Topics(
    {
        "loan_term": "loan_term",
        "prepay_penalty": "prepay_penalty",
        "adjust_last": "calc_payment",
        "rate_change": "rate_change",
        "repayment_method": "repayment_method",
        "application_status": "application_status",
        "cancel": "other_mortgage",
    },
    {},
)
THRESHOLDS = Thresholds(answer=0.6, ask=0.25)


def decided(text: str, intent: str, confidence: float, slot: str | None = None) -> tuple[str, dict[str, Any]]:
    loop = "calculation_form" if slot else None
    reading = Reading(
        text=text,
        words=text,
        ranking=[(intent, confidence), ("cancel", 1 - confidence)],
        entities=to_wire(extract_from(text, date(2026, 11, 22), slot), text),
        requested_slot=slot,
        active_loop=loop,
    )
    decision = decide(reading, TOPICS, THRESHOLDS)
    return decision.intent, decision.understanding


@pytest.mark.parametrize(
    ("confidence", "band", "acted"),
    [
        (0.9, "answer", "prepay_penalty"),
        (0.6, "answer", "prepay_penalty"),
        (0.4, "ask", "unsure"),
        (0.1, "decline", "not_understood"),
    ],
)
def test_the_band_follows_the_confidence(confidence: float, band: str, acted: str) -> None:
    intent, understanding = decided("提前还款要违约金吗", "prepay_penalty", confidence)
    assert (intent, understanding["band"]) == (acted, band)
    assert understanding["intent"] == "prepay_penalty"
    assert understanding["confidence"] == confidence


@pytest.mark.parametrize(
    ("text", "after_a_calculation", "acted"),
    [
        ("换成等额本金", True, "adjust_last"),
        ("那20年呢", True, "adjust_last"),
        ("换成等额本金", False, "unsure"),  # alone it may ask what that is
        ("还款方式怎么换成等额本金要什么手续", True, "unsure"),  # more words: another question
        ("换一种", True, "unsure"),  # no value
    ],
)
def test_after_a_calculation_few_words_beside_a_value_change_it(text, after_a_calculation, acted):
    reading = Reading(
        text=text,
        words=text,
        ranking=[("loan_term", 0.5), ("adjust_last", 0.3)],
        entities=to_wire(extract_from(text, date(2026, 11, 22)), text),
        has_calculation=after_a_calculation,
    )
    assert decide(reading, TOPICS, THRESHOLDS).intent == acted


@pytest.mark.parametrize(
    ("text", "acted"),
    [
        ("利率降25个基点", "adjust_last"),
        ("LPR减30个基点呢", "adjust_last"),
        ("LPR降了25个基点", "rate_change"),  # news about the LPR
        ("利率降25个基点是什么意思", "rate_change"),
    ],
)
def test_after_a_calculation_a_change_of_the_rate_is_no_question_about_rates(text: str, acted: str) -> None:
    reading = Reading(
        text=text,
        words=text.lower(),
        ranking=[("rate_change", 0.95), ("adjust_last", 0.04)],
        entities=to_wire(extract_from(text, date(2026, 11, 22)), text),
        has_calculation=True,
    )
    assert decide(reading, TOPICS, THRESHOLDS).intent == acted


@pytest.mark.parametrize(
    ("text", "loop", "acted"),
    [
        ("FX2026110002到哪了", None, "application_status"),
        ("FX2026110002", "calculation_form", "application_status"),
        ("到哪了", None, "unsure"),
    ],
)
def test_an_application_number_asks_for_its_progress(text: str, loop: str | None, acted: str) -> None:
    reading = Reading(
        text=text,
        words=text.lower(),
        ranking=[("loan_term", 0.4), ("application_status", 0.3)],
        entities=to_wire(extract_from(text, date(2026, 11, 22), "principal" if loop else None), text),
        requested_slot="principal" if loop else None,
        active_loop=loop,
    )
    assert decide(reading, TOPICS, THRESHOLDS).intent == acted


@pytest.mark.parametrize(
    ("text", "intent", "acted"),
    [
        ("利率三点五", "rate_change", "inform"),  # another value of the form, and nothing else
        ("等额本金", "repayment_method", "inform"),
        ("利率三点五高吗", "rate_change", "rate_change"),
        ("我的申请到哪一步了", "application_status", "application_status"),
    ],
)
def test_a_sure_topic_goes_first_unless_only_a_value_was_said(text: str, intent: str, acted: str) -> None:
    assert decided(text, intent, 0.97, "principal")[0] == acted


def test_which_method_is_better_is_a_question_even_where_the_method_was_asked_for() -> None:
    text = "等额本息和等额本金哪个好"
    assert decided(text, "repayment_method", 0.99, "method")[0] == "repayment_method"


@pytest.mark.parametrize("text", ["", "???", "，。", "…"])
def test_a_message_without_words_is_declined_whatever_the_model_says(text: str) -> None:
    intent, understanding = decided(text, "prepay_penalty", 0.99)
    assert (intent, understanding["band"]) == ("not_understood", "decline")


@pytest.mark.parametrize("text", ["30年", "20年吧", "三十年左右", "30", "嗯，就20年"])
@pytest.mark.parametrize("confidence", [0.05, 0.4, 0.99])
def test_what_fills_the_asked_slot_is_never_a_miss(text: str, confidence: float) -> None:
    intent, understanding = decided(text, "loan_term", confidence, "term_months")
    assert (intent, understanding["band"]) == ("inform", "answer")


def test_another_question_goes_before_the_form_even_with_a_fitting_entity() -> None:
    assert decided("贷20年提前还款要违约金吗", "prepay_penalty", 0.9, "term_months")[0] == "prepay_penalty"


def test_leaving_the_form_is_not_an_answer() -> None:
    assert decided("不算30年那个了取消掉这个计算", "cancel", 0.9, "term_months")[0] == "cancel"


def test_another_value_of_the_form_is_an_answer_where_nothing_surer_was_said() -> None:
    assert decided("利率3.5", "prepay_penalty", 0.3, "principal")[0] == "inform"


def test_without_a_form_an_entity_decides_nothing() -> None:
    assert decided("30年", "loan_term", 0.3)[0] == "unsure"


def test_letters_without_a_meaning_are_declined() -> None:
    assert decided("asdfgh qwe", "out_of_scope", 0.97)[0] == "not_understood"
    assert decided("今天天气怎么样", "out_of_scope", 0.97)[0] == "out_of_scope"


def test_a_pressed_button_is_certain() -> None:
    understanding = of_button("/loan_term", "loan_term", [], "贷款年限", TOPICS)
    assert (understanding["text"], understanding["topic"], understanding["confidence"]) == (
        "贷款年限",
        "loan_term",
        1.0,
    )


def test_missing_thresholds_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsMissing, match="thresholds"):
        Thresholds.load(tmp_path / "thresholds.yml")


@pytest.mark.parametrize(
    ("text", "slot", "acted"),
    [
        ("15号", "day_of_month", "inform"),
        ("改到20号", "day_of_month", "inform"),
        ("20万", "amount", "inform"),
        ("不是15号是20号", "confirmation", "inform"),
        ("提前还款20万要违约金吗", "confirmation", "prepay_penalty"),
    ],
)
def test_an_answer_to_the_request_form_is_told_from_a_question(text: str, slot: str, acted: str) -> None:
    reading = Reading(
        text=text,
        words=text,
        ranking=[("prepay_penalty", 0.7), ("cancel", 0.3)],
        entities=to_wire(extract_from(text, date(2026, 11, 22), slot), text),
        requested_slot=slot,
        active_loop="request_form",
    )
    assert decide(reading, TOPICS, THRESHOLDS).intent == acted
