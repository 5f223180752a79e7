"""The income that a loan needs."""

from __future__ import annotations

import pytest

from actions.calculations.subjects.required_income import RequiredIncome
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from tests.actions.worked import row, worked

SUBJECT = RequiredIncome()


def test_twice_the_payment(policy: PolicyBook, words: Phrases):
    """The published example: 2,100,000 at 3.7% over 360 months."""
    result = worked(SUBJECT, policy, words, principal="2100000", annual_rate="0.037")
    assert row(result, "每月还款") == "9,665.94元"
    assert row(result, "家庭月收入至少") == "19,331.88元"
    assert result.card is not None
    assert any("收入证明要如实开" in note for note in result.card.notes)


def test_other_debts_count_against_the_second_limit(policy: PolicyBook, words: Phrases):
    """(9,665.94 + 5,000) / 60 % = 24,443.23"""
    result = worked(SUBJECT, policy, words, principal="2100000", annual_rate="0.037", other_debts="5000")
    assert row(result, "家庭月收入至少") == "24,443.23元"


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("贷210万30年收入要多少", True),
        ("贷100万需要月收入多少", True),
        ("贷款100万需要多少收入", True),
        ("月收入要达到多少才能贷200万", True),
        ("月入2万能贷多少", False),
    ],
)
def test_its_words(text: str, is_meant: bool):
    assert bool(SUBJECT.ASKED.search(text)) is is_meant
