"""Figures beside the loan's own, and numbers typed by the question that was asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.nlu.asides import ASIDES
from bot.nlu.entities import extract_from
from bot.nlu.gate import Reading, Thresholds, decide
from bot.nlu.topics import Topics

TODAY = date(2026, 11, 22)


def found(text: str, slot: str | None = None) -> list[tuple[Any, ...]]:
    return [(entity.type, entity.value) for entity in extract_from(text, TODAY, slot)]


ASIDE_CASES: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("已还5年", [("paid_months", 60)]),
    ("我已经还了5年半", [("paid_months", 66)]),
    ("还了60期", [("paid_months", 60)]),
    ("还了3年了，还剩17年", [("paid_months", 36), ("term_months", 204)]),
    ("还了三年零两个月", [("paid_months", 38)]),
    ("还款5年了", [("paid_months", 60)]),
    ("贷款30年了解一下", [("term_months", 360)]),
    ("还款日过了3天", [("days", 3)]),
    ("还款30年", [("term_months", 360)]),
    ("供了半年", [("paid_months", 6)]),
    ("还了两年多", [("paid_months", 24)]),
    ("I have been paying for 5 years", [("paid_months", 60)]),
    ("还剩5年", [("term_months", 60)]),
    ("满一年可以提前还款吗", []),
    ("房子90平", [("area_sqm", "90")]),
    ("89.5㎡", [("area_sqm", "89.5")]),
    ("面积120", [("area_sqm", "120")]),
    ("一百四十平方米", [("area_sqm", "140")]),
    ("房龄20年", [("house_age", 20)]),
    ("2005年的房子还能贷吗", [("house_age", 21)]),
    ("98年建的", [("house_age", 28)]),
    ("二十年的老房子", [("house_age", 20)]),
    ("2019年买的房", []),
    ("逾期15天", [("days", 15)]),
    ("晚了三天", [("days", 3)]),
    ("有20天没还", [("days", 20)]),
    ("要等3天吗", []),
    ("收入少两成", [("ratio", "0.2")]),
]


@pytest.mark.parametrize(("text", "expected"), ASIDE_CASES)
def test_an_aside_is_read_apart_from_terms_and_sums(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(text) == expected


ANSWERS: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("amount", "20", [("amount", 200000)]),
    ("amount", "350000", [("amount", 350000)]),
    ("rate", "3.5", [("rate", "0.035")]),
    ("term_months", "30", [("term_months", 360)]),
    ("term_months", "3.5", []),
    ("term_months", "3年半", [("term_months", 42)]),
    ("income_monthly", "20000", [("income_monthly", 20000)]),
    ("income_monthly", "2", [("income_monthly", 20000)]),
    ("income_monthly", "1.5", [("income_monthly", 15000)]),
    ("income_monthly", "两万五", [("income_monthly", 25000)]),
    ("income_monthly", "500", []),
    ("ratio", "3", [("ratio", "0.3")]),
    ("ratio", "30", [("ratio", "0.3")]),
    ("ratio", "30%", [("ratio", "0.3")]),
    ("ratio", "300", []),
    ("age", "58", [("age", 58)]),
    ("area_sqm", "90", [("area_sqm", "90")]),
    ("days", "20", [("days", 20)]),
    ("days", "三天", [("days", 3)]),
    ("paid_months", "5", [("paid_months", 60)]),
    ("paid_months", "60", [("paid_months", 60)]),
    ("paid_months", "5年", [("paid_months", 60)]),
    ("paid_months", "36期", [("paid_months", 36)]),
    ("day_of_month", "20", [("day_of_month", 20)]),
    ("day_of_month", "32", []),
    ("home_count", "2", [("home_count", 2)]),
    ("home_count", "3", []),
    ("rate_spread_bp", "-30", [("rate_spread_bp", -30)]),
    ("rate_spread_bp", "减30", [("rate_spread_bp", -30)]),
    ("rate_spread_bp", "0.55", [("rate_spread_bp", 55)]),
    ("house_age", "20", [("house_age", 20)]),
    ("house_age", "2005年", [("house_age", 21)]),
]


@pytest.mark.parametrize(("slot", "text", "expected"), ANSWERS)
def test_a_form_may_ask_by_type(slot: str, text: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(text, slot) == expected


def test_asides_are_not_reported_but_answer_their_question() -> None:
    entity = {"type": "days", "value": 15, "text": "15", "start": 0, "end": 2}
    reading = Reading(
        text="15", words="15", ranking=[("overdue", 0.1)], entities=[entity], requested_slot="days"
    )
    decision = decide(reading, Topics({"overdue": "overdue"}, {}), Thresholds(0.7, 0.3))
    assert decision.intent == "inform"
    assert decision.understanding["entities"] == []
    assert "days" in ASIDES
