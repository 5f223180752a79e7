"""Which topic each intent belongs to: ``data/nlu/topics.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.nlu.errors import SettingsMissing


@dataclass(frozen=True)
class Topics:
    """Intents and their topics. An intent that only the gate sets belongs to no topic of its own."""

    of_intent: dict[str, str]
    titles: dict[str, str]

    def of(self, intent: str | None) -> str | None:
        return self.of_intent.get(intent) if intent else None

    @classmethod
    def load(cls, path: Path) -> Topics:
        import yaml

        if not path.exists():
            raise SettingsMissing(f"no list of topics at {path.name}")
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(dict(content["intents"]), dict(content.get("titles", {})))
