"""Worry, anger and hurry, from the shipped lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.insight.feeling_evaluation import evaluate_feelings, read_labelled_feelings
from bot.nlu.feelings import Feelings
from bot.nlu.normalise import normalise
from bot.nlu.paths import NLU_DATA

FEELINGS = Feelings.load(NLU_DATA / "feelings.yml")
LOWEST_F1 = 0.85


@pytest.mark.parametrize(
    ("text", "label", "strength"),
    [
        ("失业了还不上怎么办啊", "worried", 2),
        ("我很担心影响征信", "worried", 1),
        ("还不起了", "worried", 1),
        ("我还不上了怎么办，晚上睡不着", "worried", 2),
        ("[大哭]", "worried", 1),
        ("你们这什么破系统", "angry", 1),
        ("你们这什么破系统，我要投诉", "angry", 2),
        ("利率多少😡", "angry", 1),
        ("你们骗人", "angry", 2),
        ("能不能快点，卖家在催", "urgent", 1),
        ("怎么还没批啊", "urgent", 1),
        ("怎么还没批啊！！！", "urgent", 2),
        ("都急死了", "urgent", 2),
        ("再不放款我房子就没了", "urgent", 2),
        ("不担心", "calm", 0),
        ("不投诉了", "calm", 0),
        ("投诉电话是多少", "calm", 0),
        ("不着急，慢慢来", "calm", 0),
        ("失业了可以申请延期还款吗", "calm", 0),
        ("断供会有什么后果", "calm", 0),
        ("提前还款要违约金吗", "calm", 0),
        ("", "calm", 0),
    ],
)
def test_a_feeling_is_told_from_words_and_signs(text: str, label: str, strength: int) -> None:
    assert FEELINGS.of(normalise(text)).to_wire() == {"label": label, "strength": strength}


@pytest.mark.parametrize("name", ["first", "later", "last"])
def test_customers_own_lines_are_told_apart(name: str) -> None:
    rows = read_labelled_feelings(Path(__file__).with_name("feelings.tsv"))
    rows = [row for row in rows if row.set == name]
    report = evaluate_feelings(rows, [FEELINGS.of(normalise(row.text)).to_wire() for row in rows])
    assert report["macro_f1"] >= LOWEST_F1
    assert report["labels"]["calm"]["recall"] >= LOWEST_F1
