"""``fangxin``: the command line. Exit codes: 0 done, 1 not done, 2 wrong usage or input, 3 service unreachable.

A command imports what it needs when it runs: ``fangxin calc`` starts without the service, its database and web.
"""

from __future__ import annotations

import asyncio
import getpass
import io
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.handoff.model import Role
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.channels.console.client import ConsoleClient
    from bot.insight.clusters import Cluster
    from bot.insight.evaluation import Labelled, Prediction
    from bot.insight.teaching import TrainingData
    from bot.knowledge.editing import Change, Editing
    from bot.store.engine import Sessions

DONE, NOT_DONE, WRONG_INPUT, UNREACHABLE = 0, 1, 2, 3
KNOWLEDGE = ROOT / "data" / "knowledge"
INTENTS = ROOT / "data" / "nlu" / "intents"
TEXTS_SHOWN = 5

app = typer.Typer(
    name="fangxin",
    help="房信：房贷客户智能客服 · Fangxin, the customer-service assistant for home-loan customers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
user_app = typer.Typer(help="坐席账号 · Accounts of the desk.", no_args_is_help=True)
policy_app = typer.Typer(help="政策口径 · Dated policy facts.", no_args_is_help=True)
app.add_typer(user_app, name="user")
knowledge_app = typer.Typer(help="口径与答案的文件 · The files of facts and answers.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(knowledge_app, name="knowledge")

Author = Annotated[
    str, typer.Option("--author", help="改动人，记入历史 · Who makes the change; kept in its history.")
]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON · Print only JSON.")]


def main() -> None:
    app()


@app.command()
def serve() -> None:
    """启动服务（前门）· Start the service, the front door."""
    import uvicorn

    from bot.app import create_app
    from bot.logs import configure_logging

    settings = Settings()
    configure_logging(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


@app.command()
def prepare() -> None:
    """建库、升级、写入演示数据 · Bring the database up to date; in development, add the demo data and logins."""
    from bot.logs import configure_logging
    from bot.store.migrate import upgrade

    settings = Settings()
    configure_logging("WARNING")
    settings.home.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    if settings.is_development:
        sys.stdout.write(asyncio.run(_seed(settings)))


async def _seed(settings: Settings) -> str:
    from bot.accounts import ensure_demo_accounts
    from bot.handoff.agents import Agents
    from bot.knowledge import Library
    from bot.servicing.demo import seed
    from bot.store.engine import make_engine, make_sessions
    from bot.store.vault import Vault

    engine = make_engine(settings.database)
    sessions = make_sessions(engine)
    try:
        await seed(sessions, settings.clock, Vault(settings.secret("vault")), Library(KNOWLEDGE).policy)
        return await ensure_demo_accounts(Agents(sessions, settings.clock), settings.home / "demo_logins.txt")
    finally:
        await engine.dispose()


def _client(settings: Settings) -> ConsoleClient:
    from bot.channels.console.client import ConsoleClient

    return ConsoleClient.at(settings.base_url, settings.secret("console_token"))


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="客户的话 · What the customer says.")],
    conversation: Annotated[
        str | None, typer.Option(help="会话名；不给则新开 · Name of the conversation; a new one if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """对运行中的服务说一句话 · Send one turn to the running service."""
    from rich.console import Console as Screen

    from bot.channels.console.terminal import show
    from bot.messages import part_from_wire

    with _terminal_errors():
        answer = _client(Settings()).ask(conversation, text)
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    screen = Screen()
    show(screen, (part_from_wire(part) for part in answer["replies"]))
    screen.print(f"[dim]{answer['conversation']}[/]")


@app.command()
def chat(
    conversation: Annotated[
        str | None, typer.Option(help="接着聊的会话 · A conversation to go on with.")
    ] = None,
) -> None:
    """在终端里聊天 · Hold a conversation in the terminal."""
    from rich.console import Console as Screen

    from bot.channels.console.terminal import Chat
    from bot.knowledge import Library

    words = Library(KNOWLEDGE).phrases
    with _terminal_errors():
        chat = Chat(_client(Settings()), Screen(), conversation)
        chat.run(words.say("terminal.welcome"), words.say("terminal.prompt"))


class _terminal_errors:
    """Says in one line what went wrong, and ends with the right code."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from bot.channels.console.client import ServiceRefused, ServiceUnreachable

        match error:
            case ServiceUnreachable():
                settings = Settings()
                typer.echo(f"服务没有应答 · no answer from {settings.base_url} ({error})", err=True)
                raise typer.Exit(UNREACHABLE) from error
            case ServiceRefused():
                typer.echo(f"{error.message} ({error.code})", err=True)
                raise typer.Exit(WRONG_INPUT) from error


@app.command()
def calc(
    kind: Annotated[str | None, typer.Argument(help="计算种类 · The kind of calculation.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="逐行计算 · One request a line.")] = False,
) -> None:
    """从标准输入读 JSON 并计算 · Read JSON from standard input and calculate.

    没给的条件取当日政策口径 · a field left out takes the policy fact of the day.
    退出码 · exit codes: 0; 2 有一行不是 JSON，或 KIND 的条件有误 · a line was not JSON, or KIND was refused.
    """
    from bot.calculation import answer_lines, answer_one, todays_defaults

    if jsonl == (kind is not None):
        typer.echo("给出 KIND 或 --jsonl 之一 · give either KIND or --jsonl", err=True)
        raise typer.Exit(WRONG_INPUT)
    defaults = todays_defaults(KNOWLEDGE / "policy", Settings().clock)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a lone surrogate in a field's name goes back escaped
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if kind is not None:
        answer, is_result = answer_one(kind, sys.stdin.buffer.read(), defaults)
        sys.stdout.write(answer + "\n")
        raise typer.Exit(DONE if is_result else WRONG_INPUT)
    code = DONE
    for answer, is_json in answer_lines(sys.stdin.buffer, defaults):
        sys.stdout.write(answer + "\n")
        if not is_json:
            code = WRONG_INPUT
    raise typer.Exit(code)


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
    misses = await _with_database(
        settings, lambda sessions: read_misses(sessions, now - timedelta(days=days))
    )
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
        str, typer.Argument(help="`unanswered` 列出的组号 · Id of a cluster that `unanswered` listed last.")
    ],
    intent: Annotated[str, typer.Option(help="教到哪个意图 · The intent that these words have.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看改动，不写 · Show the change and write nothing.")
    ] = False,
) -> None:
    """把看过的一组话写进训练语料，供提交 · Add the words of a reviewed cluster to the training data, for a commit.

    不会自动训练 · nothing is trained. 个人信息、评测用的话和已有的话不写 · personal data, words of an evaluation
    set and known ones stay out.
    退出码 · exit codes: 0; 1 没有可教的 · nothing to teach; 2 组号或意图不对 · unknown cluster or intent.
    """
    from bot.insight.clusters import ClusterUnknown, Reviewed
    from bot.insight.teaching import IntentUnknown
    from bot.insight.unanswered import read_again

    settings = Settings()
    data = _training_data()
    try:
        references = Reviewed(_reviewed_file(settings)).references(cluster)
        misses = asyncio.run(_with_database(settings, lambda sessions: read_again(sessions, references)))
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
    sys.stdout.write(lesson.diff(ROOT))
    if dry_run:
        typer.echo("只是预览，没有写 · a preview; nothing was written", err=True)
        return
    lesson.write()
    typer.echo("请看一遍，再 · read it, then: make train; make eval; git commit", err=True)


def _training_data() -> TrainingData:
    from bot.insight.teaching import TrainingData, evaluation_sets, measured_texts

    return TrainingData(INTENTS, measured_texts(evaluation_sets(ROOT)))


def _reviewed_file(settings: Settings) -> Path:
    return settings.home / "cache" / "unanswered.json"


@user_app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="登录名 · Login name.")],
    display_name: Annotated[str, typer.Option(help="客户看到的名字 · The name customers see.")],
    role: Annotated[Role, typer.Option(help="角色 · Role.")] = Role.AGENT,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="从标准输入读密码 · Read the password from standard input."),
    ] = False,
) -> None:
    """新增账号或改密码 · Add an account or change its password."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass.getpass("密码 · password: ")
    if len(password) < 8:
        typer.echo("密码至少 8 位 · at least 8 characters", err=True)
        raise typer.Exit(WRONG_INPUT)
    asyncio.run(_with_agents(lambda agents: agents.set_password(name, display_name, role, password)))


@user_app.command("list")
def list_users(as_json: AsJson = False) -> None:
    """列出账号 · List the accounts."""
    accounts = asyncio.run(_with_agents(lambda agents: agents.list_all()))
    if as_json:
        listed = [{"name": one.name, "display_name": one.display_name, "role": one.role} for one in accounts]
        sys.stdout.write(json.dumps(listed, ensure_ascii=False) + "\n")
        return
    for one in accounts:
        typer.echo(f"{one.name}\t{one.role}\t{one.display_name}")


async def _with_agents(use: Any) -> Any:
    from bot.handoff.agents import Agents

    settings = Settings()
    return await _with_database(settings, lambda sessions: use(Agents(sessions, settings.clock)))


async def _with_database[T](settings: Settings, use: Callable[[Sessions], Awaitable[T]]) -> T:
    from sqlalchemy.exc import DBAPIError

    from bot.store.engine import make_engine, make_sessions

    engine = make_engine(settings.database)
    try:
        return await use(make_sessions(engine))
    except DBAPIError as exc:
        reason = str(exc.orig).splitlines()[0]
        typer.echo(f"数据库不能用，先运行 fangxin prepare · the database is not ready: {reason}", err=True)
        raise typer.Exit(NOT_DONE) from exc
    finally:
        await engine.dispose()


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
            effective_to=_day(effective_to),
            region=region,
            source=source,
            status=None if status is None else Status(status),
            verified_on=_day(verified_on),
            review_by=_day(review_by),
            author=author,
        )
        return (await editing.set_fact(order),)

    if status is not None and status not in set(Status):
        typer.echo(f"{status}: A / B / U / bank", err=True)
        raise typer.Exit(WRONG_INPUT)
    _show_changes(_edited(make), as_json)


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
    _show_changes(_edited(lambda editing: editing.history(name)), as_json)


@policy_app.command("take-back")
def take_back(
    change: Annotated[str, typer.Argument(help="改动的编号，如 p12、a3 · Name of the change.")],
    author: Author,
    as_json: AsJson = False,
) -> None:
    """撤回一次改动，立即恢复 · Take a change back; what was there before holds again at once."""

    async def undo(editing: Editing) -> tuple[Change, ...]:
        return (await editing.take_back(change, author),)

    _show_changes(_edited(undo), as_json)


@knowledge_app.command("export")
def export_knowledge(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="写到哪里 · Where to write.")],
    as_json: AsJson = False,
) -> None:
    """把今天的口径和答案（含改动）写成文件 · Write today's facts and answers, edits included, as files."""
    from bot.knowledge.exchange import Exchange

    exported = _edited(lambda editing: Exchange(editing, Settings().clock, KNOWLEDGE).export(folder))
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

    taken = _edited(lambda editing: Exchange(editing, Settings().clock, KNOWLEDGE).take_in(folder, author))
    _show_changes((*taken.made, *taken.taken_back), as_json)


def _edited[Result](use: Callable[[Editing], Awaitable[Result]]) -> Result:
    """What a use of the edits gives; a refusal is told line by line."""
    from sqlalchemy.exc import DBAPIError

    from bot.knowledge.errors import EditRefused, UnknownChange, UnknownFact
    from bot.logs import configure_logging

    configure_logging("WARNING")
    try:
        return asyncio.run(_with_editing(use))
    except EditRefused as exc:
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


def _show_changes(changes: Iterable[Change], as_json: bool) -> None:
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


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
