"""The WeChat account: its menu."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated, Any

import typer

from bot.cli.program import NOT_DONE, UNREACHABLE, WRONG_INPUT, app, with_database
from bot.settings import Settings

wechat_app = typer.Typer(help="微信公众号 · The WeChat account.", no_args_is_help=True)
menu_app = typer.Typer(help="公众号菜单 · Its menu.", no_args_is_help=True)
app.add_typer(wechat_app, name="wechat")
wechat_app.add_typer(menu_app, name="menu")


@menu_app.command("show")
def show_menu(
    live: Annotated[
        bool, typer.Option("--live", help="公众号上现有的，不是文件里的 · What the platform has now.")
    ] = False,
) -> None:
    """显示菜单（JSON）· Print the menu of the file, as the platform wants it.

    退出码 · exit codes: 0; 1 微信不接受 · refused; 2 文件或设置有误 · file or settings; 3 连不上微信 · unreachable.
    """
    menu = _loaded().wire()
    if live:
        menu = _called(lambda api: api.menu())
    sys.stdout.write(json.dumps(menu, ensure_ascii=False, indent=2) + "\n")


@menu_app.command("push")
def push_menu() -> None:
    """把文件里的菜单发到公众号 · Bring the file's menu to the platform.

    退出码 · exit codes: 0; 1 微信不接受 · refused; 2 文件或设置有误 · file or settings; 3 连不上微信 · unreachable.
    """
    menu = _loaded().wire()
    if not menu["button"]:
        typer.echo("菜单文件是空的 · the menu's file has no buttons", err=True)
        raise typer.Exit(WRONG_INPUT)
    _called(lambda api: api.make_menu(menu))
    typer.echo("菜单已更新，微信最多五分钟后显示 · done; customers see it within minutes")


def _loaded() -> Any:
    from bot.channels.wechat.errors import SetupError
    from bot.channels.wechat.menu import Menu
    from bot.channels.wechat.wiring import MENU

    try:
        return Menu.load(MENU)
    except SetupError as exc:
        typer.echo(f"菜单文件有误 · the menu's file: {exc}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc


def _called(use: Any) -> Any:
    from bot.channels.wechat.errors import ApiError, ApiThrottled, ApiUnavailable, SetupError
    from bot.channels.wechat.wiring import make_api, make_http
    from bot.logs import configure_logging
    from bot.store.vault import Vault

    configure_logging("WARNING")
    settings = Settings()

    async def call(sessions: Any) -> Any:
        async with make_http(settings) as http:
            return await use(make_api(settings, sessions, Vault(settings.secret("vault")), http))

    try:
        return asyncio.run(with_database(settings, call))
    except SetupError as exc:
        typer.echo(str(exc), err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    except (ApiUnavailable, ApiThrottled) as exc:
        typer.echo(f"微信没有应答 · WeChat did not answer: {exc}", err=True)
        raise typer.Exit(UNREACHABLE) from exc
    except ApiError as exc:
        typer.echo(f"微信不接受 · WeChat refused: {exc}", err=True)
        raise typer.Exit(NOT_DONE) from exc
