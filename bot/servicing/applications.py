"""A customer's applications, read from the record: where each stands, and what is still wanted for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA, Clock, china_date
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.claims import normal_number
from bot.servicing.errors import NotVerified, UnknownApplication
from bot.servicing.identity import IdentityCheck
from bot.servicing.measured import Measurement
from bot.servicing.model import (
    ApplicationBrief,
    ApplicationState,
    DocumentKind,
    DocumentState,
    Lack,
    Product,
    Progress,
    Refusal,
    Stage,
    WantedDocument,
)
from bot.servicing.ports import Policy
from bot.servicing.progress import Case, progress_of, stage_ends
from bot.servicing.store import ApplicationRow, AuditEventRow, DocumentRow, StageEventRow


class Applications:
    """Reads applications for a conversation that has proved whose they are."""

    def __init__(self, clock: Clock, identity: IdentityCheck, policy: Policy) -> None:
        self._clock = clock
        self._identity = identity
        self._policy = policy
        self._measurement = Measurement(clock, policy)

    async def visible(
        self, session: AsyncSession, conversation_id: str, application_no: str
    ) -> ApplicationRow:
        """The application, if it was proved by its number or belongs to the customer who was proved.

        ``NotVerified`` whether it is somebody else's or does not exist.
        """
        found = await session.scalar(
            select(ApplicationRow).where(ApplicationRow.application_no == normal_number(application_no))
        )
        if found is not None and found.customer_id == await self._identity.verified_customer(
            session, conversation_id
        ):
            return found
        if not await self._identity.is_verified(session, conversation_id, application_no):
            raise NotVerified
        if found is None:
            raise UnknownApplication(application_no)
        return found

    async def is_own(self, session: AsyncSession, conversation_id: str, application_no: str) -> bool:
        """Whether the application belongs to the customer who was proved."""
        customer = await self._identity.verified_customer(session, conversation_id)
        owner = await session.scalar(
            select(ApplicationRow.customer_id).where(
                ApplicationRow.application_no == normal_number(application_no)
            )
        )
        return customer is not None and customer == owner

    async def of_customer(self, session: AsyncSession, conversation_id: str) -> tuple[ApplicationBrief, ...]:
        """All applications of the customer who was proved, those that go on first, then the newest."""
        customer = await self._identity.verified_customer(session, conversation_id)
        if customer is None:
            raise NotVerified
        self._note(session, conversation_id, "customer.applications_read", f"customer:{customer}")
        return await self._briefs(session, customer)

    async def others(
        self, session: AsyncSession, conversation_id: str, application_no: str
    ) -> tuple[ApplicationBrief, ...]:
        """The further applications of the customer who was proved, in the same order."""
        customer = await self._identity.verified_customer(session, conversation_id)
        briefs = () if customer is None else await self._briefs(session, customer)
        return tuple(brief for brief in briefs if brief.application_no != application_no)

    async def _briefs(self, session: AsyncSession, customer: int) -> tuple[ApplicationBrief, ...]:
        rows = await session.scalars(
            select(ApplicationRow)
            .where(ApplicationRow.customer_id == customer)
            .order_by(ApplicationRow.submitted_at.desc(), ApplicationRow.id.desc())
        )
        briefs = [_brief(row) for row in rows]
        return tuple(sorted(briefs, key=lambda brief: brief.state is not ApplicationState.IN_PROGRESS))

    async def progress(
        self, session: AsyncSession, conversation_id: str, application_no: str, calendar: WorkingCalendar
    ) -> Progress:
        """Where the application stands today."""
        row = await self.visible(session, conversation_id, application_no)
        today = china_date(self._clock)
        events = await session.execute(
            select(StageEventRow.stage, StageEventRow.outcome, StageEventRow.at).where(
                StageEventRow.application_id == row.id
            )
        )
        documents = (
            await session.scalars(
                select(DocumentRow).where(DocumentRow.application_id == row.id).order_by(DocumentRow.id)
            )
        ).all()
        case = Case(
            application_no=row.application_no,
            product=Product(row.product),
            state=ApplicationState(row.state),
            stage=Stage(row.stage),
            submitted_at=row.submitted_at,
            ends=stage_ends((stage, outcome, at) for stage, outcome, at in events),
            wanted=wanted_documents(documents, today),
            refusal=Refusal(row.refusal) if row.refusal else None,
        )
        durations = await self._measurement.durations(session, case.product, calendar)
        customer_acts_at = {
            Stage(str(stage)) for stage in self._policy.fact("approval.customer_acts_at", today).items
        }
        self._note(session, conversation_id, "application.progress_read", f"application:{row.application_no}")
        return progress_of(case, durations, calendar, today, customer_acts_at)

    def _note(self, session: AsyncSession, conversation_id: str, action: str, subject: str) -> None:
        session.add(
            AuditEventRow(
                at=self._clock.now(), actor=f"conversation:{conversation_id}", action=action, subject=subject
            )
        )


def wanted_documents(rows: Sequence[DocumentRow], today: date) -> tuple[WantedDocument, ...]:
    """What the customer still has to bring: of every required kind, unless one of it was taken and still holds.

    A document that was received and not yet looked at wants nothing of the customer.
    """
    wanted: dict[str, WantedDocument] = {}
    settled: set[str] = set()
    for row in rows:
        lack = _lack(row, today)
        if lack is None:
            settled.add(row.kind)
        elif row.is_required:
            is_refused = lack is Lack.REFUSED
            expired_on = row.valid_until if lack is Lack.EXPIRED else None
            wanted[row.kind] = WantedDocument(
                DocumentKind(row.kind), lack, row.reason if is_refused else None, expired_on
            )
    return tuple(document for kind, document in wanted.items() if kind not in settled)


def _lack(row: DocumentRow, today: date) -> Lack | None:
    if row.state in (Lack.MISSING, Lack.REFUSED):
        return Lack(row.state)
    if row.state == DocumentState.ACCEPTED and row.valid_until is not None and row.valid_until < today:
        return Lack.EXPIRED
    return None


def _brief(row: ApplicationRow) -> ApplicationBrief:
    return ApplicationBrief(
        application_no=row.application_no,
        product=Product(row.product),
        state=ApplicationState(row.state),
        stage=Stage(row.stage),
        submitted_on=row.submitted_at.astimezone(CHINA).date(),
    )
