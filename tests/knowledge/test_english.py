"""The English summaries of the answers, and how their figures are written."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from bot.knowledge import english
from bot.knowledge.answers import AnswerBook
from bot.knowledge.errors import WrongShape
from bot.knowledge.policy import PolicyBook
from bot.knowledge.units import Shape, Unit, Value
from bot.settings import ROOT

DAY = date(2026, 11, 24)
BOOK = AnswerBook.load(ROOT / "data" / "knowledge" / "answers")
POLICY = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
ANSWERS = {answer.name: answer for topic in BOOK.topics for answer in BOOK.of(topic)}
MOST_SENTENCES = 3  #: two of its own, and the one that says what binds


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_a_short_summary_in_english(name: str) -> None:
    summary = BOOK.render(ANSWERS[name], POLICY, DAY).english
    assert summary, f"{name} has no english"
    assert not re.search(r"[一-鿿{}]", summary), summary
    assert 1 <= len(re.findall(r"[.;?](?:\s|$)", re.sub(r"; ", " ", summary))) <= MOST_SENTENCES, summary
    assert summary.endswith((".", "?"))


def test_a_summary_has_the_figures_of_the_day() -> None:
    assert "3.50%, as checked on" in (
        BOOK.render(ANSWERS["rate_change/current_rate"], POLICY, DAY).english or ""
    )
    assert "after that it is free of charge" in (
        BOOK.render(ANSWERS["prepay_penalty/how_much"], POLICY, DAY).english or ""
    )


@pytest.mark.parametrize(
    ("value", "unit", "shape", "text"),
    [
        (Decimal("3.50"), Unit.PCT, Shape.SCALAR, "3.50%"),
        ((Decimal(15), Decimal(25)), Unit.PCT, Shape.RANGE, "15%–25%"),
        (Decimal(10000), Unit.YUAN, Shape.SCALAR, "10,000 yuan"),
        ((Decimal(1), Decimal(2)), Unit.WORKING_DAYS, Shape.RANGE, "1–2 working days"),
        ((Decimal(2), Decimal(2)), Unit.WEEKS, Shape.RANGE, "2 weeks"),
        (Decimal(1), Unit.YEARS, Shape.SCALAR, "1 year"),
        ((Decimal(3), Decimal(6), Decimal(12)), Unit.MONTHS, Shape.LIST, "3, 6 and 12 months"),
        ((Decimal(1), Decimal(28)), Unit.DAY_OF_MONTH, Shape.RANGE, "the 1st to the 28th"),
        (Decimal(12), Unit.DAY_OF_MONTH, Shape.SCALAR, "the 12th"),
        (Decimal(2), Unit.TIMES, Shape.SCALAR, "twice"),
        (Decimal(-45), Unit.SPREAD, Shape.SCALAR, "minus 45 basis points"),
        ("01-01", Unit.MONTH_DAY, Shape.SCALAR, "1 January"),
        ("08:30-12:00", Unit.TIME_SPAN, Shape.SCALAR, "08:30–12:00"),
        (date(2027, 12, 31), Unit.DATE, Shape.SCALAR, "31 December 2027"),
        (Decimal(70), Unit.COUNT, Shape.SCALAR, "70"),
    ],
)
def test_a_value_is_written_as_english_readers_know_it(
    value: Value, unit: Unit, shape: Shape, text: str
) -> None:
    assert english.value_text(value, unit, shape) == text


def test_words_in_chinese_are_refused() -> None:
    with pytest.raises(WrongShape):
        english.value_text("手机银行", Unit.TEXT, Shape.SCALAR)
