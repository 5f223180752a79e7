"""What the rest of the house asks of servicing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from bot.clock import Clock, china_date
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.errors import IllegalTransition, NotVerified, UnknownApplication
from bot.servicing.identity import IdentityCheck, normal_number
from bot.servicing.model import (
    ApplicationState,
    LoanOnRecord,
    Outcome,
    Position,
    Product,
    Progress,
    Stage,
    instalments_due,
)
from bot.servicing.ports import CodeSender, LogCodeSender, NoCodeSender, Policy
from bot.servicing.progress import Case, Durations, progress_of, stage_ends
from bot.servicing.store import ApplicationRow, AuditEventRow, LoanRow, StageEventRow
from bot.settings import Settings
from bot.store.engine import Sessions
from bot.store.vault import Vault


class Servicing:
    """Applications behind the identity check. ``key`` (the turn's id) makes a repeated write harmless."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        vault: Vault,
        codes: CodeSender,
        calendar: WorkingCalendar,
        policy: Policy,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._calendar = calendar
        self._policy = policy
        self._identity = IdentityCheck(sessions, clock, vault, codes, policy)

    async def begin_verification(
        self, conversation_id: str, application_no: str, id_last4: str, key: str
    ) -> None:
        """Check the ID digits and send a code to the phone on record.

        ``IdentityRefused`` whatever was wrong, ``VerificationLocked`` after too many failures (with the one
        that reaches the limit already), ``CodeNotSent`` when the gateway fails.
        """
        await self._identity.begin(conversation_id, application_no, id_last4, key)

    async def confirm_code(self, conversation_id: str, application_no: str, code: str, key: str) -> None:
        """Take the code; ``WrongCode``, ``CodeExpired`` or ``VerificationLocked`` when it does not do."""
        await self._identity.confirm(conversation_id, application_no, code, key)

    async def is_verified(self, conversation_id: str, application_no: str) -> bool:
        """Whether the conversation may see the application now."""
        async with self._sessions() as session:
            return await self._identity.is_verified(session, conversation_id, application_no)

    async def progress(self, conversation_id: str, application_no: str) -> Progress:
        """Where the application stands; ``NotVerified`` before the check or when it has grown old."""
        async with self._sessions.begin() as session:
            if not await self._identity.is_verified(session, conversation_id, application_no):
                raise NotVerified
            application = await session.scalar(
                select(ApplicationRow).where(ApplicationRow.application_no == normal_number(application_no))
            )
            if application is None:
                raise UnknownApplication(application_no)
            events = (
                await session.execute(
                    select(StageEventRow.stage, StageEventRow.outcome, StageEventRow.at).where(
                        StageEventRow.application_id == application.id
                    )
                )
            ).all()
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=f"conversation:{conversation_id}",
                    action="application.progress_read",
                    subject=f"application:{application.application_no}",
                )
            )
        today = china_date(self._clock)
        case = Case(
            application_no=application.application_no,
            product=Product(application.product),
            state=ApplicationState(application.state),
            stage=Stage(application.stage),
            submitted_at=application.submitted_at,
            ends=stage_ends((stage, outcome, at) for stage, outcome, at in events),
        )
        return progress_of(case, Durations.of(self._policy, today), self._calendar, today)

    async def loan_on_record(self, conversation_id: str) -> LoanOnRecord | None:
        """The running loan of the application that this conversation is verified for; None without one."""
        async with self._sessions.begin() as session:
            verified = await self._identity.verified_application(session, conversation_id)
            if verified is None:
                return None
            found = (
                await session.execute(
                    select(LoanRow, ApplicationRow)
                    .join(ApplicationRow, ApplicationRow.id == LoanRow.application_id)
                    .where(LoanRow.application_id == verified, LoanRow.balance > Decimal(0))
                )
            ).first()
            if found is None:
                return None
            loan, application = found
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=f"conversation:{conversation_id}",
                    action="loan.read",
                    subject=f"application:{application.application_no}",
                )
            )
        return LoanOnRecord(
            application_no=application.application_no,
            product=Product(application.product),
            principal=loan.principal,
            balance=loan.balance,
            annual_rate=loan.annual_rate,
            term_months=loan.term_months,
            paid_months=instalments_due(loan.first_due, loan.repayment_day, china_date(self._clock)),
            method=loan.method,
            repayment_day=loan.repayment_day,
            spread_bp=loan.spread_bp,
        )

    async def record_stage(
        self, application_no: str, stage: Stage, outcome: Outcome, at: datetime, *, actor: str = "core"
    ) -> Position:
        """Note that a stage ended. The same event again changes nothing; an impossible one is refused."""
        async with self._sessions.begin() as session:
            application = await session.scalar(
                select(ApplicationRow)
                .where(ApplicationRow.application_no == normal_number(application_no))
                .with_for_update()
            )
            if application is None:
                raise UnknownApplication(application_no)
            position = Position(ApplicationState(application.state), Stage(application.stage))
            events = (
                await session.scalars(
                    select(StageEventRow).where(StageEventRow.application_id == application.id)
                )
            ).all()
            if any((event.stage, event.outcome, event.at) == (stage, outcome, at) for event in events):
                return position
            last = max((event.at for event in events), default=application.submitted_at)
            if at < last:
                raise IllegalTransition(application.application_no, f"{at} lies before {last}")
            try:
                following = position.after(stage, outcome)
            except ValueError as exc:
                raise IllegalTransition(application.application_no, str(exc)) from exc
            session.add(
                StageEventRow(application_id=application.id, stage=stage.value, outcome=outcome.value, at=at)
            )
            application.state, application.stage = following.state.value, following.stage.value
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=actor,
                    action=f"application.{stage.value}.{outcome.value}",
                    subject=f"application:{application.application_no}",
                )
            )
        return following


def make_servicing(
    settings: Settings, sessions: Sessions, policy: Policy, codes: CodeSender | None = None
) -> Servicing:
    """Servicing as the settings say; without a sender, codes go to the log, in development only."""
    if codes is None:
        codes = LogCodeSender() if settings.is_development else NoCodeSender()
    return Servicing(
        sessions=sessions,
        clock=settings.clock,
        vault=Vault(settings.secret("vault")),
        codes=codes,
        calendar=WorkingCalendar.from_policy(policy, china_date(settings.clock)),
        policy=policy,
    )
