"""The three books together, read again when somebody has edited a file."""

from __future__ import annotations

from pathlib import Path

import structlog

from bot.knowledge.answers import AnswerBook
from bot.knowledge.errors import KnowledgeError
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook

log = structlog.get_logger(__name__)

Stamp = tuple[tuple[str, int, int], ...]


class Library:
    """Policy, answers and phrases of one folder (``data/knowledge``).

    ``refresh`` looks at the files' times and sizes and reads them again when one changed. An edit that does
    not hold together is logged and the last good books stay in use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = _stamp(folder)
        self._read()

    def _read(self) -> None:
        policy = PolicyBook.load(self._folder / "policy")
        answers = AnswerBook.load(self._folder / "answers")
        phrases = Phrases.load(self._folder / "phrases.yml")
        self.policy: PolicyBook = policy
        self.answers: AnswerBook = answers
        self.phrases: Phrases = phrases

    def refresh(self) -> bool:
        """Read again if a file changed; whether new books are in use."""
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        known_vectors = self.answers.known_vectors
        try:
            self._read()
        except KnowledgeError as exc:
            log.error("knowledge.edit_refused", reason=str(exc))
            return False
        self.answers.known_vectors.update(known_vectors)
        log.info("knowledge.reloaded")
        return True


def _stamp(folder: Path) -> Stamp:
    files = (path for path in folder.rglob("*") if path.is_file())
    return tuple(
        sorted((str(path), stat.st_mtime_ns, stat.st_size) for path in files if (stat := path.stat()))
    )
