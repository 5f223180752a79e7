"""How sure the best intent is: the chance that it is right, told from several signs at once.

The signs are the lead of the best intent, how spread the rest is, whether regression and neighbours agree, how near the
nearest training utterance lies, and the length of the message. They are weighed by a logistic regression fitted on
predictions for utterances that the model had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.embedding import Matrix

_STEPS = 50
_SMALLEST = 1e-4


def signs(
    blended: Matrix, regression: Matrix, votes: Matrix, nearest: Matrix, texts: Sequence[str]
) -> Matrix:
    """One row a text: what the confidence is told from."""
    rows = np.arange(len(texts))
    best = blended.argmax(axis=1)
    ordered = np.sort(blended, axis=1)[:, ::-1]
    length = np.log1p(np.array([len(text) for text in texts]))
    sure, sure_of_regression, sure_of_neighbours = _log_odds(
        np.stack([ordered[:, 0], regression[rows, best], votes[rows, best]])
    )
    return np.stack(
        [
            sure,
            np.log(ordered[:, 0] / np.maximum(ordered[:, 1], 1e-6)),
            -(blended * np.log(blended + 1e-9)).sum(axis=1),
            sure_of_regression,
            sure_of_neighbours,
            nearest,
            regression.argmax(axis=1) == best,
            votes.argmax(axis=1) == best,
            length,
            length**2,
        ],
        axis=1,
    ).astype(np.float64)


@dataclass(frozen=True)
class Confidence:
    """A fitted logistic regression on standardised signs."""

    mean: Matrix
    spread: Matrix
    weights: Matrix  #: the last one is the bias

    @classmethod
    def fitted(cls, table: Matrix, right: Matrix, strength: float = 1.0) -> Confidence:
        """By Newton's method on log-loss plus ``‖w‖² / (2 · strength)``; `right` may hold fractions."""
        mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
        rows = np.hstack([(table - mean) / spread, np.ones((len(table), 1))])
        punished = np.ones(rows.shape[1]) / strength
        punished[-1] = 0.0
        weights = np.zeros(rows.shape[1])
        for _ in range(_STEPS):
            predicted = _chance(rows @ weights)
            slope = rows.T @ (predicted - right) + punished * weights
            bend = (rows * (predicted * (1 - predicted))[:, np.newaxis]).T @ rows + np.diag(punished + 1e-9)
            step = np.linalg.solve(bend, slope)
            weights = weights - step
            if np.abs(step).max() < 1e-8:
                break
        return cls(mean, spread, weights)

    def of(self, table: Matrix) -> Matrix:
        """The chance that the best intent is right, one for each row of signs."""
        return _chance((table - self.mean) / self.spread @ self.weights[:-1] + self.weights[-1])


def with_confidence(blended: Matrix, confidence: Matrix) -> Matrix:
    """The probabilities with the best one set to its confidence; the others share the rest and stay behind it."""
    rows = np.arange(len(blended))
    best = blended.argmax(axis=1)
    rest = 1 - blended[rows, best]
    scaled = blended * ((1 - confidence) / np.maximum(rest, 1e-12))[:, np.newaxis]
    scaled = np.minimum(scaled, confidence[:, np.newaxis] * (1 - 1e-6))
    scaled[rows, best] = confidence
    return scaled


def _log_odds(share: Matrix) -> Matrix:
    inside = np.minimum(np.maximum(share, _SMALLEST), 1 - _SMALLEST)
    return np.log(inside / (1 - inside))


def _chance(score: Matrix) -> Matrix:
    return 1 / (1 + np.exp(-np.clip(score, -30, 30)))
