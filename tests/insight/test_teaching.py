"""Reviewed words become examples, and some never do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.insight.teaching import (
    IntentUnknown,
    Refused,
    TrainingData,
    evaluation_sets,
    measured_texts,
    with_examples,
)
from bot.insight.unanswered import Miss, Reference, Why
from bot.settings import ROOT

OVERDUE = """version: "3.1"

nlu:
# people in arrears
- intent: overdue
  examples: |
    - 逾期了怎么办
    - 晚还一天

- intent: thanks
  examples: |
    - 谢谢
"""


def miss(text: str, **rest: Any) -> Miss:
    given = {"is_private": False, "guess": "overdue", "confidence": 0.3, **rest}
    return Miss(datetime(2026, 11, 22, tzinfo=UTC), Reference(text, 0), "c_1", Why.DECLINED, text, **given)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "overdue.yml").write_text(OVERDUE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def data(folder: Path) -> TrainingData:
    return TrainingData(folder, ["量过的话，逾期了"])


def test_new_words_stand_behind_the_last_example_and_all_else_stays(data, folder):
    lesson = data.lesson("overdue", [miss("忘了还款"), miss("这个月 没还上")])
    lesson.write()
    written = (folder / "overdue.yml").read_text(encoding="utf-8")
    assert written == OVERDUE.replace(
        "    - 晚还一天\n", "    - 晚还一天\n    - 忘了还款\n    - 这个月 没还上\n"
    )
    assert "+    - 忘了还款" in lesson.diff(folder)
    assert "-    - " not in lesson.diff(folder)
    assert TrainingData(folder, []).knows("忘了还款！")


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (miss("我是138****5678，逾期了", is_private=True), Refused.PRIVATE),
        (miss("量过的话 逾期了！"), Refused.MEASURED),
        (miss("逾期了，怎么办？"), Refused.KNOWN),
        (miss("谢谢"), Refused.ELSEWHERE),
        (miss("逾期要补多少", picked="balance_query"), Refused.PICKED_OTHERWISE),
        (miss("？？"), Refused.UNFIT),
        (miss("还" * 200), Refused.UNFIT),
        (miss("[王五](name)逾期了"), Refused.UNFIT),
    ],
)
def test_some_words_are_never_taught(data, refused, why):
    lesson = data.lesson("overdue", [refused])
    assert lesson.taught == ()
    assert lesson.refused == ((refused.text, why),)
    assert lesson.after == OVERDUE


def test_the_same_words_twice_are_one_example(data):
    assert data.lesson("overdue", [miss("忘了还款"), miss("忘了还款。")]).taught == ("忘了还款",)


def test_words_that_look_like_yaml_read_back_as_they_were_said(data):
    said = ["a: b # c", "「'引号\"」", "{还}*"]
    lesson = data.lesson("thanks", [miss(text) for text in said])
    blocks = {block["intent"]: block["examples"] for block in yaml.safe_load(lesson.after)["nlu"]}
    assert blocks["thanks"].splitlines() == ["- 谢谢", *(f"- {text}" for text in said)]
    assert blocks["overdue"].splitlines()[:2] == ["- 逾期了怎么办", "- 晚还一天"]


def test_an_intent_that_has_no_examples_is_refused(data):
    with pytest.raises(IntentUnknown):
        data.lesson("inform", [miss("三十年")])


@pytest.mark.parametrize(
    "file", sorted((ROOT / "data" / "nlu" / "intents").glob("*.yml")), ids=lambda f: f.stem
)
def test_our_own_files_take_an_example(file: Path):
    before = file.read_text(encoding="utf-8")
    blocks = yaml.safe_load(before)["nlu"]
    for block in blocks:
        after = yaml.safe_load(with_examples(before, block["intent"], ["一句没有的话"]))["nlu"]
        changed = [new for new, old in zip(after, blocks, strict=True) if new != old]
        assert [one["intent"] for one in changed] == [block["intent"]]
        assert changed[0]["examples"].splitlines() == [*block["examples"].splitlines(), "- 一句没有的话"]


def test_every_set_that_we_measure_with_is_kept_out():
    texts = measured_texts(evaluation_sets(ROOT))
    assert "现在首套利率多少呀" in texts  # topics
    assert "贷120万30年每个月还多少" in texts  # feelings
    assert "贷款壹佰贰拾万圆整" in texts  # entities
    assert "外地人能在你们这贷吗" in texts  # answers within a topic
