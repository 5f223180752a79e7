"""Which utterances may be the nearest to a message, told from vectors in four bits.

The vectors in single precision are ten megabytes, which every message would read anew. In four bits they are a
seventh of it; the few that come out nearest are then compared exactly.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.embedding import Matrix

#: So many are compared exactly. A cosine in four bits is at most 0.04 off: the true fifteen were always among 32.
LISTED = 64
_BLOCK = 128  #: numbers that share a step
_VERSIONS = (("", 18), ("com.microsoft", 1))
_FORMAT = 8  #: onnxruntime 1.16 and newer read it
log = logging.getLogger("fangxin.neighbours")


@dataclass(frozen=True)
class Shortlist:
    """A session that gives the rough cosines of one vector with all utterances."""

    session: Any

    def of(self, vector: Matrix) -> Matrix:
        """The places of the `LISTED` that seem nearest to a vector [1, width], in no order."""
        (cosines,) = self.session.run(None, {"vector": vector})
        return np.argpartition(cosines[0], -LISTED)[-LISTED:]

    @classmethod
    def load(cls, file: Path) -> Shortlist | None:
        """Nothing where there is no file or onnxruntime cannot use it: every utterance is compared then."""
        if not file.exists():
            return None
        try:
            from bot.nlu.onnx_engine import session

            return cls(session(file))
        except Exception as exc:  # onnxruntime's errors have no common family
            log.warning("neighbours.exact reason=%s", exc)
            return None


def write_shortlist(vectors: Matrix, file: Path) -> None:
    """Writes the utterances' vectors in four bits, unless there are so few that a list would hold them all."""
    count, width = vectors.shape
    if count <= LISTED:
        return
    import onnx  # only training has use for it
    from onnx import TensorProto, helper, numpy_helper

    whole, steps = in_four_bits(vectors)
    product = helper.make_node(
        "MatMulNBits",
        ["vector", "whole", "steps"],
        ["cosines"],
        domain="com.microsoft",
        K=width,
        N=count,
        bits=4,
        block_size=_BLOCK,
        accuracy_level=4,  # the message's vector in eight bits
    )
    graph = helper.make_graph(
        [product],
        "shortlist",
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, width])],
        [helper.make_tensor_value_info("cosines", TensorProto.FLOAT, [1, count])],
        [numpy_helper.from_array(whole, "whole"), numpy_helper.from_array(steps, "steps")],
    )
    versions = [helper.make_opsetid(*version) for version in _VERSIONS]
    onnx.save(helper.make_model(graph, opset_imports=versions, ir_version=_FORMAT), file)


def in_four_bits(vectors: Matrix) -> tuple[Matrix, Matrix]:
    """Rows as whole numbers from −7 to 7, stored two a byte and 8 higher, and the step of each block."""
    count, width = vectors.shape
    padded = np.pad(vectors, ((0, 0), (0, -width % _BLOCK))).reshape(count, -1, _BLOCK)
    steps = np.maximum(np.abs(padded).max(axis=2), 1e-12) / 7
    whole = (np.rint(padded / steps[:, :, np.newaxis]) + 8).astype(np.uint8)
    return whole[:, :, 0::2] | (whole[:, :, 1::2] << 4), steps.astype(np.float32).ravel()
