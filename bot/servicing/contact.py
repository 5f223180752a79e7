"""How customers wish to be told things that they did not just ask for: where, when, and what of it.

To stop is always possible where the notices arrive, also when the proof of identity has grown old; anything else
wants a proof that holds. Who tells is `bot.care`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.errors import NotVerified
from bot.servicing.ports import Policy
from bot.servicing.store import (
    AuditEventRow,
    ChannelIdentityRow,
    ContactWishRow,
    NoticeWishRow,
    VerificationRow,
)


class NoticeKind(StrEnum):
    """What the bank may have to say of its own accord."""

    STAGE_CHANGED = "stage_changed"  #: an application that is followed has moved on
    DOCUMENTS_WANTED = "documents_wanted"  #: documents of it are still missing
    DOCUMENT_EXPIRING = "document_expiring"
    REPAYMENT_DUE = "repayment_due"
    REPRICING = "repricing"  #: the rate of a loan is set anew soon
    REQUEST_CHANGED = "request_changed"  #: the bank has done something about a request
    CALL_BACK = "call_back"  #: somebody will ring up about a complaint


#: Told only to those who asked for it; of the others everybody hears who did not ask to be left alone.
ON_REQUEST = frozenset({NoticeKind.REPAYMENT_DUE, NoticeKind.REPRICING})


class Wish(StrEnum):
    """What a customer may say about notices."""

    STOP = "stop"  #: no more, or none of one kind
    RESUME = "resume"  #: what was stopped may come again
    ASK = "ask"  #: one kind is asked for
    SPARE_EVENINGS = "spare_evenings"
    CHANNEL = "channel"  #: one channel before the others


@dataclass(frozen=True)
class ContactWish:
    """One thing said; ``kind`` with STOP and ASK, ``channel`` with CHANNEL."""

    wish: Wish
    kind: NoticeKind | None = None
    channel: str | None = None


@dataclass(frozen=True)
class ContactRules:
    """All that one customer said so far."""

    channel: str | None = None
    wants_none: bool = False
    spares_evenings: bool = False
    kinds: tuple[tuple[NoticeKind, bool], ...] = ()

    def allows(self, kind: NoticeKind) -> bool:
        """Whether a notice of this kind may be sent."""
        said = dict(self.kinds).get(kind)
        return not self.wants_none and (said if said is not None else kind not in ON_REQUEST)


async def contact_rules(session: AsyncSession, customer: int) -> ContactRules:
    """The wishes of one customer."""
    row = await session.get(ContactWishRow, customer)
    kinds = await session.execute(
        select(NoticeWishRow.kind, NoticeWishRow.is_wanted).where(NoticeWishRow.customer_id == customer)
    )
    said = tuple((NoticeKind(kind), is_wanted) for kind, is_wanted in kinds)
    if row is None:
        return ContactRules(kinds=said)
    return ContactRules(row.channel, row.wants_none, row.spares_evenings, said)


class ContactWishes:
    """Writes them down, within the caller's transaction."""

    def __init__(self, clock: Clock, policy: Policy) -> None:
        self._clock = clock
        self._identities = ChannelIdentities(clock, policy)

    async def note(self, session: AsyncSession, conversation_id: str, said: ContactWish) -> bool:
        """Keep to it from now on; ``NotVerified`` when it is not known whose wish it is.

        False for a channel on which nobody proved to be this customer yet: the wish holds from when they have.
        """
        customer = await self._identities.customer_of(session, conversation_id)
        if customer is None and said.wish is Wish.STOP:
            customer = await self._last_here(session, conversation_id)
        if customer is None:
            raise NotVerified
        now = self._clock.now()
        match said.wish:
            case Wish.STOP if said.kind is None:
                await self._keep(session, customer, now, wants_none=True)
            case Wish.STOP | Wish.ASK if said.kind is not None:
                await self._keep_kind(
                    session, customer, said.kind, conversation_id, now, said.wish is Wish.ASK
                )
            case Wish.RESUME:
                await self._keep(session, customer, now, wants_none=False, spares_evenings=False)
                refused = NoticeWishRow.customer_id == customer, NoticeWishRow.is_wanted.is_(False)
                await session.execute(delete(NoticeWishRow).where(*refused))
            case Wish.SPARE_EVENINGS:
                await self._keep(session, customer, now, spares_evenings=True)
            case Wish.CHANNEL:
                await self._keep(session, customer, now, channel=said.channel)
        session.add(
            AuditEventRow(
                at=now,
                actor=f"conversation:{conversation_id}",
                action=f"contact.{said.wish.value}",
                subject=f"customer:{customer}",
                detail={"kind": said.kind, "channel": said.channel},
            )
        )
        return said.wish is not Wish.CHANNEL or await self._is_known_on(session, customer, said.channel, now)

    async def _keep(self, session: AsyncSession, customer: int, now: datetime, **changes: Any) -> None:
        fresh = {"wants_none": False, "spares_evenings": False, **changes, "changed_at": now}
        await session.execute(
            _insert(session, ContactWishRow)
            .values(customer_id=customer, **fresh)
            .on_conflict_do_update(index_elements=["customer_id"], set_={**changes, "changed_at": now})
        )

    async def _keep_kind(
        self,
        session: AsyncSession,
        customer: int,
        kind: NoticeKind,
        conversation_id: str,
        now: datetime,
        is_wanted: bool,
    ) -> None:
        if is_wanted:  # who asks for something anew no longer wants nothing at all
            await self._keep(session, customer, now, wants_none=False)
        said = {"is_wanted": is_wanted, "conversation_id": conversation_id, "changed_at": now}
        await session.execute(
            _insert(session, NoticeWishRow)
            .values(customer_id=customer, kind=kind.value, **said)
            .on_conflict_do_update(index_elements=["customer_id", "kind"], set_=said)
        )

    async def _last_here(self, session: AsyncSession, conversation_id: str) -> int | None:
        """Who was proved here last, however long ago, unless they said that they are gone."""
        party = await self._identities.party(session, conversation_id)
        if party is not None:
            known = await session.scalar(
                select(ChannelIdentityRow).where(
                    ChannelIdentityRow.channel == party.channel,
                    ChannelIdentityRow.external_id == party.external_id,
                )
            )
            if known is not None:
                return known.customer_id if known.revoked_at is None else None
        return await session.scalar(
            select(VerificationRow.customer_id)
            .where(
                VerificationRow.conversation_id == conversation_id, VerificationRow.code_used_at.is_not(None)
            )
            .order_by(VerificationRow.code_used_at.desc(), VerificationRow.id.desc())
            .limit(1)
        )

    async def _is_known_on(
        self, session: AsyncSession, customer: int, channel: str | None, now: datetime
    ) -> bool:
        known = await session.scalar(
            select(ChannelIdentityRow.id).where(
                ChannelIdentityRow.customer_id == customer,
                ChannelIdentityRow.channel == channel,
                ChannelIdentityRow.revoked_at.is_(None),
                ChannelIdentityRow.valid_until > now,
            )
        )
        return known is not None


def _insert(session: AsyncSession, row: type[ContactWishRow | NoticeWishRow]) -> Any:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    return insert(row)
