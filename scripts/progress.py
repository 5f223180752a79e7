"""Steps with progress on the terminal, and the commands they run.

A step says when it starts, how long it has been going (a ticking line on a terminal, a line now and then in a
log file) and how long it took. What its commands print goes to a file of its own.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
TIED = Path(__file__).with_name("tied.py")

TICK_ON_TERMINAL = 0.5
TICK_IN_LOG = 15.0
LINES_OF_A_FAILURE = 60
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class SetupFailed(Exception):
    """The set-up cannot go on; the message says what to do."""


class CommandFailed(SetupFailed):
    """A command of a step ended with an error."""


class SetupStopped(SetupFailed):
    """The set-up was stopped, or another step had failed."""


class Step:
    """One numbered step while it is going."""

    def __init__(self, progress: Progress, label: str, log: Path) -> None:
        self.label = label
        self.log = log
        self.began = time.monotonic()
        self.is_up_to_date = False
        self._progress = progress
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def run(
        self, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> None:
        """Run a command to its end, its output in the step's log."""
        words = [str(word) for word in command]
        with self.log.open("a") as log:
            log.write(f"$ {shlex.join(words)}\n")
            log.flush()
            with self._progress.running(
                [sys.executable, str(TIED), "TERM", *words], env, cwd, log
            ) as process:
                code = process.wait()
        if self._progress.is_stopped:
            raise SetupStopped("中断 / stopped")
        if code:
            raise CommandFailed(f"{shlex.join(words)}\n  以 {code} 结束 / ended with {code}")

    def say(self, text: str) -> None:
        self._progress.say(f"      {text}")

    def last_lines(self, count: int) -> list[str]:
        lines = COLOURS.sub("", self.log.read_text(errors="replace")).replace("\r", "\n").splitlines()
        return [line for line in lines if line.strip()][-count:]


class Progress:
    """The steps of one run: ``titles`` in the order of their numbers, under the names the code uses."""

    def __init__(self, titles: Mapping[str, str], logs: Path) -> None:
        self._titles = titles
        self._logs = logs
        self._going: list[Step] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._terminal = sys.stdout.isatty()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Progress:
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """The step's start, end and failure are said; a step that found nothing to do says so."""
        number = list(self._titles).index(name) + 1
        title = self._titles[name]
        step = Step(self, f"[{number}/{len(self._titles)}] {title}", self._logs / f"{name}.log")
        with self._lock:
            self._going.append(step)
        if not self._terminal:
            self.say(f"{step.label} …")
        try:
            yield step
        except BaseException as error:
            with self._lock:
                self._going.remove(step)
            if isinstance(error, SetupFailed) and not isinstance(error, SetupStopped):
                self._tell_failure(step, error)
            raise
        with self._lock:
            self._going.remove(step)
        outcome = "已是最新 / up to date" if step.is_up_to_date else f"{step.seconds:.0f} s"
        self.say(f"{step.label} ✓ {outcome}")

    @contextmanager
    def running(
        self, command: Sequence[str], env: Mapping[str, str] | None, cwd: Path, output: object
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A command in a group of its own, ended with the set-up."""
        with self._lock:
            if self._stopped.is_set():
                raise SetupStopped("中断 / stopped")
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,  # type: ignore[call-overload]
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._processes.append(process)
        try:
            yield process
        finally:
            with self._lock:
                self._processes.remove(process)

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """End what is still running; a second call does nothing."""
        with self._lock:
            if self._stopped.is_set():
                return
            self._stopped.set()
            left = list(self._processes)
            if self._terminal and self._going:
                self._write("\r\x1b[K")
        for process in left:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in left:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def say(self, text: str) -> None:
        with self._lock:
            self._write(("\r\x1b[K" if self._terminal else "") + text + "\n")

    def _tell_failure(self, step: Step, error: SetupFailed) -> None:
        self.say(f"{step.label} ✗ {step.seconds:.0f} s\n  {error}")
        for line in step.last_lines(LINES_OF_A_FAILURE):
            self.say(f"  | {line}")
        self.say(f"  全文在 / all of it: {step.log}")

    def _tick(self) -> None:
        while not self._stopped.wait(TICK_ON_TERMINAL if self._terminal else TICK_IN_LOG):
            with self._lock:
                if not self._going:
                    continue
                if self._terminal:
                    line = "   ".join(f"{step.label} {step.seconds:.0f} s" for step in self._going)
                    self._write(f"\r\x1b[K{line[: shutil.get_terminal_size().columns // 2]}")
                    continue
                for step in self._going:
                    newest = "".join(step.last_lines(1))[:70]
                    self._write(f"{step.label} … {step.seconds:.0f} s  {newest}\n")

    def _write(self, text: str) -> None:
        # A closed pipe (`make run | head`) must not stop the service.
        with suppress(BrokenPipeError):
            sys.stdout.write(text)
            sys.stdout.flush()
