"""How long something shall last, said without being a loan's term, and what can be paid a month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.nlu.entities import extract_from
from bot.nlu.spans import MONTHLY_LIMIT, SPAN

TODAY = date(2026, 11, 22)


def first(text: str, kind: str) -> Any:
    return next((one.value for one in extract_from(text, TODAY) if one.type == kind), None)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("延长5年月供变多少", 60),
        ("只还利息12个月", 12),
        ("只还一年利息", 12),
        ("先还利息一年半", 18),
        ("缓半年", 6),
        ("延2年零3个月", 27),
        ("延长十五年", 180),
        ("延長兩年", 24),
        ("少还二十四期", 24),
        ("还剩20年，延长3年", 36),
        ("贷了30年，还了5年，延长两年", 24),
        ("延长一下可以吗", None),
        ("还剩20年", None),
        ("12月20号还款", None),
    ],
)
def test_the_time_named_is_found_and_other_times_are_not(text: str, months: int | None) -> None:
    assert first(text, SPAN) == months


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("每月只能还3000，两年", 3000),
        ("我最多还五千", 5000),
        ("每个月就能还2800块", 2800),
        ("最多还30年", None),
        ("最多还120万", None),
    ],
)
def test_what_can_be_paid_a_month_is_found(text: str, yuan: int | None) -> None:
    assert first(text, MONTHLY_LIMIT) == yuan


def test_both_stand_beside_the_values_of_the_message() -> None:
    read = [(one.type, one.value) for one in extract_from("还剩80万，只还利息两年", TODAY)]
    assert ("amount", 800000) in read
    assert (SPAN, 24) in read
