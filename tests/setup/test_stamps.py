"""What a stamp remembers, and when a thing is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.stamps import Stamp, digest, files_under


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.yml").write_text("1")
    (folder / "deep" / "two.yml").write_text("2")
    return folder


def test_the_same_files_have_the_same_digest_wherever_they_lie(sources: Path, tmp_path: Path) -> None:
    before = digest(tmp_path, files_under(sources))
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    sources.rename(moved / "sources")
    assert digest(moved, files_under(moved / "sources")) == before


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "swap"])
def test_any_change_changes_the_digest(sources: Path, tmp_path: Path, change: str) -> None:
    before = digest(tmp_path, files_under(sources))
    one, two = sources / "one.yml", sources / "deep" / "two.yml"
    match change:
        case "edit":
            one.write_text("1 ")
        case "add":
            (sources / "three.yml").write_text("")
        case "remove":
            two.unlink()
        case "rename":
            one.rename(sources / "uno.yml")
        case "swap":
            one.write_text("2")
            two.write_text("1")
    assert digest(tmp_path, files_under(sources)) != before


def test_build_litter_and_skipped_files_do_not_count(sources: Path, tmp_path: Path) -> None:
    before = digest(tmp_path, files_under(sources))
    for litter in ("node_modules/a.js", "dist/b.js", "__pycache__/c.pyc"):
        (sources / litter).parent.mkdir()
        (sources / litter).write_text("made")
    (sources / "thresholds.yml").write_text("answer: 0.5")
    assert digest(tmp_path, files_under(sources, skip=[sources / "thresholds.yml"])) == before


def test_words_are_kept_apart(tmp_path: Path) -> None:
    assert digest(tmp_path, [], "ab", "c") != digest(tmp_path, [], "a", "bc")


def test_a_stamp_says_only_what_was_written(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / ".stamp")
    assert not stamp.says("made")
    stamp.write("made")
    assert stamp.says("made")
    assert not stamp.says("made otherwise")
    stamp.remove()
    assert not stamp.says("made")
