"""A longer term, interest alone, a smaller payment: what each brings, costs, and where it ends."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.model import Subject
from actions.calculations.subjects.extension import Extension
from actions.calculations.subjects.interest_only import InterestOnly
from actions.calculations.subjects.reduced_payment import ReducedPayment
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.lending import InvalidInput
from tests.actions.calculations.running import Desk, rows

LOAN = {"balance": 850000, "remaining_months": 288, "annual_rate": "0.032"}
OTHER = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.035"}


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        (Extension(), "展期5年每月少还多少", {"extension_months": 60}),
        (Extension(), "延长5年月供变多少", {"extension_months": 60}),
        (
            Extension(),
            "还欠85万，剩24年，利率3.2，延长两年",
            {"balance": 850000, "remaining_months": 288, "annual_rate": "0.032", "extension_months": 24},
        ),
        (InterestOnly(), "能不能先只还利息12个月", {"grace_months": 12}),
        (InterestOnly(), "只还一年利息", {"grace_months": 12}),
        (ReducedPayment(), "每月只能还3000，两年", {"reduced_payment": 3000, "grace_months": 24}),
        (ReducedPayment(), "每个月只能还三千", {"reduced_payment": 3000}),
        (ReducedPayment(), "月供降20%，降3年", {"reduction": "0.2", "grace_months": 36}),
    ],
)
def test_the_words_say_how_long_and_how_much(
    desk: Desk, subject: Subject, text: str, said: dict[str, Any]
) -> None:
    assert desk.heard(subject, text).said == said


def test_an_extension_spreads_the_balance(desk: Desk) -> None:
    shown = rows(desk.result(Extension(), **LOAN, extension_months=60))
    assert (shown["现在下一期还"], shown["展期后下一期还"], shown["剩余利息多付"]) == (
        "4,232.13元",
        "3,751.72元",
        "86,744.32元",
    )


def test_the_original_term_is_asked_only_where_it_decides(desk: Desk) -> None:
    assert desk.wants(Extension(), **LOAN, extension_months=120) is None
    assert desk.wants(Extension(), **LOAN, extension_months=121) == "term_months"
    assert desk.wants(Extension(), **{**LOAN, "remaining_months": 60}, extension_months=36) == "term_months"


@pytest.mark.parametrize(
    ("original", "asked", "granted"),
    [
        (360, 180, "展期120个月"),  # 360 + 120 = 480
        (300, 180, "展期150个月"),  # half of 300
        (300, 150, "展期150个月"),
    ],
)
def test_beyond_the_limit_the_longest_is_offered(desk: Desk, original: int, asked: int, granted: str) -> None:
    result = desk.result(Extension(), **LOAN, extension_months=asked, term_months=original)
    assert result.card is not None
    assert result.card.title == granted
    assert result.is_refused == (granted != f"展期{asked}个月")


def test_a_loan_of_forty_years_cannot_be_extended(desk: Desk) -> None:
    result = desk.result(Extension(), **LOAN, extension_months=150, term_months=480)
    assert result.card is None
    assert result.is_refused
    assert result.says is not None
    assert "不能再展期" in result.says


def test_interest_alone_then_the_rest(desk: Desk) -> None:
    """850,000 · 3.2% / 12 = 2,266.67."""
    shown = rows(desk.result(InterestOnly(), **LOAN, grace_months=12))
    assert shown["这段时间每月还"] == "2,266.67元"


@pytest.mark.parametrize("subject", [InterestOnly(), ReducedPayment()])
def test_the_time_ends_before_the_loan(desk: Desk, subject: Subject) -> None:
    values = {"reduction": "0.2"} if isinstance(subject, ReducedPayment) else {}
    with pytest.raises(InvalidInput) as caught:
        desk.result(subject, **LOAN, grace_months=288, **values)
    assert caught.value.field == "grace_months"


def test_a_smaller_payment_is_made_up_for_later(desk: Desk) -> None:
    shown = rows(desk.result(ReducedPayment(), **OTHER, reduced_payment=3000, grace_months=24))
    assert (shown["这段时间每月还"], shown["之后下一期还"], shown["总共多付利息"]) == (
        "3,000.00元",
        "4,893.92元",
        "15,564.50元",
    )


def test_a_payment_below_the_interest_is_refused(desk: Desk) -> None:
    """800,000 · 3.5% / 12 = 2,333.33 must be paid at least."""
    refused = desk.result(ReducedPayment(), **OTHER, reduced_payment=2333, grace_months=24)
    assert refused.is_refused
    assert refused.says is not None
    assert "越还越多" in refused.says
    least = desk.result(ReducedPayment(), **OTHER, reduced_payment="2333.33", grace_months=24)
    assert not least.is_refused


def test_a_payment_that_is_not_smaller_is_no_relief(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.result(ReducedPayment(), **OTHER, reduced_payment=5000, grace_months=24)
    assert caught.value.field == "reduced_payment"
