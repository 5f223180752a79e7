"""The demonstration data: enough of it, the same each time, and nobody's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update

from bot.clock import FixedClock
from bot.knowledge import PolicyBook
from bot.servicing import demo
from bot.servicing.model import STAGES, ApplicationState
from bot.servicing.store import (
    ApplicationRow,
    CustomerRow,
    DocumentRow,
    LoanRateRow,
    LoanRow,
    RepaymentRow,
    StageEventRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault


async def test_there_is_enough_of_everything(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    await demo.seed(sessions, clock, vault, policy)
    async with sessions() as session:
        customers = await session.scalar(select(func.count()).select_from(CustomerRow))
        applications = list(await session.scalars(select(ApplicationRow)))
        loans = list(await session.scalars(select(LoanRow)))
        latest = await session.scalar(select(func.max(StageEventRow.at)))
    assert customers is not None
    assert customers >= 50
    assert len(applications) >= 60
    assert {a.state for a in applications} == {state.value for state in ApplicationState}
    in_progress = {a.stage for a in applications if a.state == "in_progress"}
    assert in_progress == {stage.value for stage in STAGES}
    assert len(loans) == sum(a.state == "disbursed" for a in applications) + 1 >= 6  # one is combined
    running = [loan for loan in loans if loan.state == "running"]
    assert all(Decimal(0) < loan.balance <= loan.principal for loan in running)
    assert all(loan.annual_rate in (Decimal("0.0305"), Decimal("0.026")) for loan in running)
    assert latest is not None
    assert latest <= clock.now()


async def test_seeding_again_adds_nothing(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    assert await demo.seed(sessions, clock, vault, policy) == len(demo.KNOWN) + demo.OTHERS + len(demo.OLDER)
    clock.advance(days=3)
    assert await demo.seed(sessions, clock, vault, policy) == 0


@pytest.mark.parametrize("anchor", [date(2026, 10, 8), date(2026, 11, 22), date(2027, 3, 1)])
async def test_an_anchor_moves_the_dates_and_not_the_people(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook, anchor: date
) -> None:
    await demo.seed(sessions, clock, vault, policy, anchor=anchor)
    async with sessions() as session:
        row = await session.scalar(
            select(CustomerRow)
            .join(ApplicationRow, ApplicationRow.customer_id == CustomerRow.id)
            .where(ApplicationRow.application_no == "FX2026110001")
        )
    assert row is not None
    number = vault.decrypt(row.id_number_encrypted)
    assert number.startswith("990000")
    assert number.endswith("123X")
    assert demo.id_check_digit(number[:17]) == "X"
    assert vault.matches(number, row.id_number_hash)
    assert vault.decrypt(row.phone_encrypted).startswith("100")


async def test_personal_data_is_not_stored_in_the_clear(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    await demo.seed(sessions, clock, vault, policy)
    async with sessions() as session:
        rows = list(await session.scalars(select(CustomerRow)))
    for row in rows:
        number, phone = vault.decrypt(row.id_number_encrypted), vault.decrypt(row.phone_encrypted)
        stored = " ".join(str(value) for value in vars(row).values())
        assert number not in stored
        assert phone not in stored


async def test_a_loan_with_a_past_has_its_rates_and_repayments(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    """Paid out in April 2023 at 4.30 % - 0.45 %; repriced each year with the LPR of that day."""
    await demo.seed(sessions, clock, vault, policy)
    async with sessions() as session:
        loan = await session.scalar(select(LoanRow).where(LoanRow.loan_no == "DK2023030001"))
        assert loan is not None
        rates = list(
            await session.scalars(
                select(LoanRateRow).where(LoanRateRow.loan_id == loan.id).order_by(LoanRateRow.effective_on)
            )
        )
        repayments = list(
            await session.scalars(
                select(RepaymentRow).where(RepaymentRow.loan_id == loan.id).order_by(RepaymentRow.due_on)
            )
        )
    assert rates[0].effective_on == loan.paid_out_on
    assert rates[0].annual_rate == Decimal("0.0385")
    assert rates[-1].annual_rate == loan.annual_rate == Decimal("0.0305")
    assert 40 <= len(repayments) <= 44
    assert repayments[0].interest == round(loan.principal * Decimal("0.0385") / 12, 2)
    assert loan.principal - sum(row.principal for row in repayments) == loan.balance
    assert repayments[-1].balance_after == loan.balance
    assert repayments[-1].interest == round(repayments[-2].balance_after * Decimal("0.0305") / 12, 2)


async def test_pasts_differ(sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook) -> None:
    await demo.seed(sessions, clock, vault, policy)
    async with sessions() as session:
        prepaid, overdue, settled = [
            await session.scalar(select(LoanRow).where(LoanRow.loan_no == number))
            for number in ("DK2024050001", "DK2025020001", "DK2021080001")
        ]
        extra = await session.scalar(
            select(RepaymentRow).where(RepaymentRow.loan_id == prepaid.id, RepaymentRow.kind == "prepayment")
        )
        unpaid = await session.scalar(
            select(RepaymentRow).where(RepaymentRow.loan_id == overdue.id, RepaymentRow.paid_on.is_(None))
        )
    assert extra.principal == Decimal(50_000)
    assert unpaid.due_on == overdue.arrears_since
    assert unpaid.principal + unpaid.interest == overdue.arrears_amount > 0
    assert (settled.state, settled.balance) == ("settled", Decimal(0))


async def test_an_older_database_gets_what_was_not_there_yet(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    await demo.seed(sessions, clock, vault, policy)
    async with sessions.begin() as session:
        for table in (DocumentRow, RepaymentRow, LoanRateRow):
            await session.execute(delete(table))
        await session.execute(update(LoanRow).values(loan_no=None, repricing_month=None))
        await session.execute(update(ApplicationRow).values(refusal=None))
    assert await demo.seed(sessions, clock, vault, policy) == 0
    async with sessions() as session:
        assert not await session.scalar(select(func.count()).where(LoanRow.loan_no.is_(None)))
        missing = await session.scalars(
            select(DocumentRow.kind)
            .join(ApplicationRow, ApplicationRow.id == DocumentRow.application_id)
            .where(ApplicationRow.application_no == "FX2026110002", DocumentRow.state != "accepted")
        )
        rejected = await session.scalars(select(ApplicationRow).where(ApplicationRow.state == "rejected"))
    assert sorted(missing) == ["marriage", "proof", "statement"]
    assert all(application.refusal for application in rejected)
