"""What may be used once: the first use is written down, and any other is told from it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.servicing.store import UsedNonceRow


async def use_up(session: AsyncSession, nonce: str, expires_at: datetime, tidy_before: datetime) -> bool:
    """Whether this is its first use, however close two come; those that ended before ``tidy_before`` are forgotten."""
    await session.execute(delete(UsedNonceRow).where(UsedNonceRow.expires_at < tidy_before))
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    used = await session.execute(
        insert(UsedNonceRow)
        .values(nonce_hash=hashlib.sha256(nonce.encode()).hexdigest(), expires_at=expires_at)
        .on_conflict_do_nothing(index_elements=["nonce_hash"])
        .returning(UsedNonceRow.nonce_hash)
    )
    return used.scalar() is not None
