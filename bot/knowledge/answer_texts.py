"""The text of one answer as an editor handles it: checked by itself, and kept whole when a part was left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.answers import MORE, AnswerBook
from bot.knowledge.errors import Problem

_FRONT = re.compile(r"\A---\n(?P<head>.*?\n)---\n", re.DOTALL)
_ENGLISH = re.compile(r"^english:.*\n(?:[ \t]+.*\n|\n(?=[ \t]))*", re.MULTILINE)


@dataclass(frozen=True)
class AnswerText:
    """The three things that an answer's text holds; put together again they are its file."""

    head: str  #: the front matter, without its fences
    short: str
    long: str  #: empty where there is none

    @classmethod
    def of(cls, text: str) -> AnswerText:
        """A text without front matter has an empty head."""
        front = _FRONT.match(text)
        body = text[front.end() :] if front else text
        short, _, long = (part.strip() for part in body.partition(MORE))
        return cls(front["head"].strip() if front else "", short, long)

    @property
    def whole(self) -> str:
        tail = f"\n\n{MORE}\n\n{self.long.strip()}" if self.long.strip() else ""
        return f"---\n{self.head.strip()}\n---\n\n{self.short.strip()}{tail}\n".replace("\r\n", "\n")


def faults_of(folder: Path, name: str, text: str) -> tuple[Problem, ...]:
    """What is wrong with an answer's text whatever else the book says; ``folder`` is that of the answers."""
    book = AnswerBook.read_one(folder, name, text)
    return tuple(
        problem
        for problem in book.check()
        if problem.where in (name, f"{name}.md") and "related topic" not in problem.message
    )


def with_english_of(text: str, before: str | None) -> str:
    """The text with the English summary of the one before, where it has none of its own."""
    own, old = _FRONT.match(text), _FRONT.match(before or "")
    if own is None or old is None or _ENGLISH.search(own["head"]):
        return text
    english = _ENGLISH.search(old["head"])
    if english is None:
        return text
    end = own.end("head")
    return f"{text[:end]}{english.group()}{text[end:]}"
