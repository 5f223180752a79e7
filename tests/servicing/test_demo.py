"""The demonstration data: enough of it, the same each time, and nobody's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.knowledge import PolicyBook
from bot.servicing import demo
from bot.servicing.model import STAGES, ApplicationState
from bot.servicing.store import ApplicationRow, CustomerRow, LoanRow, StageEventRow
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
    assert len(loans) == sum(a.state == "disbursed" for a in applications) >= 5
    assert all(Decimal(0) < loan.balance <= loan.principal for loan in loans)
    assert all(loan.annual_rate in (Decimal("0.0305"), Decimal("0.026")) for loan in loans)
    assert latest is not None
    assert latest <= clock.now()


async def test_seeding_again_adds_nothing(
    sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook
) -> None:
    assert await demo.seed(sessions, clock, vault, policy) == len(demo.KNOWN) + demo.OTHERS
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
