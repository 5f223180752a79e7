"""Logs are events with fields, one JSON object a line, personal data masked before any of it is written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?![\dXx])")
BANK_CARD = re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)")


def masked(text: str) -> str:
    """Phones, identity numbers and bank cards with their middles hidden.

    >>> masked("电话13812345678")
    '电话138****5678'
    """
    text = ID_NUMBER.sub(r"\1********\2", text)
    text = BANK_CARD.sub(r"\1********\2", text)
    return PHONE.sub(r"\1****\2", text)


def _mask(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


class _MaskingFilter(logging.Filter):
    """For libraries that log sentences."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


def configure_logging(level: str) -> None:
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
    logging.basicConfig(level=level.upper(), handlers=[handler], format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
