"""Vectors that outlive a process: a second training, or a calibration, embeds only what is new."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu.embedding import Matrix, SentenceEngine


class KeptVectors:
    """An engine whose vectors are kept in one file."""

    def __init__(self, engine: SentenceEngine, file: Path) -> None:
        self._engine = engine
        self._file = file
        self.label = engine.label
        self.dimensions = engine.dimensions

    def embed(self, texts: Sequence[str]) -> Matrix:
        known = self._read()
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:
            known.update(zip(missing, self._engine.embed(missing), strict=True))
            self._write(known)
        rows = [known[text] for text in texts]
        return np.vstack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    def _read(self) -> dict[str, Matrix]:
        if not self._file.exists():
            return {}
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                texts, vectors = kept["texts"].tolist(), kept["vectors"]
        except (OSError, ValueError, KeyError):
            return {}  # written by another version: embed anew
        if vectors.ndim != 2 or vectors.shape[1] != self.dimensions:
            return {}
        return dict(zip(texts, vectors, strict=True))

    def _write(self, known: dict[str, Matrix]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(f".{os.getpid()}.npz")
        np.savez(partial, texts=np.array(list(known), dtype=np.str_), vectors=np.vstack(list(known.values())))
        partial.replace(self._file)


def kept_vectors(engine: SentenceEngine, home: Path) -> KeptVectors:
    """The engine with its file under ``home/cache``, named after the engine and its weights."""
    return KeptVectors(engine, home / "cache" / f"vectors-{engine.label}.npz")
