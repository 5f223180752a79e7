"""Every training utterance as read by a model that has not seen it: ``python -m bot.nlu.cross_validate``.

Out: one JSON line an utterance, ``{"id", "label", "text", "understood"}``, as `bot.nlu.batch` writes them; nothing else
goes to standard output. Nothing is timed: the predictions are made many at once.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))


def main() -> None:
    """Writes one line for each utterance of the intent files."""
    from bot.nlu.gate import Thresholds
    from bot.nlu.paths import NLU_DATA, ROOT
    from bot.nlu.topics import Topics
    from bot.nlu.unseen import predictions

    parser = argparse.ArgumentParser(description="训练语句的折外预测 / predictions for unseen utterances")
    parser.add_argument("--config", default=str(ROOT / "config.yml"))
    parser.add_argument("--intents", default=str(NLU_DATA / "intents"))
    arguments = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints belongs to standard error
    topics = Topics.load(NLU_DATA / "topics.yml")
    thresholds = Thresholds.load(NLU_DATA / "thresholds.yml")
    unseen, _ = predictions(Path(arguments.config), Path(arguments.intents))
    for number, item in enumerate(unseen):
        intent, confidence = item.ranking[0]
        understood = {
            "intent": intent,
            "topic": topics.of(intent),
            "confidence": round(confidence, 4),
            "band": thresholds.band(confidence),
            "ranking": [
                {"intent": name, "topic": topics.of(name), "confidence": round(share, 4)}
                for name, share in item.ranking[:5]
            ],
        }
        label = topics.of(item.utterance.intent)
        line = {"id": number, "label": label, "text": item.utterance.text, "understood": understood}
        answers.write(json.dumps(line, ensure_ascii=False) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
