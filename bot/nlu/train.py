"""Trains the model: ``python -m bot.nlu.train --out models/fangxin.tar.gz``."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from bot.nlu.environment import prepare_environment, quiet_logs


def main() -> None:
    """Trains NLU and rules from data/ and writes one model file."""
    parser = argparse.ArgumentParser(description="训练模型 / train the model")
    parser.add_argument("--out", default="models/fangxin.tar.gz", help="模型文件 / model file to write")
    parser.add_argument("--domain", default="domain.yml")
    parser.add_argument("--config", default="config.yml")
    parser.add_argument("--data", nargs="+", default=["data/nlu/intents", "data/dialogue"])
    arguments = parser.parse_args()
    os.environ.setdefault(
        "OMP_NUM_THREADS", str(os.cpu_count() or 1)
    )  # embedding all utterances takes both cores
    prepare_environment()
    began = time.monotonic()
    print("训练开始 / training starts", flush=True)
    written = train(arguments.domain, arguments.config, arguments.data, Path(arguments.out))
    print(f"训练完成 / trained in {time.monotonic() - began:.1f} s: {written}", flush=True)


def train(domain: str, config: str, data: list[str], out: Path) -> Path:
    """Writes the model to `out`; `SystemExit` when Rasa could not train."""
    import logging

    from bot.nlu.paths import ROOT

    os.chdir(ROOT)
    import rasa.model_training

    quiet_logs(logging.WARNING)
    result = rasa.model_training.train(
        domain=domain,
        config=config,
        training_files=data,
        output=str(out.parent or Path(".")),
        fixed_model_name=out.name,
        force_training=True,
    )
    if result.code != 0 or not result.model:
        raise SystemExit(f"training failed with code {result.code}")
    return Path(result.model)


if __name__ == "__main__":
    main()
