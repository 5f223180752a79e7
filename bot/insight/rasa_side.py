"""Runs a module of the 3.10 side and reads what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.settings import ROOT

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"

#: Runs a module with arguments and JSON lines, and returns the lines it answers; tests hand in one of their own.
RasaSide = Callable[[str, tuple[str, ...], Iterable[Mapping[str, Any]]], list[dict[str, Any]]]


class RasaSideFailed(Exception):
    """A module of the 3.10 side ended with an error; what it said of it went to standard error."""


def output_of(module: str, *arguments: str, stdin: str = "", is_quiet: bool = False) -> str:
    """The standard output of a module; its own words go to standard error, if quiet only when it failed.

    `RasaSideFailed`.
    """
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", module, *arguments],
        cwd=ROOT,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if is_quiet else None,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr or "")
        raise RasaSideFailed(f"{module} ended with {done.returncode}")
    return done.stdout


def run_rasa_side(
    module: str, arguments: tuple[str, ...], lines: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The answers of a module to JSON lines. `RasaSideFailed`."""
    stdin = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return [
        json.loads(line) for line in output_of(module, *arguments, stdin=stdin, is_quiet=True).splitlines()
    ]
