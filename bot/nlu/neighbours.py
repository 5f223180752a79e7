"""The training utterances nearest to a message: what they vote for, and how near the nearest is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from bot.nlu.embedding import Matrix
from bot.nlu.shortlist import LISTED, Shortlist, write_shortlist

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Neighbours:
    """Centred unit vectors of utterances and the number of the intent of each."""

    vectors: Matrix
    truth: Matrix
    intents: int
    count: int
    sharpness: float  #: a neighbour counts ``e^(sharpness · cosine)``
    shortlist: Shortlist | None = None  #: spares a single message the comparison with all

    def votes(self, vectors: Matrix) -> tuple[Matrix, Matrix]:
        """Shares of the intents among the nearest utterances, one row a vector, and the cosine of the nearest one."""
        shares, nearest = [], []
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            found, cosine = self._votes(np.asarray(vectors)[start : start + _ROWS_AT_ONCE])
            shares.append(found)
            nearest.append(cosine)
        return np.vstack(shares), np.concatenate(nearest)

    def _votes(self, vectors: Matrix) -> tuple[Matrix, Matrix]:
        places, cosines = self._nearest(vectors)
        shares = np.zeros((len(vectors), self.intents))
        rows = np.arange(len(vectors))[:, np.newaxis]
        np.add.at(shares, (rows, self.truth[places]), np.exp(self.sharpness * cosines))
        return shares / shares.sum(axis=1, keepdims=True), cosines.max(axis=1)

    def _nearest(self, vectors: Matrix) -> tuple[Matrix, Matrix]:
        """Places and cosines of the nearest utterances, one row a vector, in no order."""
        if self.shortlist is not None and len(vectors) == 1 and self.count <= LISTED // 2:
            listed = self.shortlist.of(vectors)
            cosines = (self.vectors[listed] @ vectors[0])[np.newaxis]
        else:
            listed = None
            cosines = vectors @ self._turned
        count = min(self.count, cosines.shape[1])
        best = np.argpartition(cosines, -count, axis=1)[:, -count:]
        places = best if listed is None else listed[best]
        return places, np.take_along_axis(cosines, best, axis=1)

    @cached_property
    def _turned(self) -> Matrix:
        """One column an utterance: so laid out, the product with a single message takes a third less."""
        return np.ascontiguousarray(self.vectors.T)

    def save(self, file: Path) -> None:
        """Half precision: a cosine changes in the fourth place."""
        np.savez(file, vectors=self.vectors.astype(np.float16), truth=self.truth.astype(np.int32))
        write_shortlist(self.vectors, file.with_suffix(".onnx"))

    @classmethod
    def load(cls, file: Path, intents: int, count: int, sharpness: float) -> Neighbours:
        shortlist = Shortlist.load(file.with_suffix(".onnx"))
        with np.load(file) as kept:
            # Rows in one piece for the shortlist; without it columns, so that `_turned` is no copy.
            layout = "F" if shortlist is None else "C"
            vectors = np.asarray(kept["vectors"], dtype=np.float32, order=layout)
            return cls(vectors, kept["truth"], intents, count, sharpness, shortlist)
