"""What a home needs in own money, and what may not fill the gap."""

from __future__ import annotations

import pytest

from actions.calculations.subjects.down_payment import DownPayment
from actions.calculations.subjects.payment import Payment
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from tests.actions.worked import row, worked

SUBJECT = DownPayment()
PLAN = {"term_months": 360, "annual_rate": "0.0305", "method": "equal_instalment"}


def test_the_least_down_payment(policy: PolicyBook, words: Phrases):
    result = worked(SUBJECT, policy, words, price=3000000)
    assert (row(result, "首付"), row(result, "最多能贷")) == ("450,000.00元", "2,550,000.00元")
    assert result.caution is None


def test_the_lower_value_is_lent_on_and_the_buyer_brings_the_rest(policy: PolicyBook, words: Phrases):
    """85% of 1,800,000 is 1,530,000."""
    result = worked(SUBJECT, policy, words, price=2000000, appraised_value=1800000)
    assert row(result, "首付") == "470,000.00元"


def test_a_gap_is_never_filled_with_a_loan(policy: PolicyBook, words: Phrases):
    result = worked(SUBJECT, policy, words, price=3000000, savings=400000)
    assert row(result, "还差") == "50,000.00元"
    assert "不能用贷款、信用卡或网贷来补（2026年8月28日" in (result.caution or "")
    assert "家人赠与" in (result.caution or "")


def test_enough_savings_leave_something(policy: PolicyBook, words: Phrases):
    assert "还剩 150,000.00元" in (
        worked(SUBJECT, policy, words, price=3000000, savings=600000).caution or ""
    )


def test_too_small_a_share_is_refused_with_the_least(policy: PolicyBook, words: Phrases):
    alone = worked(SUBJECT, policy, words, down_ratio="0.1")
    assert alone.card is None
    assert "首付10%不行，最低要15%" in (alone.says or "")
    priced = worked(SUBJECT, policy, words, price=3000000, down_ratio="0.1")
    assert row(priced, "首付比例") == "15%"
    assert "首付10%办不了" in (priced.caution or "")


def test_a_share_to_be_lent_is_the_other_side_of_the_price(policy: PolicyBook, words: Phrases):
    assert "首付10%不行" in (worked(SUBJECT, policy, words, loan_ratio="0.9").says or "")
    assert row(worked(SUBJECT, policy, words, price=1000000, loan_ratio="0.7"), "首付") == "300,000.00元"


def test_the_fund_asks_for_more(policy: PolicyBook, words: Phrases):
    result = worked(SUBJECT, policy, words, price=3000000, product="provident_fund")
    assert row(result, "首付") == "600,000.00元"


def test_a_payment_never_lends_more_than_the_price_allows(policy: PolicyBook, words: Phrases):
    result = worked(Payment(), policy, words, principal=2900000, price=3000000, **PLAN)
    assert "最多只能贷 255万元" in (result.caution or "")
    fine = worked(Payment(), policy, words, principal=2000000, price=3000000, **PLAN)
    assert fine.caution is None


def test_a_payment_beyond_half_of_the_income_is_not_promised(policy: PolicyBook, words: Phrases):
    """1,000,000 at 3.05 % over 360 months costs 4,243.05 a month."""
    refused = worked(Payment(), policy, words, principal=1000000, income="8486", **PLAN)
    assert "批不下来" in (refused.caution or "")
    assert worked(Payment(), policy, words, principal=1000000, income="8487", **PLAN).caution is None


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("300万的房子首付要多少", True),
        ("300万的房子最多能贷多少", True),
        ("我想贷9成", True),
        ("月入3万，总价400万的房能贷多少", False),
        ("月入两万能贷多少", False),
    ],
)
def test_its_words(text: str, is_meant: bool):
    assert bool(SUBJECT.ASKED.search(text)) is is_meant
