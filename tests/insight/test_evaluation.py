"""The figures of an evaluation, worked out by hand on ten questions."""

from __future__ import annotations

import pytest

from bot.insight.evaluation import EvaluationFileInvalid, Labelled, Prediction, evaluate, read_labelled


def row(label: str, *alternates: str) -> Labelled:
    return Labelled(label, alternates, "…")


def guess(topic: str, confidence: float, band: str, *others: str, ms: float = 10) -> Prediction:
    return Prediction(topic, confidence, band, (topic, *others), ms)


ROWS = [
    (row("fees_tax"), guess("fees_tax", 0.95, "answer")),  # right, answered
    (row("fees_tax"), guess("materials", 0.95, "answer", "fees_tax")),  # confidently wrong, second best right
    (row("overdue", "credit_report"), guess("credit_report", 0.85, "answer")),  # right by its alternate
    (row("overdue"), guess("overdue", 0.45, "ask")),  # right, but asked back
    (row("overdue"), guess("greeting", 0.05, "decline", "thanks", "goodbye", "overdue")),  # fourth best
    (row("out_of_scope"), guess("out_of_scope", 0.75, "answer")),  # declined by its topic
    (row("out_of_scope"), guess("human_agent", 0.75, "answer")),  # referred; yet confidently wrong
    (row("out_of_scope"), guess("fees_tax", 0.35, "ask")),  # declined by its band
    (row("out_of_scope"), guess("fees_tax", 0.95, "answer", ms=100)),  # confidently wrong
    (row("materials"), guess("out_of_scope", 0.65, "answer")),  # wrong, but not confidently: it only declines
]


def test_every_share_is_over_the_rows_that_it_speaks_of():
    report = evaluate([labelled for labelled, _ in ROWS], [prediction for _, prediction in ROWS])
    assert (report["rows"], report["rows_in_scope"]) == (10, 6)
    assert report["accuracy_strict"] == round(2 / 6, 4)
    assert report["accuracy_with_alternates"] == round(3 / 6, 4)
    assert report["top3_with_alternates"] == round(4 / 6, 4)
    assert report["answered_right"] == round(2 / 6, 4)
    assert report["out_of_scope_declined"] == round(3 / 4, 4)
    assert report["confident_wrong"] == round(3 / 10, 4)
    assert report["latency_ms_p50"] == 10
    assert report["latency_ms_p95"] == 100
    assert report["labels"]["fees_tax"] == {"support": 2, "recall": 0.5, "precision": round(1 / 3, 4)}
    assert {"label": "fees_tax", "predicted": "materials", "count": 1} in report["confusions"]


def test_the_calibration_error_is_the_mean_gap_of_ten_equal_bins():
    """Bins: .95 ×3 one right; .85 right; .45 right; .05 wrong; .75 ×2 one right; .35 wrong; .65 wrong."""
    report = evaluate([labelled for labelled, _ in ROWS], [prediction for _, prediction in ROWS])
    gaps = 3 * abs(0.95 - 1 / 3) + abs(0.85 - 1) + abs(0.45 - 1) + 0.05 + 2 * abs(0.75 - 0.5) + 0.35 + 0.65
    assert report["ece"] == pytest.approx(gaps / 10, abs=1e-4)


def test_the_table_of_reliability_names_each_bin_that_holds_a_row():
    report = evaluate([labelled for labelled, _ in ROWS], [prediction for _, prediction in ROWS])
    assert [(entry["from"], entry["rows"]) for entry in report["reliability"]] == [
        (0.0, 1),
        (0.3, 1),
        (0.4, 1),
        (0.6, 1),
        (0.7, 2),
        (0.8, 1),
        (0.9, 3),
    ]
    assert report["reliability"][-1]["right"] == pytest.approx(1 / 3)
    assert report["bands"] == {"answer": 0.7, "ask": 0.2, "decline": 0.1}


def test_what_was_not_timed_has_no_latency():
    answer = {
        "understood": {
            "topic": "overdue",
            "confidence": 0.9,
            "band": "answer",
            "ranking": [{"topic": "overdue"}],
        }
    }
    report = evaluate([row("overdue")], [Prediction.from_wire(answer)])
    assert (report["accuracy_strict"], report["latency_ms_p50"], report["latency_ms_p95"]) == (1, None, None)


def test_a_table_without_its_columns_is_refused(tmp_path):
    file = tmp_path / "bad.tsv"
    file.write_text("label\ttext\ngreeting\t你好\n", encoding="utf-8")
    with pytest.raises(EvaluationFileInvalid, match="alternates"):
        read_labelled(file)


def test_quotes_and_commas_are_words_and_alternates_are_split(tmp_path):
    file = tmp_path / "good.tsv"
    file.write_text(
        'label\talternates\ttext\noverdue\tcredit_report, complaint\t他说"没事"，真的吗\n', encoding="utf-8"
    )
    assert read_labelled(file) == [Labelled("overdue", ("credit_report", "complaint"), '他说"没事"，真的吗')]
