"""Which words ask for something to be done; kept as data (``data/knowledge/requests.yml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class KindMarkers:
    """How one kind of request is asked for."""

    topics: frozenset[str]
    wish: re.Pattern[str]
    about: re.Pattern[str]
    answers: frozenset[str]  #: answers under which it is offered
    calculations: frozenset[str]  #: calculations under which it is offered


@dataclass(frozen=True)
class Markers:
    """The file, compiled."""

    question: re.Pattern[str]
    polite: re.Pattern[str]
    number: re.Pattern[str]
    status: tuple[re.Pattern[str], ...]
    own: re.Pattern[str]
    kinds: Mapping[str, KindMarkers]
    told_from: int
    filler: re.Pattern[str]
    causes: Mapping[str, re.Pattern[str]]

    @classmethod
    def load(cls, path: Path) -> Markers:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        status, complaint = content["status"], content["complaint"]
        return cls(
            question=re.compile(content["question"]),
            polite=re.compile(content["polite"]),
            number=re.compile(status["number"], re.IGNORECASE),
            status=tuple(map(re.compile, status["says"])),
            own=re.compile(status["own"]),
            kinds={name: _kind(entry) for name, entry in content["kinds"].items()},
            told_from=int(complaint["told_from"]),
            filler=re.compile(complaint["filler"]),
            causes={name: re.compile(words) for name, words in complaint["causes"].items()},
        )

    def wished(self, text: str, topics: frozenset[str]) -> str | None:
        """The kind of request that the words wish for; None for a question or anything else."""
        words = _BLANKS.sub("", text)
        if not words or (self.question.search(words) and not self.polite.search(words)):
            return None
        for name, kind in self.kinds.items():
            if topics & kind.topics and kind.about.search(words) and kind.wish.search(words):
                return name
        return None

    def asks_for_status(self, text: str) -> bool:
        """Whether the words ask how a request is getting on, or want one back."""
        words = _BLANKS.sub("", text)
        return bool(self.number.search(words)) or any(says.search(words) for says in self.status)

    def number_in(self, text: str) -> str | None:
        """The number of a request that stands in the words."""
        found = self.number.search(_BLANKS.sub("", text))
        return found.group().upper() if found else None

    def offered_under(self, answer: str) -> str | None:
        return next((name for name, kind in self.kinds.items() if answer in kind.answers), None)

    def offered_after(self, calculation: str) -> str | None:
        return next((name for name, kind in self.kinds.items() if calculation in kind.calculations), None)

    def cause_of(self, text: str) -> str | None:
        """What a complaint is about, by its words."""
        return next((name for name, words in self.causes.items() if words.search(text)), None)

    def is_told(self, text: str) -> bool:
        """Whether a complaint says what happened."""
        return len(self.filler.sub("", text)) >= self.told_from


def _kind(entry: Mapping[str, Any]) -> KindMarkers:
    return KindMarkers(
        topics=frozenset(entry["topics"]),
        wish=re.compile(entry["wish"]),
        about=re.compile(entry["about"]),
        answers=frozenset(entry["answers"]),
        calculations=frozenset(entry["calculations"]),
    )
