"""Scores how a customer's feeling is told: F1 by label, its mean over the labels, and the share of right strengths."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.insight.evaluation import EvaluationFileInvalid

LABELS = ("calm", "worried", "angry", "urgent")
COLUMNS = ("label", "strength", "text")
ONE_SET = "all"  #: the set of rows that name none


@dataclass(frozen=True)
class LabelledFeeling:
    """A message with its feeling and its strength, 0 to 2."""

    label: str
    strength: int
    text: str
    set: str = ONE_SET


def holds_feelings(path: Path) -> bool:
    """Whether the header of a tab-separated file is that of feelings."""
    with path.open(encoding="utf-8", newline="") as file:
        return "strength" in file.readline().rstrip("\r\n").split("\t")


def read_labelled_feelings(path: Path) -> list[LabelledFeeling]:
    """The rows of a tab-separated file with a header; ``EvaluationFileInvalid`` says what is wrong with it."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise EvaluationFileInvalid(f"{path}: no column {', '.join(missing)}")
        rows = []
        for row in reader:
            if row["label"] not in LABELS or row["strength"] not in ("0", "1", "2") or not row["text"]:
                raise EvaluationFileInvalid(f"{path}: line {reader.line_num} is no feeling")
            strength = int(row["strength"])
            rows.append(LabelledFeeling(row["label"], strength, row["text"], row.get("set") or ONE_SET))
    if not rows:
        raise EvaluationFileInvalid(f"{path}: no rows")
    return rows


def evaluate_feelings(rows: Sequence[LabelledFeeling], found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All the figures; ``found`` are the feelings as on the wire. Shares over nothing are null."""
    pairs = list(zip(rows, found, strict=True))
    wrong = Counter((row.label, one["label"]) for row, one in pairs if row.label != one["label"])
    strengths = [row.strength == one["strength"] for row, one in pairs if row.label == one["label"]]
    return {
        "rows": len(pairs),
        "macro_f1": _macro(pairs),
        "strength_right": round(sum(strengths) / len(strengths), 4) if strengths else None,
        "sets": {
            name: {
                "rows": sum(row.set == name for row in rows),
                "macro_f1": _macro([pair for pair in pairs if pair[0].set == name]),
            }
            for name in dict.fromkeys(row.set for row in rows)
        },
        "labels": {label: _scores(pairs, label) for label in LABELS},
        "confusions": [
            {"label": label, "predicted": predicted, "count": count}
            for (label, predicted), count in wrong.most_common()
        ],
    }


_Pairs = Sequence[tuple[LabelledFeeling, dict[str, Any]]]


def _macro(pairs: _Pairs) -> float | None:
    """The mean of F1 over the labels that occur."""
    scores = [_scores(pairs, label)["f1"] for label in LABELS]
    known = [score for score in scores if score is not None]
    return round(sum(known) / len(known), 4) if known else None


def _scores(pairs: _Pairs, label: str) -> dict[str, Any]:
    said = sum(row.label == label for row, _ in pairs)
    told = sum(one["label"] == label for _, one in pairs)
    right = sum(row.label == label == one["label"] for row, one in pairs)
    return {
        "support": said,
        "precision": round(right / told, 4) if told else None,
        "recall": round(right / said, 4) if said else None,
        "f1": round(2 * right / (said + told), 4) if said + told else None,
    }
