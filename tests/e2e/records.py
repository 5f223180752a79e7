"""A loan that a scripted customer has: put on record as the bank's core would have done."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from bot.clock import CHINA
from bot.servicing.identity import id_last4_hash
from bot.servicing.store import ApplicationRow, CustomerRow, LoanRow, RepaymentRow, ServiceRequestRow
from bot.settings import Settings
from bot.store.engine import make_engine, make_sessions
from bot.store.vault import Vault

NOBODY = "990000"  #: no district has this code


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Paid(Strict):
    """An instalment that came in on its day."""

    due: date
    principal: Decimal
    interest: Decimal


class Past(Strict):
    """A request of the time before."""

    kind: str
    state: Literal["submitted", "accepted", "done", "refused", "withdrawn"] = "done"
    day: date


class FundPart(Strict):
    """The provident-fund loan of the same application."""

    principal: Decimal = Decimal(400_000)
    balance: Decimal = Decimal(360_000)
    rate: Decimal = Decimal("2.6")
    day: int = 20
    first_due: date = date(2024, 2, 20)
    tail: str = "8765"
    paid: list[Paid] = []


class LoanRecord(Strict):
    """Ends of the ID number are four characters; the rate is per cent a year."""

    application_no: str
    id_last4: str
    product: Literal["commercial", "provident_fund", "combined"] = "commercial"
    principal: Decimal = Decimal(1_000_000)
    balance: Decimal = Decimal(900_000)
    rate: Decimal = Decimal("3.6")
    months: int = 360
    method: Literal["equal_instalment", "equal_principal"] = "equal_instalment"
    day: int = 5
    first_due: date = date(2024, 2, 5)
    paid_out: date = date(2024, 1, 3)
    arrears: Decimal = Decimal(0)
    is_settled: bool = False
    paid: list[Paid] = []
    past: list[Past] = []
    fund: FundPart | None = None

    def put(self, settings: Settings) -> None:
        """Write it, unless a dialogue before has."""
        asyncio.run(self._put(settings))

    async def _put(self, settings: Settings) -> None:
        engine = make_engine(settings.database)
        try:
            async with make_sessions(engine).begin() as session:
                query = select(ApplicationRow).where(ApplicationRow.application_no == self.application_no)
                if await session.scalar(query) is not None:
                    return
                customer = self._customer(Vault(settings.secret("vault")))
                session.add(customer)
                await session.flush()
                paid_out = datetime.combine(self.paid_out, time(10), tzinfo=CHINA)
                application = ApplicationRow(
                    application_no=self.application_no,
                    customer_id=customer.id,
                    product=self.product,
                    amount=self.principal,
                    term_months=self.months,
                    state="disbursed",
                    stage="disbursement",
                    submitted_at=paid_out,
                )
                session.add(application)
                await session.flush()
                loan = self._loan(application)
                session.add(loan)
                await session.flush()
                session.add_all(_repayments(loan, self.paid))
                if self.fund is not None:
                    part = self._fund_loan(application, self.fund)
                    session.add(part)
                    await session.flush()
                    session.add_all(_repayments(part, self.fund.paid))
                for number, past in enumerate(self.past):
                    on = datetime.combine(past.day, time(10), tzinfo=CHINA)
                    no = f"FW{past.day:%y%m%d}{self.application_no[-3:]}{number}"
                    session.add(
                        ServiceRequestRow(
                            request_no=no,
                            key=no,
                            kind=past.kind,
                            state=past.state,
                            customer_id=customer.id,
                            application_id=application.id,
                            loan_id=loan.id,
                            conversation_id="earlier",
                            wish={},
                            figures={},
                            created_at=on,
                            promised_at=on,
                        )
                    )
        finally:
            await engine.dispose()

    def _loan(self, application: ApplicationRow) -> LoanRow:
        return LoanRow(
            application_id=application.id,
            customer_id=application.customer_id,
            principal=self.principal,
            balance=Decimal(0) if self.is_settled else self.balance,
            annual_rate=self.rate / 100,
            term_months=self.months,
            method=self.method,
            rate_kind="fixed",
            spread_bp=None,
            repayment_day=self.day,
            account_tail="4321",
            first_due=self.first_due,
            paid_out_on=self.paid_out,
            arrears_amount=self.arrears,
            state="settled" if self.is_settled else "running",
        )

    def _fund_loan(self, application: ApplicationRow, fund: FundPart) -> LoanRow:
        return LoanRow(
            application_id=application.id,
            customer_id=application.customer_id,
            kind="provident_fund",
            principal=fund.principal,
            balance=fund.balance,
            annual_rate=fund.rate / 100,
            term_months=self.months,
            method=self.method,
            rate_kind="floating",
            spread_bp=None,
            repayment_day=fund.day,
            account_tail=fund.tail,
            first_due=fund.first_due,
            paid_out_on=self.paid_out,
        )

    def _customer(self, vault: Vault) -> CustomerRow:
        id_number = f"{NOBODY}{self.application_no[-8:]}{self.id_last4}"
        hashed = vault.keyed_hash(id_number)
        return CustomerRow(
            name_encrypted=vault.encrypt("王示安"),
            phone_encrypted=vault.encrypt("10000000001"),
            phone_hash=vault.keyed_hash("10000000001"),
            id_number_encrypted=vault.encrypt(id_number),
            id_number_hash=hashed,
            id_last4_hash=id_last4_hash(vault, hashed, self.id_last4),
            created_at=datetime(2024, 1, 1, tzinfo=CHINA),
        )


def _repayments(loan: LoanRow, lines: list[Paid]) -> list[RepaymentRow]:
    return [
        RepaymentRow(
            loan_id=loan.id,
            kind="instalment",
            due_on=line.due,
            paid_on=line.due,
            principal=line.principal,
            interest=line.interest,
        )
        for line in lines
    ]
