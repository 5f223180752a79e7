"""The thresholds are the lowest that keep what they promise."""

from __future__ import annotations

from bot.nlu.thresholds import Aim, Prediction, choose, measured


def prediction(right: bool, confidence: float, topic: str = "a") -> Prediction:
    return Prediction(topic, (topic, "b", "c") if right else ("b", "c", "d"), confidence)


def test_the_lowest_threshold_with_the_wanted_precision_is_chosen() -> None:
    sure = [prediction(True, 0.9) for _ in range(95)] + [prediction(False, 0.9) for _ in range(5)]
    unsure = [prediction(False, 0.5) for _ in range(50)]
    assert choose(sure + unsure, Aim(precision=0.93))["answer"] == 0.51


def test_out_of_scope_lines_hold_the_threshold_up() -> None:
    good = [prediction(True, 0.9) for _ in range(100)] + [prediction(True, 0.4) for _ in range(100)]
    strangers = [Prediction("out_of_scope", ("a", "b", "out_of_scope"), 0.6) for _ in range(10)]
    assert choose(good + strangers)["answer"] == 0.61


def test_a_confident_out_of_scope_is_declined() -> None:
    strangers = [Prediction("out_of_scope", ("out_of_scope", "a", "b"), 0.99) for _ in range(4)]
    assert measured(strangers, 0.5, 0.2)["out_of_scope_declined"] == 1.0


def test_asking_back_is_never_above_answering() -> None:
    chosen = choose([prediction(True, 0.3) for _ in range(30)])
    assert chosen["ask"] <= chosen["answer"]
