"""Complaints from the chat: registered at once, so that nothing stands between the customer and a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import insert, select

from bot.clock import Clock, china_date
from bot.messages.masking import mask_text
from bot.servicing.errors import KeyReused
from bot.servicing.identity import IdentityCheck
from bot.servicing.ports import Policy
from bot.servicing.requests.numbers import fresh_number
from bot.servicing.store import AuditEventRow, ComplaintEventRow, ComplaintRow
from bot.store.engine import Sessions

log = structlog.get_logger(__name__)

PREFIX = "TS"  #: 投诉
REGISTERED = "registered"
ORDINARY, URGENT = "ordinary", "urgent"


class ComplaintCause(StrEnum):
    """What a complaint is about."""

    ATTITUDE = "attitude"
    DELAY = "delay"
    CHARGES = "charges"  #: interest, fees, what was told and is not so
    DEBIT = "debit"
    COLLECTION = "collection"
    PRIVACY = "privacy"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A registered complaint and what the bank promises."""

    complaint_no: str
    cause: ComplaintCause
    created_at: datetime
    contact_by: datetime
    solution_by: datetime


class Complaints:
    """Registers complaints. ``key`` (the turn's id) makes a repeated write harmless."""

    def __init__(self, sessions: Sessions, clock: Clock, identity: IdentityCheck, policy: Policy) -> None:
        self._sessions = sessions
        self._clock = clock
        self._identity = identity
        self._policy = policy

    async def register(
        self, conversation_id: str, text: str, cause: ComplaintCause, key: str, *, is_urgent: bool = False
    ) -> Complaint:
        """Note the complaint; numbers that identify a person are masked in its text. Nobody need be verified."""
        async with self._sessions.begin() as session:
            row = await session.scalar(select(ComplaintRow).where(ComplaintRow.key == key))
            if row is not None and row.conversation_id != conversation_id:
                raise KeyReused(key)
            if row is None:
                now = self._clock.now()
                # not by a flush: whoever only registers knows nothing of the desk's tables that the row may name
                await session.execute(
                    insert(ComplaintRow).values(
                        complaint_no=await fresh_number(
                            session, ComplaintRow.complaint_no, PREFIX, self._clock
                        ),
                        key=key,
                        customer_id=await self._identity.verified_customer(session, conversation_id),
                        conversation_id=conversation_id,
                        cause=cause.value,
                        grade=URGENT if is_urgent else ORDINARY,
                        state=REGISTERED,
                        text=mask_text(text),
                        created_at=now,
                    )
                )
                row = (await session.scalars(select(ComplaintRow).where(ComplaintRow.key == key))).one()
                actor = f"conversation:{conversation_id}"
                session.add(
                    ComplaintEventRow(
                        complaint_id=row.id, kind=REGISTERED, state=REGISTERED, actor=actor, at=now
                    )
                )
                session.add(
                    AuditEventRow(
                        at=now,
                        actor=actor,
                        action="complaint.registered",
                        subject=f"complaint:{row.complaint_no}",
                        detail={"cause": row.cause, "grade": row.grade},
                    )
                )
        log.info("complaint.registered", complaint=row.complaint_no, cause=row.cause)
        return Complaint(
            complaint_no=row.complaint_no,
            cause=ComplaintCause(row.cause),
            created_at=row.created_at,
            contact_by=row.created_at + self._hours("service_level.complaint_first_contact"),
            solution_by=row.created_at + self._hours("service_level.complaint_solution"),
        )

    def _hours(self, key: str) -> timedelta:
        return timedelta(hours=self._policy.fact(key, china_date(self._clock)).whole)
