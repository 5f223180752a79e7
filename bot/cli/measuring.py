"""Measures the understanding and sets its thresholds."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.program import NOT_DONE, WRONG_INPUT, AsJson, app

if TYPE_CHECKING:
    from bot.insight.evaluation import Labelled, Prediction


@app.command("eval")
def evaluate_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            exists=True,
            dir_okay=False,
            help="话题或情绪 .tsv，实体 .yml · Topics or feelings as .tsv, entities as .yml.",
        ),
    ] = None,
    cross_validation: Annotated[
        bool,
        typer.Option("--cross-validation", help="训练语句的折外预测 · The training utterances, each unseen."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """用标注语料衡量理解：话题、实体或情绪 · Measure the understanding. Needs no running service.

    What is measured follows from the file: a table with `alternates` holds topics, one with `strength` feelings, a
    .yml file entities.
    JSON is the report of one file; of several, an object of reports by file name, and ``cross_validation``.
    """
    from bot.insight.evaluation import EvaluationFileInvalid, evaluate

    if not files and not cross_validation:
        typer.echo("a FILE or --cross-validation is needed", err=True)
        raise typer.Exit(WRONG_INPUT)
    reports = {}
    for file in files or ():
        try:
            reports[str(file)] = _evaluation_of(file)
        except (EvaluationFileInvalid, UnicodeDecodeError) as exc:
            typer.echo(str(exc), err=True)
            raise typer.Exit(WRONG_INPUT) from exc
        if not as_json:
            _show_report(str(file), reports[str(file)])
    if cross_validation:
        reports["cross_validation"] = evaluate(*_unseen_utterances())
        if not as_json:
            _show_report("交叉验证 · cross-validation", reports["cross_validation"])
    if as_json:
        only = next(iter(reports.values())) if len(reports) == 1 else reports
        sys.stdout.write(json.dumps(only, ensure_ascii=False) + "\n")


def _unseen_utterances() -> tuple[list[Labelled], list[Prediction]]:
    """The training utterances with their topics, and what models that never saw them made of them."""
    from bot.insight.evaluation import Labelled, Prediction

    answers = [json.loads(line) for line in _rasa_side("bot.nlu.cross_validate").splitlines()]
    labelled = [Labelled(answer["label"], (), answer["text"]) for answer in answers]
    return labelled, [Prediction.from_wire(answer) for answer in answers]


def _evaluation_of(file: Path) -> dict[str, Any]:
    from bot.insight.entity_evaluation import evaluate_entities, read_labelled_messages
    from bot.insight.evaluation import Prediction, evaluate, read_labelled
    from bot.insight.feeling_evaluation import evaluate_feelings, holds_feelings, read_labelled_feelings

    if file.suffix in (".yml", ".yaml"):
        messages = read_labelled_messages(file)
        asked = [{"text": m.text, "now": m.now, "requested_slot": m.requested_slot} for m in messages]
        return evaluate_entities(messages, [answer["understood"]["entities"] for answer in _read(asked)])
    if holds_feelings(file):
        feelings = read_labelled_feelings(file)
        answers = _read([{"text": one.text} for one in feelings])
        return evaluate_feelings(feelings, [answer["understood"]["feeling"] for answer in answers])
    rows = read_labelled(file)
    return evaluate(
        rows, [Prediction.from_wire(answer) for answer in _read([{"text": r.text} for r in rows])]
    )


def _read(asked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the 3.10 side makes of messages, in their order."""
    lines = "".join(
        json.dumps({"id": number, **one}, ensure_ascii=False) + "\n" for number, one in enumerate(asked)
    )
    answers = map(json.loads, _rasa_side("bot.nlu.batch", stdin=lines).splitlines())
    by_id = {answer["id"]: answer for answer in answers}
    return [by_id[number] for number in range(len(asked))]


def _rasa_side(module: str, *arguments: str, stdin: str = "") -> str:
    """Run a module of the 3.10 side and return its standard output; its own words go to standard error."""
    from bot.insight.rasa_side import RasaSideFailed, output_of

    try:
        return output_of(module, *arguments, stdin=stdin)
    except RasaSideFailed as exc:
        typer.echo(str(exc), err=True)
        raise typer.Exit(NOT_DONE) from exc


def _show_report(name: str, report: dict[str, Any]) -> None:
    from rich.console import Console as Screen
    from rich.table import Table

    screen = Screen()
    figures = Table("figure", "value", title=f"理解 · understanding: {name}")
    for figure, value in report.items():
        if not isinstance(value, (dict, list)):
            figures.add_row(figure, str(value))
    for band, share in report.get("bands", {}).items():
        figures.add_row(f"band {band}", str(share))
    screen.print(figures)
    for part in ("sets", "types", "labels"):
        if part in report:
            columns = list(next(iter(report[part].values())))
            table = Table(part.removesuffix("s"), *columns)
            for key, row in report[part].items():
                table.add_row(key, *(str(row[column]) for column in columns))
            screen.print(table)
    for part in ("reliability", "confusions", "mistakes"):
        if report.get(part):
            table = Table(*report[part][0])
            for row in report[part][:15]:
                cells = (", ".join(cell) if isinstance(cell, list) else str(cell) for cell in row.values())
                table.add_row(*cells)
            screen.print(table)


@app.command()
def calibrate(as_json: AsJson = False) -> None:
    """由交叉验证设定置信度阈值 · Set the confidence thresholds from out-of-fold predictions."""
    sys.stdout.write(_rasa_side("bot.nlu.calibrate", *(["--json"] if as_json else [])))
