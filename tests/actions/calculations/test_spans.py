"""How long something shall last, said without being a loan's term."""

from __future__ import annotations

import re

import pytest

from actions.calculations.spans import months_said, whole_number

ANY = re.compile("")


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
        ("少还二十四期", 24),
        ("还剩20年，延长3年", 36),
        ("贷了30年，还了5年，延长两年", 24),
        ("延长一下可以吗", None),
        ("还剩20年", None),
        ("12月20号还款", None),
    ],
)
def test_the_time_named_is_found_and_other_times_are_not(text: str, months: int | None) -> None:
    assert months_said(text, ANY) == months


def test_a_time_counts_only_beside_the_words_it_belongs_to() -> None:
    assert months_said("贷款3年", re.compile("延长")) is None


@pytest.mark.parametrize(("said", "number"), [("7", 7), ("两", 2), ("十", 10), ("十二", 12), ("二十五", 25)])
def test_small_numbers_are_read_in_either_script(said: str, number: int) -> None:
    assert whole_number(said) == number
