"""Turns reviewed words into training examples: a change of a file, for a person to look at and commit."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.insight.unanswered import Miss

MOST_CHARACTERS = 120
#: Rasa reads these as an annotation of an entity, which an example of ours never has.
_ANNOTATION = re.compile(r"\[[^\]]*\]\s*[({]")


class Refused(StrEnum):
    """Why words do not become an example."""

    PRIVATE = "有个人信息 · holds personal data"
    MEASURED = "是评测用的话 · stands in an evaluation set"
    KNOWN = "已有 · is an example already"
    ELSEWHERE = "另一意图已有 · is an example of another intent"
    PICKED_OTHERWISE = "客户选的是别的 · the customer picked another intent"
    UNFIT = "太长或无字 · too long, without words, or not to be written as an example"


class IntentUnknown(Exception):
    """There are no training utterances of this intent."""


@dataclass(frozen=True)
class Lesson:
    """What would be taught, and what not and why."""

    file: Path
    before: str
    after: str
    taught: tuple[str, ...]
    refused: tuple[tuple[str, Refused], ...]

    def diff(self, root: Path) -> str:
        name = str(self.file.relative_to(root)) if self.file.is_relative_to(root) else str(self.file)
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
        )
        return "".join(lines)

    def write(self) -> None:
        """In one piece."""
        fresh = self.file.with_name(self.file.name + ".new")
        fresh.write_text(self.after, encoding="utf-8")
        fresh.replace(self.file)


class TrainingData:
    """The intent files, and the words that must stay out of them."""

    def __init__(self, intents: Path, measured: Iterable[str]) -> None:
        self._measured = {bare(text) for text in measured}
        self._file_of: dict[str, Path] = {}
        self._home: dict[str, str] = {}  #: the intent of each example, by its bare text
        for file in sorted(intents.glob("*.yml")):
            for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu") or ():
                if "intent" not in block:
                    continue
                self._file_of.setdefault(block["intent"], file)
                for line in block["examples"].splitlines():
                    self._home.setdefault(bare(line.removeprefix("- ")), block["intent"])

    @property
    def intents(self) -> list[str]:
        return sorted(self._file_of)

    def knows(self, text: str) -> bool:
        return bare(text) in self._home

    def lesson(self, intent: str, misses: Sequence[Miss]) -> Lesson:
        """The examples that the misses bring to the intent; `IntentUnknown`."""
        if intent not in self._file_of:
            raise IntentUnknown(intent)
        taught: dict[str, str] = {}
        refused: dict[str, Refused] = {}
        for miss in misses:
            why = self._refusal(miss, intent)
            if why is not None:
                refused.setdefault(miss.text, why)
            elif bare(miss.text) not in taught:
                taught[bare(miss.text)] = miss.text
        file = self._file_of[intent]
        before = file.read_text(encoding="utf-8")
        after = with_examples(before, intent, list(taught.values()))
        return Lesson(file, before, after, tuple(taught.values()), tuple(refused.items()))

    def _refusal(self, miss: Miss, intent: str) -> Refused | None:
        key = bare(miss.text)
        if miss.is_private:
            return Refused.PRIVATE
        if not _has_words(miss.text) or len(miss.text) > MOST_CHARACTERS or _ANNOTATION.search(miss.text):
            return Refused.UNFIT
        if key in self._measured:
            return Refused.MEASURED
        if key in self._home:
            return Refused.KNOWN if self._home[key] == intent else Refused.ELSEWHERE
        if miss.picked not in (None, intent):
            return Refused.PICKED_OTHERWISE
        return None


def bare(text: str) -> str:
    """Lower-case text without spaces, punctuation and invisible marks: two that agree in it are the same example."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(character for character in folded if unicodedata.category(character)[0] in "LN")
    return kept or folded.strip()


def _has_words(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def with_examples(content: str, intent: str, texts: Sequence[str]) -> str:
    """The file with the texts behind the last example of the intent; everything else stays as it is written.

    >>> print(with_examples("nlu:\\n- intent: thanks\\n  examples: |\\n    - 谢谢\\n", "thanks", ["多谢"]), end="")
    nlu:
    - intent: thanks
      examples: |
        - 谢谢
        - 多谢
    """
    if not texts:
        return content
    lines = content.splitlines()
    begin = next(place for place, line in enumerate(lines) if re.match(rf"\s*- intent: {intent}\s*$", line))
    place = next(number for number in range(begin, len(lines)) if re.match(r"\s*examples: \|", lines[number]))
    last, indent = place, "    "
    for number in range(place + 1, len(lines)):
        example = re.match(r"(\s+)- ", lines[number])
        if example is None:
            break
        last, indent = number, example[1]
    added = [f"{indent}- {text.lstrip('- ')}" for text in texts]
    return "\n".join([*lines[: last + 1], *added, *lines[last + 1 :]]) + "\n"


def measured_texts(files: Iterable[Path]) -> list[str]:
    """The texts of evaluation sets: tables with a column ``text`` or ``question``, lists of messages in YAML."""
    found: list[str] = []
    for file in files:
        content = file.read_text(encoding="utf-8")
        if file.suffix == ".tsv":
            table = csv.DictReader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [text for row in table if (text := row.get("text") or row.get("question"))]
        else:
            found += _texts_in(yaml.safe_load(content))
    return found


def _texts_in(value: Any) -> list[str]:
    match value:
        case {"text": str(text)}:
            return [text]
        case dict():
            return [text for each in value.values() for text in _texts_in(each)]
        case list():
            return [text for each in value for text in _texts_in(each)]
    return []


def training_data(root: Path) -> TrainingData:
    """The intent files of a checkout, and the words that it is measured with."""
    return TrainingData(root / "data" / "nlu" / "intents", measured_texts(evaluation_sets(root)))


def evaluation_sets(root: Path) -> list[Path]:
    """Every file that the understanding is measured with: ours, and the real questions beside the checkout."""
    ours = [*(root / "tests" / "nlu").glob("*.tsv"), *(root / "tests" / "knowledge").glob("*.tsv")]
    real = sorted((root.parent / "shared" / "eval").glob("*.tsv"))
    return [*sorted(ours), root / "tests" / "nlu" / "entities.yml", *real]
