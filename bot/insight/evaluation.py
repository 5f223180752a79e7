"""Scores the understanding on labelled questions: right, among the best three, answered, declined, calibrated.

The same figures are worked out for the training utterances, each predicted by a model that has not seen it.
"""

from __future__ import annotations

import csv
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
#: Topics that do not answer an out-of-scope question as if it were in scope.
DECLINING_TOPICS = frozenset({OUT_OF_SCOPE, "human_agent"})
ECE_BINS = 10
COLUMNS = ("label", "alternates", "text")


class EvaluationFileInvalid(Exception):
    """The file is not a table with the columns label, alternates and text."""


@dataclass(frozen=True)
class Labelled:
    """A question with its label and the other defensible ones."""

    label: str
    alternates: tuple[str, ...]
    text: str

    @property
    def is_in_scope(self) -> bool:
        return self.label != OUT_OF_SCOPE

    def allows(self, topic: str) -> bool:
        return topic == self.label or topic in self.alternates


@dataclass(frozen=True)
class Prediction:
    """What the model made of a question: best topic, its confidence, the band, and the topics in order."""

    topic: str
    confidence: float
    band: str
    ranked: tuple[str, ...]
    milliseconds: float | None  #: of reading it alone; None where many were read at once

    @classmethod
    def from_wire(cls, answer: dict[str, Any]) -> Prediction:
        found = answer["understood"]
        one = found[0] if isinstance(found, list) else found
        topics = tuple(dict.fromkeys(entry["topic"] for entry in one["ranking"]))
        return cls(one["topic"], one["confidence"], one["band"], topics, answer.get("ms"))


def read_labelled(path: Path) -> list[Labelled]:
    """The rows of a tab-separated file with a header; ``EvaluationFileInvalid`` says what is wrong with it."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise EvaluationFileInvalid(f"{path}: no column {', '.join(missing)}")
        rows = []
        for row in reader:
            if row["label"] is None or row["text"] is None:
                raise EvaluationFileInvalid(f"{path}: line {reader.line_num} has too few columns")
            alternates = tuple(one.strip() for one in (row["alternates"] or "").split(",") if one.strip())
            rows.append(Labelled(row["label"].strip(), alternates, row["text"]))
    if not rows:
        raise EvaluationFileInvalid(f"{path}: no rows")
    return rows


def evaluate(rows: Sequence[Labelled], predictions: Sequence[Prediction]) -> dict[str, Any]:
    """All the figures. Shares are fractions; those over no rows are null."""
    pairs = list(zip(rows, predictions, strict=True))
    inside = [(row, one) for row, one in pairs if row.is_in_scope]
    outside = [(row, one) for row, one in pairs if not row.is_in_scope]
    times = sorted(one.milliseconds for one in predictions if one.milliseconds is not None)
    reliability = _reliability(pairs)
    return {
        "rows": len(rows),
        "rows_in_scope": len(inside),
        "accuracy_strict": _share(one.topic == row.label for row, one in inside),
        "accuracy_with_alternates": _share(row.allows(one.topic) for row, one in inside),
        "top3_with_alternates": _share(
            any(row.allows(topic) for topic in one.ranked[:3]) for row, one in inside
        ),
        "answered_right": _share(one.band == "answer" and row.allows(one.topic) for row, one in inside),
        "out_of_scope_declined": _share(
            one.band in ("ask", "decline") or one.topic in DECLINING_TOPICS for _row, one in outside
        ),
        "confident_wrong": _share(
            one.band == "answer" and one.topic != OUT_OF_SCOPE and not row.allows(one.topic)
            for row, one in pairs
        ),
        "bands": {
            band: _share(one.band == band for one in predictions) for band in ("answer", "ask", "decline")
        },
        "ece": round(
            sum(entry["rows"] * abs(entry["confidence"] - entry["right"]) for entry in reliability)
            / len(pairs),
            4,
        ),
        "latency_ms_p50": round(statistics.median(times), 2) if times else None,
        "latency_ms_p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 2) if times else None,
        "reliability": reliability,
        "labels": _by_label(pairs),
        "confusions": _confusions(pairs),
    }


def _share(hits: Any) -> float | None:
    values = [bool(hit) for hit in hits]
    return round(sum(values) / len(values), 4) if values else None


def _reliability(pairs: list[tuple[Labelled, Prediction]]) -> list[dict[str, Any]]:
    """Ten equal bins of confidence over all rows, empty ones left out: mean confidence beside the share right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(ECE_BINS)]
    for row, one in pairs:
        place = min(ECE_BINS - 1, int(one.confidence * ECE_BINS))
        bins[place].append((one.confidence, row.allows(one.topic)))
    return [
        {
            "from": place / ECE_BINS,
            "rows": len(entries),
            "confidence": statistics.fmean(confidence for confidence, _ in entries),
            "right": statistics.fmean(hit for _, hit in entries),
        }
        for place, entries in enumerate(bins)
        if entries
    ]


def _by_label(pairs: list[tuple[Labelled, Prediction]]) -> dict[str, dict[str, Any]]:
    labels = sorted({row.label for row, _ in pairs} | {one.topic for _, one in pairs})
    table = {}
    for label in labels:
        of_label = [one for row, one in pairs if row.label == label]
        as_label = [row for row, one in pairs if one.topic == label]
        table[label] = {
            "support": len(of_label),
            "recall": _share(one.topic == label for one in of_label),
            "precision": _share(row.label == label for row in as_label),
        }
    return table


def _confusions(pairs: list[tuple[Labelled, Prediction]]) -> list[dict[str, Any]]:
    """Pairs of label and predicted topic that are not defensible, most frequent first."""
    wrong = Counter((row.label, one.topic) for row, one in pairs if not row.allows(one.topic))
    return [
        {"label": label, "predicted": topic, "count": count} for (label, topic), count in wrong.most_common()
    ]
