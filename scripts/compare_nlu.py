"""Compares ways to tell the topics apart, all on the same data: ``.venv-rasa/bin/python -m scripts.compare_nlu``.

Prints a Markdown table for docs/understanding.md. Each way is trained on the utterances of data/nlu and gets the
threshold that `fangxin calibrate` would give it; the labelled sets are only measured. Takes several minutes;
``--diet 100`` instead trains Rasa's own classifier, at most so many epochs or minutes for each row. It has no
out-of-fold predictions and so no threshold; a tenth of the utterances is held back and asked now and then, and standard
error tells how far each epoch came.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bot.insight.evaluation import Labelled, evaluate, read_labelled
from bot.insight.evaluation import Prediction as Answer
from bot.nlu import homophones, normalise
from bot.nlu.embedding import centred, engine_named
from bot.nlu.environment import prepare_environment, quiet_logs
from bot.nlu.folds import folds
from bot.nlu.gate import Thresholds
from bot.nlu.intent_model import (
    IntentModel,
    Opinions,
    OutOfFold,
    Recipe,
    calibrated,
    fit,
    unseen_opinions,
)
from bot.nlu.paths import NLU_DATA, ROOT, home
from bot.nlu.thresholds import Prediction, choose
from bot.nlu.topics import Topics
from bot.nlu.utterances import read_utterances
from bot.nlu.vector_cache import kept_vectors

Matrix = Any
REGRESSION = Recipe(neighbour_share=0.0)
NO_NGRAMS = replace(REGRESSION, ngram_weight=0.0, fewest_texts=10**9)
STORY_FROM = 60  #: characters
CURVE_EVERY = 5  #: epochs between two questions to what DIET has not seen
FIGURES = (
    "accuracy_with_alternates",
    "top3_with_alternates",
    "answered_right",
    "out_of_scope_declined",
    "confident_wrong",
    "ece",
)
BACKGROUND = (
    "我去年买的房子，当时手续都是中介帮忙跑的，很多东西我自己也说不清楚，",
    "我们一家四口，我和爱人都上班，孩子还小，家里开支一直不小，",
    "我是跑网约车的，每天早出晚归，白天打不了电话，所以在这里留言，",
    "退休好几年了，手机用得不太熟，字打得慢，请多担待，",
    "开了个小店，平时忙得顾不上看短信，今天才有空来问一声，",
)


@dataclass(frozen=True)
class Way:
    """One row: how the model is built and read. Ways of equal regression share its training."""

    name: str
    recipe: Recipe
    is_centred: bool = True
    has_signs: bool = False  #: confidence of several signs instead of one temperature
    is_corrected: bool = True  #: misspelled words of the trade are put right
    more: Callable[[list[str], list[str]], list[tuple[str, int]]] | None = (
        None  #: further texts, each by its source
    )
    reads_last_question: bool = False

    @property
    def regression(self) -> tuple[object, ...]:
        recipe = self.recipe
        return (recipe.embedding_weight, recipe.ngram_weight, self.is_centred, self.is_corrected, self.more)


@dataclass(frozen=True)
class Trained:
    """The regression of a way and what it says of the utterances it had not seen."""

    model: IntentModel
    opinions: Opinions  #: out of fold
    texts: list[str]
    truth: Matrix
    mean: Matrix


@dataclass
class Bench:
    """The data of all ways, embedded once."""

    topics: Topics
    sets: dict[str, list[Labelled]]
    utterances: list[str]
    intents: list[str]
    engine: Any
    rows: list[str] = field(default_factory=list)
    known: dict[tuple[object, ...], Trained] = field(default_factory=dict)

    def normal(self, texts: Sequence[str], *, is_corrected: bool) -> list[str]:
        kept = normalise.corrected
        if not is_corrected:
            normalise.corrected = lambda text: text
        try:
            return [normalise.normalise(text).compact for text in texts]
        finally:
            normalise.corrected = kept

    def vectors(self, way: Way, texts: Sequence[str], mean: Matrix) -> Matrix:
        found = self.engine.embed(texts)
        return centred(found, mean) if way.is_centred else found

    def trained(self, way: Way) -> Trained:
        """Trained once for all ways of the same regression."""
        if way.regression not in self.known:
            texts = self.normal(self.utterances, is_corrected=way.is_corrected)
            raw = self.engine.embed(texts)
            mean = raw.mean(axis=0)
            held_back = folds(texts, self.intents, centred(raw, mean), way.recipe.folds, way.recipe.seed)
            extra = way.more(texts, self.intents) if way.more else []
            sources = [*range(len(texts)), *(source for _, source in extra)]
            texts += [text for text, _ in extra]
            intents = [self.intents[source] for source in sources]
            vectors = self.vectors(way, texts, mean)
            opinions = unseen_opinions(
                way.recipe, texts, intents, vectors, [held_back[source] for source in sources]
            )
            model = fit(way.recipe, texts, intents, vectors)
            truth = np.array([model.intents.index(intent) for intent in intents])
            self.known[way.regression] = Trained(model, opinions, texts, truth, mean)
        return self.known[way.regression]

    def measure(self, way: Way) -> None:
        """Calibrates one way and adds its row."""
        began = time.monotonic()
        trained = self.trained(way)
        unseen = calibrated(way.recipe, trained.opinions, trained.texts, trained.truth, trained.model.intents)
        model = replace(
            trained.model,
            recipe=way.recipe,
            temperature=unseen.temperature,
            confidence=unseen.confidence if way.has_signs else None,
        )
        chosen = choose(self._unseen(unseen, way.has_signs, len(self.utterances)))
        thresholds = Thresholds(chosen["answer"], chosen["ask"])
        cells = [f"{chosen['measured']['right_topic']:.3f}"]
        for labelled in self.sets.values():
            asked = self.normal([row.text for row in labelled], is_corrected=way.is_corrected)
            probabilities = model.probabilities(asked, self.vectors(way, asked, trained.mean))
            if way.reads_last_question:
                probabilities = self._with_last_question(way, model, asked, probabilities)
            cells.append(self._cell(labelled, model.intents, probabilities, thresholds))
        self._add(way.name, cells, time.monotonic() - began)

    def _with_last_question(
        self, way: Way, model: IntentModel, texts: Sequence[str], whole: Matrix
    ) -> Matrix:
        """The mean of what the whole message and its last sentence say, where it is long."""
        blended = whole.copy()
        mean = self.trained(way).mean
        for place, text in enumerate(texts):
            if len(text) > STORY_FROM:
                sentences = [part for part in re.split(r"(?<=[。!?！？;；\n])", text) if len(part) > 4]
                last = sentences[-1:] or [text]
                blended[place] = (
                    whole[place] + model.probabilities(last, self.vectors(way, last, mean))[0]
                ) / 2
        return blended

    def _unseen(self, unseen: OutOfFold, has_signs: bool, count: int) -> list[Prediction]:
        table = (unseen.probabilities if has_signs else unseen.blended)[:count]
        ranked = [self._ranked(unseen.intents, row) for row in table]
        return [
            Prediction(self.topics.of(intent) or intent, order, float(row.max()))
            for intent, order, row in zip(self.intents, ranked, table, strict=True)
        ]

    def _ranked(self, intents: Sequence[str], row: Matrix) -> tuple[str, ...]:
        order = np.argsort(-row, kind="stable")
        return tuple(dict.fromkeys(self.topics.of(intents[i]) or intents[i] for i in order))

    def _cell(
        self,
        labelled: Sequence[Labelled],
        intents: Sequence[str],
        probabilities: Matrix,
        thresholds: Thresholds | None,
    ) -> str:
        answers = []
        for row in probabilities:
            ranked, confidence = self._ranked(intents, row), float(row.max())
            band = thresholds.band(confidence) if thresholds else ""
            answers.append(Answer(ranked[0], confidence, band, ranked, None))
        report = evaluate(labelled, answers)
        left_out = set() if thresholds else {"answered_right", "out_of_scope_declined", "confident_wrong"}
        return " · ".join("–" if name in left_out else f"{report[name]:.3f}" for name in FIGURES)

    def _add(self, name: str, cells: Sequence[str], seconds: float) -> None:
        self.rows.append(f"| {name} | {' | '.join(cells)} |")
        print(f"{self.rows[-1]}  ({seconds:.0f} s)", file=sys.stderr, flush=True)

    def diet(self, name: str, features: list[dict[str, Any]], epochs: int, minutes: float) -> None:
        """Rasa's own classifier behind our tokenizer and some features."""
        import yaml
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu

        began = time.monotonic()
        components = "bot.nlu.components"
        pipeline = [
            {"name": f"{components}.normaliser.Normaliser"},
            # Rasa's own jieba hands blanks on as words, on which the training breaks.
            {"name": f"{components}.tokenizer.LendingTokenizer"},
            *features,
            {
                "name": "DIETClassifier",
                "epochs": epochs,
                "entity_recognition": False,
                "constrain_similarities": True,
                "ranking_length": 0,  # all intents
                "random_seed": 20,
                "evaluate_on_number_of_examples": len(self.utterances) // 10,
                "evaluate_every_number_of_epochs": CURVE_EVERY,
            },
        ]
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config.yml"
            about = {"recipe": "default.v1", "language": "zh", "assistant_id": "compared"}
            config.write_text(yaml.safe_dump({**about, "pipeline": pipeline}), encoding="utf-8")
            with followed(minutes) as curve:
                written = train_nlu(str(config), str(NLU_DATA / "intents"), folder)
            agent = Agent.load(written)
            names = sorted(set(self.intents))
            cells = [f"{curve[-1]:.3f}" if curve else "–"]
            for labelled in self.sets.values():
                probabilities = np.zeros((len(labelled), len(names)))
                for place, row in enumerate(labelled):
                    found = asyncio.run(agent.parse_message(row.text))
                    for entry in found["intent_ranking"]:
                        probabilities[place, names.index(entry["name"])] = entry["confidence"]
                cells.append(self._cell(labelled, names, probabilities, None))
        self._add(name, cells, time.monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description="比较几种理解办法 / compare ways to understand")
    parser.add_argument("--diet", type=int, metavar="EPOCHS", help="只训练 DIET / train only Rasa's DIET")
    parser.add_argument("--minutes", type=float, default=1e9, help="每行至多几分钟 / at most so long a row")
    parser.add_argument("--row", type=int, help="只做第几行 DIET / only this row of DIET's, from 1")
    arguments = parser.parse_args()
    prepare_environment()
    quiet_logs(logging.WARNING)
    files = {"Borrowers": ROOT / "tests/nlu/borrowers.tsv", "Phone": ROOT / "tests/nlu/phone.tsv"}
    real = ROOT.parent / "shared" / "eval" / "dev.tsv"
    if real.exists():
        files = {"Real questions": real, **files}
    utterances = read_utterances(NLU_DATA / "intents")
    bench = Bench(
        Topics.load(NLU_DATA / "topics.yml"),
        {name: read_labelled(file) for name, file in files.items()},
        [utterance.text for utterance in utterances],
        [utterance.intent for utterance in utterances],
        kept_vectors(engine_named("onnx"), home()),
    )
    if arguments.diet:
        chosen = diets()[arguments.row - 1 : arguments.row] if arguments.row else diets()
        for name, features in chosen:
            bench.diet(name, features, arguments.diet, arguments.minutes)
    else:
        for way in ways():
            bench.measure(way)
    print(f"| Way | Own utterances, unseen | {' | '.join(bench.sets)} |")
    print("| --- " * (2 + len(bench.sets)) + "|")
    print("\n".join(bench.rows))


