"""The three books together, read again when somebody has edited them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import structlog

from bot.knowledge.answers import AnswerBook
from bot.knowledge.changes import NO_EDITS, Edits
from bot.knowledge.errors import KnowledgeError
from bot.knowledge.model import Fact
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook

log = structlog.get_logger(__name__)

Stamp = tuple[tuple[str, int, int], ...]


class Library:
    """Policy, answers and phrases of one folder (``data/knowledge``), with the desk's edits over them.

    ``refresh`` looks at the files' times and sizes and at the edits, and reads again when something changed.
    What does not hold together is logged and the last good books stay in use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._edits = NO_EDITS
        self._used = (_stamp(folder), self._edits)
        self._read()

    def use(self, edits: Edits) -> None:
        """Edits to lie over the files from the next ``refresh`` on."""
        self._edits = edits

    def _read(self) -> None:
        edits = self._edits
        policy = PolicyBook.load(self._folder / "policy")
        if edits.policy:
            policy = policy.changed_by(edits.policy)
            for problem in policy.check():  # the others hold: one change must not undo them all
                log.error("knowledge.change_left_out", reason=str(problem))
        answers = AnswerBook.load(self._folder / "answers", edits.texts)
        phrases = Phrases.load(self._folder / "phrases.yml")
        self.policy: PolicyBook = policy
        self.answers: AnswerBook = answers
        self.phrases: Phrases = phrases

    def refresh(self) -> bool:
        """Read again if a file or an edit changed; whether new books are in use."""
        found = (_stamp(self._folder), self._edits)
        if found == self._used:
            return False
        self._used = found
        known_vectors = self.answers.known_vectors
        try:
            self._read()
        except KnowledgeError as exc:
            log.error("knowledge.edit_refused", reason=str(exc))
            return False
        self.answers.known_vectors.update(known_vectors)
        log.info("knowledge.reloaded")
        return True


class CurrentPolicy:
    """The facts that a library has in use, for those who keep them longer than a turn."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def fact(self, key: str, on: date, region: str | None = None) -> Fact:
        return self._library.policy.fact(key, on, region)


def _stamp(folder: Path) -> Stamp:
    files = (path for path in folder.rglob("*") if path.is_file())
    return tuple(
        sorted((str(path), stat.st_mtime_ns, stat.st_size) for path in files if (stat := path.stat()))
    )
