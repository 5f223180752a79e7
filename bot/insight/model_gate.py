"""Whether a newly trained model may take the place of the one in use: ``python -m bot.insight.model_gate``.

It writes a report and decides nothing else: `scripts.steps` moves the files. Figures of a model are kept beside it, so
that the model in use is measured once and not at every training.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.insight.evaluation import EvaluationFileInvalid, Prediction, evaluate, read_labelled
from bot.insight.feeling_evaluation import holds_feelings
from bot.insight.rasa_side import RasaSide, RasaSideFailed, run_rasa_side
from bot.settings import ROOT

MODULE = "bot.nlu.batch"
Report = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A figure of accuracy: where it stands in the report, and over which rows it is a share."""

    key: str
    title: str
    rises_when_worse: bool = False

    def rows(self, report: Report) -> int:
        inside = int(report["rows_in_scope"])
        match self.key:
            case "out_of_scope_declined":
                return int(report["rows"]) - inside
            case "confident_wrong" | "ece":
                return int(report["rows"])
        return inside


FIGURES = (
    Figure("accuracy_with_alternates", "话题对 · topic right or alternate"),
    Figure("accuracy_strict", "严格 · strict"),
    Figure("top3_with_alternates", "前三 · among three"),
    Figure("answered_right", "答对 · answered rightly"),
    Figure("out_of_scope_declined", "范围外不答 · out of scope declined"),
    Figure("confident_wrong", "自信答错 · confident wrong", rises_when_worse=True),
    Figure("ece", "校准误差 · ECE", rises_when_worse=True),
)


@dataclass(frozen=True)
class Change:
    """One figure on one set, of the model in use and of the new one."""

    file: str
    figure: Figure
    before: float
    after: float
    rows: int

    @property
    def standard_error(self) -> float:
        """``sqrt(p(1 − p)/n)`` of the figure in use; at least one row, since a share of 0 or 1 has an error too."""
        return max(math.sqrt(self.before * (1 - self.before) / self.rows), 1 / self.rows)

    @property
    def is_worse(self) -> bool:
        """By more than the standard error; the figures are rounded to four places."""
        loss = self.after - self.before if self.figure.rises_when_worse else self.before - self.after
        return loss > self.standard_error + 1e-4

    def to_line(self) -> str:
        mark = "  ✗ 变差 · worse" if self.is_worse else ""
        difference = f"{self.after - self.before:+.4f}"
        return (
            f"{self.before:.4f} → {self.after:.4f}  {difference}  ±{self.standard_error:.4f}  "
            f"{self.figure.title}{mark}"
        )


def compare(before: Mapping[str, Report], after: Mapping[str, Report]) -> list[Change]:
    """The change of every figure on every set that both were measured on; a share over no rows is left out.

    >>> old = {"rows": 100, "rows_in_scope": 100, "accuracy_strict": 0.9}
    >>> compare({"a.tsv": old}, {"a.tsv": {**old, "accuracy_strict": 0.86}})[0].is_worse
    True
    """
    return [
        Change(file, figure, float(before[file][figure.key]), float(after[file][figure.key]), rows)
        for file in after
        if file in before
        for figure in FIGURES
        if before[file].get(figure.key) is not None
        and after[file].get(figure.key) is not None
        and (rows := figure.rows(before[file]))
    ]


class Bench:
    """Measures models on sets of labelled questions, and keeps each model's figures in a file beside it."""

    def __init__(self, files: Sequence[Path], thresholds: Path, rasa_side: RasaSide) -> None:
        self._files = files
        self._thresholds = thresholds
        self._rasa_side = rasa_side

    def figures(self, model: Path) -> dict[str, Report]:
        """By file name. `RasaSideFailed` when the model cannot be read and was not measured on these files before."""
        kept = self._kept(model)
        condition = self._digest([*self._files, self._thresholds])
        if kept.get("condition") == condition:
            return dict(kept["figures"])
        try:
            measured = self._measured(model)
        except RasaSideFailed:
            # A model of older code may not load; what it reached when it could still stands, questions being equal.
            if kept.get("questions") == self._digest(self._files):
                return dict(kept["figures"])
            raise
        content = {
            "condition": condition,
            "questions": self._digest(self._files),
            "figures": measured,
        }
        beside(model).write_text(json.dumps(content, indent=1), encoding="utf-8")
        return measured

    def _measured(self, model: Path) -> dict[str, Report]:
        sets = {file.name: read_labelled(file) for file in self._files}
        texts = [row.text for rows in sets.values() for row in rows]
        lines = [{"id": number, "text": text} for number, text in enumerate(texts)]
        answers = self._rasa_side(MODULE, ("--model", str(model)), lines)
        by_id = {answer["id"]: Prediction.from_wire(answer) for answer in answers}
        reports: dict[str, Report] = {}
        begin = 0
        for name, rows in sets.items():
            report = evaluate(rows, [by_id[begin + place] for place in range(len(rows))])
            kept = ("rows", "rows_in_scope", *(figure.key for figure in FIGURES))
            reports[name] = {key: report[key] for key in kept}
            begin += len(rows)
        return reports

    @staticmethod
    def _kept(model: Path) -> dict[str, Any]:
        try:
            content = json.loads(beside(model).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    @staticmethod
    def _digest(files: Iterable[Path]) -> str:
        total = hashlib.sha256()
        for file in files:
            total.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
        return total.hexdigest()


def beside(model: Path) -> Path:
    """Where the figures of a model are kept."""
    return model.with_name(model.name.removesuffix(".tar.gz") + ".figures.json")


def judge(bench: Bench, new: Path, in_use: Path) -> dict[str, Any]:
    """The report: may the new model be taken, and the lines to show. `RasaSideFailed` when the new one cannot be read."""
    try:
        before = bench.figures(in_use)
    except RasaSideFailed:
        said = f"在用的模型读不了，无从比较 · the model in use cannot be read, so nothing is compared: {in_use.name}"
        return {"accepted": True, "is_compared": False, "lines": [said]}
    changes = compare(before, bench.figures(new))
    lines = [f"在用 → 新 · in use → new: {in_use.name} → {new.name}"]
    for file in dict.fromkeys(change.file for change in changes):
        lines.append(file)
        lines += [f"  {change.to_line()}" for change in changes if change.file == file]
    return {
        "accepted": not any(change.is_worse for change in changes),
        "is_compared": bool(changes),
        "lines": lines,
    }


def topic_sets(files: Iterable[Path]) -> list[Path]:
    """The files that hold questions with their topics; one that does not is named on standard error and left out."""
    found = []
    for file in files:
        try:
            if holds_feelings(file):
                continue
            read_labelled(file)
        except (EvaluationFileInvalid, UnicodeDecodeError) as exc:
            print(f"不用于比较 · not compared on: {exc}", file=sys.stderr)
        else:
            found.append(file)
    return found


def main() -> None:
    """Writes the report as JSON and prints its lines."""
    parser = argparse.ArgumentParser(description="比较新旧模型 · compare a new model with the one in use")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--new", type=Path, required=True)
    parser.add_argument("--in-use", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    arguments = parser.parse_args()
    bench = Bench(topic_sets(arguments.files), ROOT / "data" / "nlu" / "thresholds.yml", run_rasa_side)
    report = judge(bench, arguments.new, arguments.in_use)
    arguments.report.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    print("\n".join(report["lines"]))


if __name__ == "__main__":
    main()
