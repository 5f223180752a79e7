"""A planned loan if the rate rises or the income falls."""

from __future__ import annotations

import pytest

from actions.calculations.subjects.stress import Stress
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from tests.actions.worked import row, worked

SUBJECT = Stress()
LOAN = {"principal": "1000000", "annual_rate": "0.035"}


def test_half_a_point_and_a_fifth_less_income_where_nothing_was_said(policy: PolicyBook, words: Phrases):
    """1,000,000 over 360 months: 4,490.45 at 3.5 %, 4,774.15 at 4 %."""
    result = worked(SUBJECT, policy, words, **LOAN, income="12000")
    assert row(result, "现在") == "4,490.45元，占收入37.42%"
    assert row(result, "利率变成4.00%") == "4,774.15元，占收入39.78%"
    assert row(result, "收入少20%") == "4,490.45元，占收入46.78%"
    assert row(result, "收入减少后每月最多能还") == "4,800.00元"
    assert "都没有超过上限" in (result.caution or "")


def test_the_limit_stands_beside_every_payment(policy: PolicyBook, words: Phrases):
    result = worked(SUBJECT, policy, words, **LOAN, income="12000")
    assert result.card is not None
    assert result.card.chart is not None
    assert result.card.chart.type == "bars"
    assert result.card.chart.series == {
        "月供": ("4490.45", "4774.15", "4490.45", "4774.15"),
        "最多能还": ("6000.00", "6000.00", "4800.00", "4800.00"),
    }


@pytest.mark.parametrize(
    ("income", "said"),
    [
        ("8000", "按现在的收入，月供已经超过上限"),
        ("9000", "利率变化后就超过了"),
        ("9600", "收入少20%就超过了"),
        ("11500", "两样一起就超过了"),
    ],
)
def test_what_breaks_the_limit_is_said_with_what_helps(
    policy: PolicyBook, words: Phrases, income: str, said: str
):
    result = worked(SUBJECT, policy, words, **LOAN, income=income)
    assert said in (result.caution or "")
    assert "少贷一些" in (result.caution or "")


def test_other_debts_lower_the_limit(policy: PolicyBook, words: Phrases):
    """60% of 12,000 less 3,000 is 4,200."""
    result = worked(SUBJECT, policy, words, **LOAN, income="12000", other_debts="3000")
    assert row(result, "现在每月最多能还") == "4,200.00元"
    assert "月供已经超过上限" in (result.caution or "")


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("利率涨1个点我还得起吗", True),
        ("收入少两成还供得起吗", True),
        ("利率涨1个点月供多多少", False),
        ("LPR什么时候涨", False),
    ],
)
def test_its_words(text: str, is_meant: bool):
    assert bool(SUBJECT.ASKED.search(text)) is is_meant
