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
    """Stressed: 1,000,000 at 4 % over thirty years is 4,774.15."""
    result = desk.result(Needs(), **CUSTOMER)
    shown = rows(result)
    assert list(shown) == [
        "商业贷款40年等额本息",
        MIDDLE,
        "商业贷款30年等额本金",  # 5,694.44 first
        "商业贷款20年等额本息",  # 5,799.60
    ]
    assert shown[MIDDLE] == "月供 4,490.45元，总利息 616,560.07元，利率涨后 4,774.15元"
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
    assert payment.endswith("利率涨后 4,003.40元")


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
