"""Character n-grams weighed by tf-idf: the words of a message as the classifier sees them, beside its embedding."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix


def grams(text: str, longest: int) -> list[str]:
    """Every run of 1 to `longest` characters; digits count as one sign, so that 120 and 80 are the same word."""
    signs = "".join(["0" if char.isdigit() else char for char in text])
    signs = f"^{signs}$"
    return [
        signs[start : start + size]
        for size in range(1, longest + 1)
        for start in range(len(signs) - size + 1)
    ]


@dataclass(frozen=True)
class CharNgrams:
    """A learned vocabulary with its idf weights; rows have length one."""

    longest: int
    vocabulary: dict[str, int]
    idf: Any  # numpy vector

    @classmethod
    def fitted(cls, texts: Sequence[str], longest: int = 4, fewest: int = 2) -> CharNgrams:
        """The n-grams that stand in at least `fewest` texts."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(grams(text, longest)))
        kept = sorted(gram for gram, count in counts.items() if count >= fewest)
        vocabulary = {gram: index for index, gram in enumerate(kept)}
        idf = np.array([math.log((1 + len(texts)) / (1 + counts[gram])) + 1 for gram in kept])
        return cls(longest, vocabulary, idf)

    def rows(self, texts: Sequence[str]) -> Iterator[tuple[Any, Any]]:
        """For each text the columns of its n-grams, and what each weighs: (1 + log count) · idf, normalised."""
        column_of = self.vocabulary.get
        for text in texts:
            known = [column for gram in grams(text, self.longest) if (column := column_of(gram)) is not None]
            columns, counts = np.unique(np.array(known, dtype=np.int32), return_counts=True)
            weights = (1 + np.log(counts)) * self.idf[columns]
            yield columns, weights / (math.sqrt(weights @ weights) or 1.0)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """The same as one sparse matrix, for training."""
        found = list(self.rows(texts))
        columns = np.concatenate([np.empty(0, dtype=np.int32), *(own for own, _ in found)])
        weights = np.concatenate([np.empty(0), *(own for _, own in found)])
        starts = np.cumsum([0, *(len(own) for own, _ in found)])
        return csr_matrix((weights, columns, starts), shape=(len(texts), len(self.vocabulary)))

    def to_json(self) -> str:
        return json.dumps({"longest": self.longest, "grams": list(self.vocabulary), "idf": self.idf.tolist()})

    @classmethod
    def from_json(cls, text: str) -> CharNgrams:
        kept = json.loads(text)
        return cls(kept["longest"], {gram: i for i, gram in enumerate(kept["grams"])}, np.array(kept["idf"]))
