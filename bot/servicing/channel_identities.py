"""Who somebody is on a channel, once proved: kept for a set time, and forgotten on a word."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.servicing.identity_rules import ProvedBy, Rules
from bot.servicing.ports import Policy
from bot.servicing.store import CONVERSATION, AuditEventRow, ChannelIdentityRow, VerificationRow


@dataclass(frozen=True)
class Party:
    """The other side of a conversation."""

    channel: str
    external_id: str
    address_hash: str | None


class ChannelIdentities:
    """The identities of one database; every call works within the caller's transaction."""

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self._clock = clock
        self._policy = policy

    async def party(self, session: AsyncSession, conversation_id: str) -> Party | None:
        """Who is at the other side; None for a conversation that no channel opened."""
        columns = CONVERSATION.c
        found = (
            await session.execute(
                select(columns.channel, columns.external_id, columns.address_hash).where(
                    columns.id == conversation_id
                )
            )
        ).one_or_none()
        return Party(*found) if found else None

    async def prove(
        self, session: AsyncSession, channel: str, external_id: str, customer: int, proved_by: ProvedBy
    ) -> None:
        """From now on, for the time that the rules give, this account speaks for this customer and no other."""
        now = self._clock.now()
        rules = Rules.of(self._policy, china_date(self._clock))
        until = now + rules.proved_for(channel, proved_by)
        proof = {
            "customer_id": customer,
            "proved_by": proved_by.value,
            "proved_at": now,
            "valid_until": until,
            "revoked_at": None,
        }
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        await session.execute(
            insert(ChannelIdentityRow)
            .values(channel=channel, external_id=external_id, **proof)
            .on_conflict_do_update(index_elements=["channel", "external_id"], set_=proof)
        )
        session.add(
            AuditEventRow(
                at=now,
                actor=f"channel:{channel}",
                action="identity.proved",
                subject=f"customer:{customer}",
                detail={"proved_by": proved_by.value, "valid_until": until.isoformat()},
            )
        )

    async def customer_of(self, session: AsyncSession, conversation_id: str) -> int | None:
        """The customer that the other side proved to be last, while that holds."""
        now = self._clock.now()
        party = await self.party(session, conversation_id)
        if party is not None:
            known = await session.scalar(
                select(ChannelIdentityRow).where(
                    ChannelIdentityRow.channel == party.channel,
                    ChannelIdentityRow.external_id == party.external_id,
                )
            )
            if known is not None:
                holds = known.revoked_at is None and known.valid_until > now
                return known.customer_id if holds else None
        return await session.scalar(
            select(VerificationRow.customer_id)
            .where(VerificationRow.conversation_id == conversation_id, VerificationRow.verified_until > now)
            .order_by(VerificationRow.code_used_at.desc(), VerificationRow.id.desc())
            .limit(1)
        )

    async def revoke(self, session: AsyncSession, conversation_id: str, why: str) -> bool:
        """Nobody is verified here any more; whether somebody was."""
        customer = await self.customer_of(session, conversation_id)
        now = self._clock.now()
        party = await self.party(session, conversation_id)
        if party is not None:
            await session.execute(
                update(ChannelIdentityRow)
                .where(
                    ChannelIdentityRow.channel == party.channel,
                    ChannelIdentityRow.external_id == party.external_id,
                    ChannelIdentityRow.revoked_at.is_(None),
                )
                .values(revoked_at=now)
            )
        await session.execute(
            update(VerificationRow)
            .where(VerificationRow.conversation_id == conversation_id, VerificationRow.verified_until > now)
            .values(verified_until=now)
        )
        if customer is not None:
            session.add(
                AuditEventRow(
                    at=now,
                    actor=f"conversation:{conversation_id}",
                    action="identity.revoked",
                    subject=f"customer:{customer}",
                    detail={"why": why},
                )
            )
        return customer is not None
