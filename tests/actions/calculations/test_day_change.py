"""The interest of the period in which the repayment day moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.calculations.subjects.day_change import DayChange
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.lending import InvalidInput
from tests.actions.calculations.running import Desk, rows

LOAN = {"balance": 1000000, "annual_rate": "0.035"}


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("还款日从5号改到20号，多付多少利息", {"old_day": 5, "new_day": 20}),
        ("改到20号这个月要多还多少利息", {"new_day": 20}),
        ("我现在每月5号还，想改到15号", {"old_day": 5, "new_day": 15}),
    ],
)
def test_the_words_say_which_day_is_which(desk: Desk, text: str, said: dict[str, Any]) -> None:
    assert desk.heard(DayChange(), text).said == said


@pytest.mark.parametrize("day", [29, 31])
def test_a_day_that_cannot_be_chosen_is_refused_with_the_range(desk: Desk, day: int) -> None:
    read = desk.heard(DayChange(), f"改到{day}号要多还多少利息")
    assert "new_day" not in read.said
    refusal = read.refused["new_day"]
    assert (refusal.values["low"], refusal.values["high"]) == (1, 28)


@pytest.mark.parametrize(
    ("today", "old", "new", "due", "days"),
    [
        (date(2026, 11, 24), 5, 20, "2026年12月20日", "45天"),  # 5 November to 20 December
        (date(2026, 11, 24), 20, 5, "2026年12月5日", "15天"),
        (date(2026, 11, 24), 28, 10, "2026年12月10日", "12天"),  # 10 November has passed
        (date(2026, 11, 5), 5, 20, "2026年12月20日", "45天"),  # due today: paid
        (date(2027, 1, 31), 31, 15, "2027年2月15日", "15天"),
    ],
)
def test_the_changed_period_runs_from_the_last_due_date(
    desk: Desk, today: date, old: int, new: int, due: str, days: str
) -> None:
    shown = rows(replace(desk, today=today).result(DayChange(), **LOAN, old_day=old, new_day=new))
    assert (shown["改后首次还款"], shown["这一期天数"]) == (due, days)


def test_the_interest_is_by_actual_days(desk: Desk) -> None:
    """1,000,000 · 3.5% · 45 / 360 = 4,375.00, against 2,916.67 of a month."""
    shown = rows(desk.result(DayChange(), **LOAN, old_day=5, new_day=20))
    assert (shown["这一期利息"], shown["比平常多"]) == ("4,375.00元", "1,458.33元")


def test_the_first_payment_may_fall_into_this_month_while_that_lies_ahead(desk: Desk) -> None:
    early = replace(desk, today=date(2026, 11, 10))
    result = early.result(DayChange(), **LOAN, old_day=5, new_day=20)
    assert result.steps[0].title == "首次放在11月20日"
    this_month = early.result(DayChange(), **LOAN, old_day=5, new_day=20, first_new_due="same_month")
    assert rows(this_month)["这一期天数"] == "15天"
    with pytest.raises(InvalidInput):
        desk.result(DayChange(), **LOAN, old_day=5, new_day=20, first_new_due="same_month")


def test_the_same_day_is_no_change(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.result(DayChange(), **LOAN, old_day=20, new_day=20)
    assert caught.value.field == "new_day"
