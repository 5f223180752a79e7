"""Once a day: what is coming up for customers who asked to be reminded, or who follow an application.

Each thing has a key of its own, so a round that is made twice, or was cut off and begins again, tells nothing twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import structlog
from sqlalchemy import Select, select

from bot.care.model import DocumentExpiring, DocumentsWanted, Notice, RepaymentDue, Repricing
from bot.care.service import Care
from bot.clock import CHINA, Clock, china_date
from bot.handoff.ports import Policy
from bot.servicing.applications import wanted_documents
from bot.servicing.contact import NoticeKind
from bot.servicing.loan_view import LoanView
from bot.servicing.loans import viewed
from bot.servicing.model import ApplicationState, DocumentKind, DocumentState, LoanState
from bot.servicing.store import (
    ApplicationRow,
    DocumentRow,
    LoanRow,
    NoticeWishRow,
    ProgressSubscriptionRow,
)
from bot.store.engine import Sessions
from bot.store.leases import end_lease, take_lease

log = structlog.get_logger()

JOB = "care.reminders"
ROUND_LEASE = timedelta(minutes=10)  #: after which another process begins a round anew that was cut off


class Reminders:
    """A round a day in every process, one after the other: what another has told already is known by its key."""

    def __init__(self, sessions: Sessions, clock: Clock, policy: Policy, care: Care) -> None:
        self._sessions = sessions
        self._clock = clock
        self._policy = policy
        self._care = care
        self._name = secrets.token_hex(8)
        self._done_on: date | None = None  #: the last day whose round was made here

    async def tell_due(self) -> int:
        """The day's round unless it was made here, or is just being made; how many reminders are new."""
        today = china_date(self._clock)
        if self._done_on == today:
            return 0
        async with self._sessions.begin() as session:
            if not await take_lease(session, JOB, self._name, ROUND_LEASE):
                return 0
        told = await self.remind(today)
        kept = timedelta(days=self._days("retention.message_days", today))
        async with self._sessions.begin() as session:
            await self._care.forget(session, self._clock.now() - kept)
            await end_lease(session, JOB, self._name)
        self._done_on = today
        log.info("reminders.done", on=today.isoformat(), told=told)
        return told

    async def remind(self, today: date) -> int:
        """Have everything told that comes up, seen from a day."""
        told = 0
        for kind in (NoticeKind.REPAYMENT_DUE, NoticeKind.REPRICING):
            async with self._sessions() as session:
                loans = (await session.execute(_wanted_for(kind))).all()
            for loan_id, conversation_id in loans:
                told += await self._about_loan(loan_id, conversation_id, kind, today)
        async with self._sessions() as session:
            followed = (await session.execute(_followed())).all()
        for application_id, conversation_id in followed:
            told += await self._about_documents(application_id, conversation_id, today)
        return told

    async def _about_loan(self, loan_id: int, conversation_id: str, kind: NoticeKind, today: date) -> int:
        async with self._sessions.begin() as session:
            loan = await session.get_one(LoanRow, loan_id)
            application = await session.get_one(ApplicationRow, loan.application_id)
            view = await viewed(session, loan, application, self._policy, today)
            notice = (
                self._repayment_due(loan, view, today)
                if kind is NoticeKind.REPAYMENT_DUE
                else self._repricing(loan, view, today)
            )
            if notice is None:
                return 0
            return await self._care.tell(session, loan.customer_id, notice, conversation_id)

    def _repayment_due(self, loan: LoanRow, view: LoanView, today: date) -> Notice | None:
        """The reminder whose day has come; one that was missed is made up for until the next."""
        payment = view.next_payment
        if payment is None or payment.due_date is None:
            return None
        left = (payment.due_date - today).days
        days = [int(number) for number in self._policy.fact("reminders.days_before", today).numbers]
        reached = [number for number in days if number >= left]
        if left < 1 or not reached:
            return None
        return RepaymentDue(
            loan_id=loan.id,
            due_on=payment.due_date,
            days_before=min(reached),
            amount=payment.payment,
            account_tail=loan.account_tail,
        )

    def _repricing(self, loan: LoanRow, view: LoanView, today: date) -> Notice | None:
        if view.repricing is None or not self._is_near(view.repricing.on, "care.repricing", today):
            return None
        return Repricing(loan_id=loan.id, repricing_date=view.repricing.on)

    async def _about_documents(self, application_id: int, conversation_id: str, today: date) -> int:
        async with self._sessions.begin() as session:
            application = await session.get_one(ApplicationRow, application_id)
            documents = (
                await session.scalars(
                    select(DocumentRow)
                    .where(DocumentRow.application_id == application_id)
                    .order_by(DocumentRow.id)
                )
            ).all()
            notices = self._of_documents(application.application_no, documents, today)
            return sum(
                [
                    await self._care.tell(session, application.customer_id, notice, conversation_id)
                    for notice in notices
                ]
            )

    def _of_documents(
        self, application_no: str, documents: Sequence[DocumentRow], today: date
    ) -> Iterator[Notice]:
        """What has been missing for a while, and what runs out."""
        missing = wanted_documents(documents, today)
        if missing:
            kinds = {one.kind for one in missing}
            since = max(_day(row.changed_at) for row in documents if row.kind in kinds)
            if (today - since).days >= self._days("care.documents_wanted", today):
                names = tuple(one.kind for one in missing)
                yield DocumentsWanted(application_no=application_no, documents=names, since=since)
        for row in documents:
            is_held = row.state in (DocumentState.RECEIVED, DocumentState.ACCEPTED)
            if (
                is_held
                and row.valid_until
                and self._is_near(row.valid_until, "care.document_expiring", today)
            ):
                yield DocumentExpiring(
                    application_no=application_no,
                    document_id=row.id,
                    document=DocumentKind(row.kind),
                    until=row.valid_until,
                )

    def _is_near(self, on: date, key: str, today: date) -> bool:
        """Whether the day is still ahead, and no further than the fact says."""
        return 0 < (on - today).days <= self._days(key, today)

    def _days(self, key: str, today: date) -> int:
        return self._policy.fact(key, today).whole


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _wanted_for(kind: NoticeKind) -> Select[int, str]:
    """Running loans of customers who asked for this kind, with the conversation in which they did."""
    return (
        select(LoanRow.id, NoticeWishRow.conversation_id)
        .join(NoticeWishRow, NoticeWishRow.customer_id == LoanRow.customer_id)
        .where(
            NoticeWishRow.kind == kind.value,
            NoticeWishRow.is_wanted,
            LoanRow.state == LoanState.RUNNING.value,
            LoanRow.balance > Decimal(0),
        )
        .order_by(LoanRow.id)
    )


def _followed() -> Select[int, str]:
    """Applications on their way that somebody follows, with the conversation."""
    return (
        select(ApplicationRow.id, ProgressSubscriptionRow.conversation_id)
        .join(ProgressSubscriptionRow, ProgressSubscriptionRow.application_id == ApplicationRow.id)
        .where(
            ProgressSubscriptionRow.ended_at.is_(None),
            ApplicationRow.state == ApplicationState.IN_PROGRESS.value,
        )
        .order_by(ApplicationRow.id, ProgressSubscriptionRow.created_at.desc())
    )
