"""Files of the bank's core."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.program import DONE, KNOWLEDGE, NOT_DONE, UNREACHABLE, WRONG_INPUT, AsJson, app
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.core.imports import Report
    from bot.servicing.intake import Resource

COLUMNS = ROOT / "data" / "core" / "columns.yml"
SHOWN = 20  #: rejected rows on the screen; --rejects and --json have them all
UNREADABLE = {
    "kind": "看不出是哪一类文件，请用 --kind 指明 · say which kind it is with --kind",
    "columns": "缺少列 · columns are missing",
    "format": "不是能读的 CSV 或 XLSX · no readable CSV or XLSX",
    "empty": "文件是空的 · the file is empty",
    "encoding": "不是 UTF-8、UTF-16 或 GB18030 文字 · not UTF-8, UTF-16 or GB18030",
}


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件 · A CSV or XLSX file.")],
    kind: Annotated[
        str | None,
        typer.Option(
            help="哪一类；不给则看表头 · customers, applications, stages, loans, repayments, rates, documents."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不写入 · Say what would happen, change nothing.")
    ] = False,
    told_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z"],
            help="数据是什么时候的；不给则取文件修改时间 · Of when the data is; else when the file was changed.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="把没收的行写到这里 · Write the rejected rows here, as CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """导入客户、申请、环节、贷款等文件 · Take a file of customers, applications, stages, loans and so on.

    对的行都收进去，不对的行逐条说明行号、列和原因；再导一遍不会重复。
    Good rows go in; rejected ones are named by line, column and reason. Importing again repeats nothing.
    退出码 · exit codes: 0 全部收下 · all in; 1 有没收的行 · some rejected; 2 文件不能读 · unreadable;
    3 数据库没有应答 · no database.
    """
    from sqlalchemy.exc import DBAPIError

    from bot.core.errors import FileUnreadable
    from bot.knowledge import Library
    from bot.logs import configure_logging
    from bot.servicing.intake import Resource

    configure_logging("WARNING")
    if kind is not None and kind not in set(Resource):
        typer.echo(f"--kind: {' / '.join(Resource)}", err=True)
        raise typer.Exit(WRONG_INPUT)
    started = time.monotonic()
    words = Library(KNOWLEDGE).phrases
    try:
        report = asyncio.run(
            _import(file, None if kind is None else Resource(kind), told_at, words, dry_run, as_json)
        )
    except FileUnreadable as exc:
        detail = f": {exc.detail}" if exc.detail else ""
        typer.echo(f"{file}: {UNREADABLE[exc.why]}{detail}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    except DBAPIError as exc:
        reason = str(exc.orig).splitlines()[0]
        typer.echo(f"数据库没有应答；先运行 fangxin prepare · no database: {reason}", err=True)
        raise typer.Exit(UNREACHABLE) from exc
    except OSError as exc:
        typer.echo(f"{file}: {exc.strerror}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    shown = _report(report, words, dry_run, time.monotonic() - started)
    if rejects is not None:
        _write_rejects(rejects, shown["rejects"])
    if as_json:
        sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
    else:
        _print(shown)
    raise typer.Exit(NOT_DONE if shown["rejected"] else DONE)


async def _import(
    file: Path, kind: Resource | None, told_at: datetime | None, words: Any, dry_run: bool, as_json: bool
) -> Report:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.core.calls import CoreCalls
    from bot.core.columns import Columns
    from bot.core.imports import import_file as take_file
    from bot.core.published import PublishedRates
    from bot.knowledge.editing import Editing
    from bot.servicing.intake import Intake
    from bot.store.engine import make_engine, make_sessions
    from bot.store.vault import Vault

    settings = Settings()
    changed_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    engine = make_engine(settings.database)
    sessions = make_sessions(engine)
    published = PublishedRates(Editing(sessions, settings.clock, KNOWLEDGE), KNOWLEDGE)
    intake = Intake(settings.clock, Vault(settings.secret("vault")))
    calls = CoreCalls(sessions, settings.clock, intake, published, words)
    bar = Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=as_json,
    )
    try:
        with bar:
            task = bar.add_task(file.name, total=None)
            return await take_file(
                file,
                calls,
                Columns.load(COLUMNS),
                actor="import",
                told_at=told_at or min(changed_at, settings.clock.now()),
                kind=kind,
                is_rehearsal=dry_run,
                advanced=lambda done, expected: bar.update(
                    task, completed=done, total=max(done, (expected or 1) - 1)
                ),
            )
    finally:
        await engine.dispose()


def _report(report: Report, words: Any, dry_run: bool, seconds: float) -> dict[str, Any]:
    from bot.core.verdicts import reason
    from bot.servicing.intake import Status

    def remarks(status: Status) -> list[dict[str, Any]]:
        return [
            {
                "line": one.line,
                "column": one.column,
                "code": one.problem.code,
                "reason": reason(one.problem, words),
            }
            for one in report.remarks
            if one.status is status
        ]

    return {
        "kind": report.kind.value,
        "dry_run": dry_run,
        "lines": report.lines,
        **{status.value: count for status, count in report.counts.items()},
        "ignored_columns": list(report.ignored),
        "rejects": remarks(Status.REJECTED),
        "waiting": remarks(Status.HELD),
        "seconds": round(seconds, 1),
    }


def _write_rejects(file: Path, rejects: list[dict[str, Any]]) -> None:
    """With the mark by which a spreadsheet knows UTF-8."""
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["行", "列", "代码", "原因"])
        writer.writerows([one["line"], one["column"], one["code"], one["reason"]] for one in rejects)


def _print(shown: dict[str, Any]) -> None:
    if shown["dry_run"]:
        typer.echo("只检查，没有写入 · a rehearsal, nothing was changed")
    typer.echo(
        f"{shown['kind']}  {shown['lines']} 行 · lines: 收下 {shown['accepted']} accepted, "
        f"未变 {shown['unchanged']} unchanged, 待配对 {shown['held']} held, 没收 {shown['rejected']} rejected "
        f"({shown['seconds']} s)"
    )
    if shown["ignored_columns"]:
        typer.echo(f"没有用的列 · columns not used: {'、'.join(shown['ignored_columns'])}")
    for name, title in (("rejects", "没收 · rejected"), ("waiting", "待配对 · held")):
        for one in shown[name][:SHOWN]:
            typer.echo(f"{title}  第{one['line']}行  {one['column']}  {one['reason']}")
        if len(shown[name]) > SHOWN:
            typer.echo(f"…… 还有 {len(shown[name]) - SHOWN} 条 · more; see --rejects or --json")
