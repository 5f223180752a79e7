"""Whether a customer sounds worried or angry: a small lexicon, read from ``data/nlu/feelings.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.errors import SettingsMissing
from bot.nlu.normalise import Normalised

WORRIED = "worried"
ANGRY = "angry"


@dataclass(frozen=True)
class Feelings:
    """Words and emoji of each feeling. Anger goes first: an angry customer is often worried too."""

    words: dict[str, re.Pattern[str]]
    signs: dict[str, frozenset[str]]

    def of(self, message: Normalised) -> str | None:
        """The feeling of a message, or None."""
        for feeling in (ANGRY, WORRIED):
            if any(sign in message.original for sign in self.signs[feeling]):
                return feeling
            if self.words[feeling].search(message.compact):
                return feeling
        return None

    @classmethod
    def parsed(cls, content: dict[str, Any]) -> Feelings:
        """The lexicon of a YAML mapping ``{feeling: {words, signs, unless}}``; `unless` words go before one of `words`."""
        words, signs = {}, {}
        for feeling in (ANGRY, WORRIED):
            part = content[feeling]
            unless = "".join(f"(?<!{re.escape(word)})" for word in part.get("unless", ()))
            alternatives = "|".join(re.escape(word) for word in sorted(part["words"], key=len, reverse=True))
            words[feeling] = re.compile(f"{unless}(?:{alternatives})")
            signs[feeling] = frozenset(part.get("signs", ()))
        return cls(words, signs)

    @classmethod
    def load(cls, path: Path) -> Feelings:
        import yaml

        if not path.exists():
            raise SettingsMissing(f"no lexicon of feelings at {path.name}")
        return cls.parsed(yaml.safe_load(path.read_text(encoding="utf-8")))
