"""Needs first, then plans: what is compared, what suits whom, and where nothing can be offered."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.subjects.needs import Needs
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.lending import InvalidInput
from tests.actions.calculations.running import Desk, rows

#: 1,000,000 at 3.5 %: 4,490.45 a month and 616,560.07 of interest over thirty years, as published.
CUSTOMER: dict[str, Any] = {
    "price": 1300000,
    "savings": 300000,
    "income": 20000,
    "age": 30,
    "has_no_fund": True,
    "family": "couple",
    "job": "stable",
    "plans": "stay",
    "rise_felt": "fine",
    "reserve": "long",
    "why": "home",
    "worry": "interest",
    "annual_rate": "0.035",
}
MIDDLE = "商业贷款30年等额本息"


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


def test_plans_stand_side_by_side(desk: Desk) -> None:
    """Stressed: 1,000,000 at 4 % over thirty years is 4,774.15; 4,490.45 of a fifth less than 20,000 is 28.07 %."""
    result = desk.result(Needs(), **CUSTOMER)
    shown = rows(result)
    assert list(shown) == [
        "商业贷款40年等额本息",
        MIDDLE,
        "商业贷款30年等额本金",  # 5,694.44 first
        "商业贷款20年等额本息",  # 5,799.60
    ]
    assert shown[MIDDLE] == (
        "月供 4,490.45元，总利息 616,560.07元；利率涨后 4,774.15元，收入少后占收入28.07%；适合收入稳、别的开销多的"
    )
    assert result.summary is not None
    assert len(result.summary.sections[1].table) == 5
    assert result.card is not None
    assert result.card.chart == result.summary.chart


def test_the_funds_money_comes_first_where_there_is_some(desk: Desk) -> None:
    some = {name: value for name, value in CUSTOMER.items() if name != "has_no_fund"}
    assert "组合贷款30年等额本息" in rows(desk.result(Needs(), **some, fund_principal=600000))
    whole = rows(desk.result(Needs(), **some, fund_principal=2000000))
    payment = whole["公积金贷款30年等额本息"]
    assert payment.startswith("月供 4,003.40元")  # 1,000,000 at 2.6 % over thirty years
    assert "利率涨后 4,270.16元" in payment  # at 3.1 %: the fund's rate rises too


@pytest.mark.parametrize(
    ("changed", "suits"),
    [
        ({}, "商业贷款20年等额本息"),
        ({"job": "varies"}, "商业贷款40年等额本息"),
        ({"reserve": "none"}, "商业贷款40年等额本息"),
        ({"rise_felt": "no"}, "商业贷款40年等额本息"),
        ({"worry": "tight"}, "商业贷款40年等额本息"),
        ({"plans": "sell"}, "商业贷款40年等额本息"),
        ({"income": 12000}, MIDDLE),  # half of 9,600 bears 4,774.15 but nothing dearer
        ({"income": 10000}, "商业贷款40年等额本息"),
    ],
)
def test_risk_and_feeling_decide_what_suits(desk: Desk, changed: dict[str, Any], suits: str) -> None:
    result = desk.result(Needs(), **{**CUSTOMER, **changed})
    assert result.card is not None
    assert [row.label for row in result.card.rows if row.emphasis] == [suits]
    assert suits in (result.says or "")


def test_a_payment_beyond_the_income_is_said(desk: Desk) -> None:
    assert "先别勉强" in (desk.result(Needs(), **{**CUSTOMER, "income": 7000}).says or "")
    assert "余地不大" in (desk.result(Needs(), **{**CUSTOMER, "income": 8000}).says or "")


def test_a_down_payment_too_small_is_refused_with_what_is_missing(desk: Desk) -> None:
    result = desk.result(Needs(), **{**CUSTOMER, "savings": 100000})
    assert result.is_refused
    assert result.card is None
    assert "不能借来凑" in (result.says or "")


@pytest.mark.parametrize(("changed", "field"), [({"savings": 1300000}, "savings"), ({"age": 66}, "age")])
def test_what_cannot_be_is_asked_again(desk: Desk, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.result(Needs(), **{**CUSTOMER, **changed})
    assert caught.value.field == field


def test_age_shortens_every_plan_and_leaves_three(desk: Desk) -> None:
    assert list(rows(desk.result(Needs(), **{**CUSTOMER, "age": 55}))) == [
        "商业贷款15年等额本息",
        "商业贷款15年等额本金",
        "商业贷款10年等额本息",
    ]


def test_a_retired_parent_with_the_shortest_term_still_compares_three(desk: Desk) -> None:
    """70 less 65 leaves five years: two methods, and the same with a fifth less borrowed (800,000 at 3.5 %)."""
    shown = rows(desk.result(Needs(), **{**CUSTOMER, "age": 65}))
    assert list(shown) == [
        "商业贷款5年等额本息，少贷20%",
        "商业贷款5年等额本息",
        "商业贷款5年等额本金",
    ]
    assert shown["商业贷款5年等额本息，少贷20%"].startswith("月供 14,553.40元")


def test_an_age_that_leaves_no_term_is_refused_at_once(desk: Desk) -> None:
    """Not after all the other questions."""
    assert desk.heard(Needs(), "66岁", {"price": 1300000, "savings": 300000}, "age").refused[
        "age"
    ].phrase == ("needs.too_old")
    assert not desk.heard(Needs(), "65岁", {"price": 1300000, "savings": 300000}, "age").refused


def test_who_does_not_tell_the_income_is_told_what_income_each_plan_needs(desk: Desk) -> None:
    """4,490.45 is half of 8,980.90; 5,799.60 of 11,599.20."""
    untold = {name: value for name, value in CUSTOMER.items() if name != "income"}
    result = desk.result(Needs(), **untold, income_untold=True)
    assert "8,980.90元" in (result.says or "")
    assert "11,599.20元" in (result.says or "")
    assert "占收入" not in rows(result)[MIDDLE]
    assert result.card is not None
    assert result.card.chart is not None
    assert set(result.card.chart.series) == {"首月月供", "利率涨后"}
    reading = desk.heard(Needs(), "这个不方便说", {"price": 1300000, "savings": 300000}, "income")
    assert reading.said == {"income_untold": True}


@pytest.mark.parametrize(
    ("segment", "also_asked"),
    [
        ("first_home", []),
        ("upgrader", ["swap", "old_payment"]),
        ("new_citizen", ["records"]),
        ("self_employed", ["records"]),
        ("foreigner", ["residence"]),
    ],
)
def test_each_group_is_asked_in_its_own_words_and_about_its_own_matter(
    desk: Desk, segment: str, also_asked: list[str]
) -> None:
    said: dict[str, Any] = {"segment": segment}
    asked = []
    own = {"swap": "buy_first", "old_payment": 4000, "records": "part", "residence": "short"}
    while (wanted := desk.wants(Needs(), **said)) is not None:
        asked.append(wanted)
        said[wanted] = {**CUSTOMER, **own}.get(wanted, 600000)
    assert [name for name in asked if name in own] == also_asked
    assert desk.phrases.has(f"needs.ask_{segment}.price")
    result = desk.result(Needs(), **said)
    for name in also_asked:
        if name != "old_payment":
            assert desk.phrases.say(f"needs.advice.{name}.{own[name]}", years="1年") in (result.caution or "")


def test_the_old_houses_payment_is_off_what_can_be_borne(desk: Desk) -> None:
    """Half of 20,000 less 4,000 is 6,000; half of 16,000 less 4,000 is 4,000: nothing but the lightest is below."""
    swap = {"segment": "upgrader", "swap": "buy_first", "old_payment": 4000}
    result = desk.result(Needs(), **{**CUSTOMER, **swap})
    assert result.summary is not None
    assert ("每月最多能还", "6,000.00元") in result.summary.sections[0].facts
    assert result.card is not None
    assert [row.label for row in result.card.rows if row.emphasis] == ["商业贷款40年等额本息"]


@pytest.mark.parametrize(
    ("wanted", "words", "option"),
    [
        ("rise_felt", "不能承受", "no"),
        ("rise_felt", "应该能承受", "fine"),
        ("reserve", "不够的", "none"),
        ("plans", "不打算卖", None),
        ("job", "快退休了", "changing"),
        ("why", "这个跳过吧", "skipped"),
        ("worry", "不想说", "skipped"),
    ],
)
def test_an_answer_in_words_is_not_taken_for_its_opposite(
    desk: Desk, wanted: str, words: str, option: str | None
) -> None:
    assert desk.heard(Needs(), words, {}, wanted).said.get(wanted) == option


def test_it_is_asked_in_three_layers(desk: Desk) -> None:
    said: dict[str, Any] = {}
    order = []
    while (wanted := desk.wants(Needs(), **said)) is not None:
        order.append(wanted)
        said[wanted] = CUSTOMER.get(wanted, 600000)  # no button for the fund: a sum
    assert order == [
        "price",
        "savings",
        "income",
        "age",
        "fund_principal",
        "family",
        "job",
        "plans",
        "rise_felt",
        "reserve",
        "why",
        "worry",
    ]


@pytest.mark.parametrize("savings", [100000, 1300000])
def test_nothing_more_is_asked_once_the_down_payment_settles_it(desk: Desk, savings: int) -> None:
    assert desk.wants(Needs(), price=1300000, savings=savings) is None
    assert desk.wants(Needs(), price=1300000, savings=300000) == "income"
