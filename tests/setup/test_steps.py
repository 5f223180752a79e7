"""A step makes its thing once, again after a change, and again after it was interrupted."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import steps
from scripts.progress import TIED, CommandFailed, Progress, SetupFailed, SetupStopped, Step


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress({"one": "第一步", "two": "第二步"}, logs=tmp_path / "log") as progress:
        yield progress


class Workshop:
    """A front end in an empty checkout whose npm only notes what it was asked."""

    def __init__(self, root: Path, progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.asked: list[str] = []
        self.fails = False
        self._progress = progress
        monkeypatch.setattr(steps, "ROOT", root)
        monkeypatch.setattr(steps, "WEB", root / "web")
        monkeypatch.setattr(steps, "_node_version", lambda: "20.0.0")
        monkeypatch.setattr(Step, "run", self._run)
        (root / "web" / "src").mkdir(parents=True)
        for file in ("package.json", "package-lock.json", "src/chat.ts"):
            (root / "web" / file).write_text("{}")

    def _run(self, *words: object, **_: object) -> None:
        command = words[0]
        assert isinstance(command, list)
        self.asked.append(" ".join(command[:3]))
        made = self.root / "web" / ("node_modules" if command[1] == "ci" else "dist")
        made.mkdir(exist_ok=True)
        if self.fails:
            raise CommandFailed("npm ended with 1")

    def make(self, make: Callable[[Step], None]) -> None:
        with self._progress.step("one") as step:
            make(step)


@pytest.fixture
def workshop(tmp_path: Path, progress: Progress, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    return Workshop(tmp_path / "checkout", progress, monkeypatch)


def test_what_is_up_to_date_is_not_built_again(workshop: Workshop) -> None:
    workshop.make(steps.web_build)
    workshop.make(steps.web_build)
    assert workshop.asked == ["npm run build"]


def test_a_changed_source_is_built_again(workshop: Workshop) -> None:
    workshop.make(steps.web_build)
    (workshop.root / "web" / "src" / "chat.ts").write_text("changed")
    workshop.make(steps.web_build)
    assert len(workshop.asked) == 2


def test_a_build_that_broke_off_is_built_again_even_after_an_earlier_success(workshop: Workshop) -> None:
    workshop.make(steps.web_build)
    source = workshop.root / "web" / "src" / "chat.ts"
    source.write_text("changed")
    workshop.fails = True
    with pytest.raises(CommandFailed):
        workshop.make(steps.web_build)
    workshop.fails = False
    source.write_text("{}")  # back to what the first build was made from
    workshop.make(steps.web_build)
    assert len(workshop.asked) == 3


def test_packages_are_installed_again_when_the_lock_changes(workshop: Workshop) -> None:
    workshop.make(steps.web_requirements)
    (workshop.root / "web" / "src" / "chat.ts").write_text("changed")
    workshop.make(steps.web_requirements)
    assert len(workshop.asked) == 1
    (workshop.root / "web" / "package-lock.json").write_text('{"changed": true}')
    workshop.make(steps.web_requirements)
    assert len(workshop.asked) == 2


def test_the_sentence_model_is_made_once_and_again_when_its_sources_change(
    tmp_path: Path, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, asked = tmp_path / "checkout", []
    monkeypatch.setattr(steps, "ROOT", root)
    monkeypatch.setattr(steps, "MODELS", root / "models")
    monkeypatch.setattr(steps, "REQUIREMENTS", root / "requirements")
    monkeypatch.setattr(steps, "WORK", root / "var" / "setup")
    for file in ("requirements/rasa.txt", "data/nlu/smoothing.txt", "bot/nlu/convert.py", "var/setup/lock"):
        (root / file).parent.mkdir(parents=True)
        (root / file).write_text("")
    made = root / "models" / "e5-small-int8-0" / "model.onnx"

    def convert(_: Step, command: list[object], **__: object) -> None:
        asked.append(command[-1])
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text("")

    def make() -> None:
        with progress.step("one") as step:
            steps.sentence_model(step)

    monkeypatch.setattr(Step, "run", convert)
    make()
    make()
    assert asked == ["bot.nlu.convert"]
    (root / "data" / "nlu" / "smoothing.txt").write_text("提前还款")
    make()
    assert len(asked) == 2
    made.unlink()
    make()
    assert len(asked) == 3


def test_another_sentence_model_makes_another_rasa_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n  - name: featurizer\n    model: null # or a folder\n")
    assert steps._own_sentence_model() == []
    config.write_text("pipeline:\n  - name: featurizer\n    model: my/bge # ours\n")
    (tmp_path / "my" / "bge").mkdir(parents=True)
    (tmp_path / "my" / "bge" / "model.onnx").write_text("one")
    before = steps._own_sentence_model()
    (tmp_path / "my" / "bge" / "model.onnx").write_text("two")
    assert before != steps._own_sentence_model() != []


def test_of_the_models_the_last_three_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MODELS", tmp_path)
    for age in range(5):
        path = tmp_path / f"fangxin-{age}.tar.gz"
        path.write_text("")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    steps._forget_old_models()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"fangxin-{age}.tar.gz" for age in range(3)]


def test_an_environment_whose_interpreter_is_gone_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "removed")
    assert not steps._runs(tmp_path, "3.12")


def test_a_mirror_that_pip_knows_is_passed_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert steps._uv_settings()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_a_failed_command_shows_what_it_printed(
    progress: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandFailed), progress.step("two") as step:
        step.run(["sh", "-c", "echo no such package; exit 3"])
    said = capsys.readouterr().out
    assert "[2/2] 第二步 ✗" in said
    assert "no such package" in said
    assert "3" in said


def test_stopping_ends_the_command_that_runs_and_starts_no_other(progress: Progress) -> None:
    stopper = threading.Timer(0.5, progress.stop)
    stopper.start()
    began = time.monotonic()
    with pytest.raises(SetupStopped), progress.step("one") as step:
        step.run(["sleep", "60"])
    assert time.monotonic() - began < 10
    with pytest.raises(SetupFailed), progress.step("two") as step:
        step.run(["true"])


def test_a_tied_command_ends_with_its_parent(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    tied = f"{sys.executable} {TIED} KILL sh -c 'echo $$ > {pid_file}; exec sleep 60'"
    parent = subprocess.Popen(["sh", "-c", f"{tied} & sleep 60"])
    deadline = time.monotonic() + 10
    while not (pid_file.exists() and pid_file.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    child = int(pid_file.read_text())
    parent.kill()
    parent.wait()
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
