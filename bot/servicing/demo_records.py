"""What hangs on a demonstration application: its documents, and of a loan its number, rates and repayments.

Worked out from what is stored, so databases that were seeded before these existed get them too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA
from bot.lending import (
    DueDates,
    Event,
    Instalment,
    Loan,
    Method,
    Prepayment,
    PrepaymentOption,
    RateChange,
    due_dates,
    instalments,
)
from bot.lending.days import add_months
from bot.servicing.model import (
    ApplicationState,
    DocumentKind,
    DocumentState,
    LoanKind,
    LoanState,
    Product,
    Refusal,
    RepaymentKind,
    Stage,
)
from bot.servicing.ports import Policy
from bot.servicing.store import (
    ApplicationRow,
    CustomerRow,
    DocumentRow,
    LoanRateRow,
    LoanRow,
    RepaymentRow,
    StageEventRow,
)

CYCLE_MONTHS = 12


@dataclass(frozen=True)
class Past:
    """What happened to a loan beside its instalments."""

    prepaid: Decimal = Decimal(0)  #: after half of the instalments so far; the payment became smaller
    is_settled: bool = False  #: with the last instalment but two
    is_overdue: bool = False  #: the last instalment was not paid


PASTS = {
    "FX2024050001": Past(prepaid=Decimal(50_000)),
    "FX2025020001": Past(is_overdue=True),
    "FX2021080001": Past(is_settled=True),
}
#: Documents of the applications that documentation and tests name; the others' are drawn.
STATES = {
    "FX2026110002": {
        DocumentKind.MARRIAGE: DocumentState.RECEIVED,
        DocumentKind.STATEMENT: DocumentState.MISSING,
        DocumentKind.PROOF: DocumentState.REFUSED,
    },
}
REFUSALS = {"FX2026100002": Refusal.INCOME_TOO_LOW}


async def complete(session: AsyncSession, numbers: Sequence[str], policy: Policy, today: date) -> None:
    """Add what the applications with these numbers lack; nothing happens to one that has it all."""
    found = await session.execute(
        select(ApplicationRow, LoanRow, CustomerRow)
        .join(CustomerRow, CustomerRow.id == ApplicationRow.customer_id)
        .outerjoin(LoanRow, LoanRow.application_id == ApplicationRow.id)
        .where(ApplicationRow.application_no.in_(numbers))
        .order_by(ApplicationRow.application_no, LoanRow.kind)
    )
    documented = set(await session.scalars(select(DocumentRow.application_id)))
    for application, loan, customer in found:
        chance = random.Random(application.application_no)
        customer.customer_no = customer.customer_no or f"KH{application.application_no[2:]}"
        if application.state == ApplicationState.REJECTED and application.refusal is None:
            refusal = REFUSALS.get(application.application_no) or chance.choice(tuple(Refusal))
            application.refusal = refusal.value
        if application.id not in documented:
            documented.add(application.id)
            session.add_all(_documents(application, chance))
        if loan is not None and loan.loan_no is None:
            paid_out = await session.scalar(
                select(StageEventRow.at).where(
                    StageEventRow.application_id == application.id,
                    StageEventRow.stage == Stage.DISBURSEMENT.value,
                )
            )
            paid_out_on = _day(paid_out or application.submitted_at)
            session.add_all(_loan_history(application, loan, paid_out_on, policy, today))


def _documents(application: ApplicationRow, chance: random.Random) -> Iterator[DocumentRow]:
    """All accepted once the check of documents is over; before that some are missing or refused."""
    work = DocumentKind.BUSINESS if chance.random() < 0.25 else DocumentKind.PROOF
    is_open = application.stage == Stage.DOCUMENT_CHECK and application.state == ApplicationState.IN_PROGRESS
    states = STATES.get(application.application_no)
    if states is not None:
        work = DocumentKind.PROOF
    kinds = [
        DocumentKind.IDENTITY,
        DocumentKind.HOUSEHOLD_BOOK,
        DocumentKind.MARRIAGE,
        DocumentKind.STATEMENT,
        work,
        DocumentKind.PURCHASE,
    ]
    if chance.random() < 0.3:
        kinds.append(DocumentKind.VALUATION)
    if states is None:
        states = {kind: chance.choice(tuple(DocumentState)) for kind in kinds[1:]} if is_open else {}
    submitted_on = _day(application.submitted_at)
    for kind in kinds:
        state = states.get(kind, DocumentState.ACCEPTED)
        is_there = state is not DocumentState.MISSING
        issued_on = submitted_on - timedelta(days=chance.randrange(5, 25))
        yield DocumentRow(
            application_id=application.id,
            kind=kind.value,
            state=state.value,
            issued_on=issued_on if is_there else None,
            valid_until=add_months(issued_on, 60) if is_there and kind is DocumentKind.IDENTITY else None,
            months_covered=12 if is_there and kind is DocumentKind.STATEMENT else None,
            received_at=application.submitted_at if is_there else None,
            changed_at=application.submitted_at,
        )


def _loan_history(
    application: ApplicationRow, loan: LoanRow, paid_out_on: date, policy: Policy, today: date
) -> Iterator[RepaymentRow | LoanRateRow]:
    """Rates and repayments up to today; the loan itself is brought to where they lead."""
    past = PASTS.get(application.application_no, Past())
    is_fund = LoanKind.of(loan.kind, application.product) is LoanKind.PROVIDENT_FUND
    is_second = is_fund and application.product == Product.COMBINED
    loan.loan_no = f"DK{int(application.application_no[2:]) + is_second}"
    loan.paid_out_on = paid_out_on
    on_anniversary = not is_fund and loan.repayment_day % 2 == 0
    loan.repricing_month = paid_out_on.month if on_anniversary else 1
    loan.repricing_day = min(paid_out_on.day, 28) if on_anniversary else 1
    loan.repricing_cycle_months = CYCLE_MONTHS
    rates = dict(_rates(loan, paid_out_on, is_fund, policy, today))
    due = DueDates(loan.first_due, loan.repayment_day)
    fallen_due = sum(1 for _ in takewhile(lambda day: day <= today, due_dates(due, ())))
    first, *later = rates.items()
    events: list[Event] = [RateChange(_first_whole_period(due, day), rate) for day, rate in later]
    if past.prepaid:
        events.append(Prepayment(fallen_due // 2, past.prepaid, PrepaymentOption.LOWER_PAYMENT))
    plan = instalments(
        Loan(loan.principal, first[1], loan.term_months, Method(loan.method)),
        due,
        [event for event in events if not isinstance(event, RateChange) or event.period <= loan.term_months],
    )
    rows = list(takewhile(lambda row: row.due_date is not None and row.due_date <= today, plan))
    loan.annual_rate = list(rates.values())[-1]
    for day, rate in rates.items():
        yield LoanRateRow(loan_id=loan.id, effective_on=day, annual_rate=rate)
    yield from _repayments(loan, rows[:-2] if past.is_settled else rows, past)


def _rates(
    loan: LoanRow, paid_out_on: date, is_fund: bool, policy: Policy, today: date
) -> Iterator[tuple[date, Decimal]]:
    """The rate at the start and at every repricing date since, with today's spread."""
    spread = Decimal(loan.spread_bp or 0) / 10_000
    key = "provident_fund.first_home_over_5y" if is_fund else "lpr.over_5y"
    assert loan.repricing_month is not None
    assert loan.repricing_day is not None
    days = [paid_out_on]
    days += (
        date(year, loan.repricing_month, loan.repricing_day)
        for year in range(paid_out_on.year + 1, today.year + 1)
    )
    for day in days:
        if day <= today:
            yield day, policy.fact(key, day).fraction + spread


