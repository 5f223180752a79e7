"""Chooses the thresholds from out-of-fold predictions: ``python -m bot.nlu.calibrate [--json]``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

FOLDS = 5
os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))


def main() -> None:
    """Writes data/nlu/thresholds.yml; with --json standard output holds only the JSON."""
    from bot.nlu.paths import NLU_DATA, ROOT

    parser = argparse.ArgumentParser(
        description="用折外预测确定阈值 / choose the thresholds from out-of-fold predictions"
    )
    parser.add_argument("--json", action="store_true", help="只输出 JSON / print JSON only")
    parser.add_argument("--dry-run", action="store_true", help="不写文件 / write nothing")
    parser.add_argument("--config", default=str(ROOT / "config.yml"))
    parser.add_argument("--intents", default=str(NLU_DATA / "intents"))
    parser.add_argument("--out", default=str(NLU_DATA / "thresholds.yml"))
    arguments = parser.parse_args()
    chosen = calibrate(Path(arguments.config), Path(arguments.intents))
    if not arguments.dry_run:
        Path(arguments.out).write_text(as_yaml(chosen), encoding="utf-8")
    if arguments.json:
        json.dump(chosen, sys.stdout, ensure_ascii=False)
        print()
    else:
        print(as_yaml(chosen), end="")


def calibrate(config: Path, intents_folder: Path) -> dict[str, Any]:
    """Trains on four fifths, predicts the last, five times; then chooses."""
    import numpy as np
    import yaml

    from bot.nlu.embedding import centred, engine_named
    from bot.nlu.intent_model import Recipe, fitted_temperature, out_of_fold_scores, softmax
    from bot.nlu.normalise import normalise
    from bot.nlu.paths import NLU_DATA, home
    from bot.nlu.thresholds import Prediction, choose
    from bot.nlu.topics import Topics
    from bot.nlu.utterances import read_utterances
    from bot.nlu.vector_cache import kept_vectors

    began = time.monotonic()
    pipeline = {
        item["name"].rsplit(".", 1)[-1]: item
        for item in yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    }
    classifier, featurizer = pipeline["CalibratedClassifier"], pipeline["SentenceFeaturizer"]
    known = {key: value for key, value in classifier.items() if key in vars(Recipe())}
    recipe = replace(Recipe(**known), folds=FOLDS)
    topics = Topics.load(NLU_DATA / "topics.yml")
    utterances = read_utterances(intents_folder)
    texts = [normalise(utterance.text).compact for utterance in utterances]
    intents = [utterance.intent for utterance in utterances]
    engine = engine_named(featurizer.get("engine", "onnx"), featurizer.get("model"))
    raw = kept_vectors(engine, home()).embed(texts)
    vectors = centred(raw, raw.mean(axis=0))
    scores, names = out_of_fold_scores(recipe, texts, intents, vectors)
    temperature = fitted_temperature(scores, np.array([names.index(intent) for intent in intents]))
    predictions = []
    for intent, row in zip(intents, softmax(scores / temperature), strict=True):
        order = np.argsort(-row, kind="stable")
        ranked = tuple(dict.fromkeys(topics.of(names[i]) or names[i] for i in order))
        predictions.append(Prediction(topics.of(intent) or intent, ranked, float(row[order[0]])))
    chosen = choose(predictions)
    return {
        "answer": chosen["answer"],
        "ask": chosen["ask"],
        "temperature": round(temperature, 4),
        "aim": chosen["aim"],
        "measured": {
            **chosen["measured"],
            "folds": recipe.folds,
            "seconds": round(time.monotonic() - began, 1),
        },
    }


def as_yaml(chosen: dict[str, Any]) -> str:
    """The file's text, with a line on where it comes from."""
    import yaml

    head = "# Written by `fangxin calibrate`: out-of-fold predictions over our own utterances and out-of-scope lines.\n"
    return head + str(yaml.safe_dump(chosen, allow_unicode=True, sort_keys=False))


if __name__ == "__main__":
    main()
