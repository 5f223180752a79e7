"""Calculates for other programs; starts without the service, its database and the web."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from bot.cli.program import DONE, KNOWLEDGE, WRONG_INPUT, app
from bot.settings import Settings


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