def ways() -> list[Way]:
    """What is compared, simplest first."""
    chosen = Recipe()
    return [
        Way("logistic regression on raw embeddings", NO_NGRAMS, is_centred=False),
        Way("the same on centred embeddings", NO_NGRAMS),
        Way("nearest utterances by centred embedding", replace(chosen, neighbour_share=1.0)),
        Way("logistic regression on character n-grams", replace(REGRESSION, embedding_weight=0.0)),
        Way("on both, the embedding weighing more (as before)", replace(REGRESSION, ngram_weight=1.5)),
        Way("on both, the n-grams weighing more", REGRESSION),
        Way("and a tenth of the votes by neighbours", replace(chosen, neighbour_share=0.1)),
        Way("and a quarter by neighbours", chosen),
        Way("regression, confidence of several signs", REGRESSION, has_signs=True),
        Way(
            "a quarter by neighbours and several signs, misses counted as such",
            replace(chosen, defensible=0.0),
            has_signs=True,
        ),
        Way("**chosen: the same, near misses counted half**", chosen, has_signs=True),
        Way("chosen without putting misspellings right", chosen, has_signs=True, is_corrected=False),
        Way(
            "the same, misspellings in a tenth of the utterances",
            chosen,
            has_signs=True,
            is_corrected=False,
            more=misspelled,
        ),
        Way("chosen, with stories made around a tenth of the utterances", chosen, has_signs=True, more=told),
        Way(
            "chosen, long messages also by their last question",
            chosen,
            has_signs=True,
            reads_last_question=True,
        ),
    ]


