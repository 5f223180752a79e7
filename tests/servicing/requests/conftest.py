"""A bench for requests: loans whose numbers are set, and conversations that are verified for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import CHINA, FixedClock, china_date
from bot.knowledge import PolicyBook
from bot.servicing import WorkingCalendar
from bot.servicing.identity import IdentityCheck, id_last4_hash
from bot.servicing.ports import NoCodeSender
from bot.servicing.requests import Complaints, Requests
from bot.servicing.store import (
    ApplicationRow,
    CustomerRow,
    LoanRow,
    RepaymentRow,
    ServiceRequestRow,
    VerificationRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault

NO = "FX2024010001"
CHAT = "conversation-1"

#: 一百万，按月还了33期，余下327期：2024-02-05 起，每月5号。
LOAN: dict[str, Any] = {
    "principal": Decimal(1_000_000),
    "balance": Decimal(900_000),
    "annual_rate": Decimal("0.0360"),
    "term_months": 360,
    "method": "equal_instalment",
    "rate_kind": "floating",
    "spread_bp": -45,
    "repayment_day": 5,
    "account_tail": "4321",
    "first_due": date(2024, 2, 5),
    "paid_out_on": date(2024, 1, 3),
}


@dataclass
class Bank:
    """Writes what the bank's core would have written."""

    sessions: Sessions
    clock: FixedClock
    vault: Vault
    customers: dict[str, int] = field(default_factory=dict)

    async def loan(self, application_no: str = NO, *, who: str = "990000198801011234", **changes: Any) -> int:
        """A loan that was paid out, of the customer with that ID number; its id."""
        async with self.sessions.begin() as session:
            customer_id = self.customers.get(who)
            if customer_id is None:
                hashed = self.vault.keyed_hash(who)
                customer = CustomerRow(
                    name_encrypted=self.vault.encrypt("王示安"),
                    phone_encrypted=self.vault.encrypt("10000000001"),
                    phone_hash=self.vault.keyed_hash("10000000001"),
                    id_number_encrypted=self.vault.encrypt(who),
                    id_number_hash=hashed,
                    id_last4_hash=id_last4_hash(self.vault, hashed, who[-4:]),
                    created_at=self.clock.now(),
                )
                session.add(customer)
                await session.flush()
                self.customers[who] = customer_id = customer.id
            wanted = {**LOAN, **changes}
            application = ApplicationRow(
                application_no=application_no,
                customer_id=customer_id,
                product=wanted.pop("product", "commercial"),
                amount=wanted["principal"],
                term_months=wanted["term_months"],
                state="disbursed",
                stage="disbursement",
                submitted_at=self.clock.now() - timedelta(days=900),
            )
            session.add(application)
            await session.flush()
            loan = LoanRow(application_id=application.id, customer_id=customer_id, **wanted)
            session.add(loan)
            await session.flush()
            return loan.id

    async def part(self, application_no: str = NO, **changes: Any) -> int:
        """Another loan of an application that has one; its id."""
        async with self.sessions.begin() as session:
            application = await session.scalar(
                select(ApplicationRow).where(ApplicationRow.application_no == application_no)
            )
            assert application is not None
            application.product = "combined"
            loan = LoanRow(
                application_id=application.id, customer_id=application.customer_id, **{**LOAN, **changes}
            )
            session.add(loan)
            await session.flush()
            return loan.id

    async def verify(self, conversation_id: str = CHAT, application_no: str = NO) -> None:
        """The identity check of this conversation succeeded just now."""
        async with self.sessions.begin() as session:
            application = await session.scalar(
                select(ApplicationRow).where(ApplicationRow.application_no == application_no)
            )
            assert application is not None
            now = self.clock.now()
            session.add(
                VerificationRow(
                    conversation_id=conversation_id,
                    customer_id=application.customer_id,
                    application_id=application.id,
                    claim=application_no,
                    nonce="n",
                    code_hash="h",
                    sent_at=now,
                    code_expires_at=now,
                    code_used_at=now,
                    verified_until=now + timedelta(minutes=30),
                )
            )

    async def paid(self, loan_id: int, *lines: tuple[date, str, str]) -> None:
        """Instalments that came in on their day: due, principal, interest."""
        async with self.sessions.begin() as session:
            for due_on, principal, interest in lines:
                session.add(
                    RepaymentRow(
                        loan_id=loan_id,
                        kind="instalment",
                        due_on=due_on,
                        paid_on=due_on,
                        principal=Decimal(principal),
                        interest=Decimal(interest),
                    )
                )

    async def past(self, loan_id: int, kind: str, state: str, on: datetime) -> None:
        """A request of the time before."""
        async with self.sessions.begin() as session:
            loan = await session.get_one(LoanRow, loan_id)
            number = f"FW{on:%y%m%d}{on.microsecond:04d}"
            session.add(
                ServiceRequestRow(
                    request_no=number,
                    key=number,
                    kind=kind,
                    state=state,
                    customer_id=loan.customer_id,
                    application_id=loan.application_id,
                    loan_id=loan.id,
                    conversation_id="earlier",
                    wish={},
                    figures={},
                    created_at=on,
                    promised_at=on,
                )
            )


@pytest.fixture
def vault() -> Vault:
    return Vault("test secret")


@pytest.fixture
def bank(sessions: Sessions, clock: FixedClock, vault: Vault) -> Bank:
    return Bank(sessions, clock, vault)


@pytest.fixture
def requests(sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook) -> Requests:
    identity = IdentityCheck(sessions, clock, vault, NoCodeSender(), policy)
    calendar = WorkingCalendar.from_policy(policy, china_date(clock))
    return Requests(sessions, clock, vault, identity, calendar, policy)


@pytest.fixture
def complaints(sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook) -> Complaints:
    return Complaints(sessions, clock, IdentityCheck(sessions, clock, vault, NoCodeSender(), policy), policy)


@pytest.fixture
async def customer(bank: Bank) -> int:
    """A verified customer with a loan; the loan's id."""
    loan_id = await bank.loan()
    await bank.verify()
    return loan_id


def china(year: int, month: int, day: int, hour: int = 10, number: int = 0) -> datetime:
    return datetime(year, month, day, hour, microsecond=number, tzinfo=CHINA)
