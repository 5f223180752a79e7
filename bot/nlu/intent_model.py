"""The intent classifier: logistic regression over [centred embedding ⊕ character n-grams], with honest confidence.

The confidence is calibrated by one temperature, fitted on predictions for utterances that the fold's model did not
see; the margin of a model over its own training utterances says nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.nlu.embedding import Matrix
from bot.nlu.ngrams import CharNgrams
from bot.nlu.softmax import softmax, softmax_regression


@dataclass(frozen=True)
class Recipe:
    """How the model is built; every value can be set in config.yml."""

    longest_gram: int = 4
    fewest_texts: int = 2
    embedding_weight: float = 3.0  #: scale of the embedding block beside the n-grams
    ngram_weight: float = 1.5
    strength: float = 3.0  #: inverse of the regularisation (scikit-learn's C)
    balance: float = 0.5  #: 0 = every utterance counts the same, 1 = every intent counts the same
    folds: int = 3  #: of the predictions that the temperature is fitted on
    seed: int = 20


@dataclass(frozen=True)
class IntentModel:
    """A trained classifier: plain arrays, so that it is stored without pickles."""

    recipe: Recipe
    intents: tuple[str, ...]
    ngrams: CharNgrams
    weights: Matrix
    bias: Matrix
    temperature: float = 1.0

    def scores(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Log-odds before calibration."""
        width = np.shape(vectors)[1]
        dense = (np.asarray(vectors) * self.recipe.embedding_weight) @ self.weights[:, :width].T
        sparse = (self.ngrams.transform(texts) * self.recipe.ngram_weight) @ self._ngram_weights
        return dense + sparse + self.bias

    @cached_property
    def _ngram_weights(self) -> Matrix:
        """Laid out as scipy multiplies them; otherwise it copies all of them for every message."""
        width = self.weights.shape[1] - len(self.ngrams.vocabulary)
        return np.ascontiguousarray(self.weights[:, width:].T, dtype=np.float64)

    def probabilities(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Calibrated probabilities, one row a text, columns as `intents`."""
        return softmax(self.scores(texts, vectors) / self.temperature)

    def save(self, folder: Path) -> None:
        """Writes the model as one JSON and one npz file."""
        np.savez_compressed(folder / "weights.npz", weights=self.weights.astype(np.float32), bias=self.bias)
        about = {"recipe": vars(self.recipe), "intents": self.intents, "temperature": self.temperature}
        (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        (folder / "ngrams.json").write_text(self.ngrams.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        arrays = np.load(folder / "weights.npz")
        return cls(
            recipe=Recipe(**about["recipe"]),
            intents=tuple(about["intents"]),
            ngrams=CharNgrams.from_json((folder / "ngrams.json").read_text(encoding="utf-8")),
            weights=arrays["weights"],
            bias=arrays["bias"],
            temperature=about["temperature"],
        )


def train(recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix) -> IntentModel:
    """Fits the classifier and its temperature. `vectors` are centred embeddings of `texts`."""
    scores, names = out_of_fold_scores(recipe, texts, intents, vectors)
    temperature = fitted_temperature(scores, np.array([names.index(intent) for intent in intents]))
    return _fit(recipe, texts, intents, vectors, temperature)


def out_of_fold_scores(
    recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix
) -> tuple[Matrix, tuple[str, ...]]:
    """The scores that each utterance gets from a model trained without it, and the intents of the columns."""
    names = tuple(sorted(set(intents)))
    fold_of = folds(texts, intents, recipe.folds, recipe.seed)
    scores = np.full((len(texts), len(names)), -30.0)
    for fold in range(recipe.folds):
        inside = [i for i, other in enumerate(fold_of) if other != fold]
        outside = [i for i, other in enumerate(fold_of) if other == fold]
        if not outside:
            continue
        model = _fit(recipe, [texts[i] for i in inside], [intents[i] for i in inside], vectors[inside], 1.0)
        columns = [names.index(intent) for intent in model.intents]
        scores[np.ix_(outside, columns)] = model.scores([texts[i] for i in outside], vectors[outside])
    return scores, names


def folds(texts: Sequence[str], intents: Sequence[str], count: int, seed: int) -> list[int]:
    """The fold of each utterance, stratified by intent; equal texts share one, so that none is in both halves."""
    order = np.random.RandomState(seed).permutation(len(texts))
    fold_of_text: dict[str, int] = {}
    seen: dict[str, int] = {}
    for index in order:
        if texts[index] not in fold_of_text:
            seen[intents[index]] = seen.get(intents[index], -1) + 1
            fold_of_text[texts[index]] = seen[intents[index]] % count
    return [fold_of_text[text] for text in texts]


def fitted_temperature(scores: Matrix, truth: Matrix) -> float:
    """The temperature with the least log-loss, by a fine grid: one number needs no optimiser."""
    grid = np.geomspace(0.2, 5.0, 200)
    losses = []
    for temperature in grid:
        chosen = softmax(scores / temperature)[np.arange(len(truth)), truth]
        losses.append(-np.mean(np.log(np.maximum(chosen, 1e-12))))
    return float(grid[int(np.argmin(losses))])


def _fit(
    recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix, temperature: float
) -> IntentModel:
    names = sorted(set(intents))
    if len(names) < 2:
        raise ValueError("an intent classifier needs at least two intents")
    ngrams = CharNgrams.fitted(texts, recipe.longest_gram, recipe.fewest_texts)
    counts = Counter(intents)
    weight = np.array(
        [(len(intents) / (len(names) * counts[intent])) ** recipe.balance for intent in intents]
    )
    truth = np.array([names.index(intent) for intent in intents])
    dense = (np.asarray(vectors) * recipe.embedding_weight).astype(np.float32)
    sparse = (ngrams.transform(texts) * recipe.ngram_weight).astype(np.float32)
    weights, bias = softmax_regression(dense, sparse, truth, weight, len(names), recipe.strength)
    return IntentModel(recipe, tuple(names), ngrams, weights.T, bias, temperature)
