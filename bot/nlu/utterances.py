"""The training utterances as pairs, read without Rasa: for calibration and its report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Utterance:
    text: str
    intent: str


def read_utterances(folder: Path) -> list[Utterance]:
    """Every example of every intent file in a folder, in the order of file names."""
    import yaml

    found = []
    for file in sorted(folder.glob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for item in content.get("nlu", ()):
            for line in item.get("examples", "").splitlines():
                text = line.strip()
                if "intent" in item and text.startswith("- "):
                    found.append(Utterance(text[2:].strip(), item["intent"]))
    return found
