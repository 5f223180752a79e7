"""Whether a customer sounds worried, angry or pressed for time, and how much: the lexicon ``data/nlu/feelings.yml``.

`bot.nlu.feeling_model` weighs what the lexicon reads together with what it has learned from examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.errors import SettingsMissing
from bot.nlu.normalise import Normalised

CALM, ANGRY, URGENT, WORRIED = "calm", "angry", "urgent", "worried"
#: Where two feelings are equally strong the first names the message: an angry customer is often pressed and worried too.
ORDER = (ANGRY, URGENT, WORRIED)
MILD, STRONG = 1, 2
_HINTS_NEEDED = 2
_SHOUTS = re.compile(r"[!！?？](?:\s*[!！?？])+|[!！].*[!！]", re.DOTALL)


@dataclass(frozen=True)
class Feeling:
    """A feeling and its strength: 0 calm, 1 mild, 2 strong."""

    label: str = CALM
    strength: int = 0

    def to_wire(self) -> dict[str, Any]:
        return {"label": self.label, "strength": self.strength}


@dataclass(frozen=True)
class Words:
    """What one feeling is told from."""

    strong: re.Pattern[str]
    mild: re.Pattern[str]
    neutral: re.Pattern[str] | None
    hints: tuple[re.Pattern[str], ...]
    signs: frozenset[str]

    @classmethod
    def parsed(cls, part: dict[str, Any]) -> Words:
        unless = "".join(f"(?<!{re.escape(word)})" for word in part.get("unless", ()))
        return cls(
            strong=re.compile(f"{unless}(?:{_either(part['strong'])})"),
            mild=re.compile(f"{unless}(?:{_either(part['mild'])})"),
            neutral=re.compile(_either(part["neutral"])) if part.get("neutral") else None,
            hints=tuple(re.compile(_either(group)) for group in part.get("hints", ())),
            signs=frozenset(part.get("signs", ())),
        )

    def strength(self, message: Normalised, emphasis: re.Pattern[str]) -> int:
        """How much of this feeling speaks from a message."""
        text = self.neutral.sub(" ", message.compact) if self.neutral else message.compact
        signs = sum(message.original.count(sign) for sign in self.signs)
        if self.strong.search(text) or signs > 1:
            return STRONG
        hints = sum(bool(hint.search(text)) for hint in self.hints)
        if self.mild.search(text) or signs:
            is_stressed = bool(_SHOUTS.search(message.original) or emphasis.search(text))
            return STRONG if is_stressed or hints > _HINTS_NEEDED else MILD
        if hints < _HINTS_NEEDED:
            return 0
        return STRONG if hints > _HINTS_NEEDED and emphasis.search(text) else MILD


@dataclass(frozen=True)
class Feelings:
    """The lexicon of all feelings."""

    words: dict[str, Words]
    emphasis: re.Pattern[str]

    def of(self, message: Normalised) -> Feeling:
        """The strongest feeling of a message; calm where none speaks from it."""
        strengths = self.strengths(message)
        label = max(ORDER, key=lambda one: strengths[one])
        return Feeling(label, strengths[label]) if strengths[label] else Feeling()

    def strengths(self, message: Normalised) -> dict[str, int]:
        """How much of each feeling speaks from a message."""
        return {label: self.words[label].strength(message, self.emphasis) for label in ORDER}

    @classmethod
    def parsed(cls, content: dict[str, Any]) -> Feelings:
        """The lexicon of a YAML mapping ``{emphasis, feeling: {strong, mild, hints, neutral, unless, signs}}``."""
        return cls(
            {label: Words.parsed(content[label]) for label in ORDER}, re.compile(_either(content["emphasis"]))
        )

    @classmethod
    def load(cls, path: Path) -> Feelings:
        import yaml

        if not path.exists():
            raise SettingsMissing(f"no lexicon of feelings at {path.name}")
        return cls.parsed(yaml.safe_load(path.read_text(encoding="utf-8")))


def _either(entries: Sequence[str]) -> str:
    return "|".join(entries)
