"""What the rest of the house asks about requests. Only the verified customer's own loan is ever looked at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA, Clock, china_date
from bot.lending import Method
from bot.messages.masking import mask_id_number
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.errors import KeyReused, NotVerified
from bot.servicing.identity import IdentityCheck
from bot.servicing.loan_brief import LoanBrief, LoanRef
from bot.servicing.loans import brief_of, loans_of
from bot.servicing.model import LoanKind
from bot.servicing.ports import NoCodeSender, Policy
from bot.servicing.requests.complaints import Complaints
from bot.servicing.requests.errors import (
    DraftOutdated,
    IllegalStep,
    Reason,
    RequestRefused,
    UnknownRequest,
    WishIncomplete,
)
from bot.servicing.requests.model import (
    Certificate,
    Draft,
    LoanCase,
    RequestKind,
    RequestState,
    ServiceRequest,
    StatementLine,
    Step,
    Wish,
)
from bot.servicing.requests.numbers import fresh_number
from bot.servicing.requests.rules import MUST_SAY, Bench, drafted
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    CustomerRow,
    LoanRow,
    RepaymentRow,
    ServiceRequestEventRow,
    ServiceRequestRow,
)
from bot.settings import Settings
from bot.store.engine import Sessions
from bot.store.vault import Vault

log = structlog.get_logger(__name__)

PREFIX = "FW"  #: 服务
SETTLED = "settled"
MADE_AT_ONCE = (Step.ACCEPT, Step.COMPLETE)
RECORD = "record"  #: who takes the steps of what the record makes by itself


class Requests:
    """Service requests of verified customers. ``key`` (the turn's id) makes a repeated write harmless."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        vault: Vault,
        identity: IdentityCheck,
        calendar: WorkingCalendar,
        policy: Policy,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._identity = identity
        self._calendar = calendar
        self._policy = policy

    async def is_verified(self, conversation_id: str) -> bool:
        """Whether the conversation has proved who it is, not too long ago."""
        async with self._sessions() as session:
            return await self._identity.verified_customer(session, conversation_id) is not None

    async def loans(self, conversation_id: str) -> tuple[LoanBrief, ...]:
        """The loans that a request of the verified customer may be about, those that run first; ``NotVerified``."""
        async with self._sessions() as session:
            own = await loans_of(session, await self._customer(session, conversation_id))
            return tuple(sorted((brief_of(*pair) for pair in own), key=lambda brief: brief.is_settled))

    async def prepare(
        self, conversation_id: str, kind: RequestKind, wish: Wish, loan: LoanRef | None = None
    ) -> Draft:
        """The request as it would be submitted, with its figures; writes nothing. Without ``loan``: of the only one.

        ``NotVerified``; ``RequestRefused`` with the reason; ``WishIncomplete`` when something is not said (what
        holds whatever is wished for is refused before).
        """
        async with self._sessions() as session:
            case = await self._case(session, conversation_id, loan)
            return drafted(kind, wish, await self._bench(session, case))

    async def submit(self, conversation_id: str, draft: Draft, key: str) -> ServiceRequest:
        """Store the request that was confirmed, with the figures that were told.

        The same key gives the same request again. ``DraftOutdated`` when the figures are others by now; and what
        ``prepare`` raises.
        """
        async with self._sessions.begin() as session:
            earlier = await self._earlier(session, conversation_id, key)
            if earlier is not None:
                return await self._told(session, earlier)
            case = await self._case(session, conversation_id, draft.loan, is_for_update=True)
            now_right = drafted(draft.kind, draft.wish, await self._bench(session, case))
            for field in MUST_SAY.get(draft.kind, ()):
                if field not in now_right.wish:
                    raise WishIncomplete(field)
            if now_right.digest != draft.digest:
                raise DraftOutdated(now_right)
            row = ServiceRequestRow(
                request_no=await self._number(session),
                key=key,
                kind=draft.kind.value,
                state=RequestState.SUBMITTED.value,
                customer_id=case.customer_id,
                application_id=case.application_id,
                loan_id=case.loan_id,
                conversation_id=conversation_id,
                wish=dict(now_right.wish),
                figures=dict(now_right.figures),
                created_at=self._clock.now(),
                promised_at=now_right.promised_at,
            )
            session.add(row)
            await session.flush()
            self._note(session, row, f"conversation:{conversation_id}")
            if draft.kind.is_made_at_once:
                for step in MADE_AT_ONCE:
                    self._take(session, row, step, RECORD)
            request = await self._told(session, row)
        log.info("request.submitted", request=request.request_no, kind=request.kind, state=request.state)
        return request

    async def withdraw(self, conversation_id: str, request_no: str) -> ServiceRequest:
        """Take one's own request back while it is only submitted; one that was withdrawn already stays so."""
        async with self._sessions.begin() as session:
            customer_id = await self._customer(session, conversation_id)
            row = await self._row(session, request_no)
            if row is None or row.customer_id != customer_id:
                raise UnknownRequest(request_no)
            if row.state != RequestState.WITHDRAWN:
                self._take(session, row, Step.WITHDRAW, f"conversation:{conversation_id}")
            request = await self._told(session, row)
        log.info("request.withdrawn", request=request_no)
        return request

    async def advance(
        self, request_no: str, step: Step, actor: str, note: str | None = None
    ) -> ServiceRequest:
        """The bank's side: take up, complete or refuse. ``UnknownRequest``, ``IllegalStep``."""
        async with self._sessions.begin() as session:
            row = await self._row(session, request_no)
            if row is None:
                raise UnknownRequest(request_no)
            self._take(session, row, step, actor, note)
            request = await self._told(session, row)
        log.info("request.advanced", request=request_no, state=request.state, actor=actor)
        return request

    async def of_customer(self, conversation_id: str) -> tuple[ServiceRequest, ...]:
        """Every request of the verified customer, newest first."""
        async with self._sessions.begin() as session:
            customer_id = await self._customer(session, conversation_id)
            rows = (
                await session.scalars(
                    select(ServiceRequestRow)
                    .where(ServiceRequestRow.customer_id == customer_id)
                    .order_by(ServiceRequestRow.id.desc())
                )
            ).all()
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=f"conversation:{conversation_id}",
                    action="request.list_read",
                    subject=f"customer:{customer_id}",
                )
            )
            return tuple([await self._told(session, row) for row in rows])

    async def certificate(self, request_no: str, conversation_id: str) -> Certificate | None:
        """What is printed on the certificate of a request; None unless this conversation asked for it.

        The conversation must still be verified for that customer: an address that was kept opens nothing later.
        """
        async with self._sessions.begin() as session:
            customer_id = await self._identity.verified_customer(session, conversation_id)
            row = await self._row(session, request_no)
            if row is None or (row.customer_id, row.conversation_id) != (customer_id, conversation_id):
                return None
            kind = RequestKind(row.kind)
            if not kind.is_made_at_once or row.state != RequestState.DONE:
                return None
            loan = await session.get_one(LoanRow, row.loan_id)
            customer = await session.get_one(CustomerRow, row.customer_id)
            application = await session.get_one(ApplicationRow, loan.application_id)
            session.add(self._audit(f"conversation:{conversation_id}", "certificate_read", row))
        today = china_date(self._clock)
        settled_on, year = row.figures.get("settled_on"), row.wish.get("year")
        return Certificate(
            kind=kind,
            number=row.request_no,
            made_on=row.created_at.astimezone(CHINA).date(),
            name=self._vault.decrypt(customer.name_encrypted),
            id_masked=mask_id_number(self._vault.decrypt(customer.id_number_encrypted)),
            loan_no=loan.loan_no or application.application_no,
            principal=loan.principal,
            term_months=loan.term_months,
            paid_out_on=loan.paid_out_on,
            bank=str(self._policy.fact("service.bank_name", today).items[0]),
            settled_on=datetime.fromisoformat(settled_on).date() if settled_on else None,
            year=int(year) if year else None,
            lines=tuple(StatementLine.of(*line) for line in json.loads(row.figures.get("lines", "[]"))),
        )

    @property
    def certificate_life(self) -> timedelta:
        """How long the address of a certificate opens it."""
        return timedelta(minutes=self._policy.fact("request.certificate_time", china_date(self._clock)).whole)

    async def _customer(self, session: AsyncSession, conversation_id: str) -> int:
        customer_id = await self._identity.verified_customer(session, conversation_id)
        if customer_id is None:
            raise NotVerified
        return customer_id

    async def _case(
        self,
        session: AsyncSession,
        conversation_id: str,
        wanted: LoanRef | None,
        *,
        is_for_update: bool = False,
    ) -> LoanCase:
        """The verified customer's loan that is wanted, else the only one."""
        customer_id = await self._customer(session, conversation_id)
        own = await loans_of(session, customer_id, is_for_update=is_for_update)
        cases = [_case_of(*pair) for pair in own]
        if wanted is not None:
            cases = [case for case in cases if case.ref == wanted]
        if not cases:
            raise RequestRefused(Reason.NO_LOAN)
        if len(cases) > 1:
            raise RequestRefused(Reason.WHICH_LOAN)
        return cases[0]

    async def _bench(self, session: AsyncSession, case: LoanCase) -> Bench:
        past = (
            await session.scalars(
                select(ServiceRequestRow)
                .where(ServiceRequestRow.loan_id == case.loan_id)
                .order_by(ServiceRequestRow.id)
            )
        ).all()
        paid = await self._paid(session, case.loan_id)
        return Bench(case, past, paid, self._policy, self._calendar, self._clock.now())

    @staticmethod
    async def _paid(session: AsyncSession, loan_id: int) -> Sequence[RepaymentRow]:
        query = select(RepaymentRow).where(RepaymentRow.loan_id == loan_id).order_by(RepaymentRow.due_on)
        return (await session.scalars(query)).all()

    async def _earlier(
        self, session: AsyncSession, conversation_id: str, key: str
    ) -> ServiceRequestRow | None:
        """The request that this key already made."""
        row = await session.scalar(select(ServiceRequestRow).where(ServiceRequestRow.key == key))
        if row is not None and row.conversation_id != conversation_id:
            raise KeyReused(key)
        return row

    async def _row(self, session: AsyncSession, request_no: str) -> ServiceRequestRow | None:
        query = select(ServiceRequestRow).where(ServiceRequestRow.request_no == request_no)
        return await session.scalar(query.with_for_update())

    async def _number(self, session: AsyncSession) -> str:
        return await fresh_number(session, ServiceRequestRow.request_no, PREFIX, self._clock)

    def _take(
        self, session: AsyncSession, row: ServiceRequestRow, step: Step, actor: str, note: str | None = None
    ) -> None:
        try:
            following = RequestState(row.state).after(step)
        except ValueError as exc:
            raise IllegalStep(row.request_no, str(exc)) from exc
        row.state = following.value
        if not following.is_open:
            row.ended_at = self._clock.now()
        self._note(session, row, actor, note)

    def _note(
        self, session: AsyncSession, row: ServiceRequestRow, actor: str, note: str | None = None
    ) -> None:
        session.add(
            ServiceRequestEventRow(
                request_id=row.id,
                state=row.state,
                actor=actor,
                note=note,
                at=self._clock.now(),
                is_untold=not actor.startswith("conversation:"),
            )
        )
        session.add(self._audit(actor, row.state, row))

    def _audit(self, actor: str, what: str, row: ServiceRequestRow) -> AuditEventRow:
        return AuditEventRow(
            at=self._clock.now(),
            actor=actor,
            action=f"request.{what}",
            subject=f"request:{row.request_no}",
            detail={"kind": row.kind},
        )

    @staticmethod
    async def _told(session: AsyncSession, row: ServiceRequestRow) -> ServiceRequest:
        application = await session.get(ApplicationRow, row.application_id) if row.application_id else None
        note = await session.scalar(
            select(ServiceRequestEventRow.note)
            .where(ServiceRequestEventRow.request_id == row.id)
            .order_by(ServiceRequestEventRow.id.desc())
            .limit(1)
        )
        return ServiceRequest(
            request_no=row.request_no,
            kind=RequestKind(row.kind),
            state=RequestState(row.state),
            application_no=application.application_no if application else "",
            wish=row.wish,
            figures=row.figures,
            created_at=row.created_at,
            promised_at=row.promised_at,
            ended_at=row.ended_at,
            note=note,
        )


