"""Papers against the clock: the longest schedule as XLSX and PDF and each kind of chart, first and from then on.

A process pays for the libraries with its first paper; each kind is measured in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.knowledge import Phrases
from bot.lending import DueDates, Loan, by_year
from bot.messages import Chart
from bot.papers import Format, PlannedLoan
from bot.papers.press import print_paper
from bot.papers.spec import ChartPaper, SchedulePaper, Spec
from bot.settings import ROOT

LIMIT_S = 2.0
TRIES = 5
LONGEST = PlannedLoan(Loan(Decimal(1_200_000), Decimal("0.035"), 480), DueDates(date(2027, 1, 31), 31))
KINDS = ("xlsx", "pdf", "stacked_area", "lines", "bars")


def main() -> int:
    if len(sys.argv) == 3:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
        return 0
    print("文件和图片 / papers (480 rows, 40 years)        first      then      size      memory")
    slowest = 0.0
    with TemporaryDirectory() as cache:
        for kind in KINDS:
            command = [sys.executable, "-m", "scripts.bench_papers", kind, cache]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            first, then, size, grown = json.loads(done.stdout)
            slowest = max(slowest, then)
            print(f"  {kind:<38} {first:8.2f} s {then:7.2f} s {size / 1024:6.0f} KB {grown:+8.0f} MB")
    return 0 if slowest <= LIMIT_S else 1


def measured(kind: str, cache: Path) -> tuple[float, float, int, float]:
    """Seconds of the first paper and of the fastest later one, bytes, and the memory that it brought (MB)."""
    words, spec = Phrases.load(ROOT / "data" / "knowledge" / "phrases.yml"), wanted(kind)
    before = megabytes()
    first = seconds(lambda: print_paper(spec, words, cache))
    then = min(seconds(lambda: print_paper(spec, words, cache)) for _ in range(TRIES))
    return first, then, len(print_paper(spec, words, cache).content), megabytes() - before


def wanted(kind: str) -> Spec:
    if kind in ("xlsx", "pdf"):
        return SchedulePaper((LONGEST,), Format(kind), date(2026, 11, 24))
    years = by_year(LONGEST.loan)[: 3 if kind == "bars" else None]
    series = {
        "本金": tuple(str(year.principal) for year in years),
        "利息": tuple(str(year.interest) for year in years),
    }
    labels = tuple(f"第{year.year}年" for year in years)
    return ChartPaper(Chart(kind, "每年还款里的本金和利息", labels, series))  # type: ignore[arg-type]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1024 / 1024


if __name__ == "__main__":
    sys.exit(main())
