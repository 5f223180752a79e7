"""Learns from what was not answered."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.program import NOT_DONE, WRONG_INPUT, AsJson, app, with_database
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.insight.clusters import Cluster
    from bot.insight.teaching import Lesson, TrainingData


TEXTS_SHOWN = 5


@app.command()
def unanswered(
    since: Annotated[int, typer.Option(min=1, help="最近多少天 · Of how many days.")] = 30,
    fewest: Annotated[
        int, typer.Option("--min", min=1, help="至少几句才列出 · Only clusters of at least so many.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """把没答上的话归成组，新的、多的在前 · Cluster what the bot could not answer, newest and largest first.

    没听懂或说不归自己管的，和追问后客户选了哪个、或都不是的
    · declined, held out of scope, or asked back and corrected by the customer.
    个人信息已遮盖 · personal data is masked. JSON 里有每一句 · with --json every text is there.
    """
    from bot.insight.rasa_side import RasaSideFailed

    settings = Settings()
    try:
        listed = asyncio.run(_clusters(settings, since, fewest))
    except RasaSideFailed as exc:
        typer.echo(str(exc), err=True)
        raise typer.Exit(NOT_DONE) from exc
    if as_json:
        content = {"since_days": since, "clusters": [one.to_wire() for one in listed]}
        sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
        return
    for one in listed:
        _show_cluster(one.to_wire())
    if listed:
        typer.echo("\n教给它 · teach one: fangxin teach ID --intent INTENT --dry-run")
    else:
        typer.echo(f"{since} 天内没有答不上的话 · nothing was left unanswered in {since} days")


async def _clusters(settings: Settings, days: int, fewest: int) -> list[Cluster]:
    from bot.insight.clusters import Reviewed, cluster, untaught
    from bot.insight.rasa_side import run_rasa_side
    from bot.insight.unanswered import read_misses

    now = settings.clock.now()
    misses = await with_database(settings, lambda sessions: read_misses(sessions, now - timedelta(days=days)))
    found = cluster(untaught(misses, _training_data().knows), run_rasa_side, now)
    Reviewed(_reviewed_file(settings)).keep(found)
    return [one for one in found if len(one.misses) >= fewest]


def _show_cluster(one: dict[str, Any]) -> None:
    why = "、".join(f"{words} {one['why'][kind]}" for kind, words in _WHY.items() if one["why"][kind])
    source = "客户所选 · picked" if one["suggested_by"] == "picks" else "模型所猜 · guessed"
    typer.echo(f"\n{one['id']}  {one['count']} 次 · times  最近 · newest {one['newest'][:10]}  {why}")
    typer.echo(f"        {one['suggested_intent']}  {source}")
    for text in one["texts"][:TEXTS_SHOWN]:
        typer.echo(f"        - {text}")
    left = len(one["texts"]) - TEXTS_SHOWN
    if left > 0:
        typer.echo(f"        … 还有 {left} 句 · {left} more")


_WHY = {
    "declined": "没听懂 · declined",
    "out_of_scope": "说了不归我管 · out of scope",
    "none_of_them": "都不是 · none of them",
    "picked": "选了 · picked",
}


@app.command()
def teach(
    cluster: Annotated[
        str | None,
        typer.Argument(help="`unanswered` 列出的组号 · Id of a cluster that `unanswered` listed last."),
    ] = None,
    intent: Annotated[
        str | None, typer.Option(help="教到哪个意图 · The intent that these words have.")
    ] = None,
    assigned: Annotated[
        bool,
        typer.Option(
            "--assigned", help="坐席台上主管定好的全部 · All that supervisors assigned at the desk."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看改动，不写 · Show the change and write nothing.")
    ] = False,
) -> None:
    """把看过的话写进训练语料，供提交 · Add reviewed words to the training data, for a commit.

    给组号和意图，或者 --assigned · either a cluster and an intent, or --assigned.

    不会自动训练 · nothing is trained. 个人信息、评测用的话和已有的话不写 · personal data, words of an evaluation
    set and known ones stay out.
    退出码 · exit codes: 0; 1 没有可教的 · nothing to teach; 2 组号或意图不对 · unknown cluster or intent.
    """
    from bot.insight.clusters import ClusterUnknown, Reviewed
    from bot.insight.teaching import IntentUnknown
    from bot.insight.unanswered import read_again

    settings = Settings()
    if assigned != (cluster is None or intent is None):
        typer.echo("给组号和 --intent，或者只给 --assigned · a cluster and --intent, or --assigned", err=True)
        raise typer.Exit(WRONG_INPUT)
    if cluster is None or intent is None:
        _teach_assigned(settings, dry_run)
        return
    data = _training_data()
    try:
        references = Reviewed(_reviewed_file(settings)).references(cluster)
        misses = asyncio.run(with_database(settings, lambda sessions: read_again(sessions, references)))
        lesson = data.lesson(intent, misses)
    except ClusterUnknown as exc:
        typer.echo(f"没有列出过这一组，请先运行 fangxin unanswered · {cluster} was not listed last", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    except IntentUnknown as exc:
        typer.echo(f"没有这个意图 · no such intent: {intent}; {', '.join(data.intents)}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    for text, why in lesson.refused:
        typer.echo(f"不写 · left out: {text}  ({why.value})", err=True)
    if not lesson.taught:
        typer.echo("没有可教的话 · nothing to teach", err=True)
        raise typer.Exit(NOT_DONE)
    _write([lesson], dry_run)


def _teach_assigned(settings: Settings, dry_run: bool) -> None:
    from bot.insight.rasa_side import run_rasa_side
    from bot.insight.review import Review, lessons

    review = partial(Review, clock=settings.clock, training=_training_data, rasa_side=run_rasa_side)
    assigned = asyncio.run(with_database(settings, lambda sessions: review(sessions).assigned()))
    if not _write(lessons(_training_data(), assigned), dry_run):
        typer.echo("没有可教的话 · nothing to teach", err=True)
        raise typer.Exit(NOT_DONE)


def _write(found: Iterable[Lesson], dry_run: bool) -> bool:
    """Show every change and write it, unless it is only looked at; whether there was any."""
    is_any = False
    for lesson in found:
        is_any = True
        sys.stdout.write(lesson.diff(ROOT))
        if not dry_run:
            lesson.write()
    if is_any and dry_run:
        typer.echo("只是预览，没有写 · a preview; nothing was written", err=True)
    elif is_any:
        typer.echo("请看一遍，再 · read it, then: make train; make eval; git commit", err=True)
    return is_any


def _training_data() -> TrainingData:
    from bot.insight.teaching import training_data

    return training_data(ROOT)


def _reviewed_file(settings: Settings) -> Path:
    return settings.home / "cache" / "unanswered.json"
