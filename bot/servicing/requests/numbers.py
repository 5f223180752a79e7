"""Numbers of requests and complaints: a prefix, the day in China, and four digits drawn at random."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.servicing.requests.errors import NumbersUsedUp

A_DAY = 10_000
TRIES = 40


async def fresh_number(session: AsyncSession, column: Any, prefix: str, clock: Clock) -> str:
    """A number that no row has yet, like ``FW2611240042``; ``NumbersUsedUp`` on a day on which few are left."""
    for _ in range(TRIES):
        number = f"{prefix}{china_date(clock):%y%m%d}{secrets.randbelow(A_DAY):04d}"
        if await session.scalar(select(column).where(column == number)) is None:
            return number
    raise NumbersUsedUp(prefix)
