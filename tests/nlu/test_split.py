"""Several questions in one message."""

from __future__ import annotations

import pytest

from bot.nlu.split import Piece, groups, pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提前还款要违约金吗，审批要多久？", ["提前还款要违约金吗，", "审批要多久？"]),
        ("20年吧，另外提前还款要违约金吗", ["20年吧，", "另外提前还款要违约金吗"]),
        ("贷120万，30年，利率3.5，月供多少", ["贷120万，30年，利率3.5，月供多少"]),
        ("利率多少？审批要多久？", ["利率多少？", "审批要多久？"]),
        ("好。提前还款要违约金吗", ["好。提前还款要违约金吗"]),
        ("", []),
    ],
)
def test_a_message_is_cut_behind_finished_questions(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_cut_is_kept_only_between_two_sure_topics() -> None:
    sure, other = Piece("要违约金吗，", "prepay_penalty", True), Piece("审批多久", "approval_time", True)
    assert groups([sure, other]) == ["要违约金吗，", "审批多久"]
    assert groups([sure, Piece("审批多久", "approval_time", False)]) is None
    assert groups([sure, Piece("收多少", "prepay_penalty", True)]) is None


def test_a_stretch_without_a_topic_goes_with_its_neighbour() -> None:
    parts = [
        Piece("我在上海，", None, False),
        Piece("利率多少？", "rate_change", True),
        Piece("多久批？", "approval_time", True),
    ]
    assert groups(parts) == ["我在上海，利率多少？", "多久批？"]


def test_a_greeting_is_not_a_question() -> None:
    assert groups([Piece("你好！", "greeting", True), Piece("利率多少", "rate_change", True)]) is None


def test_three_parts_are_the_most() -> None:
    parts = [Piece(name, name, True) for name in ("a", "b", "c", "d")]
    assert groups(parts) == ["a", "b", "c"]
