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


@user_app.command("totp-off")
def totp_off(name: Annotated[str, typer.Argument(help="登录名 · Login name.")]) -> None:
    """取消一个账号的动态验证码（手机丢了时）· Take the second factor off an account whose phone is lost."""
    if not asyncio.run(_take_off(name)):
        typer.echo(f"没有这个账号 · no such account: {name}", err=True)
        raise typer.Exit(WRONG_INPUT)
    typer.echo(f"{name}：已取消，可只用密码登录 · the password alone opens it again")


async def _take_off(name: str) -> bool:
    from bot.handoff.agents import Agents
    from bot.handoff.second_factor import SecondFactor
    from bot.store.vault import Vault

    settings = Settings()

    async def take_off(sessions: Any) -> bool:
        everybody = await Agents(sessions, settings.clock).list_all()
        found = next((agent for agent in everybody if agent.name == name), None)
        if found is None:
            return False
        vault = Vault(settings.secret("vault"))
        await SecondFactor(sessions, vault, settings.clock).take_off(found.id, "console")
        return True

    return await with_database(settings, take_off)


async def _with_agents(use: Any) -> Any:
    from bot.handoff.agents import Agents

    settings = Settings()
    return await with_database(settings, lambda sessions: use(Agents(sessions, settings.clock)))
