"""Looks for what is still to be told, again and again."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

log = structlog.get_logger()

POLL_SECONDS = 5.0


class News(Protocol):
    """Something that is told from rows, each piece once."""

    async def tell_due(self) -> int:
        """Tell what is due; how much was told."""
        ...


async def tell_for_ever(news: News) -> None:
    """Tell until cancelled; while there is more to tell, without a pause."""
    while True:
        try:
            told = await news.tell_due()
        except Exception:  # a broken database must not end it for good
            log.exception("news.round_failed", news=type(news).__name__)
            told = 0
        if not told:
            await asyncio.sleep(POLL_SECONDS)
