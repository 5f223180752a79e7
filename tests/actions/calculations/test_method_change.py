"""The other method for the rest of a loan."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.subjects.method_change import MethodChanged
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.lending import InvalidInput
from tests.actions.calculations.running import Desk, rows

LOAN = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.038"}


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("等额本息改等额本金省多少利息", {"method": "equal_instalment", "new_method": "equal_principal"}),
        ("等额本金改成等额本息月供少多少", {"method": "equal_principal", "new_method": "equal_instalment"}),
        ("改成等额本金能省多少利息", {"new_method": "equal_principal"}),
    ],
)
def test_the_words_say_which_method_follows(desk: Desk, text: str, said: dict[str, Any]) -> None:
    assert desk.heard(MethodChanged(), text).said == said


def test_the_present_method_is_the_other_one_unless_it_was_said(desk: Desk) -> None:
    shown = rows(desk.result(MethodChanged(), **LOAN, new_method="equal_instalment"))
    assert shown["现在下一期还"] == "5,866.66元"  # 800,000 / 240 + 800,000 · 3.8% / 12


def test_equal_principal_starts_higher_and_costs_less(desk: Desk) -> None:
    result = desk.result(MethodChanged(), **LOAN)
    shown = rows(result)
    assert (shown["现在下一期还"], shown["改后首期还"], shown["改后最后一期还"], shown["剩余利息少付"]) == (
        "4,763.95元",
        "5,866.66元",
        "3,344.69元",
        "38,080.84元",
    )
    assert result.card is not None
    assert result.card.chart is not None
    assert set(result.card.chart.series) == {"等额本息", "等额本金"}


def test_a_method_is_not_changed_into_itself(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.result(MethodChanged(), **LOAN, method="equal_principal", new_method="equal_principal")
    assert caught.value.field == "new_method"