def _case_of(loan: LoanRow, application: ApplicationRow) -> LoanCase:
    return LoanCase(
        loan_id=loan.id,
        customer_id=loan.customer_id,
        application_id=application.id,
        application_no=application.application_no,
        kind=LoanKind.of(loan.kind, application.product),
        principal=loan.principal,
        balance=loan.balance,
        annual_rate=loan.annual_rate,
        term_months=loan.term_months,
        method=Method(loan.method),
        repayment_day=loan.repayment_day,
        first_due=loan.first_due,
        account_tail=loan.account_tail,
        paid_out_on=loan.paid_out_on,
        arrears=loan.arrears_amount,
        is_settled=loan.state == SETTLED or not loan.balance,
    )


def make_requests(settings: Settings, sessions: Sessions, policy: Policy) -> Requests:
    """Requests as the settings say."""
    vault = Vault(settings.secret("vault"))
    return Requests(
        sessions=sessions,
        clock=settings.clock,
        vault=vault,
        identity=IdentityCheck(sessions, settings.clock, vault, NoCodeSender(), policy),  # it sends none here
        calendar=WorkingCalendar.from_policy(policy, china_date(settings.clock)),
        policy=policy,
    )


def make_complaints(settings: Settings, sessions: Sessions, policy: Policy) -> Complaints:
    """Complaints as the settings say."""
    vault = Vault(settings.secret("vault"))
    identity = IdentityCheck(sessions, settings.clock, vault, NoCodeSender(), policy)
    return Complaints(sessions, settings.clock, identity, policy)
