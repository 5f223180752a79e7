"""Loans, what was paid on them, and the rates that they bear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.servicing.intake.model import Status, WordRefused, WordWaits
from bot.servicing.intake.takers import Taker, applications_of, settle
from bot.servicing.intake.words import LoanWord, RateWord, RepaymentWord
from bot.servicing.model import LoanKind, LoanState
from bot.servicing.store import LoanRateRow, LoanRow, RepaymentRow

PERCENT = Decimal(100)


class LoanTaker(Taker[LoanWord]):
    KIND = "loan"

    def subject(self, word: LoanWord) -> str:
        return f"loan:{word.loan_no}"

    async def load(self, words: Sequence[LoanWord]) -> None:
        self._applications = await applications_of(self._session, words)
        products = {row.id: row.product for row in self._applications.values()}
        found = await self._session.scalars(
            select(LoanRow)
            .where(
                LoanRow.loan_no.in_({word.loan_no for word in words}) | LoanRow.application_id.in_(products)
            )
            .with_for_update()
        )
        self._rows: dict[str, LoanRow] = {}
        self._by_part: dict[tuple[int, LoanKind], LoanRow] = {}
        for row in found:
            kind = LoanKind.of(row.kind, products.get(row.application_id, ""))
            self._by_part[row.application_id, kind] = row
            if row.loan_no is not None:
                self._rows[row.loan_no] = row

    def take(self, word: LoanWord) -> Status:
        application = self._applications.get(word.application_no)
        if application is None:
            raise WordWaits("application_no", f"application:{word.application_no}")
        row, part = (
            self._rows.get(word.loan_no),
            (application.id, LoanKind.of(word.kind, application.product)),
        )
        holder = self._by_part.get(part)
        if row is not None and row.application_id != application.id:
            raise WordRefused("application_no", "belongs_to_another")
        if row is None and holder is not None and holder.loan_no is None:
            row = holder  # known before the core gave out numbers
        said = _loan_values(word)
        if row is None:
            if holder is not None:
                raise WordRefused("kind", "application_has_loan")
            row = LoanRow(
                application_id=application.id,
                customer_id=application.customer_id,
                told_at=word.told_at,
                **said,
            )
            self._session.add(row)
            self._rows[word.loan_no] = self._by_part[part] = row
            self.arrived.add(self.subject(word))
            return Status.ACCEPTED
        is_newer = row.told_at is None or word.told_at > row.told_at
        if is_newer and row.state == LoanState.SETTLED and word.state is not LoanState.SETTLED:
            raise WordRefused("state", "illegal_transition", detail="a settled loan does not run again")
        if is_newer and holder is not None and holder is not row:
            raise WordRefused("kind", "application_has_loan")
        is_numbered = row.loan_no is not None
        status = settle(row, said, word.told_at)
        kind = LoanKind.of(row.kind, application.product)
        self._by_part[application.id, kind] = row  # the place it left is free from the next list on
        if not is_numbered and row.loan_no is not None:
            self._rows[row.loan_no] = row
            self.arrived.add(self.subject(word))
        return status


class RepaymentTaker(Taker[RepaymentWord]):
    KIND = "loan"

    def subject(self, word: RepaymentWord) -> str:
        return f"loan:{word.loan_no}"

    async def load(self, words: Sequence[RepaymentWord]) -> None:
        self._loans = await _loans(self._session, words)
        days = [word.due_on for word in words]
        found = await self._session.scalars(
            select(RepaymentRow).where(
                RepaymentRow.loan_id.in_(self._loans.values()),
                RepaymentRow.due_on.between(min(days), max(days)),
            )
        )
        self._rows = {(row.loan_id, row.kind, row.due_on): row for row in found}

    def take(self, word: RepaymentWord) -> Status:
        loan_id = self._loans.get(word.loan_no)
        if loan_id is None:
            raise WordWaits("loan_no", f"loan:{word.loan_no}")
        said: dict[str, object] = {
            "paid_on": word.paid_on,
            "principal": word.principal,
            "interest": word.interest,
            "penalty": word.penalty,
            "balance_after": word.balance_after,
        }
        key = (loan_id, word.kind.value, word.due_on)
        row = self._rows.get(key)
        if row is not None:
            return settle(row, said, word.told_at)
        row = RepaymentRow(
            loan_id=loan_id, kind=word.kind.value, due_on=word.due_on, told_at=word.told_at, **said
        )
        self._session.add(row)
        self._rows[key] = row
        return Status.ACCEPTED


class RateTaker(Taker[RateWord]):
    KIND = "loan"

    def subject(self, word: RateWord) -> str:
        return f"loan:{word.loan_no}"

    async def load(self, words: Sequence[RateWord]) -> None:
        self._loans = await _loans(self._session, words)
        found = await self._session.scalars(
            select(LoanRateRow).where(LoanRateRow.loan_id.in_(self._loans.values()))
        )
        self._rows = {(row.loan_id, row.effective_on): row for row in found}

    def take(self, word: RateWord) -> Status:
        loan_id = self._loans.get(word.loan_no)
        if loan_id is None:
            raise WordWaits("loan_no", f"loan:{word.loan_no}")
        said: dict[str, object] = {"annual_rate": word.annual_rate_pct / PERCENT}
        key = (loan_id, word.effective_on)
        row = self._rows.get(key)
        if row is not None:
            return settle(row, said, word.told_at)
        row = LoanRateRow(loan_id=loan_id, effective_on=word.effective_on, told_at=word.told_at, **said)
        self._session.add(row)
        self._rows[key] = row
        return Status.ACCEPTED


def _loan_values(word: LoanWord) -> dict[str, object]:
    return {
        "loan_no": word.loan_no,
        "kind": word.kind.value,
        "principal": word.principal,
        "balance": word.balance,
        "annual_rate": word.annual_rate_pct / PERCENT,
        "term_months": word.term_months,
        "method": word.method.value,
        "rate_kind": word.rate_kind.value,
        "spread_bp": word.spread_bp,
        "repayment_day": word.repayment_day,
        "account_tail": word.account_tail,
        "first_due": word.first_due,
        "state": word.state.value,
        "paid_out_on": word.paid_out_on,
        "repricing_month": word.repricing_month,
        "repricing_day": word.repricing_day,
        "repricing_cycle_months": word.repricing_cycle_months,
        "arrears_amount": word.arrears_amount,
        "arrears_since": word.arrears_since,
    }


async def _loans(session: AsyncSession, words: Iterable[Any]) -> dict[str | None, int]:
    found = await session.execute(
        select(LoanRow.loan_no, LoanRow.id).where(LoanRow.loan_no.in_({word.loan_no for word in words}))
    )
    return {row.loan_no: row.id for row in found}
