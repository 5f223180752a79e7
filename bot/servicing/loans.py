"""The loans of the customer who was proved, read from the record; every reading is noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.lending import Method
from bot.servicing.errors import NotVerified, UnknownLoan
from bot.servicing.identity import IdentityCheck
from bot.servicing.loan_brief import LoanBrief, LoanRef
from bot.servicing.loan_view import (
    LoanRecord,
    LoanView,
    Repayment,
    RepricingRule,
    view_of,
)
from bot.servicing.model import (
    LoanKind,
    LoanOnRecord,
    LoanState,
    RateKind,
    RepaymentKind,
    instalments_due,
)
from bot.servicing.ports import Policy
from bot.servicing.rates import rate_in_force
from bot.servicing.store import ApplicationRow, AuditEventRow, LoanRow, RepaymentRow


class Loans:
    """Reads loans for a conversation that has proved whose they are."""

    def __init__(self, clock: Clock, identity: IdentityCheck, policy: Policy) -> None:
        self._clock = clock
        self._identity = identity
        self._policy = policy

    async def of_customer(self, session: AsyncSession, conversation_id: str) -> tuple[LoanBrief, ...]:
        """All loans of the customer, those that run first; ``NotVerified`` before the check."""
        customer = await self._customer(session, conversation_id)
        self._note(session, conversation_id, "customer.loans_read", f"customer:{customer}")
        briefs = [brief_of(loan, application) for loan, application in await loans_of(session, customer)]
        return tuple(sorted(briefs, key=lambda brief: brief.is_settled))

    async def view(self, session: AsyncSession, conversation_id: str, wanted: LoanRef) -> LoanView:
        """One of the customer's loans; ``NotVerified`` or ``UnknownLoan``."""
        customer = await self._customer(session, conversation_id)
        own = await loans_of(session, customer)
        found = next((pair for pair in own if brief_of(*pair).ref == wanted), None)
        if found is None:
            raise UnknownLoan
        loan, application = found
        self._note(session, conversation_id, "loan.read", f"loan:{wanted}")
        return await viewed(session, loan, application, self._policy, china_date(self._clock))

    async def on_record(
        self, session: AsyncSession, conversation_id: str, wanted: LoanRef | None
    ) -> LoanOnRecord | None:
        """The running loan that is meant, else the only one; None when that leaves none, or nobody is verified."""
        customer = await self._identity.verified_customer(session, conversation_id)
        if customer is None:
            return None
        running = [pair for pair in await loans_of(session, customer) if not brief_of(*pair).is_settled]
        meant = [pair for pair in running if brief_of(*pair).ref == wanted] if wanted else running
        if len(meant) != 1:
            return None
        loan, application = meant[0]
        today, ref = china_date(self._clock), brief_of(loan, application).ref
        annual_rate = await rate_in_force(session, loan, today)
        self._note(session, conversation_id, "loan.read", f"loan:{ref}")
        return LoanOnRecord(
            application_no=ref.application_no,
            kind=ref.kind,
            principal=loan.principal,
            balance=loan.balance,
            annual_rate=annual_rate,
            term_months=loan.term_months,
            paid_months=instalments_due(loan.first_due, loan.repayment_day, today),
            method=loan.method,
            repayment_day=loan.repayment_day,
            spread_bp=loan.spread_bp,
        )

    async def _customer(self, session: AsyncSession, conversation_id: str) -> int:
        customer = await self._identity.verified_customer(session, conversation_id)
        if customer is None:
            raise NotVerified
        return customer

    def _note(self, session: AsyncSession, conversation_id: str, action: str, subject: str) -> None:
        session.add(
            AuditEventRow(
                at=self._clock.now(), actor=f"conversation:{conversation_id}", action=action, subject=subject
            )
        )


async def loans_of(
    session: AsyncSession, customer_id: int, *, is_for_update: bool = False
) -> list[tuple[LoanRow, ApplicationRow]]:
    """The customer's loans with their applications, the oldest first, the commercial part before the fund's."""
    query = (
        select(LoanRow, ApplicationRow)
        .join(ApplicationRow, ApplicationRow.id == LoanRow.application_id)
        .where(LoanRow.customer_id == customer_id)
        .order_by(LoanRow.first_due, LoanRow.application_id, LoanRow.kind)
    )
    if is_for_update:
        query = query.with_for_update()
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


def brief_of(loan: LoanRow, application: ApplicationRow) -> LoanBrief:
    """The loan's row in a line."""
    return LoanBrief(
        application_no=application.application_no,
        kind=LoanKind.of(loan.kind, application.product),
        principal=loan.principal,
        balance=loan.balance,
        account_tail=loan.account_tail,
        is_settled=loan.state == LoanState.SETTLED or not loan.balance,
    )


async def viewed(
    session: AsyncSession, loan: LoanRow, application: ApplicationRow, policy: Policy, today: date
) -> LoanView:
    """The loan with all that was paid, as it stands on a day; whoever asks has made sure that they may."""
    rows = (await session.scalars(select(RepaymentRow).where(RepaymentRow.loan_id == loan.id))).all()
    return view_of(record_of(loan, application), _history(rows), policy, today)


def record_of(loan: LoanRow, application: ApplicationRow) -> LoanRecord:
    """The loan's row as a value."""
    is_floating = loan.rate_kind == RateKind.FLOATING
    return LoanRecord(
        application_no=application.application_no,
        loan_no=loan.loan_no,
        kind=LoanKind.of(loan.kind, application.product),
        state=LoanState(loan.state),
        principal=loan.principal,
        balance=loan.balance,
        annual_rate=loan.annual_rate,
        method=Method(loan.method),
        term_months=loan.term_months,
        repayment_day=loan.repayment_day,
        first_due=loan.first_due,
        paid_out_on=loan.paid_out_on,
        account_tail=loan.account_tail,
        is_floating=is_floating,
        spread_bp=loan.spread_bp,
        repricing=_rule(loan) if is_floating else None,
        arrears_amount=loan.arrears_amount,
        arrears_since=loan.arrears_since,
    )


def _rule(loan: LoanRow) -> RepricingRule | None:
    """When and how the rate is set anew; None unless all of it is on record."""
    month, day, spread = loan.repricing_month, loan.repricing_day, loan.spread_bp
    if month is None or day is None or spread is None or not loan.repricing_cycle_months:
        return None
    return RepricingRule(month=month, day=day, cycle_months=loan.repricing_cycle_months, spread_bp=spread)


def _history(rows: Sequence[RepaymentRow]) -> list[Repayment]:
    return [
        Repayment(
            kind=RepaymentKind(row.kind),
            due_on=row.due_on,
            paid_on=row.paid_on,
            principal=row.principal,
            interest=row.interest,
            penalty=row.penalty,
            balance_after=row.balance_after,
        )
        for row in rows
    ]
