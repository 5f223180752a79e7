"""Facts and answers: checked, edited, brought in and out."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import (
    DONE,
    KNOWLEDGE,
    NOT_DONE,
    UNREACHABLE,
    WRONG_INPUT,
    AsJson,
    knowledge_app,
    policy_app,
)
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.knowledge.editing import Change, Editing


Author = Annotated[
    str, typer.Option("--author", help="改动人，记入历史 · Who makes the change; kept in its history.")
]


@policy_app.command("check")
def check_policy(as_json: AsJson = False) -> None:
    """检查政策口径与答案 · Check the policy facts and the answers that use them.

    查：写错的值、重叠、空档、没人用的口径、答案里写死的数字、缺少的口径、过了复核日的内容。
    Finds faulty values, overlaps, gaps, facts that nothing uses, figures without a fact, missing facts, and what
    is past its day of review. 退出码 · exit codes: 0 没有问题 · nothing found; 1 有问题 · problems found.
    """
    from bot.clock import china_date
    from bot.knowledge.checking import check_folder

    sources = sorted(path for room in ("bot", "actions") for path in (ROOT / room).rglob("*.py"))
    problems = check_folder(KNOWLEDGE, sources, china_date(Settings().clock))
    if as_json:
        listed = [{"where": problem.where, "message": problem.message} for problem in problems]
        sys.stdout.write(json.dumps({"problems": listed}, ensure_ascii=False) + "\n")
    else:
        for problem in problems:
            typer.echo(str(problem))
    raise typer.Exit(NOT_DONE if problems else DONE)


@policy_app.command("set")
def set_policy(
    key: Annotated[str, typer.Argument(help="口径的名字 · Key of the fact.")],
    value: Annotated[str, typer.Argument(help="值；多个用逗号隔开 · The value; several joined by commas.")],
    effective_from: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="生效日 · First day.")
    ],
    author: Author,
    source: Annotated[str, typer.Option(help="出处 · Where it is stated.")],
    effective_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="最后一天 · Last day.")
    ] = None,
    region: Annotated[str, typer.Option(help="地区 · Region.")] = "CN",
    status: Annotated[str | None, typer.Option(help="A、B、U 或 bank · How well it is founded.")] = None,
    verified_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="核对日；不给则今天 · Checked on; today if left out."),
    ] = None,
    review_by: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="下次复核日 · To be checked again by.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """改一条口径，到日子生效，不用重启 · Give a fact a value from a day on; no restart is needed.

    退出码 · exit codes: 0; 2 不成立，什么也没改 · refused, nothing was changed; 3 数据库没有应答 · no database.
    """
    from bot.knowledge import PolicyBook
    from bot.knowledge.editing import SetFact
    from bot.knowledge.policy_files import value_from_text
    from bot.knowledge.units import Status

    async def make(editing: Editing) -> tuple[Change, ...]:
        like = PolicyBook.read(KNOWLEDGE / "policy").every(key)[0]
        order = SetFact(
            key=key,
            value=value_from_text(value, like.unit, like.shape),
            effective_from=effective_from.date(),
            effective_to=day_of(effective_to),
            region=region,
            source=source,
            status=None if status is None else Status(status),
            verified_on=day_of(verified_on),
            review_by=day_of(review_by),
            author=author,
        )
        return (await editing.set_fact(order),)

    if status is not None and status not in set(Status):
        typer.echo(f"{status}: A / B / U / bank", err=True)
        raise typer.Exit(WRONG_INPUT)
    show_changes(edited(make), as_json)


@policy_app.command("history")
def policy_history(
    name: Annotated[
        str | None,
        typer.Argument(
            help="口径或答案的名字；不给则全部 · A fact or an answer (topic/slug); all if left out."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """谁在什么时候改了什么 · Who changed what and when, taken-back changes included."""
    show_changes(edited(lambda editing: editing.history(name)), as_json)


@policy_app.command("take-back")
def take_back(
    change: Annotated[str, typer.Argument(help="改动的编号，如 p12、a3 · Name of the change.")],
    author: Author,
    as_json: AsJson = False,
) -> None:
    """撤回一次改动，立即恢复 · Take a change back; what was there before holds again at once."""

    async def undo(editing: Editing) -> tuple[Change, ...]:
        return (await editing.take_back(change, author),)

    show_changes(edited(undo), as_json)


@knowledge_app.command("export")
def export_knowledge(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="写到哪里 · Where to write.")],
    as_json: AsJson = False,
) -> None:
    """把今天的口径和答案（含改动）写成文件 · Write today's facts and answers, edits included, as files."""
    from bot.knowledge.exchange import Exchange

    exported = edited(lambda editing: Exchange(editing, Settings().clock, KNOWLEDGE).export(folder))
    if as_json:
        waiting = [change.name for change in exported.waiting]
        sys.stdout.write(
            json.dumps({"written": exported.written, "waiting": waiting}, ensure_ascii=False) + "\n"
        )
        return
    for name in exported.written:
        typer.echo(name)
    for change in exported.waiting:
        typer.echo(
            f"{change.name} {change.answer}: 到 {change.effective_from} 才生效，没有写 · not yet in force"
        )


