"""Multinomial logistic regression on a dense block beside a sparse one.

scikit-learn wants both blocks in one matrix; as a sparse one, the embedding's columns make it ten times slower.
The loss is the same as scikit-learn's: ``Σ wᵢ·log-loss(i) + ‖W‖² / (2·C)``, the bias unpunished.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Matrix = Any


def softmax(scores: Matrix) -> Matrix:
    """Probabilities of log-odds, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def softmax_regression(
    dense: Matrix,
    sparse: csr_matrix,
    truth: Matrix,
    weight: Matrix,
    classes: int,
    strength: float,
    steps: int = 120,
) -> tuple[Matrix, Matrix]:
    """The weights (features × classes) and the bias; dense features first."""
    rows, width = dense.shape
    height = width + sparse.shape[1]
    turned = sparse.T.tocsr()
    right = np.zeros((rows, classes), dtype=np.float32)
    right[np.arange(rows), truth] = 1
    shares = np.asarray(weight, dtype=np.float32)[:, np.newaxis]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        table = flat.astype(np.float32).reshape(height + 1, classes)
        scores = dense @ table[:width] + sparse @ table[width:height] + table[height]
        predicted = softmax(scores)
        miss = (predicted - right) * shares
        chosen = np.maximum(predicted[np.arange(rows), truth], 1e-12)
        value = -float(np.sum(weight * np.log(chosen), dtype=np.float64))
        value += float(np.sum(table[:height].astype(np.float64) ** 2)) / (2 * strength)
        slope = np.empty_like(table)
        slope[:width] = dense.T @ miss + table[:width] / strength
        slope[width:height] = turned @ miss + table[width:height] / strength
        slope[height] = miss.sum(axis=0)
        return value / rows, slope.astype(np.float64).ravel() / rows

    start = np.zeros((height + 1) * classes)
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "ftol": 1e-7, "gtol": 1e-5}
    )
    table = found.x.reshape(height + 1, classes)
    return table[:height], table[height]
