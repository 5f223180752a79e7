"""The last two steps of ``make run``: prepare the data, start the three processes, stay until told to stop.

Runs in ``.venv``. The processes are kept up by supervisord (``deploy/supervisord.conf``); this one watches it, tells
on the terminal what died and came back, and stops everything on Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from bot.settings import Settings
from scripts.progress import ROOT, Progress, SetupFailed, SetupStopped
from scripts.setup import FOR_RUN
from scripts.steps import SERVICE, python_settings

READY_WITHIN = 240.0
STOPPED_WITHIN = 20.0
LONGEST_SOCKET_PATH = 80  #: the kernel allows 107; supervisord appends its process id while it binds
PROCESSES = ("rasa", "actions", "service")
LINES_OF_A_CRASH = 15
CRASHES_BEFORE_TELLING = 2
EXITED = "退出了，将重新启动 / exited, starting again"
STARTED = "已重新启动 / started"


class Running:
    """One copy of 房信 while it runs."""

    def __init__(self, settings: Settings, env: Mapping[str, str], progress: Progress) -> None:
        self.settings = settings
        self.env = env
        self.stop_asked = threading.Event()
        self._progress = progress
        self._news = News(settings.home / "log" / "supervisord.log")

    def start(self) -> int:
        (self.settings.home / "log").mkdir(parents=True, exist_ok=True)
        (self.settings.home / "run").mkdir(parents=True, exist_ok=True)
        with self._progress.step("prepare") as step:
            step.run([SERVICE / "bin" / "fangxin", "prepare"], env=self.env)
        try:
            with self._progress.step("start"):
                self.supervisor = start_supervisor(self.env)
                self._wait_until_ready()
            self._progress.say(welcome(self.settings))
            return self._stay()
        finally:
            self._stop()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        crashes = dict.fromkeys(PROCESSES, 0)
        missing = list(PROCESSES)
        while missing and not self.stop_asked.wait(0.3):
            if self.supervisor.poll() is not None:
                log = self.settings.home / "log" / "supervisord.log"
                raise SetupFailed(f"supervisord 退出了 / supervisord ended; {log}")
            for name, what in self._news.fresh():
                crashes[name] += what != STARTED
                if what != STARTED and crashes[name] == CRASHES_BEFORE_TELLING:
                    self._tell_crash(name)
            missing = [name for name in missing if not answers(address_to_ask(self.settings, name))]
            if missing and time.monotonic() > deadline:
                for name in missing:
                    self._tell_crash(name)
                raise SetupFailed(
                    f"{READY_WITHIN:.0f} 秒内没有就绪 / not ready in time: {', '.join(missing)}"
                )
        if missing:
            raise SetupStopped

    def _tell_crash(self, name: str) -> None:
        log = self.settings.home / "log" / f"{name}.log"
        self._progress.say(f"      {name} 起不来 / does not stay up; {log}:")
        with suppress(OSError):
            for line in log.read_text(errors="replace").splitlines()[-LINES_OF_A_CRASH:]:
                self._progress.say(f"      | {line}")

    def _stay(self) -> int:
        while not self.stop_asked.wait(0.5):
            for name, what in self._news.fresh():
                self._progress.say(f"{time.strftime('%H:%M:%S')} {name}: {what}")
            code = self.supervisor.poll()
            if code == 0:  # `make stop`
                self._progress.say("已停止 / stopped")
                return 0
            if code is not None:
                self._progress.say(
                    "supervisord 意外退出，服务已停止 / supervisord ended unexpectedly; stopped"
                )
                return 1
        return 0

    def _stop(self) -> None:
        supervisor = getattr(self, "supervisor", None)
        if supervisor is None or supervisor.poll() is not None:
            return
        self._progress.say("正在停止 / stopping …")
        supervisor.terminate()
        try:
            supervisor.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            supervisor.kill()  # its children are tied to it
            supervisor.wait()
        self._progress.say("已停止 / stopped")


def environment(settings: Settings, model: str) -> dict[str, str]:
    """What the processes are given: every setting resolved, so that all three mean the same copy."""
    home = settings.home.resolve()
    own = {
        "FANGXIN_ROOT": str(ROOT),
        "FANGXIN_HOME": str(home),
        "FANGXIN_HTTP_PORT": str(settings.http_port),
        "FANGXIN_RASA_PORT": str(settings.rasa_port),
        "FANGXIN_ACTION_PORT": str(settings.action_port),
        "FANGXIN_ACTION_URL": settings.action_url,
        "FANGXIN_RASA_TOKEN": settings.secret("rasa_token"),
        "FANGXIN_TRACKER_DB": str(home / "tracker.db"),
        "FANGXIN_MODEL": model,
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),  # three processes share the cores
        "FANGXIN_SUPERVISOR_SOCKET": str(supervisor_socket(home)),
    }
    if settings.is_development and settings.clock.offset:
        # A process started again must not start the shifted time again.
        own["FANGXIN_CLOCK_OFFSET_SECONDS"] = str(settings.clock.offset.total_seconds())
    return {**python_settings(), **own}


def supervisor_socket(home: Path) -> Path:
    path = home / "run" / "supervisor.sock"
    if len(str(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.gettempdir()) / f"fangxin-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}.sock"


def start_supervisor(env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C on the terminal reaches us alone, and we stop the rest in order."""
    tied = [sys.executable, "scripts/tied.py", "TERM"]
    command = [SERVICE / "bin" / "supervisord", "--configuration", ROOT / "deploy" / "supervisord.conf"]
    return subprocess.Popen(
        [*tied, *map(str, command)],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def refuse_taken_ports(settings: Settings) -> None:
    taken = []
    for setting in ("http_port", "rasa_port", "action_port"):
        port = getattr(settings, setting)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.http_host if setting == "http_port" else "127.0.0.1", port))
            except OSError as error:
                taken.append(
                    f"端口 {port} 不能用 / port {port}: {error.strerror} (FANGXIN_{setting.upper()})"
                )
    if taken:
        raise SetupFailed("；".join(taken))


