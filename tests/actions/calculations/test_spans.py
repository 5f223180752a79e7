"""A time counts only beside the words of the subject that it belongs to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from actions.calculations.spans import first_said, months_said
from actions.turn import Turn
from tests.actions.said import Message


def said(text: str, *spans: tuple[int, int]) -> Turn:
    entities: list[dict[str, Any]] = [
        {"entity": "span_months", "value": value, "start": start, "end": start + 1} for value, start in spans
    ]
    return Turn.of(Message("calc_payment", text, entities=entities).tracker())


@pytest.mark.parametrize(
    ("text", "spans", "months"),
    [
        ("延长3年", ((36, 2),), 36),
        ("贷款3年", ((36, 2),), None),
        ("延长一下", (), None),
        ("先延长两年，不行就三年", ((36, 9), (24, 3)), 24),
    ],
)
def test_the_first_time_beside_the_words(
    text: str, spans: tuple[tuple[int, int], ...], months: int | None
) -> None:
    assert months_said(said(text, *spans), re.compile("延长")) == months


def test_nothing_said_is_none() -> None:
    assert first_said(said("延长"), "monthly_limit") is None
