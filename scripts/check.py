"""The checks of ``make test``: linters, types, import contracts, front end, the 3.10 side, and last pytest.

Every check runs even if an earlier one failed. What could not be checked on this machine is said at the end; under
``CI=true`` leaving anything out is a failure. Runs in ``.venv``.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.progress import COLOURS, ROOT
from scripts.steps import RASA, SERVICE, WEB, python_settings
from scripts.tied import die_with_parent

BROWSERS = ("chromium", "chromium-browser")
APT_GET = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-wqy-zenhei"]
#: One process has the started stack to itself, the others take files (tests/conftest.py).
SIDE_BY_SIDE = ["--numprocesses=auto", "--maxprocesses=4", "--no-loadscope-reorder"]
SUMMARY_OF_PYTEST = re.compile(r"^(=+ )?(\d+ (passed|failed|error)|no tests ran).* in [\d.]+s.*$")


@dataclass
class Report:
    """How the checks went."""

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, code: int, seconds: float) -> None:
        self.lines.append(f"  {'✓' if code == 0 else '✗'} {name:<28} {seconds:6.1f} s")
        if code:
            self.failed.append(name)

    def exit_code(self, *, in_ci: bool) -> int:
        return 1 if self.failed or (in_ci and self.left_out) else 0


def main() -> int:
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    report = Report()
    unmarked = left_out_marks(report)
    bin_ = SERVICE / "bin"
    check(report, "ruff check", [bin_ / "ruff", "check"])
    check(report, "ruff format", [bin_ / "ruff", "format", "--check"])
    check(report, "mypy", [bin_ / "mypy"])
    check(report, "import contracts", [bin_ / "lint-imports"])
    check(report, "web tests", ["npm", "test"], cwd=WEB)
    if (ROOT / "tests" / "nlu" / "py310").is_dir():
        unittest: list[str | Path] = [
            RASA / "bin" / "python",
            "-m",
            "unittest",
            "discover",
            "-s",
            "tests/nlu/py310",
        ]
        check(report, "tests on Python 3.10", unittest)
    pytest: list[str | Path] = [
        bin_ / "python",
        "-m",
        "pytest",
        *SIDE_BY_SIDE,
        *(["--color=yes"] if sys.stdout.isatty() else []),
    ]
    if unmarked:
        pytest += ["-m", " and ".join(f"not {mark}" for mark in unmarked)]
    summary = check(report, "pytest", pytest)

    in_ci = os.environ.get("CI", "").lower() in ("true", "1")
    print("\n检查结果 / checks")
    print("\n".join(report.lines))
    for what in report.left_out:
        print(f"\n  !!! 没有测 / LEFT OUT{' (a failure under CI)' if in_ci else ''}: {what}")
    code = report.exit_code(in_ci=in_ci)
    print(
        f"\n{'全部通过 / all passed' if code == 0 else '没有通过 / failed: ' + ', '.join(report.failed or ['left out'])}"
    )
    print(summary, flush=True)
    return code


def left_out_marks(report: Report) -> list[str]:
    """The marks of the tests that this machine cannot run; each is reported."""
    marks = []
    if not browser_is_there():
        report.left_out.append(f"浏览器测试 / browser tests; 先运行 / type first: sudo {' '.join(APT_GET)}")
        marks.append("browser")
    for mark, variable in (("postgres", "FANGXIN_TEST_DATABASE_URL"), ("redis", "FANGXIN_TEST_REDIS_URL")):
        if not os.environ.get(variable):
            report.left_out.append(f"{mark} 测试 / {mark} tests; set {variable}")
            marks.append(mark)
    return marks


def browser_is_there() -> bool:
    """Chromium and a Chinese font; installed from Debian where we are root."""
    if has_browser() and has_chinese_font():
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("安装 chromium 和中文字体 / installing chromium and a Chinese font …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "--quiet"], env=quiet, stdout=subprocess.DEVNULL, check=False)
    subprocess.run(APT_GET, env=quiet, stdout=subprocess.DEVNULL, check=False)
    return has_browser() and has_chinese_font()


def has_browser() -> bool:
    return any(shutil.which(name) for name in BROWSERS)


def has_chinese_font() -> bool:
    if lister := shutil.which("fc-list"):
        return bool(subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True).stdout.strip())
    return any(Path("/usr/share/fonts").rglob("wqy*"))


def check(report: Report, name: str, command: Sequence[str | Path], cwd: Path = ROOT) -> str:
    """Run one check with its output passed on; returns pytest's summary line if it prints one."""
    print(f"\n── {name}", flush=True)
    began = time.monotonic()
    summary = ""
    tied = [sys.executable, str(ROOT / "scripts" / "tied.py"), "TERM", *map(str, command)]
    with subprocess.Popen(
        tied,
        cwd=cwd,
        env=python_settings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            if SUMMARY_OF_PYTEST.match(COLOURS.sub("", line.rstrip())):
                summary = line.rstrip()
    report.add(name, process.returncode, time.monotonic() - began)
    return summary


if __name__ == "__main__":
    sys.exit(main())
