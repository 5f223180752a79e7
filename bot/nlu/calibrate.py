"""Chooses the thresholds from out-of-fold predictions: ``python -m bot.nlu.calibrate [--json]``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

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
    """Predicts every utterance without having seen it; then chooses."""
    from bot.nlu.paths import NLU_DATA
    from bot.nlu.thresholds import Prediction, choose
    from bot.nlu.topics import Topics
    from bot.nlu.unseen import FOLDS, predictions

    began = time.monotonic()
    topics = Topics.load(NLU_DATA / "topics.yml")
    unseen, temperature = predictions(config, intents_folder)
    chosen = choose(
        [
            Prediction(
                topics.of(item.utterance.intent) or item.utterance.intent,
                item.topics(topics),
                item.ranking[0][1],
            )
            for item in unseen
        ]
    )
    return {
        "answer": chosen["answer"],
        "ask": chosen["ask"],
        "temperature": round(temperature, 4),
        "aim": chosen["aim"],
        "measured": {
            **chosen["measured"],
            "folds": FOLDS,
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
