"""The neighbours of a message are the same whether all utterances are compared exactly or only the shortlist."""

# ruff: noqa: PT009
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.neighbours import Neighbours
from bot.nlu.shortlist import LISTED, in_four_bits

INTENTS = 7
COUNT = 15


def around_topics(chance: Any, rows: int, width: int) -> Any:
    """Unit vectors in bundles, as the utterances of a topic are."""
    middles = np.random.RandomState(8).normal(size=(40, width))
    vectors = middles[chance.randint(40, size=rows)] + 1.2 * chance.normal(size=(rows, width))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


class StoredNeighbours(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "neighbours.npz"
        self.chance = np.random.RandomState(4)

    def stored(self, rows: int, width: int) -> Neighbours:
        vectors = around_topics(self.chance, rows, width)
        Neighbours(vectors, self.chance.randint(INTENTS, size=rows), INTENTS, COUNT, 12.0).save(self.file)
        return self.loaded()

    def loaded(self) -> Neighbours:
        return Neighbours.load(self.file, INTENTS, COUNT, 12.0)

    def test_a_message_gets_the_votes_of_the_nearest_of_all(self) -> None:
        for width in (384, 200):  # a whole number of blocks, and not
            neighbours = self.stored(3000, width)
            self.assertIsNotNone(neighbours.shortlist)
            for message in around_topics(self.chance, 100, width):
                cosines = [float(message @ other) for other in neighbours.vectors]
                nearest = sorted(range(len(cosines)), key=cosines.__getitem__)[-COUNT:]
                shares = np.zeros(INTENTS)
                for place in nearest:
                    shares[neighbours.truth[place]] += np.exp(12 * cosines[place])
                votes, closest = neighbours.votes(message[np.newaxis])
                np.testing.assert_allclose(votes[0], shares / shares.sum(), atol=1e-4)
                self.assertAlmostEqual(float(closest[0]), max(cosines), places=5)

    def test_one_message_and_many_are_voted_on_alike(self) -> None:
        neighbours = self.stored(1000, 384)
        messages = around_topics(self.chance, 30, 384)
        together, _ = neighbours.votes(messages)
        alone = np.vstack([neighbours.votes(message[np.newaxis])[0] for message in messages])
        np.testing.assert_allclose(together, alone, atol=1e-4)

    def test_few_utterances_need_no_list(self) -> None:
        neighbours = self.stored(LISTED, 16)
        self.assertIsNone(neighbours.shortlist)
        votes, _ = neighbours.votes(neighbours.vectors[:1])
        self.assertAlmostEqual(float(votes.sum()), 1.0, places=6)

    def test_a_list_that_cannot_be_read_costs_time_only(self) -> None:
        before = self.stored(500, 384)
        message = around_topics(self.chance, 1, 384)
        self.file.with_suffix(".onnx").write_bytes(b"half a mod")
        with self.assertLogs("fangxin.neighbours", "WARNING"):
            after = self.loaded()
        self.assertIsNone(after.shortlist)
        np.testing.assert_allclose(after.votes(message)[0], before.votes(message)[0], atol=1e-4)


class FourBits(unittest.TestCase):
    def test_the_largest_of_a_block_is_seven_steps(self) -> None:
        row = np.zeros((1, 128), dtype=np.float32)
        row[0, :4] = [1.4, -1.4, 0.2, 0.61]  # in steps of 0.2: 7, -7, 1 and nearly 3
        whole, steps = in_four_bits(row)
        self.assertEqual(whole.shape, (1, 1, 64))
        self.assertEqual(whole[0, 0, :3].tolist(), [15 + (1 << 4), 9 + (11 << 4), 8 + (8 << 4)])
        np.testing.assert_allclose(steps, [0.2], rtol=1e-6)


if __name__ == "__main__":
    unittest.main()
