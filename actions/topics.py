"""The topics customers ask about, with the short titles that stand on buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Topics:
    titles: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> Topics:
        return cls(yaml.safe_load(path.read_text(encoding="utf-8"))["titles"])

    def title(self, topic: str) -> str:
        return self.titles[topic]
