"""The loans of the customer who was proved, read from the record; every reading is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.lending import Method
from bot.servicing.errors import NotVerified, UnknownLoan
from bot.servicing.identity import IdentityCheck, normal_number
from bot.servicing.loan_view import (
    LoanRecord,
    LoanView,
    Repayment,
    RepricingRule,
    view_of,
)
from bot.servicing.model import LoanState, Product, RateKind, RepaymentKind
from bot.servicing.ports import Policy
from bot.servicing.store import ApplicationRow, AuditEventRow, LoanRow, RepaymentRow


@dataclass(frozen=True, kw_only=True)
class LoanBrief:
    """One of a customer's loans, in a line."""

    application_no: str
    product: Product
    principal: Decimal
    account_tail: str
    is_settled: bool


class Loans:
    """Reads loans for a conversation that has proved whose they are."""

    def __init__(self, clock: Clock, identity: IdentityCheck, policy: Policy) -> None:
        self._clock = clock
        self._identity = identity
        self._policy = policy

    async def of_customer(self, session: AsyncSession, conversation_id: str) -> tuple[LoanBrief, ...]:
        """All loans of the customer, those that run first; ``NotVerified`` before the check."""
        customer = await self._customer(session, conversation_id)
        found = (
            await session.execute(
                select(LoanRow, ApplicationRow)
                .join(ApplicationRow, ApplicationRow.id == LoanRow.application_id)
                .where(LoanRow.customer_id == customer)
                .order_by(LoanRow.first_due, LoanRow.id)
            )
        ).all()
        self._note(session, conversation_id, "customer.loans_read", f"customer:{customer}")
        briefs = [
            LoanBrief(
                application_no=application.application_no,
                product=Product(application.product),
                principal=loan.principal,
                account_tail=loan.account_tail,
                is_settled=loan.state == LoanState.SETTLED or not loan.balance,
            )
            for loan, application in found
        ]
        return tuple(sorted(briefs, key=lambda brief: brief.is_settled))

    async def view(self, session: AsyncSession, conversation_id: str, application_no: str) -> LoanView:
        """The loan of one of the customer's applications; ``NotVerified`` or ``UnknownLoan``."""
        customer = await self._customer(session, conversation_id)
        found = (
            await session.execute(
                select(LoanRow, ApplicationRow)
                .join(ApplicationRow, ApplicationRow.id == LoanRow.application_id)
                .where(
                    LoanRow.customer_id == customer,
                    ApplicationRow.application_no == normal_number(application_no),
                )
            )
        ).one_or_none()
        if found is None:
            raise UnknownLoan
        loan, application = found
        self._note(session, conversation_id, "loan.read", f"application:{application.application_no}")
        return await viewed(session, loan, application, self._policy, china_date(self._clock))

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
        product=Product(application.product),
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
