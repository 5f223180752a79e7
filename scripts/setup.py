"""What the Makefile starts: ``python -m scripts.setup run|test|train|eval|bench|chat|lock|stop``.

It makes what is missing or out of date and hands over to what was asked for. Runs on any Python 3.12, before
anything is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from scripts import steps
from scripts.progress import ROOT, Progress, SetupFailed, SetupStopped
from scripts.steps import SERVICE, WORK
from scripts.tied import die_with_parent

PYTHON = "Python 3.12 环境 / service environment"
RASA = "Rasa 的 Python 3.10 环境 / Rasa environment"
WEB_REQUIREMENTS = "前端依赖 / front-end packages"
WEB_BUILD = "构建前端 / front end"
SENTENCE_MODEL = "句向量模型 / sentence model"
MODEL = "训练模型 / Rasa model"
PREPARE = "数据库和演示数据 / database and demo data"
START = "启动服务 / start"
TEST_REQUIREMENTS = "测试依赖 / test packages"

FOR_RUN = {
    "service": PYTHON,
    "rasa": RASA,
    "web-requirements": WEB_REQUIREMENTS,
    "web-build": WEB_BUILD,
    "sentence-model": SENTENCE_MODEL,
    "model": MODEL,
    "prepare": PREPARE,
    "start": START,
}
FOR_TEST = {
    "service": PYTHON,
    "test-requirements": TEST_REQUIREMENTS,
    "rasa": RASA,
    "web-requirements": WEB_REQUIREMENTS,
    "web-build": WEB_BUILD,
    "sentence-model": SENTENCE_MODEL,
    "model": MODEL,
}
FOR_MODEL = {"service": PYTHON, "rasa": RASA, "sentence-model": SENTENCE_MODEL, "model": MODEL}
FOR_SERVICE = {"service": PYTHON}


def main() -> None:
    wish = _command_line().parse_args()
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGTERM, _stop_orderly)
    # Started in the background by a shell, a process is born deaf to Ctrl-C; ours must end by it all the same.
    signal.signal(signal.SIGINT, _stop_orderly)
    os.chdir(ROOT)
    try:
        _fulfil(wish)
    except SetupFailed as failure:
        sys.exit(f"\n没有完成 / failed: {str(failure).splitlines()[0]}")


def _fulfil(wish: argparse.Namespace) -> None:
    match wish.target:
        case "run":
            trained = make(FOR_RUN)
            _hand_over(SERVICE / "bin" / "python", "-m", "scripts.run", env={"FANGXIN_MODEL": str(trained)})
        case "test":
            trained = make(FOR_TEST)
            _hand_over(SERVICE / "bin" / "python", "-m", "scripts.check", env={"FANGXIN_MODEL": str(trained)})
        case "train":
            print(make(FOR_MODEL, retrain=wish.force, may_refuse=True).relative_to(ROOT))
        case "eval":
            questions = labelled_questions(wish.file)
            make(FOR_MODEL)
            _hand_over(SERVICE / "bin" / "fangxin", "eval", *questions, "--cross-validation")
        case "bench":
            make(FOR_SERVICE)
            _hand_over(SERVICE / "bin" / "python", "-m", "scripts.bench")
        case "chat":
            make(FOR_SERVICE)
            _hand_over(SERVICE / "bin" / "fangxin", "chat")
        case "stop":
            make(FOR_SERVICE)
            _hand_over(SERVICE / "bin" / "python", "-m", "scripts.run", "--stop")
        case "lock":
            make(FOR_SERVICE)
            _lock()


def make(titles: Mapping[str, str], *, retrain: bool = False, may_refuse: bool = False) -> Path:
    """Make everything that the named steps make. The path of the model; ``models`` where none was asked for.

    ``may_refuse`` makes it a failure when a newly trained model is worse than the one in use.
    """
    with _alone(), Progress(titles, logs=WORK / "log") as progress:
        trained = steps.MODELS

        def python_side() -> None:
            nonlocal trained
            if "test-requirements" in titles:
                with progress.step("test-requirements") as step:
                    steps.test_requirements(step)
            if "rasa" in titles:
                with progress.step("rasa") as step:
                    steps.rasa_environment(step)
                with progress.step("sentence-model") as step:
                    steps.sentence_model(step)
                with progress.step("model") as step:
                    trained = steps.model(step, force=retrain, may_refuse=may_refuse)

        def web_side() -> None:
            if "web-build" in titles:
                with progress.step("web-requirements") as step:
                    steps.web_requirements(step)
                with progress.step("web-build") as step:
                    steps.web_build(step)

        with progress.step("service") as step:
            steps.service_environment(step)
        with ThreadPoolExecutor() as sides:
            going = [sides.submit(python_side), sides.submit(web_side)]
            try:
                unfinished = wait(going, return_when=FIRST_EXCEPTION).not_done
            except BaseException:  # Ctrl-C while waiting: the executor would wait on for both
                progress.stop()
                raise
            if unfinished:
                progress.stop()
        # The first failure; the other side's, if any, is that it was stopped.
        failures = [error for side in going if (error := side.exception())]
        if failures:
            raise next((error for error in failures if not isinstance(error, SetupStopped)), failures[0])
        return trained


@contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in one checkout; two would write into the same folders."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                "另一个 make 正在准备同一份代码，等它完成 / waiting for another make in this checkout",
                flush=True,
            )
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.5)
        yield


def labelled_questions(wished: str | None) -> list[Path]:
    """The file that was asked for, or the real questions beside the checkout and our own sets."""
    if wished:
        return [Path(wished)]
    return [*steps.labelled_topics(ROOT), ROOT / "tests" / "nlu" / "entities.yml"]


def _hand_over(program: Path, *words: str | Path, env: Mapping[str, str] | None = None) -> NoReturn:
    """Become the program, so that signals for make's child reach it."""
    sys.stdout.flush()
    os.execve(program, [str(program), *map(str, words)], {**steps.python_settings(), **(env or {})})


def _lock() -> None:
    """Compile every ``requirements/*.in``: the tests' first, since they hold all that the service has."""
    with _alone(), Progress({"lock": "锁定依赖 / lock requirements"}, logs=WORK / "log") as progress:
        uv: list[str | Path] = [
            SERVICE / "bin" / "uv",
            "pip",
            "compile",
            "--upgrade",
            "--generate-hashes",
            "--no-emit-index-url",
        ]
        env = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
        with progress.step("lock") as step:
            for name, version in (("test", "3.12"), ("service", "3.12"), ("tools", "3.12"), ("rasa", "3.10")):
                same = [] if name in ("test", "rasa") else ["--constraint", "requirements/test.txt"]
                source, target = f"requirements/{name}.in", f"requirements/{name}.txt"
                step.run([*uv, "--python-version", version, *same, source, "--output-file", target], env=env)


def _command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts.setup", description="Set up and run 房信")
    targets = parser.add_subparsers(dest="target", required=True)
    for name in ("run", "test", "bench", "chat", "lock", "stop"):
        targets.add_parser(name)
    targets.add_parser("train").add_argument("--force", action="store_true")
    targets.add_parser("eval").add_argument("file", nargs="?")
    return parser


def _stop_orderly(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
