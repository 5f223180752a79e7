"""What the commands share: the program, its groups, exit codes and the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.store.engine import Sessions

DONE, NOT_DONE, WRONG_INPUT, UNREACHABLE = 0, 1, 2, 3
KNOWLEDGE = ROOT / "data" / "knowledge"

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

AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON · Print only JSON.")]


async def with_database[T](settings: Settings, use: Callable[[Sessions], Awaitable[T]]) -> T:
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
