"""How a customer sounds, learned from examples beside the lexicon.

Run with ``.venv-rasa/bin/python -m unittest discover -s tests/nlu/py310`` from the checkout's root.
"""

# ruff: noqa: PT009
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np

from bot.nlu.feeling_model import (
    KINDS,
    Examples,
    FeelingModel,
    FeelingRecipe,
    calm_among,
    told,
    train,
    written,
)
from bot.nlu.feelings import Feeling, Feelings
from bot.nlu.normalise import normalise
from bot.nlu.paths import NLU_DATA

LEXICON = Feelings.load(NLU_DATA / "feelings.yml")
WORDS = ("你好请问利率", "真叫人恼火", "拜托赶时间", "心里没着落")
LABELS = ("calm", "angry", "urgent", "worried")


def small_model() -> FeelingModel:
    """Four feelings, each of its own words and its own direction."""
    texts = [f"{word}{number}" for word in WORDS for number in range(6)]
    vectors = np.repeat(np.eye(4, 8, dtype=np.float32), 6, axis=0)
    kinds = [next(i for i, kind in enumerate(KINDS) if kind.label == label) for label in LABELS]
    return train(
        FeelingRecipe(),
        LEXICON,
        [normalise(one) for one in texts],
        vectors,
        [k for k in kinds for _ in range(6)],
    )


class FeelingModels(unittest.TestCase):
    def test_a_feeling_is_told_from_words_and_vector(self) -> None:
        model = small_model()
        for place, (word, label) in enumerate(zip(WORDS, LABELS, strict=True)):
            vector = np.eye(4, 8, dtype=np.float32)[place]
            self.assertEqual(model.of(normalise(word), vector).label, label)

    def test_nothing_said_is_calm(self) -> None:
        self.assertEqual(small_model().of(normalise("  "), np.eye(4, 8, dtype=np.float32)[1]), Feeling())

    def test_a_saved_model_says_the_same(self) -> None:
        model, messages = small_model(), [normalise(word) for word in WORDS]
        vectors = np.eye(4, 8, dtype=np.float32)
        with tempfile.TemporaryDirectory() as folder:
            model.save(Path(folder))
            loaded = FeelingModel.load(Path(folder), LEXICON)
        said = model.probabilities(messages, vectors)
        np.testing.assert_allclose(loaded.probabilities(messages, vectors), said, atol=1e-5)

    def test_the_strengths_of_a_feeling_count_together(self) -> None:
        chances = np.zeros(len(KINDS))
        chances[0], chances[1], chances[2] = 0.4, 0.25, 0.35  # calm, angry mild, angry strong
        self.assertEqual(told(chances), Feeling("angry", 2))

    def test_emoji_and_shouting_are_read_although_normalising_drops_them(self) -> None:
        self.assertEqual(written(normalise("好的😡！！")), "好的! 😡‼")
        self.assertEqual(written(normalise("好的")), "好的")

    def test_utterances_with_a_feeling_are_not_taken_for_calm(self) -> None:
        messages = [normalise(text) for text in ("利率多少", "你们骗人", "首付几成")]
        intents = ["rate_change", "rate_change", "down_payment"]
        self.assertEqual(calm_among(FeelingRecipe(), LEXICON, messages, intents, frozenset()), [0, 2])
        self.assertEqual(
            calm_among(FeelingRecipe(), LEXICON, messages, intents, frozenset({"down_payment"})), [0]
        )


class ExamplesFile(unittest.TestCase):
    def test_there_are_examples_of_each_kind_none_twice_and_none_measured(self) -> None:
        examples = Examples.load(NLU_DATA / "feelings_training.yml")
        for place in range(len(KINDS)):
            self.assertGreaterEqual(examples.kinds.count(place), 80, KINDS[place])
        self.assertEqual(len(set(examples.texts)), len(examples.texts))
        folder = Path(__file__).resolve().parents[1]
        measured = {
            line.split("\t")[-1].strip()
            for name in ("feelings.tsv", "feelings_unseen.tsv")
            for line in (folder / name).read_text(encoding="utf-8").splitlines()[1:]
        }
        self.assertEqual(measured & set(examples.texts), set())


if __name__ == "__main__":
    unittest.main()
