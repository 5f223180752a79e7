"""Rules the training data and the topic table must keep."""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
NLU = ROOT / "data" / "nlu"
BORROWERS = Path(__file__).with_name("borrowers.tsv")
PHONE = Path(__file__).with_name("phone.tsv")
DEV = ROOT.parent / "shared" / "eval" / "dev.tsv"
FEWEST = 15


def bare(text: str) -> str:
    """Lower-case text without spaces, punctuation and invisible marks; a text made only of those stays."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(character for character in folded if unicodedata.category(character)[0] in "LN")
    return kept or folded.strip()


def load_utterances() -> dict[str, list[str]]:
    """Return every intent with its utterances, read from all intent files."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((NLU / "intents").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            assert all(line.startswith("- ") for line in lines), f"{path.name}: a line is no list item"
            found[block["intent"]] += [line[2:].strip() for line in lines]
    return found


def load_rows(path: Path) -> list[dict[str, str]]:
    """Read a measuring set: tab-separated, no quoting."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def utterances() -> dict[str, list[str]]:
    return load_utterances()


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((NLU / "topics.yml").read_text(encoding="utf-8"))
    return loaded


def test_every_topic_has_enough_distinct_utterances(
    utterances: dict[str, list[str]], table: dict[str, dict[str, str]]
) -> None:
    per_topic: dict[str, set[str]] = {topic: set() for topic in table["titles"]}
    for intent, texts in utterances.items():
        per_topic[table["intents"][intent]] |= {bare(text) for text in texts}
    thin = {topic: len(texts) for topic, texts in per_topic.items() if len(texts) < FEWEST}
    assert not thin


def test_no_utterance_stands_in_two_intents_or_twice_in_one(utterances: dict[str, list[str]]) -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for intent, texts in utterances.items():
        for text in texts:
            homes[bare(text)].append(intent)
    assert not {text: intents for text, intents in homes.items() if len(intents) > 1}


@pytest.mark.parametrize("path", [DEV, BORROWERS, PHONE], ids=lambda path: path.name)
def test_no_utterance_is_taken_from_a_measuring_set(utterances: dict[str, list[str]], path: Path) -> None:
    if path == DEV and not path.exists():
        pytest.skip("the development measuring set is not beside this checkout")
    measured = {bare(row["text"]) for row in load_rows(path)}
    assert measured
    taken = {text for texts in utterances.values() for text in texts if bare(text) in measured}
    assert not taken


def test_every_intent_has_one_topic_and_every_topic_a_title(
    utterances: dict[str, list[str]], table: dict[str, dict[str, str]]
) -> None:
    assert set(utterances) == set(table["intents"])
    assert all(isinstance(topic, str) for topic in table["intents"].values())
    assert set(table["intents"].values()) == set(table["titles"])
    titles = list(table["titles"].values())
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_no_intent_is_written_twice_in_the_topic_table() -> None:
    document = yaml.compose((NLU / "topics.yml").read_text(encoding="utf-8"))
    assert document is not None
    for _, section in document.value:
        keys = [key.value for key, _ in section.value]
        assert len(keys) == len(set(keys))


def test_borrower_questions_are_many_and_carry_known_labels(table: dict[str, dict[str, str]]) -> None:
    rows = load_rows(BORROWERS)
    labels = [row["label"] for row in rows]
    named = set(labels) | {name for row in rows for name in row["alternates"].split(",") if name}
    assert len(rows) >= 160
    assert labels.count("out_of_scope") >= 35
    assert named <= set(table["titles"])
    assert len({bare(row["text"]) for row in rows}) == len(rows)
