"""``make bench``: the lending core, the papers, the desk under load, what a turn costs over HTTP on the running copy, and the memory of each process.

The console channel closes a turn at once, so the merge window is not part of the figures.
"""

from __future__ import annotations

import statistics
import sys
import time
import xmlrpc.client
from itertools import cycle, islice
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport

from bot.channels.console.client import ConsoleClient, ServiceUnreachable
from bot.messages.ids import new_id
from bot.settings import Settings
from scripts import bench_desk, bench_lending, bench_papers
from scripts.run import PROCESSES, supervisor_socket

TURNS = 100
WARM_UP = 5
QUESTIONS = (
    "提前还款要收违约金吗",
    "LPR降了我的月供什么时候变",
    "帮我算一下，贷款120万，30年，利率3.5，等额本息每月还多少",
    "公积金贷款最多能贷多少",
    "申请房贷要准备哪些材料",
    "等额本金和等额本息哪个划算",
    "征信上有一次逾期还能贷吗",
    "怎么改还款日",
    "房贷审批一般要几天",
    "今天天气怎么样",
)


def main() -> int:
    lending = bench_lending.main()
    papers = bench_papers.main()
    desk = bench_desk.main()
    settings = Settings()
    client = ConsoleClient.at(settings.base_url, settings.secret("console_token"))
    try:
        for question in islice(cycle(QUESTIONS), WARM_UP):
            client.ask(new_id("k"), question)
        taken = sorted(milliseconds(client, question) for question in islice(cycle(QUESTIONS), TURNS))
    except ServiceUnreachable as error:
        print(f"服务没有运行 / the service does not run: {error}", file=sys.stderr)
        return 3
    print(f"{TURNS} 个回合 / turns, one at a time, over HTTP")
    print(
        f"  p50 {statistics.median(taken):.0f} ms   p95 {percentile(taken, 95):.0f} ms   max {taken[-1]:.0f} ms"
    )
    print("内存 / memory (RSS)")
    for name, pid in pids(settings.home).items():
        print(f"  {name:<8} {megabytes(pid):5.0f} MB")
    return lending or papers or desk


def milliseconds(client: ConsoleClient, question: str) -> float:
    """Each question in a conversation of its own: no form and no queue carries over."""
    conversation = new_id("k")
    began = time.perf_counter()
    client.ask(conversation, question)
    return (time.perf_counter() - began) * 1000


def percentile(ordered: list[float], wanted: int) -> float:
    """The smallest value that at least ``wanted`` percent do not exceed.

    >>> percentile([float(n) for n in range(1, 101)], 95)
    95.0
    """
    return ordered[-(-len(ordered) * wanted // 100) - 1]


def pids(home: Path) -> dict[str, int]:
    """The supervised processes of this copy; empty where no supervisor runs it."""
    transport = SupervisorTransport(None, None, f"unix://{supervisor_socket(home.resolve())}")
    try:
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            return {name: int(server.supervisor.getProcessInfo(name)["pid"]) for name in PROCESSES}  # type: ignore[call-overload, index]
    except OSError:
        return {}


def megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
