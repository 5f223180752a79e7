"""A new model against the one in use, with a double of the side that reads questions."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from bot.insight.model_gate import Bench, beside, compare, judge, topic_sets
from bot.insight.rasa_side import RasaSideFailed

ROWS = 100


def report(**figures: float) -> dict[str, Any]:
    return {"rows": 140, "rows_in_scope": 100, **figures}


def is_worse(key: str, before: float, after: float) -> bool:
    (change,) = compare({"a.tsv": report(**{key: before})}, {"a.tsv": report(**{key: after})})
    return change.is_worse


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("accuracy_with_alternates", 100),
        ("accuracy_strict", 100),
        ("top3_with_alternates", 100),
        ("answered_right", 100),
        ("out_of_scope_declined", 40),
    ],
)
def test_a_share_may_fall_by_its_standard_error_and_no_further(key, rows):
    error = math.sqrt(0.8 * 0.2 / rows)
    assert not is_worse(key, 0.8, 0.8 - error)
    assert is_worse(key, 0.8, 0.8 - error - 0.001)
    assert not is_worse(key, 0.8, 1.0)


@pytest.mark.parametrize("key", ["confident_wrong", "ece"])
def test_what_should_be_small_is_worse_when_it_rises(key):
    error = math.sqrt(0.05 * 0.95 / 140)
    assert not is_worse(key, 0.05, 0.05 + error)
    assert is_worse(key, 0.05, 0.05 + error + 0.001)
    assert not is_worse(key, 0.05, 0.0)


def test_of_a_perfect_figure_one_row_may_be_lost():
    assert not is_worse("accuracy_strict", 1.0, 0.99)
    assert is_worse("accuracy_strict", 1.0, 0.98)


def test_figures_over_no_rows_and_sets_of_one_model_alone_are_left_out():
    none = report(out_of_scope_declined=None)  # type: ignore[arg-type]
    assert compare({"a.tsv": none}, {"a.tsv": none}) == []
    assert compare({}, {"a.tsv": report(accuracy_strict=0.1)}) == []


class Readers:
    """Models that are right about as many of the questions as they are named to be; ``broken`` cannot be read."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, module: str, arguments: tuple[str, ...], lines: Any) -> list[dict[str, Any]]:
        assert module == "bot.nlu.batch"
        name = Path(arguments[1]).name.removesuffix(".tar.gz")
        self.asked.append(name)
        if name == "broken":
            raise RasaSideFailed("broken")
        return [self._answer(line["id"], int(name)) for line in lines]

    def _answer(self, number: int, right: int) -> dict[str, Any]:
        topic = "overdue" if number < right else "materials"
        understood = {
            "topic": topic,
            "confidence": right / ROWS,
            "band": "answer",
            "ranking": [{"topic": topic}],
        }
        return {"id": number, "understood": understood}


@pytest.fixture
def readers() -> Readers:
    return Readers()


@pytest.fixture
def bench(tmp_path: Path, readers: Readers) -> Bench:
    questions = tmp_path / "questions.tsv"
    rows = "".join(f"overdue\t\t第{number}问\n" for number in range(ROWS))
    questions.write_text(f"label\talternates\ttext\n{rows}", encoding="utf-8")
    thresholds = tmp_path / "thresholds.yml"
    thresholds.write_text("answer: 0.8\nask: 0.3\n", encoding="utf-8")
    return Bench([questions], thresholds, readers)


def model(folder: Path, name: str) -> Path:
    return folder / f"{name}.tar.gz"


def test_a_model_that_is_right_less_often_is_not_accepted(bench, tmp_path):
    found = judge(bench, model(tmp_path, "80"), model(tmp_path, "90"))
    assert not found["accepted"]
    (line,) = [line for line in found["lines"] if "严格" in line]
    assert "0.9000 → 0.8000" in line
    assert "-0.1000" in line
    assert "变差" in line


@pytest.mark.parametrize("new", ["90", "89", "95"])
def test_a_model_about_as_good_or_better_is_accepted(bench, tmp_path, new):
    assert judge(bench, model(tmp_path, new), model(tmp_path, "90"))["accepted"]


def test_the_model_in_use_is_measured_once(bench, readers, tmp_path):
    for new in ("89", "91"):
        judge(bench, model(tmp_path, new), model(tmp_path, "90"))
    assert readers.asked == ["90", "89", "91"]


def test_other_thresholds_make_other_figures(bench, readers, tmp_path):
    bench.figures(model(tmp_path, "90"))
    (tmp_path / "thresholds.yml").write_text("answer: 0.9\nask: 0.3\n", encoding="utf-8")
    bench.figures(model(tmp_path, "90"))
    assert readers.asked == ["90", "90"]


def test_a_model_that_no_longer_loads_is_held_to_what_it_reached(bench, tmp_path):
    bench.figures(model(tmp_path, "90"))
    beside(model(tmp_path, "90")).rename(beside(model(tmp_path, "broken")))
    (tmp_path / "thresholds.yml").write_text("answer: 0.9\nask: 0.3\n", encoding="utf-8")
    assert not judge(bench, model(tmp_path, "80"), model(tmp_path, "broken"))["accepted"]


def test_against_a_model_that_cannot_be_read_nothing_is_held(bench, tmp_path):
    found = judge(bench, model(tmp_path, "10"), model(tmp_path, "broken"))
    assert found["accepted"]
    assert "无从比较" in found["lines"][0]


def test_a_new_model_that_cannot_be_read_is_an_error(bench, tmp_path):
    with pytest.raises(RasaSideFailed):
        judge(bench, model(tmp_path, "broken"), model(tmp_path, "90"))


def test_broken_figures_beside_a_model_are_measured_again(bench, tmp_path):
    beside(model(tmp_path, "90")).write_text("{half", encoding="utf-8")
    assert bench.figures(model(tmp_path, "90"))["questions.tsv"]["accuracy_strict"] == 0.9
    assert json.loads(beside(model(tmp_path, "90")).read_text(encoding="utf-8"))["figures"]


def test_only_tables_of_topics_are_compared_on(tmp_path, capsys):
    for name, head in (("topics", "label\talternates\ttext"), ("feelings", "label\tstrength\ttext")):
        (tmp_path / f"{name}.tsv").write_text(f"{head}\noverdue\t0\t逾期\n", encoding="utf-8")
    (tmp_path / "broken.tsv").write_text("a\tb\n", encoding="utf-8")
    names = ("topics.tsv", "feelings.tsv", "broken.tsv")
    assert topic_sets(tmp_path / name for name in names) == [tmp_path / "topics.tsv"]
    assert "broken.tsv" in capsys.readouterr().err
