"""Which model stays when a new one is trained; training and comparison are doubles that note that they ran."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import setup, steps
from scripts.progress import Progress, SetupFailed, Step


class School:
    """A checkout whose training writes the utterances as the model; a model that holds 「差」 is the worse one."""

    def __init__(self, root: Path, progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.models = root / "models"
        self.did: list[str] = []
        self._progress = progress
        self._clock = 1_000_000.0
        for name, path in {
            "ROOT": root,
            "MODELS": self.models,
            "REQUIREMENTS": root / "requirements",
            "WORK": root / "var" / "setup",
        }.items():
            monkeypatch.setattr(steps, name, path)
        monkeypatch.setattr(Step, "run", self._run)
        for file in (
            "data/nlu/intents/overdue.yml",
            "data/nlu/topics.yml",
            "data/dialogue/rules.yml",
            "bot/nlu/gate.py",
            "domain.yml",
            "config.yml",
            "requirements/rasa.txt",
        ):
            self.write(file, "")

    def write(self, file: str, content: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def say(self, utterances: str) -> None:
        self.write("data/nlu/intents/overdue.yml", utterances)

    def _run(self, command: list[object], **_: object) -> None:
        words = [str(word) for word in command]
        self.did.append(words[2])
        if words[2] == "bot.nlu.train":
            said = (self.root / "data/nlu/intents/overdue.yml").read_text(encoding="utf-8")
            Path(words[words.index("--out") + 1]).write_text(said, encoding="utf-8")
            return
        new = Path(words[words.index("--new") + 1])
        figures = new.with_name(new.name.replace(".tar.gz", ".figures.json"))
        figures.write_text("{}", encoding="utf-8")
        report = {"accepted": "差" not in new.read_text(encoding="utf-8"), "lines": ["0.9 → 0.8"]}
        Path(words[words.index("--report") + 1]).write_text(json.dumps(report), encoding="utf-8")

    def train(self, *, force: bool = False, may_refuse: bool = False) -> Path:
        with self._progress.step("one") as step:
            path = steps.model(step, force=force, may_refuse=may_refuse)
        self._clock += 10
        for model in self.models.glob(
            "*.tar.gz"
        ):  # the newest must stay the newest whatever the disk's clock
            age = 0 if model == path else -5
            if model == path:
                os.utime(model, (self._clock + age, self._clock + age))
        return path

    def models_kept(self) -> set[str]:
        return {path.read_text(encoding="utf-8") for path in self.models.glob("*.tar.gz")}


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    with Progress({"one": "训练"}, logs=tmp_path / "log") as progress:
        yield School(tmp_path / "checkout", progress, monkeypatch)


@pytest.fixture
def trained(school: School) -> School:
    """A model in use."""
    school.say("好")
    school.train()
    school.did.clear()
    return school


def test_the_first_model_is_accepted_without_a_comparison(school: School) -> None:
    school.say("差")
    assert school.train(may_refuse=True).read_text(encoding="utf-8") == "差"
    assert school.did == ["bot.nlu.train"]


def test_a_better_model_is_taken_with_its_figures(
    trained: School, capsys: pytest.CaptureFixture[str]
) -> None:
    trained.say("更好")
    path = trained.train(may_refuse=True)
    assert path.read_text(encoding="utf-8") == "更好"
    assert path.with_name(path.name.replace(".tar.gz", ".figures.json")).exists()
    assert trained.did == ["bot.nlu.train", "bot.insight.model_gate"]
    assert "0.9 → 0.8" in capsys.readouterr().out


def test_a_worse_model_is_refused_and_kept_apart(trained: School) -> None:
    trained.say("差")
    with pytest.raises(SetupFailed, match=r"变差.*FORCE=1.*worse"):
        trained.train(may_refuse=True)
    assert trained.models_kept() == {"好"}
    (apart,) = (trained.models / "rejected").glob("*.tar.gz")
    assert apart.read_text(encoding="utf-8") == "差"


def test_the_service_starts_with_the_model_in_use_and_says_so(
    trained: School, capsys: pytest.CaptureFixture[str]
) -> None:
    trained.say("差")
    assert trained.train().read_text(encoding="utf-8") == "好"
    said = capsys.readouterr().out
    assert "没有换上" in said
    assert "was not taken" in said


def test_a_refused_model_is_not_trained_again_and_forced_without_training(trained: School) -> None:
    trained.say("差")
    trained.train()
    trained.train()
    assert trained.did.count("bot.nlu.train") == 1
    assert trained.train(force=True).read_text(encoding="utf-8") == "差"
    assert trained.did.count("bot.nlu.train") == 1
    assert trained.train(may_refuse=True).read_text(encoding="utf-8") == "差"


def test_force_takes_a_worse_model_and_says_so(trained: School, capsys: pytest.CaptureFixture[str]) -> None:
    trained.say("差")
    assert trained.train(force=True, may_refuse=True).read_text(encoding="utf-8") == "差"
    assert "is worse and is taken, as was asked" in capsys.readouterr().out


def test_force_trains_again_though_nothing_changed(trained: School) -> None:
    trained.train(force=True)
    assert "bot.nlu.train" in trained.did


@pytest.mark.parametrize(
    "file",
    ["domain.yml", "data/dialogue/rules.yml", "config.yml", "bot/nlu/gate.py", "data/nlu/topics.yml"],
)
def test_with_other_rules_the_service_takes_a_worse_model_but_training_alone_does_not(
    trained: School, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    trained.say("差")
    trained.write(file, "changed")
    with pytest.raises(SetupFailed):
        trained.train(may_refuse=True)
    assert trained.train().read_text(encoding="utf-8") == "差"
    assert "does not fit" in capsys.readouterr().out


def test_a_model_from_before_the_gate_fits_nothing(trained: School) -> None:
    for fit in trained.models.glob("*.fit"):
        fit.unlink()
    trained.say("差")
    assert trained.train().read_text(encoding="utf-8") == "差"


def test_going_back_to_the_old_words_needs_no_training(trained: School) -> None:
    trained.say("差")
    trained.train()
    trained.say("好")
    trained.did.clear()
    assert trained.train(may_refuse=True).read_text(encoding="utf-8") == "好"
    assert trained.did == []


def test_what_lies_beside_a_forgotten_model_goes_with_it(school: School) -> None:
    for number in range(5):
        school.say(f"好{number}")
        school.train()
    kept = {path.name.split(".")[0] for path in school.models.glob("fangxin-*")}
    assert len(kept) == steps.MODELS_KEPT
    assert school.models_kept() == {"好2", "好3", "好4"}


@pytest.mark.parametrize("force", [False, True])
def test_make_train_may_refuse_and_make_run_may_not(monkeypatch: pytest.MonkeyPatch, force: bool) -> None:
    asked: list[dict[str, bool]] = []

    def make(_: object, **wishes: bool) -> Path:
        asked.append(wishes)
        return steps.MODELS / "fangxin-0.tar.gz"

    monkeypatch.setattr(setup, "make", make)
    monkeypatch.setattr(setup, "_hand_over", lambda *_, **__: None)
    setup._fulfil(argparse.Namespace(target="train", force=force))
    setup._fulfil(argparse.Namespace(target="run"))
    assert asked == [{"retrain": force, "may_refuse": True}, {}]
