"""Logs are events with fields, one JSON object a line, personal data masked before any of it is written."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from bot.messages.masking import mask_text


def _mask(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: mask_text(value) if isinstance(value, str) else value for key, value in event.items()}


class _MaskingFilter(logging.Filter):
    """For libraries that log sentences."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask_text(record.getMessage()), ()
        return True


def configure_logging(level: str, libraries: str | None = None) -> None:
    """Send everything to standard output; the supervisor writes the files."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(_MaskingFilter())
    logging.basicConfig(
        level=libraries or level.upper(), handlers=[handler], format="%(levelname)s %(name)s %(message)s"
    )
    for client in ("httpx", "httpcore"):  # their lines hold addresses, and a Telegram address holds its token
        logging.getLogger(client).setLevel(logging.WARNING)
