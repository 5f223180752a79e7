"""How a customer sounds, learned from examples: the words of the lexicon beside sentence vector and character n-grams.

The lexicon knows feelings by their words; the examples teach what is felt where none of them is said, and what is only
asked about: 「投诉电话是多少」. Both are signs of one logistic regression over each feeling at each strength.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.embedding import Matrix
from bot.nlu.errors import SettingsMissing
from bot.nlu.feelings import CALM, MILD, ORDER, STRONG, Feeling, Feelings
from bot.nlu.ngrams import CharNgrams
from bot.nlu.normalise import Normalised
from bot.nlu.softmax import softmax, softmax_regression

#: What is told apart: calm, and each feeling mild and strong.
KINDS = (Feeling(), *(Feeling(label, strength) for label in ORDER for strength in (MILD, STRONG)))
_SHOUTS = re.compile(r"[!！](?:\s*[!！?？])+|[?？]\s*[!！]|[!！].*[!！]", re.DOTALL)
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u23f0-\u23ff]|\\[[\u4e00-\u9fff]{1,3}\\]")
_EMOJI_READ = 3
_SHOUT_SIGN = "‼"


@dataclass(frozen=True)
class FeelingRecipe:
    """How the model is built."""

    longest_gram: int = 3
    fewest_texts: int = 2
    embedding_weight: float = 3.0
    ngram_weight: float = 3.0
    lexicon_weight: float = 1.0
    strength: float = 2.0  #: inverse of the regularisation
    calm_utterances: int = 800  #: of the intents' utterances, taken for calm
    calm_weight: float = 0.5  #: and what each counts beside an example


@dataclass(frozen=True)
class Examples:
    """Messages whose feeling is known, and the intents whose utterances may not be taken for calm."""

    texts: tuple[str, ...]
    kinds: tuple[int, ...]  #: places in `KINDS`
    not_calm: frozenset[str]

    @classmethod
    def load(cls, path: Path) -> Examples:
        """Of a YAML file ``{not_calm, calm, feeling: {mild, strong}}``, one message a line."""
        import yaml

        if not path.exists():
            raise SettingsMissing(f"no examples of feelings at {path.name}")
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        pairs = [
            (line.strip(), place)
            for place, kind in enumerate(KINDS)
            for line in _lines(content, kind).splitlines()
            if line.strip()
        ]
        return cls(
            tuple(text for text, _ in pairs),
            tuple(place for _, place in pairs),
            frozenset(content.get("not_calm", ())),
        )


def _lines(content: dict[str, Any], kind: Feeling) -> str:
    part = content[kind.label]
    return str(part if kind.label == CALM else part["mild" if kind.strength == MILD else "strong"])


@dataclass(frozen=True)
class FeelingModel:
    """A trained model: plain arrays; the lexicon is read from its own file."""

    recipe: FeelingRecipe
    lexicon: Feelings
    ngrams: CharNgrams
    weights: Matrix
    bias: Matrix

    def of(self, message: Normalised, vector: Matrix) -> Feeling:
        """The feeling that speaks from a message; `vector` is its centred embedding."""
        if not message.original.strip():
            return Feeling()
        feeling = told(self.probabilities([message], np.asarray(vector)[np.newaxis, :])[0])
        is_said_strongly = feeling.strength and self.lexicon.strengths(message)[feeling.label] == STRONG
        return Feeling(feeling.label, STRONG) if is_said_strongly else feeling

    def probabilities(self, messages: Sequence[Normalised], vectors: Matrix) -> Matrix:
        """One row a message, columns as `KINDS`."""
        dense = _dense(self.recipe, self.lexicon, messages, vectors) @ self.weights[: self._width]
        sparse = [
            row @ self._ngram_weights[columns]
            for columns, row in self.ngrams.rows([written(one) for one in messages])
        ]
        scores = dense + np.array(sparse).reshape(dense.shape) * self.recipe.ngram_weight + self.bias
        return softmax(scores)

    @property
    def _width(self) -> int:
        return int(self.weights.shape[0]) - len(self.ngrams.vocabulary)

    @cached_property
    def _ngram_weights(self) -> Matrix:
        return np.ascontiguousarray(self.weights[self._width :])

    def save(self, folder: Path) -> None:
        """Writes the model as JSON and npz files."""
        np.savez_compressed(folder / "weights.npz", weights=self.weights.astype(np.float32), bias=self.bias)
        (folder / "about.json").write_text(json.dumps({"recipe": vars(self.recipe)}), encoding="utf-8")
        (folder / "ngrams.json").write_text(self.ngrams.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, lexicon: Feelings) -> FeelingModel:
        arrays = np.load(folder / "weights.npz")
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        ngrams = CharNgrams.from_json((folder / "ngrams.json").read_text(encoding="utf-8"))
        return cls(FeelingRecipe(**about["recipe"]), lexicon, ngrams, arrays["weights"], arrays["bias"])


def told(probabilities: Matrix) -> Feeling:
    """The likeliest feeling at either strength, at the likelier of the two."""
    shares = {CALM: float(probabilities[0])}
    for place, label in enumerate(ORDER):
        shares[label] = float(probabilities[1 + 2 * place] + probabilities[2 + 2 * place])
    label = max(shares, key=lambda one: shares[one])
    if label == CALM:
        return Feeling()
    mild = 1 + 2 * ORDER.index(label)
    return KINDS[mild + int(probabilities[mild + 1] > probabilities[mild])]


def train(
    recipe: FeelingRecipe,
    lexicon: Feelings,
    messages: Sequence[Normalised],
    vectors: Matrix,
    kinds: Sequence[int],
    calm: Sequence[Normalised] = (),
    calm_vectors: Matrix | None = None,
) -> FeelingModel:
    """Fits the model on messages of known kind and on utterances taken for calm."""
    everything = [*messages, *calm]
    rows = np.vstack([vectors, calm_vectors]) if len(calm) else np.asarray(vectors)
    texts = [written(one) for one in everything]
    ngrams = CharNgrams.fitted(texts, recipe.longest_gram, recipe.fewest_texts)
    truth = np.array([*kinds, *([0] * len(calm))])
    weight = np.array([1.0] * len(messages) + [recipe.calm_weight] * len(calm))
    dense = _dense(recipe, lexicon, everything, rows)
    sparse = (ngrams.transform(texts) * recipe.ngram_weight).astype(np.float32)
    weights, bias = softmax_regression(dense, sparse, truth, weight, len(KINDS), recipe.strength)
    return FeelingModel(recipe, lexicon, ngrams, weights, bias)


def calm_among(
    recipe: FeelingRecipe,
    lexicon: Feelings,
    messages: Sequence[Normalised],
    intents: Sequence[str],
    not_calm: frozenset[str],
) -> list[int]:
    """The places of utterances that may be taken for calm, evenly from all of them."""
    places = [
        place
        for place, (message, intent) in enumerate(zip(messages, intents, strict=True))
        if intent not in not_calm and lexicon.of(message).label == CALM
    ]
    if len(places) <= recipe.calm_utterances:
        return places
    return [places[i * len(places) // recipe.calm_utterances] for i in range(recipe.calm_utterances)]


def written(message: Normalised) -> str:
    """What the n-grams are taken from: the words, then what normalising drops but feelings are told by."""
    signs = "".join(_EMOJI.findall(message.original)[:_EMOJI_READ])
    shout = _SHOUT_SIGN if _SHOUTS.search(message.original) else ""
    return f"{message.compact} {signs}{shout}" if signs or shout else message.compact


def _dense(
    recipe: FeelingRecipe, lexicon: Feelings, messages: Sequence[Normalised], vectors: Matrix
) -> Matrix:
    signs = np.array([_signs(lexicon, message) for message in messages], dtype=np.float32)
    return np.hstack([np.asarray(vectors) * recipe.embedding_weight, signs * recipe.lexicon_weight]).astype(
        np.float32
    )


def _signs(lexicon: Feelings, message: Normalised) -> list[bool]:
    """What the lexicon reads, and how loud the message is."""
    strengths = lexicon.strengths(message)
    read = [strengths[label] >= strength for label in ORDER for strength in (MILD, STRONG)]
    is_loud = "!" in message.original or "！" in message.original
    is_shout = bool(_SHOUTS.search(message.original))
    return [*read, is_loud, is_shout, not any(read)]
