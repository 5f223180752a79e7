"""The lending core against the clock: one schedule, bare and dated, and ten thousand requests through ``fangxin calc --jsonl``.

Each figure stands beside a plain loop over `Decimal` in the same run, so that a slow machine is not blamed on us.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.lending import DueDates, Loan, Schedule, build
from bot.settings import ROOT

REQUESTS = 10_000
TRIES = 200
SCHEDULE_LIMIT_MS, REQUESTS_LIMIT_S = 1.0, 6.0
FEN = Decimal("0.01")
MILLION = Loan(Decimal(1_000_000), Decimal("0.035"), 360)
EACH_20TH = DueDates(date(2026, 12, 20), day=20)


def main() -> int:
    for schedule in (build(MILLION), build(MILLION, EACH_20TH)):
        assert_whole(schedule)
    ours, dated = best(lambda: build(MILLION)), best(lambda: build(MILLION, EACH_20TH))
    plain = best(lambda: plain_loop(MILLION))
    print("贷款计算 / the lending core")
    print(
        f"  360 期还款计划 / rows       {ours:.2f} ms (≤ {SCHEDULE_LIMIT_MS:g})   plain loop {plain:.2f} ms"
    )
    print(f"  有还款日 / with due dates   {dated:.2f} ms")
    requests = [request(number) for number in range(REQUESTS)]
    seconds = through_the_command_line(requests)
    started = time.perf_counter()
    for asked in requests:
        inputs = asked["inputs"]
        plain_loop(
            Loan(
                Decimal(inputs["principal"]), Decimal(inputs["annual_rate_pct"]) / 100, inputs["term_months"]
            )
        )
    beside = time.perf_counter() - started
    print(
        f"  {REQUESTS} × level_payment     {seconds:.1f} s  (≤ {REQUESTS_LIMIT_S:g})   plain loop {beside:.1f} s"
    )
    return 0 if ours <= SCHEDULE_LIMIT_MS and seconds <= REQUESTS_LIMIT_S else 1


def assert_whole(schedule: Schedule) -> None:
    """What is measured is the same schedule as the plain loop's, each amount a `Decimal`."""
    rows = [(row.principal, row.interest, row.balance) for row in schedule.rows]
    assert rows == plain_loop(schedule.loan)
    assert all(row.payment == row.principal + row.interest for row in schedule.rows)
    assert {type(amount) for row in schedule.rows for amount in row[1:5]} == {Decimal}


def best(work: Callable[[], object]) -> float:
    """The fastest of some tries, in milliseconds: what the work costs when nobody is in the way."""
    fastest = float("inf")
    for _ in range(TRIES):
        began = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - began)
    return fastest * 1000


def plain_loop(loan: Loan) -> list[tuple[Decimal, Decimal, Decimal]]:
    """What anybody would write: a schedule in `Decimal`, rounded month by month."""
    i = loan.annual_rate / 12
    growth = (1 + i) ** loan.term_months
    exact = loan.principal * i * growth / (growth - 1) if i else loan.principal / loan.term_months
    payment = exact.quantize(FEN, ROUND_HALF_UP)
    balance, rows = loan.principal, []
    for period in range(1, loan.term_months + 1):
        interest = (balance * loan.annual_rate / 12).quantize(FEN, ROUND_HALF_UP)
        principal = balance if period == loan.term_months else min(payment - interest, balance)
        balance -= principal
        rows.append((principal, interest, balance))
    return rows


def request(number: int) -> dict[str, Any]:
    """Ordinary loans of every size: 300,000 to 3 million, 30 years, 2.6 % to 4.9 %."""
    return {
        "id": number,
        "kind": "level_payment",
        "inputs": {
            "principal": str(300_000 + number * 270),
            "annual_rate_pct": f"{2.6 + number % 24 / 10:.1f}",
            "term_months": 360,
        },
    }


def through_the_command_line(requests: list[dict[str, Any]]) -> float:
    """Seconds of the whole process on one core, its start included."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "calc", "--jsonl"]
    given = "".join(json.dumps(asked) + "\n" for asked in requests)
    core = min(os.sched_getaffinity(0))
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    seconds = time.perf_counter() - began
    assert done.stdout.count('"result"') == len(requests)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
