"""The figures of the entities, worked out by hand on three messages."""

from __future__ import annotations

import pytest

from bot.insight.entity_evaluation import Said, evaluate_entities, read_labelled_messages
from bot.insight.evaluation import EvaluationFileInvalid

LABELS = """
now: "2026-11-22T09:00:00+08:00"
first:
  - {text: 贷八十到一百万三十年, entities: [amount 800000..1000000, term_months 360]}
  - {text: 从30年改成20年, entities: [term_months 360 from, term_months 240 to]}
later:
  - {text: "3.5", entities: [rate 0.035], asked: annual_rate}
"""


@pytest.fixture
def messages(tmp_path):
    path = tmp_path / "labels.yml"
    path.write_text(LABELS, encoding="utf-8")
    return read_labelled_messages(path)


def test_a_label_says_type_value_and_role(messages):
    assert messages[0].said == (Said("amount", (800000, 1000000)), Said("term_months", 360))
    assert messages[1].said == (Said("term_months", 360, "from"), Said("term_months", 240, "to"))
    assert (messages[2].said, messages[2].requested_slot, messages[2].set) == (
        (Said("rate", "0.035"),),
        "annual_rate",
        "later",
    )


def test_values_are_counted_by_type_and_set_and_roles_apart(messages):
    found = [
        [
            {"type": "amount", "value": [800000, 1000000]},
            {"type": "age", "value": 30},
        ],  # one right, one too many
        [{"type": "term_months", "value": 360, "role": "from"}, {"type": "term_months", "value": 240}],
        [{"type": "rate", "value": "0.035"}],
    ]
    report = evaluate_entities(messages, found)
    # said 5, read 5, right 4
    assert (report["precision"], report["recall"], report["f1"]) == (0.8, 0.8, 0.8)
    assert (report["messages"], report["messages_right"]) == (3, 2)
    assert report["types"]["term_months"] == {"support": 3, "precision": 1.0, "recall": 0.6667, "f1": 0.8}
    assert report["types"]["age"] == {"support": 0, "precision": 0.0, "recall": None, "f1": 0.0}
    assert report["sets"]["later"]["f1"] == 1.0
    assert report["roles_right"] == 0.5
    assert report["mistakes"] == [
        {"text": "贷八十到一百万三十年", "missed": ["term_months 360"], "invented": ["age 30"]}
    ]


@pytest.mark.parametrize(
    "content",
    ["", "now: x\n", "first: []\n", "now: x\nfirst:\n  - {text: a}\n", "now: x\nfirst:\n  - {text: a, entities: [amount viel]}\n", "]["],
)  # fmt: skip
def test_a_file_that_holds_no_labels_is_refused(tmp_path, content):
    path = tmp_path / "labels.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationFileInvalid):
        read_labelled_messages(path)
