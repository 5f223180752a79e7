"""What a new rate does to a loan that runs."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.subjects.rate_bands import RateBands
from actions.calculations.subjects.rate_change import RateChange
from actions.calculations.subjects.repricing_month import RepricingMonth
from actions.calculations.subjects.spread_review import SpreadReview
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.lending import InvalidInput
from tests.actions.calculations.running import Desk, rows

LOAN = {"balance": 800000, "remaining_months": 240, "annual_rate": "0.042"}


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("利率从4.2降到3.5每个月少还多少", {"annual_rate": "0.042", "new_rate": "0.035"}),
        ("LPR降25个基点月供少多少", {"shift_bp": -25}),
        ("利率降0.25%每月少还多少", {"shift_bp": -25}),
        ("利率涨0.5个百分点月供多多少", {"shift_bp": 50}),
        ("加点从-20变成-30，能少还多少", {"shift_bp": -10}),
        ("加点由+20调到-30", {"shift_bp": -50}),
        ("涨到4呢", {"new_rate": "0.04"}),
        ("利率涨到4.5%月供要多多少", {"new_rate": "0.045"}),
        ("存量利率调整到3.2，现在4.1", {"annual_rate": "0.041", "new_rate": "0.032"}),
        ("现在4.9，换成LPR-30BP能省多少", {"annual_rate": "0.049", "new_rate": "0.032"}),
        ("延长到20年呢", {}),
    ],
)
def test_the_words_say_which_rate_is_meant(desk: Desk, text: str, said: dict[str, Any]) -> None:
    read = desk.heard(RateChange(), text).said
    assert {name: read[name] for name in ("annual_rate", "new_rate", "shift_bp") if name in read} == said


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("再降25个基点呢", {"annual_rate": "0.042", "new_rate": "0.04"}, {"new_rate": "0.0375"}),
        ("降25个基点呢", {"annual_rate": "0.042", "new_rate": "0.04"}, {"new_rate": "0.0395"}),
    ],
)
def test_once_more_counts_from_the_last_new_rate(
    desk: Desk, text: str, known: dict[str, Any], said: dict[str, Any]
) -> None:
    assert desk.heard(RateChange(), text, known).said == said


def test_a_move_waits_for_the_rate_it_starts_from(desk: Desk) -> None:
    assert desk.wants(RateChange(), balance=800000, remaining_months=240, shift_bp=-25) == "annual_rate"
    assert desk.wants(RateChange(), **LOAN, shift_bp=-25) is None
    assert desk.wants(RateChange(), **LOAN) == "new_rate"


def test_a_lower_rate_lowers_the_payment(desk: Desk) -> None:
    """800,000 over 240 months: 4,932.57 at 4.2%, 4,826.79 at 3.95%."""
    result = desk.result(RateChange(), **LOAN, shift_bp=-25)
    shown = rows(result)
    assert (shown["调整前月供"], shown["调整后月供"], shown["每月少还"]) == (
        "4,932.57元",
        "4,826.79元",
        "105.78元",
    )
    assert result.says is not None
    assert result.says.startswith("利率从 4.20% 降到 3.95%")


def test_under_equal_principal_only_the_interest_moves(desk: Desk) -> None:
    """800,000 * 0.25% / 12 = 166.67 less in the first month."""
    result = desk.result(RateChange(), **LOAN, method="equal_principal", new_rate="0.0395")
    assert rows(result)["每月少还"] == "166.67元"


def test_nothing_is_gained_by_a_higher_or_the_same_rate(desk: Desk) -> None:
    higher = desk.result(RateChange(), **LOAN, new_rate="0.045")
    assert higher.says is not None
    assert "不换更划算" in higher.says
    same = desk.result(RateChange(), **LOAN, new_rate="0.042")
    assert same.says is not None
    assert "月供不变" in same.says


@pytest.mark.parametrize("day", ["2026-11-24", "2026-01-01", "2046-11-24"])
def test_a_repricing_day_lies_before_the_end(desk: Desk, day: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.result(RateChange(), **LOAN, new_rate="0.04", repricing_date=day)
    assert caught.value.field == "repricing_date"


def test_a_fund_loan_does_not_follow_the_lpr(desk: Desk) -> None:
    result = desk.result(RateChange(), **LOAN, new_rate="0.04", product="provident_fund")
    assert result.card is not None
    assert any("不跟LPR走" in note for note in result.card.notes)


def test_best_same_and_worse_stand_side_by_side(desk: Desk) -> None:
    result = desk.result(RateBands(), **LOAN)
    shown = rows(result)
    assert [shown[f"{name} 月供"] for name in ("降到 3.70%", "不变 4.20%", "涨到 4.70%")] == [
        "4,722.32元",
        "4,932.57元",
        "5,147.97元",
    ]
    assert result.card is not None
    assert result.card.chart is not None
    assert result.card.chart.type == "lines"
    assert len(result.card.chart.series) == 3


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (20, "4.20%，12天"),  # 20 December to 1 January
        (1, "4.20%，0天"),  # the period begins with the new rate
        (31, "4.20%，1天"),
    ],
)
def test_the_repricing_month_is_split_at_the_day(desk: Desk, day: int, days: str) -> None:
    assert rows(desk.result(RepricingMonth(), **LOAN, new_rate="0.0395", old_day=day))["原利率"] == days


def test_the_interest_of_the_repricing_month_is_of_the_balance_then(desk: Desk) -> None:
    """797,867.43 is owed after the instalment of 20 December; · (4.2% · 12 + 3.95% · 19) / 360."""
    shown = rows(desk.result(RepricingMonth(), **LOAN, new_rate="0.0395", old_day=20))
    assert (shown["期初剩余本金"], shown["当期利息"]) == ("797,867.43元", "2,780.35元")


@pytest.mark.parametrize(
    ("text", "spread"), [("我加点是+20能调低吗", 20), ("加点-30，能调低吗", -30), ("我是LPR+15，能降吗", 15)]
)
def test_the_own_spread_is_read_with_and_without_a_unit(desk: Desk, text: str, spread: int) -> None:
    assert desk.heard(SpreadReview(), text).said == {"spread_bp": spread}


@pytest.mark.parametrize(
    ("spread", "verdict"), [(20, "可以申请协商"), (-13, "可以申请协商"), (-14, "暂时不符合")]
)
def test_a_spread_above_the_floor_may_come_down(desk: Desk, spread: int, verdict: str) -> None:
    """3.06% − 3.50% + 30BP: a floor of −14BP."""
    shown = rows(desk.result(SpreadReview(), spread_bp=spread))
    assert shown["能否协商"] == verdict
    assert shown["最低可协商到"].startswith("LPR-14BP")
