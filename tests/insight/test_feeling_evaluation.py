"""The figures of the feelings, worked out by hand on four messages."""

from __future__ import annotations

import pytest

from bot.insight.evaluation import EvaluationFileInvalid
from bot.insight.feeling_evaluation import evaluate_feelings, holds_feelings, read_labelled_feelings

TABLE = "label\tstrength\ttext\ncalm\t0\t你好\nangry\t2\t骗子\nangry\t1\t无语\nurgent\t1\t快点\n"


def test_the_mean_is_over_the_labels_that_occur(tmp_path):
    path = tmp_path / "feelings.tsv"
    path.write_text(TABLE, encoding="utf-8")
    assert holds_feelings(path)
    found = [
        {"label": "calm", "strength": 0},
        {"label": "angry", "strength": 1},
        {"label": "calm", "strength": 0},
        {"label": "urgent", "strength": 1},
    ]
    report = evaluate_feelings(read_labelled_feelings(path), found)
    # calm 2*1/(1+2), angry 2*1/(2+1), urgent 1
    assert report["labels"]["calm"]["f1"] == 0.6667
    assert report["labels"]["angry"] == {"support": 2, "precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert report["labels"]["worried"]["f1"] is None
    assert report["macro_f1"] == 0.7778
    assert report["strength_right"] == 0.6667
    assert report["confusions"] == [{"label": "angry", "predicted": "calm", "count": 1}]


@pytest.mark.parametrize("row", ["sad\t1\t你好", "angry\t3\t你好", "angry\t1\t"])
def test_a_row_that_is_no_feeling_is_refused(tmp_path, row):
    path = tmp_path / "feelings.tsv"
    path.write_text(f"label\tstrength\ttext\n{row}\n", encoding="utf-8")
    with pytest.raises(EvaluationFileInvalid):
        read_labelled_feelings(path)


def test_a_table_of_topics_holds_no_feelings(tmp_path):
    path = tmp_path / "topics.tsv"
    path.write_text("label\talternates\ttext\n", encoding="utf-8")
    assert not holds_feelings(path)
