"""Stamps: a digest of what a thing was made from, kept inside the thing and written last.

A thing without its stamp is half-made; a thing with another digest is out of date. Both are made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

LITTER = {"node_modules", "dist", "coverage", "test-results", "__pycache__", ".vite", ".rasa"}


def files_under(*paths: Path, skip: Iterable[Path] = ()) -> list[Path]:
    """The files among and below ``paths`` in a fixed order, build litter and ``skip`` left out."""
    skipped = set(skip)
    found: set[Path] = set()
    for path in paths:
        inside = (each for each in path.rglob("*") if not LITTER & set(each.relative_to(path).parts))
        found.update(inside if path.is_dir() else [path])
    return sorted(each for each in found if each.is_file() and each not in skipped)


def digest(root: Path, files: Iterable[Path], *words: str) -> str:
    """A digest of ``words`` and of the contents of ``files`` and their names below ``root``."""
    total = hashlib.sha256()
    for word in words:
        total.update(f"{len(word)}:{word}".encode())
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(root)}:{content}".encode())
    return total.hexdigest()


class Stamp:
    """The stamp in the file ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def says(self, expected: str) -> bool:
        try:
            return self.path.read_text().strip() == expected
        except OSError:
            return False

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def write(self, value: str) -> None:
        """Written in one piece, so that a killed set-up leaves the old stamp, a whole one or none."""
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.write_text(value + "\n")
        fresh.replace(self.path)
