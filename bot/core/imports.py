"""A whole file, taken part by part: what is good goes in, and of the rest is said where and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from bot.core.calls import CoreCalls
from bot.core.cells import CellUnreadable, read_cell
from bot.core.columns import Columns
from bot.core.errors import FileUnreadable
from bot.core.sheets import Line, open_sheet
from bot.servicing.intake import MAX_WORDS, Problem, Resource, Status


@dataclass(frozen=True)
class Remark:
    """A row that did not go in, or is held: where, in which column, and why."""

    line: int
    column: str
    status: Status
    problem: Problem


@dataclass
class Report:
    kind: Resource
    ignored: tuple[str, ...] = ()  #: columns that mean nothing here
    counts: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    remarks: list[Remark] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Row:
    """A row as an item of a call, or what could not be read in it."""

    line: int
    item: Mapping[str, Any]
    faults: tuple[Problem, ...]


async def import_file(
    file: Path,
    calls: CoreCalls,
    columns: Columns,
    *,
    actor: str,
    told_at: datetime,
    kind: Resource | None = None,
    is_rehearsal: bool = False,
    advanced: Callable[[int, int | None], None] = lambda done, expected: None,
) -> Report:
    """Take a file in parts of ``MAX_WORDS`` rows, each a transaction of its own.

    Importing the file again changes nothing that is there already, so that is how one goes on after an
    interruption. ``FileUnreadable`` when no row can be taken.
    """
    sheet = open_sheet(file)
    kind = kind or columns.kind_of(sheet.header)
    fields = columns.fields(kind, sheet.header)
    missing = columns.missing(kind, fields)
    if missing:
        raise FileUnreadable("columns", "、".join(missing))
    ignored = tuple(name for at, name in enumerate(sheet.header) if at not in fields and name)
    report = Report(kind, ignored)
    titles = {name: sheet.header[position] for position, name in fields.items()}
    rows = _rows(sheet.lines, kind, fields, len(sheet.header), columns)
    for part in batched(rows, MAX_WORDS):
        await _take(part, report, calls, titles, actor, told_at, is_rehearsal)
        advanced(report.lines, sheet.expected)
    return report


async def _take(
    part: Sequence[_Row],
    report: Report,
    calls: CoreCalls,
    titles: Mapping[str, str],
    actor: str,
    told_at: datetime,
    is_rehearsal: bool,
) -> None:
    good = [row for row in part if not row.faults]
    taken = await calls.take(
        report.kind, [row.item for row in good], actor, told_at=told_at, is_rehearsal=is_rehearsal
    )
    verdicts = {row.line: verdict for row, verdict in zip(good, taken.verdicts, strict=True)}
    for row in part:
        verdict = verdicts.get(row.line)
        status = verdict.status if verdict else Status.REJECTED
        report.counts[status] += 1
        for problem in verdict.problems if verdict else row.faults:
            column = titles.get(problem.field, problem.field)
            report.remarks.append(Remark(row.line, column, status, problem))


def _rows(
    lines: Iterator[Line], kind: Resource, fields: Mapping[int, str], width: int, columns: Columns
) -> Iterator[_Row]:
    for line in lines:
        item: dict[str, Any] = {}
        faults: list[Problem] = []
        if any(not cell.is_empty for cell in line.cells[width:]):
            faults.append(Problem("", "too_many_cells"))
        for position, name in fields.items():
            if position >= len(line.cells) or line.cells[position].is_empty:
                continue
            cell = line.cells[position]
            try:
                value = read_cell(columns.cell_kind(name), cell)
            except CellUnreadable as exc:
                faults.append(Problem(name, str(exc)))
                continue
            item[name] = columns.value(kind, name, value) if isinstance(value, str) else value
        yield _Row(line.number, item, tuple(faults))
