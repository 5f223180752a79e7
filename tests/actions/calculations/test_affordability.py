"""How much can be borrowed on an income."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.calculations.subjects.affordability import Affordability
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from tests.actions.worked import row, worked

SUBJECT = Affordability()


def test_half_of_the_income_repays_the_loan(policy: PolicyBook, words: Phrases):
    """10,000 a month repays 2,226,949 at 3.5% over 360 months: the published example."""
    result = worked(SUBJECT, policy, words, income="20000", annual_rate="0.035")
    assert row(result, "最多能贷") == "2,226,949.00元"
    assert result.says is not None
    assert result.says.startswith("最多大约能贷 222万元")
    assert result.carries == {"principal": 2226949}


def test_other_debts_leave_less(policy: PolicyBook, words: Phrases):
    """60% of 20,000 less 4,000 is 8,000."""
    result = worked(SUBJECT, policy, words, income="20000", other_debts="4000")
    assert row(result, "每月最多还") == "8,000.00元"
    assert "收入的60%" in (result.says or "")


def test_debts_beyond_the_limit_leave_nothing_and_offer_nothing(policy: PolicyBook, words: Phrases):
    result = worked(SUBJECT, policy, words, income="5000", other_debts="3000")
    assert "没有可以再贷的余地" in (result.says or "")
    assert (result.figure, result.steps) == (None, ())


def test_the_rate_of_the_day_is_named(policy: PolicyBook, words: Phrases):
    result = worked(SUBJECT, policy, words, income="20000")
    assert result.card is not None
    assert any("没有给利率" in note and "3.05%" in note for note in result.card.notes)


def test_what_the_savings_leave_of_the_price_is_wished_for(policy: PolicyBook, words: Phrases):
    """4,000,000 less 1,500,000."""
    result = worked(SUBJECT, policy, words, income="20000", price=4000000, savings=1500000)
    assert "您想贷的 250万元 超过了这个数" in (result.caution or "")


@pytest.mark.parametrize(("wish", "said"), [("2000000", "在这个范围里"), ("3000000", "超过了这个数")])
def test_a_wish_is_judged(policy: PolicyBook, words: Phrases, wish: str, said: str):
    result = worked(SUBJECT, policy, words, income="20000", principal=wish)
    assert said in (result.caution or "")
    assert Decimal(result.carries["principal"]) == min(Decimal(wish), Decimal("2356792"))


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("月入两万能贷多少", True),
        ("收入2万能贷300万吗", True),
        ("我能贷多少，帮我算算", True),
        ("月入1万贷200万月供多少", False),
        ("收入证明怎么开", False),
    ],
)
def test_its_words(text: str, is_meant: bool):
    assert bool(SUBJECT.ASKED.search(text)) is is_meant
