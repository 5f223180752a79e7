"""Which utterances are held back together when a model is measured on our own utterances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu.embedding import Matrix

#: Cosine of centred embeddings from which two utterances are the same one in other words.
ALIKE = 0.9
_ROWS_AT_ONCE = 1000


def folds(
    texts: Sequence[str], intents: Sequence[str], vectors: Matrix, count: int, seed: int, alike: float = ALIKE
) -> list[int]:
    """The fold of each utterance, stratified by intent.

    Utterances of one text, and those that are nearly the same, share a fold: none is told by its twin.
    """
    group_of = _groups(texts, vectors, alike)
    fold_of_group: dict[int, int] = {}
    seen: dict[str, int] = {}
    for index in np.random.RandomState(seed).permutation(len(texts)):
        group = group_of[index]
        if group not in fold_of_group:
            seen[intents[index]] = seen.get(intents[index], -1) + 1
            fold_of_group[group] = seen[intents[index]] % count
    return [fold_of_group[group] for group in group_of]


def _groups(texts: Sequence[str], vectors: Matrix, alike: float) -> list[int]:
    parents = list(range(len(texts)))

    def first(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    place_of: dict[str, int] = {}
    for index, text in enumerate(texts):
        parents[index] = place_of.setdefault(text, index)
    table = np.asarray(vectors)
    for start in range(0, len(table), _ROWS_AT_ONCE):
        for row, other in zip(
            *np.where(table[start : start + _ROWS_AT_ONCE] @ table.T >= alike), strict=True
        ):
            if start + row < other:
                parents[first(int(other))] = first(start + int(row))
    return [first(index) for index in range(len(texts))]
