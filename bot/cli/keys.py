"""Keys of the bank's systems."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated, Any

import typer

from bot.cli.program import NOT_DONE, WRONG_INPUT, AsJson, app, with_database
from bot.core.errors import KeyNameTaken, UnknownKey
from bot.core.scopes import Scope
from bot.settings import Settings

key_app = typer.Typer(help="行内系统的密钥 · Keys of the bank's systems.", no_args_is_help=True)
app.add_typer(key_app, name="key")

Name = Annotated[str, typer.Argument(help="系统的名字 · Name of the system.")]
ACTOR = "cli"


@key_app.command("add")
def add_key(
    name: Name,
    scopes: Annotated[
        list[Scope] | None,
        typer.Option(
            "--scope", help="可报送什么，可多次；不给则除 lpr 外全部 · May tell about; all but lpr."
        ),
    ] = None,
) -> None:
    """新增密钥，只显示这一次 · Make a key; it is shown this once.

    退出码 · exit codes: 0; 1 数据库没有准备好 · no database; 2 名字用过或不成立 · the name was used or will not do.
    """
    if not 0 < len(name) <= 50 or not name.isprintable() or name != name.strip():
        typer.echo("名字要1到50个字 · 1 to 50 characters", err=True)
        raise typer.Exit(WRONG_INPUT)
    chosen = scopes or [scope for scope in Scope if scope is not Scope.LPR]
    try:
        key = asyncio.run(_with_keys(lambda keys: keys.add(name, chosen, actor=ACTOR)))
    except KeyNameTaken as exc:
        typer.echo(f"名字已用过，换一个 · the name was used before: {name}", err=True)
        raise typer.Exit(WRONG_INPUT) from exc
    sys.stdout.write(f"{key}\n")


@key_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """列出密钥 · List the keys, without the keys themselves."""
    keys = asyncio.run(_with_keys(lambda keys: keys.list_all()))
    rows = [
        {
            "name": key.name,
            "scopes": key.scopes,
            "created_at": key.created_at.isoformat(),
            "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
        }
        for key in keys
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    for row in rows:
        state = f"已作废 · revoked {row['revoked_at']}" if row["revoked_at"] else "在用 · in use"
        typer.echo(f"{row['name']}\t{','.join(row['scopes'])}\t{row['created_at']}\t{state}")


@key_app.command("revoke")
def revoke_key(name: Name) -> None:
    """作废密钥，立即生效 · End a key at once. 退出码 · exit codes: 0; 1 没有这把密钥 · no such key in use."""
    try:
        asyncio.run(_with_keys(lambda keys: keys.revoke(name, actor=ACTOR)))
    except UnknownKey as exc:
        typer.echo(f"没有在用的这把密钥 · no key in use has this name: {name}", err=True)
        raise typer.Exit(NOT_DONE) from exc


async def _with_keys(use: Any) -> Any:
    from bot.core.keys import ApiKeys
    from bot.store.vault import Vault

    settings = Settings()
    vault = Vault(settings.secret("vault"))
    return await with_database(settings, lambda sessions: use(ApiKeys(sessions, settings.clock, vault)))
