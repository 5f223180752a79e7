"""``fangxin``: the command line. Exit codes: 0 done, 1 not done, 2 wrong usage or input, 3 service unreachable.

A command imports what it needs when it runs: ``fangxin calc`` starts without the service, its database and web.
"""

from __future__ import annotations

from bot.cli import (
    accounts,
    answer_texts,
    calculating,
    growing,
    importing,
    keys,
    knowledge,
    measuring,
    running,
    talking,
    wechat,
)
from bot.cli.program import app

__all__ = [
    "accounts",
    "answer_texts",
    "calculating",
    "growing",
    "importing",
    "keys",
    "knowledge",
    "main",
    "measuring",
    "running",
    "talking",
    "wechat",
]


def main() -> None:
    app()
