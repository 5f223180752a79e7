"""The intent classifier: logistic regression blended with the nearest utterances, with honest confidence.

The regression reads [centred embedding ⊕ character n-grams]; the neighbours read the embedding alone. The confidence is
fitted on predictions for utterances that the fold's model did not see; the margin of a model over its own training
utterances says nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.nlu.confidence import Confidence, signs, with_confidence
from bot.nlu.embedding import Matrix
from bot.nlu.folds import folds
from bot.nlu.neighbours import Neighbours
from bot.nlu.ngrams import CharNgrams
from bot.nlu.softmax import softmax, softmax_regression


@dataclass(frozen=True)
class Recipe:
    """How the model is built; every value can be set in config.yml."""

    longest_gram: int = 3
    fewest_texts: int = 3
    embedding_weight: float = 3.0  #: scale of the embedding block beside the n-grams
    ngram_weight: float = 3.5
    strength: float = 3.0  #: inverse of the regularisation (scikit-learn's C)
    balance: float = 0.5  #: 0 = every utterance counts the same, 1 = every intent counts the same
    neighbours: int = 15
    neighbour_sharpness: float = 12.0
    neighbour_share: float = 0.25  #: of the neighbours' votes in the blend
    defensible: float = 0.5  #: how right a miss counts in the confidence where the true intent came second
    folds: int = 5  #: of the predictions that the confidence is fitted on
    seed: int = 20


@dataclass(frozen=True)
class IntentModel:
    """A trained classifier: plain arrays, so that it is stored without pickles."""

    recipe: Recipe
    intents: tuple[str, ...]
    ngrams: CharNgrams
    weights: Matrix
    bias: Matrix
    neighbours: Neighbours
    temperature: float = 1.0
    confidence: Confidence | None = None

    def scores(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Log-odds of the regression before calibration."""
        dense = (np.asarray(vectors) * self.recipe.embedding_weight) @ self._dense_weights
        # A message has few of the n-grams: taking their rows costs less than scipy's care for a sparse matrix.
        sparse = [row @ self._ngram_weights[columns] for columns, row in self.ngrams.rows(texts)]
        return dense + np.array(sparse) * self.recipe.ngram_weight + self.bias

    @cached_property
    def _dense_weights(self) -> Matrix:
        return np.ascontiguousarray(self.weights[:, : self._width].T)

    @cached_property
    def _ngram_weights(self) -> Matrix:
        return np.ascontiguousarray(self.weights[:, self._width :].T)

    @property
    def _width(self) -> int:
        return int(self.weights.shape[1]) - len(self.ngrams.vocabulary)

    def probabilities(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Calibrated probabilities, one row a text, columns as `intents`; the best one is the confidence."""
        votes, nearest = self.neighbours.votes(vectors)
        opinions = Opinions(self.scores(texts, vectors), votes, nearest)
        blended, regression = opinions.blended(self.recipe, self.temperature)
        if self.confidence is None:
            return blended
        table = signs(blended, regression, votes, nearest, texts)
        return with_confidence(blended, self.confidence.of(table))

    def save(self, folder: Path) -> None:
        """Writes the model as JSON and npz files."""
        np.savez_compressed(folder / "weights.npz", weights=self.weights.astype(np.float32), bias=self.bias)
        about = {"recipe": vars(self.recipe), "intents": self.intents, "temperature": self.temperature}
        (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        (folder / "ngrams.json").write_text(self.ngrams.to_json(), encoding="utf-8")
        self.neighbours.save(folder / "neighbours.npz")
        if self.confidence is not None:
            np.savez(folder / "confidence.npz", **vars(self.confidence))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        recipe = Recipe(**about["recipe"])
        arrays = np.load(folder / "weights.npz")
        file = folder / "confidence.npz"
        return cls(
            recipe=recipe,
            intents=tuple(about["intents"]),
            ngrams=CharNgrams.from_json((folder / "ngrams.json").read_text(encoding="utf-8")),
            weights=np.asfortranarray(arrays["weights"]),  # then what `scores` takes of it is no copy
            bias=arrays["bias"],
            neighbours=Neighbours.load(
                folder / "neighbours.npz",
                len(about["intents"]),
                recipe.neighbours,
                recipe.neighbour_sharpness,
            ),
            temperature=about["temperature"],
            confidence=Confidence(**dict(np.load(file))) if file.exists() else None,
        )


@dataclass(frozen=True)
class Opinions:
    """What regression and neighbours say about some texts, before they are blended."""

    scores: Matrix
    votes: Matrix
    nearest: Matrix  #: cosine of the nearest utterance

    def blended(self, recipe: Recipe, temperature: float) -> tuple[Matrix, Matrix]:
        """The blend, and the regression's part of it."""
        regression = softmax(self.scores / temperature)
        share = recipe.neighbour_share
        return (1 - share) * regression + share * self.votes, regression


@dataclass(frozen=True)
class OutOfFold:
    """Calibrated probabilities that each utterance gets from a model trained without it."""

    intents: tuple[str, ...]
    blended: Matrix  #: before the confidence
    probabilities: Matrix
    temperature: float
    confidence: Confidence


def train(recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix) -> IntentModel:
    """Fits the classifier and its confidence. `vectors` are centred embeddings of `texts`."""
    unseen = out_of_fold(recipe, texts, intents, vectors)
    fitted = fit(recipe, texts, intents, vectors)
    return replace(fitted, temperature=unseen.temperature, confidence=unseen.confidence)


def out_of_fold(recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix) -> OutOfFold:
    """Predicts every utterance with a model that saw neither it nor one nearly the same."""
    names = tuple(sorted(set(intents)))
    fold_of = folds(texts, intents, vectors, recipe.folds, recipe.seed)
    opinions = unseen_opinions(recipe, texts, intents, vectors, fold_of)
    return calibrated(recipe, opinions, texts, np.array([names.index(intent) for intent in intents]), names)


def unseen_opinions(
    recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix, fold_of: Sequence[int]
) -> Opinions:
    """What models trained on the other folds say of each text; an intent that they never saw is all but impossible."""
    names = sorted(set(intents))
    held_back = np.array(fold_of)
    scores = np.full((len(texts), len(names)), -30.0)
    votes = np.zeros_like(scores)
    nearest = np.zeros(len(texts))
    for fold in range(recipe.folds):
        inside, outside = np.flatnonzero(held_back != fold), np.flatnonzero(held_back == fold)
        if not len(outside):
            continue
        model = fit(recipe, [texts[i] for i in inside], [intents[i] for i in inside], vectors[inside])
        places = np.ix_(outside, [names.index(intent) for intent in model.intents])
        scores[places] = model.scores([texts[i] for i in outside], vectors[outside])
        votes[places], nearest[outside] = model.neighbours.votes(vectors[outside])
    return Opinions(scores, votes, nearest)


def calibrated(
    recipe: Recipe, opinions: Opinions, texts: Sequence[str], truth: Matrix, names: tuple[str, ...]
) -> OutOfFold:
    """Temperature and confidence fitted on what was said of unseen texts; `truth` counts as `names`."""
    temperature = fitted_temperature(opinions.scores, truth)
    blended, regression = opinions.blended(recipe, temperature)
    table = signs(blended, regression, opinions.votes, opinions.nearest, texts)
    confidence = Confidence.fitted(table, _rightness(blended, truth, recipe.defensible))
    told = with_confidence(blended, confidence.of(table))
    return OutOfFold(names, blended, told, temperature, confidence)


def _rightness(blended: Matrix, truth: Matrix, defensible: float) -> Matrix:
    """1 for a hit; where the true intent came second the question touches two topics, and the miss is no full one."""
    order = np.argsort(-blended, axis=1, kind="stable")
    return np.where(order[:, 0] == truth, 1.0, np.where(order[:, 1] == truth, defensible, 0.0))


def fitted_temperature(scores: Matrix, truth: Matrix) -> float:
    """The temperature with the least log-loss, by a fine grid: one number needs no optimiser."""
    grid = np.geomspace(0.2, 5.0, 200)
    losses = []
    for temperature in grid:
        chosen = softmax(scores / temperature)[np.arange(len(truth)), truth]
        losses.append(-np.mean(np.log(np.maximum(chosen, 1e-12))))
    return float(grid[int(np.argmin(losses))])


def fit(recipe: Recipe, texts: Sequence[str], intents: Sequence[str], vectors: Matrix) -> IntentModel:
    """The classifier without its calibration."""
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
    neighbours = Neighbours(
        np.asarray(vectors, dtype=np.float32),
        truth,
        len(names),
        recipe.neighbours,
        recipe.neighbour_sharpness,
    )
    return IntentModel(recipe, tuple(names), ngrams, weights.T, bias, neighbours)
