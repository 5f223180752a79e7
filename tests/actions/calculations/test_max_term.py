"""The longest term by age and house."""

from __future__ import annotations

import pytest

from actions.calculations.subjects.max_term import MaxTerm
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from tests.actions.calculations.running import Desk
from tests.actions.worked import row, worked

SUBJECT = MaxTerm()


@pytest.mark.parametrize(
    ("age", "house_age", "years", "why"),
    [
        (25, None, "40年", "已经是本行的上限"),
        (58, None, "12年", "按年龄"),
        (30, 25, "25年", "被房龄限制"),
        (65, None, "5年", "按年龄"),
    ],
)
def test_the_shortest_limit_counts(
    policy: PolicyBook, words: Phrases, age: int, house_age: int | None, years: str, why: str
):
    said = {"age": age} | ({"house_age": house_age} if house_age is not None else {})
    result = worked(SUBJECT, policy, words, **said)
    assert row(result, "最长年限") == years
    assert why in (result.says or "")
    assert result.carries == {"term_months": int(years[:-1]) * 12}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"age": 66}, "只剩 4 年"),
        ({"age": 75}, "没有可贷的年限"),
        ({"age": 30, "house_age": 48}, "房龄新一些"),
        ({"age": 17}, "要年满18周岁"),
    ],
)
def test_what_cannot_be_lent_is_refused_with_the_reason(
    policy: PolicyBook, words: Phrases, said: dict[str, int], why: str
):
    result = worked(SUBJECT, policy, words, **said)
    assert row(result, "最长年限") == "办不了"
    assert why in (result.says or "")
    assert all("calc_payment" not in step.payload for step in result.steps)


@pytest.mark.parametrize(
    ("text", "is_meant"),
    [
        ("我58岁能贷几年", True),
        ("房龄20年最长贷多久", True),
        ("月入2万可以贷多少", False),
        ("能贷40年吗", False),
    ],
)
def test_its_words(text: str, is_meant: bool):
    assert bool(SUBJECT.ASKED.search(text)) is is_meant


def test_an_age_that_nobody_reaches_is_asked_for_again(policy: PolicyBook, words: Phrases) -> None:
    reading = Desk(policy, words).heard(SUBJECT, "我今年200岁，能贷几年")
    assert "age" not in reading.said
    assert reading.refused["age"].phrase == "calculation.refused.age"
