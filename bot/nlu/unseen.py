"""What the model of config.yml makes of each training utterance that it has not seen: for thresholds and measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.nlu.topics import Topics
from bot.nlu.utterances import Utterance, read_utterances

FOLDS = 5


@dataclass(frozen=True)
class Corpus:
    """Utterances as the classifier reads them, with their centred vectors."""

    utterances: Sequence[Utterance]
    texts: list[str]
    intents: list[str]
    vectors: Any


@dataclass(frozen=True)
class Unseen:
    """The intents predicted for an utterance with their confidence, best first."""

    utterance: Utterance
    ranking: tuple[tuple[str, float], ...]

    def topics(self, topics: Topics) -> tuple[str, ...]:
        return tuple(dict.fromkeys(topics.of(intent) or intent for intent, _ in self.ranking))


def corpus(config: Path, intents_folder: Path) -> Corpus:
    """Reads and embeds every utterance with the engine that the config names."""
    from bot.nlu.embedding import centred, engine_named
    from bot.nlu.normalise import normalise
    from bot.nlu.paths import home
    from bot.nlu.vector_cache import kept_vectors

    featurizer = _component(config, "SentenceFeaturizer")
    utterances = read_utterances(intents_folder)
    texts = [normalise(utterance.text).compact for utterance in utterances]
    engine = engine_named(featurizer.get("engine", "onnx"), featurizer.get("model"))
    raw = kept_vectors(engine, home()).embed(texts)
    intents = [utterance.intent for utterance in utterances]
    return Corpus(utterances, texts, intents, centred(raw, raw.mean(axis=0)))


def predictions(config: Path, intents_folder: Path) -> tuple[list[Unseen], float]:
    """Trains on four fifths and predicts the last, five times; beside it the regression's temperature."""
    import numpy as np

    from bot.nlu.intent_model import Recipe, out_of_fold

    classifier = _component(config, "CalibratedClassifier")
    known = {key: value for key, value in classifier.items() if key in vars(Recipe())}
    found = corpus(config, intents_folder)
    result = out_of_fold(replace(Recipe(**known), folds=FOLDS), found.texts, found.intents, found.vectors)
    unseen = []
    for utterance, row in zip(found.utterances, result.probabilities, strict=True):
        order = np.argsort(-row, kind="stable")
        unseen.append(Unseen(utterance, tuple((result.intents[i], float(row[i])) for i in order)))
    return unseen, result.temperature


def _component(config: Path, name: str) -> dict[str, Any]:
    import yaml

    for item in yaml.safe_load(config.read_text("utf-8"))["pipeline"]:
        if item["name"].rsplit(".", 1)[-1] == name:
            return dict(item)
    raise LookupError(f"{config.name} names no {name}")
