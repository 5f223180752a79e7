"""Chooses the two thresholds from predictions that were made out of fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Aim:
    """What the thresholds have to reach."""

    precision: float = 0.94  #: of the messages that are answered
    declined: float = 0.90  #: of the out-of-scope lines, not answered with a topic of ours
    hopeful: float = (
        0.50  #: share of messages with the right topic among the best three, where we still offer them
    )
    window: float = 0.05


@dataclass(frozen=True)
class Prediction:
    """One utterance: its true topic, the topics predicted for it best first, and the best one's confidence."""

    topic: str
    ranked: tuple[str, ...]
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.ranked[0] == self.topic

    @property
    def is_near(self) -> bool:
        return self.topic in self.ranked[:3]

    def is_answered_at(self, threshold: float) -> bool:
        """Whether a topic of ours would be answered; a confident `out_of_scope` is a way of declining."""
        return self.confidence >= threshold and self.ranked[0] != OUT_OF_SCOPE


def choose(predictions: Sequence[Prediction], aim: Aim | None = None) -> dict[str, Any]:
    """The thresholds and what they were measured to give."""
    aim = aim or Aim()
    grid = [round(0.20 + 0.01 * step, 2) for step in range(79)]
    answer = next((value for value in grid if _reaches(predictions, value, aim)), grid[-1])
    ask = next(
        (value for value in [0.05, 0.08, *grid] if value >= answer or _is_hopeful(predictions, value, aim)),
        answer,
    )
    return {
        "answer": answer,
        "ask": min(ask, answer),
        "aim": asdict(aim),
        "measured": measured(predictions, answer, min(ask, answer)),
    }


def measured(predictions: Sequence[Prediction], answer: float, ask: float) -> dict[str, Any]:
    """Precision, coverage and refusal at two thresholds."""
    inside = [item for item in predictions if item.topic != OUT_OF_SCOPE]
    outside = [item for item in predictions if item.topic == OUT_OF_SCOPE]
    answered = [item for item in predictions if item.is_answered_at(answer)]
    asked = [item for item in inside if ask <= item.confidence < answer]
    return {
        "utterances": len(inside),
        "out_of_scope_lines": len(outside),
        "right_topic": _share(inside, lambda item: item.is_right),
        "right_among_three": _share(inside, lambda item: item.is_near),
        "answered_share": _share(inside, lambda item: item.is_answered_at(answer)),
        "answered_precision": _share(answered, lambda item: item.is_right),
        "asked_share": _share(inside, lambda item: ask <= item.confidence < answer),
        "asked_right_among_three": _share(asked, lambda item: item.is_near),
        "out_of_scope_declined": _share(outside, lambda item: not item.is_answered_at(answer)),
    }


def _reaches(predictions: Sequence[Prediction], threshold: float, aim: Aim) -> bool:
    figures = measured(predictions, threshold, threshold)
    return figures["answered_precision"] >= aim.precision and figures["out_of_scope_declined"] >= aim.declined


def _is_hopeful(predictions: Sequence[Prediction], threshold: float, aim: Aim) -> bool:
    near = [item for item in predictions if abs(item.confidence - threshold) <= aim.window]
    return (
        len(near) >= 10
        and _share(near, lambda item: item.is_near and item.topic != OUT_OF_SCOPE) >= aim.hopeful
    )


def _share(items: Sequence[Prediction], is_so: Any) -> float:
    return round(sum(1 for item in items if is_so(item)) / len(items), 4) if items else 1.0