def _first_whole_period(due: DueDates, day: date) -> int:
    """The first instalment whose month begins on the day or later."""
    return sum(1 for _ in takewhile(lambda when: when < day, due_dates(due, ()))) + 2


def _repayments(loan: LoanRow, rows: Sequence[Instalment], past: Past) -> Iterator[RepaymentRow]:
    loan.balance = loan.principal
    for row in rows:
        assert row.due_date is not None
        is_unpaid = past.is_overdue and row is rows[-1]
        if is_unpaid:
            loan.arrears_amount, loan.arrears_since = row.payment, row.due_date
        else:
            loan.balance = row.balance
        yield RepaymentRow(
            loan_id=loan.id,
            kind=RepaymentKind.INSTALMENT.value,
            due_on=row.due_date,
            paid_on=None if is_unpaid else row.due_date,
            principal=row.principal,
            interest=row.interest,
            balance_after=None if is_unpaid else row.balance + row.prepaid,
        )
        if row.prepaid:
            yield _paid_back(loan, RepaymentKind.PREPAYMENT, row.due_date, row.prepaid, row.balance)
    if past.is_settled and rows and rows[-1].due_date is not None:
        yield _paid_back(loan, RepaymentKind.SETTLEMENT, rows[-1].due_date, loan.balance, Decimal("0.00"))
        loan.balance, loan.state = Decimal("0.00"), LoanState.SETTLED.value


def _paid_back(
    loan: LoanRow, kind: RepaymentKind, on: date, amount: Decimal, balance_after: Decimal
) -> RepaymentRow:
    return RepaymentRow(
        loan_id=loan.id,
        kind=kind.value,
        due_on=on,
        paid_on=on,
        principal=amount,
        interest=Decimal("0.00"),
        balance_after=balance_after,
    )


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
