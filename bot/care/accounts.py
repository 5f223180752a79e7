"""Where a customer can be spoken to: the conversation in which they asked, and the accounts that are proved theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.store import ConversationRow
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.store import ChannelIdentityRow

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """One conversation on one channel."""

    channel: str
    external_id: str
    conversation_id: str
    is_verified: bool  #: what only this customer may read can be said there now
    is_home: bool  #: where it was asked for
    last_used: datetime


async def accounts_of(
    session: AsyncSession,
    identities: ChannelIdentities,
    now: datetime,
    customer: int,
    home: str | None,
    preferred: str | None,
) -> list[Account]:
    """The preferred channel first, then where it was asked for, then the one used last."""
    found: dict[str, Account] = {}
    proved = await session.scalars(
        select(ConversationRow)
        .join(
            ChannelIdentityRow,
            and_(
                ChannelIdentityRow.channel == ConversationRow.channel,
                ChannelIdentityRow.external_id == ConversationRow.external_id,
            ),
        )
        .where(
            ChannelIdentityRow.customer_id == customer,
            ChannelIdentityRow.revoked_at.is_(None),
            ChannelIdentityRow.valid_until > now,
        )
    )
    for row in proved:
        found[row.id] = _account(row, is_verified=True, is_home=row.id == home)
    if home is not None and home not in found:
        asked_in = await session.get(ConversationRow, home)
        if asked_in is not None and await _is_still_theirs(session, asked_in, customer):
            is_verified = await identities.customer_of(session, home) == customer
            found[home] = _account(asked_in, is_verified=is_verified, is_home=True)
    return sorted(
        found.values(),
        key=lambda one: (one.channel != preferred, not one.is_home, -one.last_used.timestamp()),
    )


def _account(row: ConversationRow, *, is_verified: bool, is_home: bool) -> Account:
    last_used = row.last_message_at or LONG_AGO
    return Account(row.channel, row.external_id, row.id, is_verified, is_home, last_used)


async def _is_still_theirs(session: AsyncSession, row: ConversationRow, customer: int) -> bool:
    """Nobody else was proved there since, and they have not said that they are gone."""
    known = await session.scalar(
        select(ChannelIdentityRow).where(
            ChannelIdentityRow.channel == row.channel, ChannelIdentityRow.external_id == row.external_id
        )
    )
    return known is None or (known.customer_id == customer and known.revoked_at is None)