def supervisor_pid(home: Path) -> int | None:
    """The process id of the supervisor that runs this copy, if one does."""
    try:
        pid = int((home / "run" / "supervisord.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline")
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    # The id may have gone to another process since.
    if command.exists() and b"supervisord" not in command.read_bytes():
        return None
    return pid


def stop(home: Path) -> None:
    pid = supervisor_pid(home)
    if pid is None:
        print("没有在运行 / not running")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOPPED_WITHIN
    while supervisor_pid(home) == pid:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            break
        time.sleep(0.1)
    print("已停止 / stopped")


def address_to_ask(settings: Settings, name: str) -> str:
    return {
        "rasa": f"{settings.rasa_url}/",
        "actions": f"{settings.action_url}/health",
        "service": f"http://127.0.0.1:{settings.http_port}/readyz",
    }[name]


def answers(url: str) -> bool:
    """Past any proxy: all three are on this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


class News:
    """What the supervisor writes from now on about its processes, as (process, what happened)."""

    EXITED = re.compile(r"exited: (\w+) \(([^)]*)\)")
    SPAWNED = re.compile(r"spawned: '(\w+)'")

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = log.stat().st_size if log.exists() else 0

    def fresh(self) -> Iterator[tuple[str, str]]:
        with suppress(FileNotFoundError), self._log.open("rb") as log:
            if self._log.stat().st_size < self._read:  # rotated
                self._read = 0
            log.seek(self._read)
            for raw in log:
                if not raw.endswith(b"\n"):  # still being written
                    return
                self._read += len(raw)
                line = raw.decode(errors="replace")
                if found := self.EXITED.search(line):
                    yield found[1], f"{EXITED} ({found[2]})"
                elif found := self.SPAWNED.search(line):
                    yield found[1], STARTED


def welcome(settings: Settings) -> str:
    address = f"http://{settings.http_host}:{settings.http_port}"
    lines = [
        "",
        "房信已就绪 / ready",
        f"  演示页 / demo page   {address}/",
        f"  坐席台 / agents      {address}/desk",
    ]
    logins = settings.home / "demo_logins.txt"
    if settings.is_development and logins.exists():
        lines += [
            "  演示账号 / demo logins",
            *(f"    {line}" for line in logins.read_text().splitlines() if line),
        ]
    lines += [f"  日志 / logs          {settings.home / 'log'}", "  Ctrl-C 停止 / stops everything", ""]
    return "\n".join(lines)


def main() -> int:
    settings = Settings()
    if "--stop" in sys.argv:
        stop(settings.home)
        return 0
    with Progress(FOR_RUN, logs=settings.home / "log" / "setup") as progress:
        try:
            if pid := supervisor_pid(settings.home):
                raise SetupFailed(f"已经在运行 / already running (supervisord {pid}); make stop")
            refuse_taken_ports(settings)
            running = Running(settings, environment(settings, os.environ["FANGXIN_MODEL"]), progress)

            def ask_to_stop(number: int, frame: FrameType | None) -> None:
                running.stop_asked.set()
                progress.stop()

            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, ask_to_stop)
            if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
                signal.signal(signal.SIGHUP, ask_to_stop)
            return running.start()
        except SetupStopped:
            return 0
        except SetupFailed as failure:
            progress.say(f"\n没有启动 / not started: {str(failure).splitlines()[0]}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
