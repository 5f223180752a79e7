"""Character n-grams weighed by tf-idf: the words of a message as the classifier sees them, beside its embedding."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix


def grams(text: str, longest: int) -> Iterable[str]:
    """Every run of 1 to `longest` characters; digits count as one sign, so that 120 and 80 are the same word."""
    signs = "".join("0" if char.isdigit() else char for char in text)
    signs = f"^{signs}$"
    for size in range(1, longest + 1):
        for start in range(len(signs) - size + 1):
            yield signs[start : start + size]


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

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One sparse row a text: (1 + log count) · idf, normalised."""
        data: list[float] = []
        columns: list[int] = []
        starts = [0]
        for text in texts:
            counts = Counter(
                self.vocabulary[gram] for gram in grams(text, self.longest) if gram in self.vocabulary
            )
            weights = [
                (column, (1 + math.log(count)) * self.idf[column]) for column, count in sorted(counts.items())
            ]
            length = math.sqrt(sum(weight * weight for _, weight in weights)) or 1.0
            columns.extend(column for column, _ in weights)
            data.extend(weight / length for _, weight in weights)
            starts.append(len(data))
        return csr_matrix((data, columns, starts), shape=(len(texts), len(self.vocabulary)))

    def to_json(self) -> str:
        return json.dumps({"longest": self.longest, "grams": list(self.vocabulary), "idf": self.idf.tolist()})

    @classmethod
    def from_json(cls, text: str) -> CharNgrams:
        kept = json.loads(text)
        return cls(kept["longest"], {gram: i for i, gram in enumerate(kept["grams"])}, np.array(kept["idf"]))