def diets() -> list[tuple[str, list[dict[str, Any]]]]:
    """What DIET is trained on. It wants features of every word, so the sentence vectors cannot stand alone."""
    ngrams = {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
    vectors = {"name": "bot.nlu.components.featurizer.SentenceFeaturizer"}
    return [
        ("DIET on character n-grams, as in Rasa's stock pipeline", [ngrams]),
        ("DIET on character n-grams and centred embeddings", [ngrams, vectors]),
    ]


@contextmanager
def followed(minutes: float) -> Iterator[list[float]]:
    """DIET's trainings tell each epoch, and end with the epoch in which so many minutes are over.

    Gives the shares right among the held-back utterances, one for each time they are asked.
    """
    train_utils: Any = import_module("rasa.utils.train_utils")
    callbacks = import_module("tensorflow").keras.callbacks
    curve: list[float] = []
    usual = train_utils.create_common_callbacks

    def with_curve(*given: Any, **named: Any) -> list[Any]:
        began, worked = time.monotonic(), time.process_time()

        def tell(epoch: int, figures: dict[str, float]) -> None:
            taken = time.monotonic() - began
            if "val_i_acc" in figures:
                curve.append(figures["val_i_acc"])
            print(
                f"epoch {epoch + 1}: {taken:.0f} s, {time.process_time() - worked:.0f} s of processor time, "
                f"right {figures['i_acc']:.3f}, of those held back {figures.get('val_i_acc', '–')}",
                file=sys.stderr,
                flush=True,
            )
            if taken > 60 * minutes:
                teller.model.stop_training = True

        teller = callbacks.LambdaCallback(on_epoch_end=tell)
        return [*usual(*given, **named), teller]

    train_utils.create_common_callbacks = with_curve
    try:
        yield curve
    finally:
        train_utils.create_common_callbacks = usual


def misspelled(texts: list[str], intents: list[str]) -> list[tuple[str, int]]:
    """Copies in which one word of the trade is misspelled as the table has it."""
    chance = random.Random(20)
    table: dict[str, list[str]] = {}
    for typed, word in homophones.misspellings().items():
        table.setdefault(word, []).append(typed)
    copies = []
    for place, text in enumerate(texts):
        words = [word for word in table if word in text]
        if words and chance.random() < 0.2:
            word = chance.choice(words)
            copies.append((text.replace(word, chance.choice(table[word]), 1), place))
    return copies


def told(texts: list[str], intents: list[str]) -> list[tuple[str, int]]:
    """Copies with a few sentences of background before the question."""
    chance = random.Random(20)
    return [
        ("".join(chance.sample(BACKGROUND, 2)) + text, place)
        for place, text in enumerate(texts)
        if len(text) >= 6 and intents[place] != "out_of_scope" and chance.random() < 0.15
    ]


if __name__ == "__main__":
    main()
