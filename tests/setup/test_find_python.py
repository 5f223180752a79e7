"""The finder takes an interpreter only if it really runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.progress import ROOT

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
TOOLS = "/usr/bin:/bin"  # sh, ls, sort; a wrong-version python3 there must be passed over


def find(
    version: str, *folders: Path, pyenv: Path, path_tail: str = TOOLS
) -> subprocess.CompletedProcess[str]:
    path = ":".join([*map(str, folders), path_tail])
    return subprocess.run(
        ["/bin/sh", str(ROOT / "scripts" / "find_python.sh"), version],
        env={"PATH": path, "PYENV_ROOT": str(pyenv), "HOME": str(pyenv)},
        cwd=pyenv,
        capture_output=True,
        text=True,
    )


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def real(path: Path) -> Path:
    """A command that is this very interpreter."""
    return script(path, f'exec "{sys._base_executable}" "$@"')  # type: ignore[attr-defined]


def answering(path: Path, name: str) -> Path:
    """A command that passes the probe and calls itself ``name``."""
    return script(path, f'echo "{name}"')


@pytest.fixture
def pyenv(tmp_path: Path) -> Path:
    root = tmp_path / "pyenv"
    root.mkdir()
    return root


def test_a_command_that_works_is_taken(tmp_path: Path, pyenv: Path) -> None:
    real(tmp_path / "bin" / f"python{VERSION}")
    assert find(VERSION, tmp_path / "bin", pyenv=pyenv).stdout.strip() == sys._base_executable  # type: ignore[attr-defined]


def test_a_shim_that_fails_does_not_count(tmp_path: Path, pyenv: Path) -> None:
    script(tmp_path / "shims" / "python9.9", "echo 'pyenv: python9.9: command not found' >&2; exit 127")
    answering(tmp_path / "bin" / "python9.9", "/found/after/the/shim")
    run = find("9.9", tmp_path / "shims", tmp_path / "bin", pyenv=pyenv)
    assert (run.returncode, run.stdout.strip()) == (0, "/found/after/the/shim")


def test_under_pyenv_the_newest_patch_that_works_wins(tmp_path: Path, pyenv: Path) -> None:
    script(tmp_path / "shims" / "python9.9", "exit 127")
    answering(pyenv / "versions" / "9.9.2" / "bin" / "python9.9", "two")
    answering(pyenv / "versions" / "9.9.10" / "bin" / "python9.9", "ten")
    script(pyenv / "versions" / "9.9.11" / "bin" / "python9.9", "exit 1")
    answering(pyenv / "versions" / "9.90.1" / "bin" / "python9.9", "another version")
    assert find("9.9", tmp_path / "shims", pyenv=pyenv).stdout.strip() == "ten"


def test_another_version_under_the_same_name_is_refused(tmp_path: Path, pyenv: Path) -> None:
    real(tmp_path / "bin" / "python9.9")
    assert find("9.9", tmp_path / "bin", pyenv=pyenv).returncode == 1


def test_uv_is_asked_last_and_may_fetch_one(tmp_path: Path, pyenv: Path) -> None:
    fetched = answering(tmp_path / "uv-python", "from uv")
    script(
        tmp_path / "bin" / "uv",
        f'case "$2" in install) touch {tmp_path}/installed;; find) [ -e {tmp_path}/installed ] && echo {fetched};; esac',
    )
    assert find("9.9", tmp_path / "bin", pyenv=pyenv).stdout.strip() == "from uv"


def test_without_any_it_says_what_to_install(pyenv: Path) -> None:
    run = find("9.9", pyenv=pyenv)
    assert run.returncode == 1
    assert run.stdout == ""
    assert "pyenv install 9.9" in run.stderr
