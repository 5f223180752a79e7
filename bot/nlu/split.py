"""Several questions in one message: where to cut, and whether the cut is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_PARTS = 3
_SHORTEST = 3  #: a shorter piece is no question of its own
_ENDS = re.compile(r"(?<=[。！？!?；;\n])")
_CONNECTOR = re.compile(
    r"(?<=[\s,，、])(?=(?:另外|还有|此外|顺便|对了|再问|还想问|还想知道|再就是|其次|第二|同时|以及|然后|最后|我还(?:想|要问|有(?:个|一个)?问题)|请问))"
    r"|(?<=[吗呢么吧])(?=(?:另外|还有|此外|顺便|对了|再问|还想问))"
)
_COMMA = re.compile(r"(?<=[,，、\s])")
_QUESTION = re.compile(
    r"(?:吗|呢|么|不|没有?|多少钱?|多久|几天|几年|怎么办|怎么弄|如何办理|什么|哪些|多长时间|算|算算)[,，、\s]*$"
)
_COURTESY = frozenset({"greeting", "thanks", "goodbye"})


@dataclass(frozen=True)
class Piece:
    """A stretch of the message with what was understood of it."""

    text: str
    topic: str | None
    is_answer: bool

    @property
    def is_courtesy(self) -> bool:
        return self.topic in _COURTESY


def pieces(text: str) -> list[str]:
    """The stretches of a message that could be questions of their own; one alone means: do not split."""
    cut: list[str] = []
    for sentence in _ENDS.split(text):
        for clause in _CONNECTOR.split(sentence):
            cut.extend(_at_commas(clause))
    return _without_crumbs([part.strip() for part in cut if part.strip()])


def groups(parts: Sequence[Piece]) -> list[str] | None:
    """The texts to answer in order, or None when the message is one question.

    A stretch that no topic is sure of belongs to its neighbour (「我在上海，首套，」); neighbours of one topic stay
    together; greetings and thanks beside a question are not answered on their own.
    """
    grouped: list[Piece] = []
    waiting = ""
    for part in parts:
        if not part.is_answer or part.is_courtesy:
            if part.is_courtesy:
                continue
            if grouped:
                grouped[-1] = Piece(grouped[-1].text + part.text, grouped[-1].topic, True)
            else:
                waiting += part.text
            continue
        if grouped and grouped[-1].topic == part.topic:
            grouped[-1] = Piece(grouped[-1].text + part.text, part.topic, True)
        else:
            grouped.append(Piece(waiting + part.text, part.topic, True))
            waiting = ""
    if len({piece.topic for piece in grouped}) < 2:
        return None
    return [piece.text for piece in grouped[:MOST_PARTS]]


def _at_commas(clause: str) -> list[str]:
    """Cuts at a comma only behind a finished question: 「要违约金吗，审批多久」."""
    parts: list[str] = []
    current = ""
    for bit in _COMMA.split(clause):
        current += bit
        if _QUESTION.search(current):
            parts.append(current)
            current = ""
    if current:
        parts.append(current)
    return parts


def _without_crumbs(parts: list[str]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if kept and len(re.sub(r"\W", "", part)) < _SHORTEST:
            kept[-1] += part
        else:
            kept.append(part)
    if len(kept) > 1 and len(re.sub(r"\W", "", kept[0])) < _SHORTEST:
        kept[:2] = [kept[0] + kept[1]]
    return kept
