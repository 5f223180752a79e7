"""The loan of a verified conversation: shown to nobody else, and as it stands today."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.servicing import Servicing
from bot.servicing.model import instalments_due
from bot.servicing.store import ApplicationRow, AuditEventRow, LoanRateRow, LoanRow
from bot.store.engine import Sessions
from tests.servicing.conftest import CHAT, KNOWN, LAST4, NO, RememberedCodes

DISBURSED = "FX2026100001"


async def verified(servicing: Servicing, codes: RememberedCodes, number: str, chat: str = CHAT) -> None:
    last4 = LAST4 if number == NO else KNOWN[number].id_last4
    await servicing.begin_verification(chat, number, last4, f"begin-{chat}")
    await servicing.confirm_code(chat, number, codes.last, f"confirm-{chat}")


async def test_the_loan_is_told_to_the_verified_conversation_and_noted(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verified(servicing, codes, DISBURSED)
    loan = await servicing.loan_on_record(CHAT)
    async with sessions() as session:
        row = await session.scalar(
            select(LoanRow)
            .join(ApplicationRow, ApplicationRow.id == LoanRow.application_id)
            .where(ApplicationRow.application_no == DISBURSED)
        )
        noted = (
            await session.scalars(select(AuditEventRow).where(AuditEventRow.action == "loan.read"))
        ).all()
    assert loan is not None
    assert row is not None
    assert (loan.application_no, loan.balance, loan.annual_rate) == (DISBURSED, row.balance, row.annual_rate)
    assert loan.paid_months + loan.remaining_months == row.term_months
    assert [event.subject for event in noted] == [f"loan:{DISBURSED}/commercial"]


@pytest.mark.parametrize(
    ("told_on", "rate"),
    [
        (None, "0.029"),
        (datetime(2026, 11, 1, tzinfo=UTC), "0.029"),
        (datetime(2026, 11, 23, tzinfo=UTC), "0.0305"),
    ],
)
async def test_a_rate_that_began_since_the_core_last_told_of_the_loan_counts(
    servicing: Servicing,
    codes: RememberedCodes,
    sessions: Sessions,
    told_on: datetime | None,
    rate: str,
) -> None:
    """One rate began on 20 November, another begins in January; today is the 24th."""
    async with sessions.begin() as session:
        loan = await session.scalar(select(LoanRow).where(LoanRow.loan_no == "DK2026100001"))
        assert loan is not None
        loan.told_at, loan.annual_rate = told_on, Decimal("0.0305")
        for day, value in ((date(2026, 11, 20), "0.029"), (date(2027, 1, 1), "0.028")):
            session.add(LoanRateRow(loan_id=loan.id, effective_on=day, annual_rate=Decimal(value)))
    await verified(servicing, codes, DISBURSED)
    shown = await servicing.loan_on_record(CHAT)
    assert shown is not None
    assert shown.annual_rate == Decimal(rate)


async def test_another_conversation_is_told_nothing(servicing: Servicing, codes: RememberedCodes) -> None:
    await verified(servicing, codes, DISBURSED)
    assert await servicing.loan_on_record("conversation-2") is None


async def test_an_application_without_a_loan_has_none(servicing: Servicing, codes: RememberedCodes) -> None:
    await verified(servicing, codes, NO)
    assert await servicing.loan_on_record(CHAT) is None


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 1, 14), 0),
        (date(2026, 1, 15), 1),
        (date(2026, 2, 14), 1),
        (date(2027, 1, 15), 13),
        (date(2025, 12, 31), 0),
    ],
)
def test_instalments_fall_due_on_their_day(today: date, due: int) -> None:
    assert instalments_due(date(2026, 1, 15), 15, today) == due
