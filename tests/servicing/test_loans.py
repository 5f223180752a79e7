"""The loans of the customer who was proved, and of nobody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.servicing import Servicing
from bot.servicing.errors import NotVerified, UnknownLoan
from bot.servicing.loan_brief import LoanRef
from bot.servicing.model import LoanKind
from bot.servicing.store import ApplicationRow, AuditEventRow, LoanRow, RepaymentRow
from bot.store.engine import Sessions
from tests.servicing.conftest import CHAT, RememberedCodes

OLD, OLD_LAST4 = "FX2023030001", "1015"
OVERDUE, OVERDUE_LAST4 = "FX2025020001", "404X"
OTHERS = "FX2024050001"


FUND = LoanKind.PROVIDENT_FUND


def of(number: str, kind: LoanKind = LoanKind.COMMERCIAL) -> LoanRef:
    return LoanRef(number, kind)


async def verify(servicing: Servicing, codes: RememberedCodes, no: str, last4: str) -> None:
    await servicing.begin_verification(CHAT, no, last4, f"{no}1")
    await servicing.confirm_code(CHAT, no, codes.last, f"{no}2")


async def test_nobody_sees_a_loan_without_proof(servicing: Servicing) -> None:
    with pytest.raises(NotVerified):
        await servicing.loans(CHAT)
    with pytest.raises(NotVerified):
        await servicing.loan_view(CHAT, of(OLD))


async def test_only_the_own_loan_is_shown(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    await verify(servicing, codes, OLD, OLD_LAST4)
    (brief,) = await servicing.loans(CHAT)
    assert (brief.application_no, brief.is_settled) == (OLD, False)
    assert (await servicing.loan_view(CHAT, of(OLD))).record.loan_no == "DK2023030001"
    for number in (OTHERS, "FX2099999999", ""):
        with pytest.raises(UnknownLoan):
            await servicing.loan_view(CHAT, of(number))
    with pytest.raises(NotVerified):
        await servicing.loan_view("conversation-2", of(OLD))
    clock.advance(minutes=31)
    with pytest.raises(NotVerified):
        await servicing.loan_view(CHAT, of(OLD))


async def test_what_was_paid_is_the_sum_of_the_rows(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, OLD, OLD_LAST4)
    told = await servicing.loan_view(CHAT, of(OLD))
    async with sessions() as session:
        rows = list(
            await session.scalars(
                select(RepaymentRow)
                .join(LoanRow, LoanRow.id == RepaymentRow.loan_id)
                .where(LoanRow.loan_no == "DK2023030001")
            )
        )
    interest = year = Decimal(0)
    for row in rows:
        interest += row.interest
        year += row.interest if row.due_on.year == 2026 else 0
    assert told.paid.interest == interest > 0
    assert told.paid_in(2026).interest == year > 0
    assert told.paid.principal == told.record.principal - told.record.balance
    assert told.paid.known_from is None
    assert len(told.history) == len(rows) == told.paid_months


async def test_the_overdue_loan_says_what_is_overdue(servicing: Servicing, codes: RememberedCodes) -> None:
    await verify(servicing, codes, OVERDUE, OVERDUE_LAST4)
    told = await servicing.loan_view(CHAT, of(OVERDUE))
    (unpaid,) = [line for line in told.history if line.paid_on is None]
    assert told.arrears == unpaid.amount > 0
    assert told.arrears_since == unpaid.due_on
    assert told.next_payment is not None
    assert told.next_payment.due_date is not None
    assert told.next_payment.due_date > date(2026, 11, 24)


async def test_several_loans_are_told_apart_the_settled_last(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    """The customer of the settled loan gets a running one too."""
    async with sessions.begin() as session:
        owner = await session.scalar(
            select(ApplicationRow.customer_id).where(ApplicationRow.application_no == "FX2021080001")
        )
        moved = select(ApplicationRow.id).where(ApplicationRow.application_no == OTHERS).scalar_subquery()
        await session.execute(
            update(ApplicationRow).where(ApplicationRow.application_no == OTHERS).values(customer_id=owner)
        )
        await session.execute(
            update(LoanRow).where(LoanRow.application_id == moved).values(customer_id=owner)
        )
    await verify(servicing, codes, "FX2021080001", "5058")
    briefs = await servicing.loans(CHAT)
    assert [(brief.application_no, brief.is_settled) for brief in briefs] == [
        (OTHERS, False),
        ("FX2021080001", True),
    ]
    assert (await servicing.loan_view(CHAT, of(OTHERS))).record.application_no == OTHERS


async def test_a_fund_loan_and_a_fixed_one_have_no_repricing(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, "FX2024100001", "3031")
    told = await servicing.loan_view(CHAT, of("FX2024100001", FUND))
    assert (told.repricing, told.record.is_floating, told.record.spread_bp) == (None, True, None)
    async with sessions.begin() as session:
        await session.execute(
            update(LoanRow).where(LoanRow.loan_no == "DK2023030001").values(rate_kind="fixed")
        )
    await verify(servicing, codes, OLD, OLD_LAST4)
    told = await servicing.loan_view(CHAT, of(OLD))
    assert (told.repricing, told.record.is_floating) == (None, False)


async def test_every_reading_is_noted(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, OLD, OLD_LAST4)
    await servicing.loans(CHAT)
    await servicing.loan_view(CHAT, of(OLD))
    async with sessions() as session:
        rows = list(await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)))
    assert [row.action for row in rows[-2:]] == ["customer.loans_read", "loan.read"]
    assert rows[-1].subject == f"loan:{OLD}/commercial"
    assert rows[-1].actor == f"conversation:{CHAT}"
