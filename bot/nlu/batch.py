"""Understands JSON lines without a server: ``python -m bot.nlu.batch < questions.jsonl``.

In: ``{"id", "text", "now"?, "requested_slot"?}``. Out: ``{"id", "understood", "ms"}``; `--raw` adds every intent's
calibrated probability. Nothing else goes to standard output.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.nlu.environment import prepare_environment, quiet_logs
from bot.nlu.on_demand import leave_tensorflow_unread

Read = Callable[[str, dict[str, Any]], tuple[dict[str, Any], list[tuple[str, float]]]]


def main() -> None:
    """Reads standard input line by line and answers each at once."""
    parser = argparse.ArgumentParser(description="批量理解 / understand many messages")
    parser.add_argument("--raw", action="store_true", help="附带所有意图的概率 / with all probabilities")
    parser.add_argument("--model", help="模型文件，默认最新 / model file, default the newest")
    arguments = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints belongs to standard error
    prepare_environment()
    quiet_logs(logging.WARNING)
    leave_tensorflow_unread()
    from bot.nlu.paths import newest_model

    read = reader(Path(arguments.model) if arguments.model else newest_model())
    for line in sys.stdin:
        if not line.strip():
            continue
        asked = json.loads(line)
        began = time.perf_counter()
        understood, ranking = read(
            asked["text"], {key: asked.get(key) for key in ("now", "requested_slot", "active_loop")}
        )
        answer: dict[str, Any] = {
            "id": asked.get("id"),
            "understood": understood,
            "ms": round((time.perf_counter() - began) * 1000, 2),
        }
        if arguments.raw:
            answer["probabilities"] = {name: round(share, 6) for name, share in ranking}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


def reader(model: Path) -> Read:
    """Loads a model's graph and returns a function that runs its NLU part."""
    import tempfile

    from rasa.core.channels.channel import UserMessage
    from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
    from rasa.engine.loader import load_predict_graph_runner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.components.reading import RANKING, UNDERSTANDING
    from bot.nlu.runner import InOrder
    from bot.nlu.turn import harmless

    with tempfile.TemporaryDirectory() as folder:
        about, runner = load_predict_graph_runner(Path(folder), model, LocalModelStorage, InOrder)

    def read(text: str, metadata: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, float]]]:
        message = UserMessage(harmless(text.strip()), metadata={**metadata, "customer_text": text.strip()})
        tracker = DialogueStateTracker.from_events("batch", [])
        inputs = {PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}
        result = runner.run(inputs=inputs, targets=[about.nlu_target])[about.nlu_target][0]
        return result.get(UNDERSTANDING), result.get(RANKING) or []

    return read


if __name__ == "__main__":
    main()
