"""Which questions ``make eval`` measures with."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import setup


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "checkout"
    (root / "tests" / "nlu").mkdir(parents=True)
    for name in ("phone.tsv", "borrowers.tsv"):
        (root / "tests" / "nlu" / name).touch()
    monkeypatch.setattr(setup, "ROOT", root)
    return root


def test_the_file_that_was_asked_for_is_measured(checkout: Path) -> None:
    assert setup.labelled_questions("mine.tsv") == [Path("mine.tsv")]


def test_without_a_file_the_real_questions_beside_the_checkout_are_measured(checkout: Path) -> None:
    real = checkout.parent / "shared" / "eval" / "dev.tsv"
    real.parent.mkdir(parents=True)
    real.touch()
    assert setup.labelled_questions(None)[0] == real


def test_without_real_questions_our_own_sets_are_measured(checkout: Path) -> None:
    names = [path.name for path in setup.labelled_questions(None)]
    assert names == ["borrowers.tsv", "phone.tsv", "entities.yml"]