@knowledge_app.command("import")
def import_knowledge(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="从哪里读 · Where to read.")],
    author: Author,
    as_json: AsJson = False,
) -> None:
    """把改过的文件收进数据库 · Take edited files in as changes; all of them or none.

    退出码 · exit codes: 0; 2 文件有误，逐条列出文件和行 · refused, with files and lines; 3 数据库没有应答 · no database.
    """
    from bot.knowledge.exchange import Exchange

    taken = edited(lambda editing: Exchange(editing, Settings().clock, KNOWLEDGE).take_in(folder, author))
    show_changes((*taken.made, *taken.taken_back), as_json)


def edited[Result](use: Callable[[Editing], Awaitable[Result]], heading: str | None = None) -> Result:
    """What a use of the edits gives; a refusal is told line by line, under the heading."""
    from sqlalchemy.exc import DBAPIError

    from bot.knowledge.errors import EditRefused, UnknownChange, UnknownFact
    from bot.logs import configure_logging

    configure_logging("WARNING")
    try:
        return asyncio.run(_with_editing(use))
    except EditRefused as exc:
        if heading:
            typer.echo(heading, err=True)
        for problem in exc.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    except UnknownFact as exc:
        typer.echo(f"没有这条口径 · {exc}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    except UnknownChange as exc:
        typer.echo(f"没有这次改动，或已撤回 · no such change, or taken back already: {exc}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    except (DBAPIError, OSError) as exc:
        typer.echo(f"数据库没有应答；先运行 fangxin prepare · no database: {exc}", err=True)
        raise typer.Exit(UNREACHABLE) from exc


async def _with_editing[Result](use: Callable[[Editing], Awaitable[Result]]) -> Result:
    from bot.knowledge.editing import Editing
    from bot.store.engine import make_engine, make_sessions

    settings = Settings()
    engine = make_engine(settings.database)
    try:
        return await use(Editing(make_sessions(engine), settings.clock, KNOWLEDGE))
    finally:
        await engine.dispose()


def show_changes(changes: Iterable[Change], as_json: bool) -> None:
    from dataclasses import asdict

    from bot.clock import CHINA

    rows = [{"name": change.name, **asdict(change)} for change in changes]
    if as_json:
        sys.stdout.write(json.dumps({"changes": rows}, ensure_ascii=False, default=str) + "\n")
        return
    for row in rows:
        what = row.get("key") or row["answer"]
        value = f" = {row['value']} ({row['region']})" if "key" in row else ""
        line = f"{row['name']}  {what}{value}  {row['effective_from']} 起  {row['author']}  {row['made_at'].astimezone(CHINA):%Y-%m-%d %H:%M}"
        if row["taken_back_by"]:
            line += f"  已撤回 · taken back: {row['taken_back_by']}"
        typer.echo(line)


def day_of(given: datetime | None) -> date | None:
    return None if given is None else given.date()
