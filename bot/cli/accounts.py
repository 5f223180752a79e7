"""Accounts of the desk."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
from typing import Annotated, Any

import typer

from bot.cli.program import WRONG_INPUT, AsJson, user_app, with_database
from bot.handoff.model import Role
from bot.settings import Settings


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
    return await with_database(settings, lambda sessions: use(Agents(sessions, settings.clock)))
