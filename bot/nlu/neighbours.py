"""The training utterances nearest to a message: what they vote for, and how near the nearest is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.nlu.embedding import Matrix

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Neighbours:
    """Centred unit vectors of utterances and the number of the intent of each."""

    vectors: Matrix
    truth: Matrix
    intents: int
    count: int
    sharpness: float  #: a neighbour counts ``e^(sharpness · cosine)``

    def votes(self, vectors: Matrix) -> tuple[Matrix, Matrix]:
        """Shares of the intents among the nearest utterances, one row a vector, and the cosine of the nearest one."""
        shares, nearest = [], []
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            found, cosine = self._votes(np.asarray(vectors)[start : start + _ROWS_AT_ONCE])
            shares.append(found)
            nearest.append(cosine)
        return np.vstack(shares), np.concatenate(nearest)

    def _votes(self, vectors: Matrix) -> tuple[Matrix, Matrix]:
        cosines = vectors @ self._turned
        count = min(self.count, cosines.shape[1])
        places = np.argpartition(cosines, -count, axis=1)[:, -count:]
        rows = np.arange(len(vectors))[:, np.newaxis]
        chosen = cosines[rows, places]
        shares = np.zeros((len(vectors), self.intents))
        np.add.at(shares, (rows, self.truth[places]), np.exp(self.sharpness * chosen))
        return shares / shares.sum(axis=1, keepdims=True), chosen.max(axis=1)

    @cached_property
    def _turned(self) -> Matrix:
        """One column an utterance: so laid out, the product with a single message takes a third less."""
        return np.ascontiguousarray(self.vectors.T)

    def save(self, file: Path) -> None:
        """Half precision: a cosine changes in the fourth place."""
        np.savez(file, vectors=self.vectors.astype(np.float16), truth=self.truth.astype(np.int32))

    @classmethod
    def load(cls, file: Path, intents: int, count: int, sharpness: float) -> Neighbours:
        with np.load(file) as kept:
            vectors = np.asfortranarray(kept["vectors"], dtype=np.float32)  # then `_turned` is no copy
            return cls(vectors, kept["truth"], intents, count, sharpness)
