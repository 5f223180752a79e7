"""Worry and anger, from the shipped lexicon."""

from __future__ import annotations

import pytest

from bot.nlu.feelings import Feelings
from bot.nlu.normalise import normalise
from bot.nlu.paths import NLU_DATA

FEELINGS = Feelings.load(NLU_DATA / "feelings.yml")


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("失业了还不上怎么办啊", "worried"),
        ("我很担心影响征信", "worried"),
        ("還不起了", "worried"),
        ("你们这什么破系统，我要投诉", "angry"),
        ("利率多少😡", "angry"),
        ("[大哭]", "worried"),
        ("不担心", None),
        ("不投诉了", None),
        ("提前还款要违约金吗", None),
        ("", None),
    ],
)
def test_a_feeling_is_told_from_words_and_signs(text: str, feeling: str | None) -> None:
    assert FEELINGS.of(normalise(text)) == feeling
