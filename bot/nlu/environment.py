"""What has to be set before Rasa is imported, and how loud it may be."""

from __future__ import annotations

import logging
import os
import sys
import warnings


def prepare_environment() -> None:
    """Rasa, TensorFlow and OpenMP read these once, at import."""
    from bot.nlu.paths import home

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault(
        "FANGXIN_ACTION_URL", f"http://127.0.0.1:{os.environ.get('FANGXIN_ACTION_PORT', '5055')}"
    )
    os.environ.setdefault("FANGXIN_TRACKER_DB", str(home() / "tracker.db"))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


def quiet_logs(level: int) -> None:
    """Rasa logs whole messages at its debug level: that level stays off, whatever a library asks for."""
    from rasa.utils.log_utils import configure_structlog

    warnings.filterwarnings("ignore", category=DeprecationWarning)
    configure_structlog(level)
    logging.getLogger().setLevel(level)
    for name in ("rasa", "apscheduler", "matplotlib", "sanic.access"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("fangxin").setLevel(level)
