"""Groups texts that mean much the same, without a server: ``python -m bot.nlu.cluster < texts.jsonl``.

In: ``{"id", "text"}`` a line. Out: ``{"id", "cluster", "closeness"}``: the clusters count from 0, and the closeness is
the mean cosine of a text to its cluster, so that the most typical text can stand first. Nothing else goes to standard
output, and no vector of a text is kept.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.embedding import Matrix
from bot.nlu.environment import prepare_environment, quiet_logs
from bot.nlu.on_demand import leave_tensorflow_unread

#: Mean cosine of centred embeddings from which two groups become one. Of the 993 labelled questions that we measure with
#: half then find company, and 87 % of those share the topic of most of their cluster (0.4: 75 % and 79 %; 0.6: 30 %
#: and 94 %). Who teaches a cluster reads it, so company counts for more than purity.
ALIKE = 0.5


def main() -> None:
    """Reads every line, then answers."""
    parser = argparse.ArgumentParser(description="把意思相近的话归在一起 / group texts alike in meaning")
    parser.add_argument("--model", help="模型文件，默认最新 / model file, default the newest")
    parser.add_argument("--alike", type=float, default=ALIKE, help="平均余弦 / mean cosine of one group")
    arguments = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints belongs to standard error
    asked = [json.loads(line) for line in sys.stdin if line.strip()]
    if asked:
        vectors = _vectors([one["text"] for one in asked], arguments.model)
        numbers = clusters(vectors, arguments.alike)
        for one, number, near in zip(asked, numbers, closeness(vectors, numbers), strict=True):
            answers.write(
                json.dumps({"id": one["id"], "cluster": number, "closeness": round(near, 4)}) + "\n"
            )
    answers.flush()


def _vectors(texts: Sequence[str], model: str | None) -> Matrix:
    """The vectors that the model in use has for the texts."""
    prepare_environment()
    quiet_logs(logging.WARNING)
    leave_tensorflow_unread()
    from bot.nlu.batch import reader
    from bot.nlu.components.featurizer import SentenceFeaturizer
    from bot.nlu.paths import newest_model

    reader(Path(model) if model else newest_model())
    featurizer: Any = SentenceFeaturizer.serving
    return featurizer.vectors(texts)


def clusters(vectors: Matrix, alike: float = ALIKE) -> list[int]:
    """The cluster of each row, numbered in the order in which they first occur.

    Average linkage: two groups are joined while their texts are on the mean as close as `alike`; a chain of neighbours
    alone joins nothing. A row of zeros (a text without a meaning of its own) stays alone.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    table = np.asarray(vectors, dtype=np.float64)
    if len(table) < 2:
        return [0] * len(table)
    distances = np.clip(1.0 - table @ table.T, 0.0, 2.0)
    np.fill_diagonal(distances, 0.0)
    labels = fcluster(linkage(squareform(distances, checks=False), "average"), 1.0 - alike, "distance")
    number_of: dict[int, int] = {}
    return [number_of.setdefault(int(label), len(number_of)) for label in labels]


def closeness(vectors: Matrix, numbers: Sequence[int]) -> list[float]:
    """The mean cosine of each row to the rows of its cluster, itself among them."""
    table, of_row = np.asarray(vectors, dtype=np.float64), np.asarray(numbers)
    centres = {number: table[of_row == number].mean(axis=0) for number in set(numbers)}
    return [float(row @ centres[number]) for row, number in zip(table, numbers, strict=True)]


if __name__ == "__main__":
    main()
