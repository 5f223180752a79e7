"""The customer beside the conversation: what the bank has on record of who was verified, masked unless revealed."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversation.ports import Words
from bot.conversation.store import ConversationRow, Log
from bot.handoff.errors import NotAllowed
from bot.handoff.model import Agent
from bot.handoff.store import TicketRow
from bot.messages.masking import mask_id_number, mask_name, mask_phone
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.loans import loans_of
from bot.servicing.model import LoanKind
from bot.servicing.ports import Policy
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    ComplaintRow,
    CustomerRow,
    DocumentRow,
    ServiceRequestRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault

MOST_LISTED = 20


class Secret(StrEnum):
    """What an agent may have shown in the clear, for a reason that is kept."""

    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"


class NoticeRecord(Protocol):
    """What a customer was told of the bank's own accord; ``bot.care.record.NoticeRecord`` is one."""

    async def of(self, session: AsyncSession, customer: int) -> list[dict[str, Any]]:
        """The newest first, each with what was tried."""
        ...


class Panel:
    """Reads for the side panel; only of the customer that the conversation proved to be."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        vault: Vault,
        policy: Policy,
        words: Words,
        notices: NoticeRecord,
    ) -> None:
        self._notices = notices
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._words = words
        self._identities = ChannelIdentities(clock, policy)

    async def of(self, conversation_id: str) -> dict[str, Any]:
        """The customer, or ``is_verified`` false and what is known without proof: nothing."""
        async with self._sessions() as session:
            await Log(session).get(conversation_id)
            customer_id = await self._identities.customer_of(session, conversation_id)
            customer = await session.get(CustomerRow, customer_id) if customer_id is not None else None
            complaints = await self._complaints(session, conversation_id, customer_id)
            if customer is None:
                return {"is_verified": False, "complaints": complaints}
            return {
                "is_verified": True,
                "customer_id": customer.id,
                "is_valued": customer.is_valued,
                "name": mask_name(self._vault.decrypt(customer.name_encrypted)),
                "phone": mask_phone(self._vault.decrypt(customer.phone_encrypted)),
                "id_number": mask_id_number(self._vault.decrypt(customer.id_number_encrypted)),
                "applications": await self._applications(session, customer.id),
                "loans": await self._loans(session, customer.id),
                "requests": await self._requests(session, customer.id),
                "complaints": complaints,
                "notices": await self._notices.of(session, customer.id),
                "conversations": await self._conversations(session, customer.id, conversation_id),
            }

    async def reveal(self, conversation_id: str, agent: Agent, what: Secret, why: str) -> str:
        """One of the customer's data in the clear, to the agent who serves them; kept in the audit."""
        async with self._sessions.begin() as session:
            held = await session.scalar(
                select(TicketRow.id).where(
                    TicketRow.conversation_id == conversation_id, TicketRow.agent_id == agent.id
                )
            )
            customer_id = await self._identities.customer_of(session, conversation_id)
            customer = await session.get(CustomerRow, customer_id) if customer_id is not None else None
            if customer is None or (held is None and not agent.is_supervisor):
                raise NotAllowed(conversation_id)
            sealed = {
                Secret.NAME: customer.name_encrypted,
                Secret.PHONE: customer.phone_encrypted,
                Secret.ID_NUMBER: customer.id_number_encrypted,
            }[what]
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=f"agent:{agent.id}",
                    action=f"customer.revealed.{what.value}",
                    subject=f"customer:{customer.id}",
                    detail={"why": why, "conversation": conversation_id},
                )
            )
            return self._vault.decrypt(sealed)

    async def _applications(self, session: AsyncSession, customer_id: int) -> list[dict[str, Any]]:
        rows = await session.scalars(
            select(ApplicationRow)
            .where(ApplicationRow.customer_id == customer_id)
            .order_by(ApplicationRow.submitted_at.desc())
            .limit(MOST_LISTED)
        )
        return [
            {
                "application_no": row.application_no,
                "product": self._words.say(f"servicing.product.{row.product}"),
                "amount": str(row.amount),
                "term_months": row.term_months,
                "state": row.state,
                "stage": self._words.say(f"progress.stage.{row.stage}"),
                "submitted_at": row.submitted_at.isoformat(),
                "documents": await self._documents(session, row.id),
            }
            for row in rows
        ]

    async def _documents(self, session: AsyncSession, application_id: int) -> list[dict[str, Any]]:
        rows = await session.scalars(
            select(DocumentRow).where(DocumentRow.application_id == application_id).order_by(DocumentRow.id)
        )
        return [
            {
                "kind": row.kind,
                "name": self._words.say(f"servicing.document.{row.kind}"),
                "state": row.state,
                "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            }
            for row in rows
        ]

    async def _loans(self, session: AsyncSession, customer_id: int) -> list[dict[str, Any]]:
        own = (await loans_of(session, customer_id))[:MOST_LISTED]
        return [
            {
                "loan_no": row.loan_no,
                "kind": self._words.say(
                    f"servicing.product.{LoanKind.of(row.kind, application.product).value}"
                ),
                "state": row.state,
                "principal": str(row.principal),
                "balance": str(row.balance),
                "annual_rate": str(row.annual_rate),
                "term_months": row.term_months,
                "method": row.method,
                "repayment_day": row.repayment_day,
                "account_tail": row.account_tail,
                "arrears_amount": str(row.arrears_amount),
                "arrears_since": row.arrears_since.isoformat() if row.arrears_since else None,
            }
            for row, application in own
        ]

    async def _requests(self, session: AsyncSession, customer_id: int) -> list[dict[str, Any]]:
        rows = await session.scalars(
            select(ServiceRequestRow)
            .where(ServiceRequestRow.customer_id == customer_id)
            .order_by(ServiceRequestRow.created_at.desc())
            .limit(MOST_LISTED)
        )
        return [
            {
                "request_no": row.request_no,
                "kind": row.kind,
                "state": row.state,
                "created_at": row.created_at.isoformat(),
                "promised_at": row.promised_at.isoformat() if row.promised_at else None,
            }
            for row in rows
        ]

    async def _complaints(
        self, session: AsyncSession, conversation_id: str, customer_id: int | None
    ) -> list[dict[str, Any]]:
        about = ComplaintRow.conversation_id == conversation_id
        if customer_id is not None:
            about = about | (ComplaintRow.customer_id == customer_id)
        rows = await session.scalars(
            select(ComplaintRow).where(about).order_by(ComplaintRow.created_at.desc()).limit(MOST_LISTED)
        )
        return [
            {
                "complaint_no": row.complaint_no,
                "cause": row.cause,
                "grade": row.grade,
                "state": row.state,
                "created_at": row.created_at.isoformat(),
            }
            for row in rows
        ]

    async def _conversations(
        self, session: AsyncSession, customer_id: int, present: str
    ) -> list[dict[str, Any]]:
        """The customer's other conversations that came to a person, the newest first."""
        rows = await session.execute(
            select(TicketRow, ConversationRow.channel)
            .join(ConversationRow, ConversationRow.id == TicketRow.conversation_id)
            .where(TicketRow.customer_id == customer_id, TicketRow.conversation_id != present)
            .order_by(TicketRow.created_at.desc())
            .limit(MOST_LISTED)
        )
        return [
            {
                "conversation_id": ticket.conversation_id,
                "channel": channel,
                "at": ticket.created_at.isoformat(),
                "reason": self._words.say(f"handoff.reasons.{ticket.reason}"),
                "resolution": ticket.resolution,
            }
            for ticket, channel in rows
        ]
