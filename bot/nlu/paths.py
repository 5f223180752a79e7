"""Where the files of this side lie, told from the checkout's root and the environment."""

from __future__ import annotations

import os
from pathlib import Path

from bot.nlu.errors import ModelMissing

ROOT = Path(__file__).resolve().parent.parent.parent
NLU_DATA = ROOT / "data" / "nlu"


def data_folder(folder: str = "data/nlu") -> Path:
    """The folder of a path in config.yml, which counts from the checkout's root."""
    path = Path(folder)
    return path if path.is_absolute() else ROOT / path


def home() -> Path:
    """Where state lives (`FANGXIN_HOME`)."""
    path = Path(os.environ.get("FANGXIN_HOME", "var"))
    return path if path.is_absolute() else ROOT / path


def newest_model() -> Path:
    """The model that `FANGXIN_MODEL` names, or the newest in models/."""
    named = os.environ.get("FANGXIN_MODEL")
    if named:
        path = Path(named)
        path = path if path.is_absolute() else ROOT / path
        if not path.exists():
            raise ModelMissing(f"FANGXIN_MODEL names {named}, which is not there")
        return path
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise ModelMissing("no trained model in models/; run `make train`")
    return models[-1]
