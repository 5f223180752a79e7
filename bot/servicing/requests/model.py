"""Requests as plain values: their kinds, their states, and the loan that they are about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.lending import Loan, Method
from bot.lending.days import add_months, month_of, on_day, span
from bot.servicing.loan_brief import LoanRef
from bot.servicing.model import LoanKind, instalments_due


class RequestKind(StrEnum):
    """What can be asked for."""

    DAY_CHANGE = "day_change"  #: another repayment day
    METHOD_CHANGE = "method_change"  #: the other repayment method
    PREPAYMENT = "prepayment"  #: a part repaid early
    SETTLEMENT = "settlement"  #: everything repaid early
    EXTENSION = "extension"  #: a longer term
    RELIEF = "relief"  #: interest alone for some months
    ACCOUNT_CHANGE = "account_change"  #: another account to debit
    SETTLEMENT_CERTIFICATE = "settlement_certificate"
    INTEREST_STATEMENT = "interest_statement"
    CONTRACT_COPY = "contract_copy"

    @property
    def is_made_at_once(self) -> bool:
        """Whether the record allows to make it on the spot."""
        return self in (RequestKind.SETTLEMENT_CERTIFICATE, RequestKind.INTEREST_STATEMENT)


#: Kinds of which only one may be open at a time: both would move the same schedule.
EXCLUDE_ONE_ANOTHER = (
    frozenset({RequestKind.PREPAYMENT, RequestKind.SETTLEMENT}),
    frozenset({RequestKind.EXTENSION, RequestKind.RELIEF}),
)


def rivals_of(kind: RequestKind) -> frozenset[RequestKind]:
    """The kinds of which an open request stands in the way of this one; itself among them."""
    return next((group for group in EXCLUDE_ONE_ANOTHER if kind in group), frozenset({kind}))


class Step(StrEnum):
    """What happens to a request."""

    ACCEPT = "accept"  #: the bank takes it up
    COMPLETE = "complete"
    REFUSE = "refuse"  #: the bank says no
    WITHDRAW = "withdraw"  #: the customer changed their mind


class RequestState(StrEnum):
    SUBMITTED = "submitted"  #: confirmed by the customer, not yet taken up
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in (RequestState.SUBMITTED, RequestState.ACCEPTED)

    def after(self, step: Step) -> RequestState:
        """The state after a step; ``ValueError`` where it cannot be taken."""
        following = _AFTER.get((self, step))
        if following is None:
            raise ValueError(f"a request that is {self.value} cannot {step.value}")
        return following


_AFTER = {
    (RequestState.SUBMITTED, Step.ACCEPT): RequestState.ACCEPTED,
    (RequestState.SUBMITTED, Step.REFUSE): RequestState.REFUSED,
    (RequestState.SUBMITTED, Step.WITHDRAW): RequestState.WITHDRAWN,
    (RequestState.ACCEPTED, Step.COMPLETE): RequestState.DONE,
    (RequestState.ACCEPTED, Step.REFUSE): RequestState.REFUSED,
}

#: States that count against a yearly limit: neither refused nor withdrawn.
COUNTED = (RequestState.SUBMITTED, RequestState.ACCEPTED, RequestState.DONE)

Wish = Mapping[str, Any]  #: what is asked for, as JSON: money and days as text
Figures = Mapping[str, str]  #: what was computed: money to the fen, days as ISO, counts


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request that keeps the rules, with the figures that are told before it is confirmed."""

    kind: RequestKind
    application_no: str
    loan_kind: LoanKind
    account_tail: str  #: of the loan's account
    wish: Wish
    figures: Figures
    promised_at: datetime | None  #: by when it would be done, were it submitted now

    @property
    def loan(self) -> LoanRef:
        return LoanRef(self.application_no, self.loan_kind)

    @property
    def digest(self) -> str:
        """Tells one summary from another: a button confirms only what stood above it."""
        content = json.dumps(
            [self.kind.value, str(self.loan), dict(self.wish), dict(self.figures)], sort_keys=True
        )
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def to_wire(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "application_no": self.application_no,
            "loan_kind": self.loan_kind.value,
            "account_tail": self.account_tail,
            "wish": dict(self.wish),
            "figures": dict(self.figures),
            "promised_at": self.promised_at.isoformat() if self.promised_at else None,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Draft:
        promised = wire.get("promised_at")
        return cls(
            kind=RequestKind(wire["kind"]),
            application_no=str(wire["application_no"]),
            loan_kind=LoanKind(wire["loan_kind"]),
            account_tail=str(wire["account_tail"]),
            wish=dict(wire["wish"]),
            figures={str(name): str(value) for name, value in wire["figures"].items()},
            promised_at=datetime.fromisoformat(promised) if promised else None,
        )


@dataclass(frozen=True, kw_only=True)
class ServiceRequest:
    """A request that was submitted."""

    request_no: str
    kind: RequestKind
    state: RequestState
    application_no: str
    wish: Wish
    figures: Figures
    created_at: datetime
    promised_at: datetime | None
    ended_at: datetime | None
    note: str | None = None  #: what the bank said with the last step


@dataclass(frozen=True, kw_only=True)
class LoanCase:
    """A loan as the rules look at it."""

    loan_id: int
    customer_id: int
    application_id: int
    application_no: str
    kind: LoanKind
    principal: Decimal
    balance: Decimal
    annual_rate: Decimal  #: a fraction
    term_months: int
    method: Method
    repayment_day: int
    first_due: date
    account_tail: str
    paid_out_on: date | None
    arrears: Decimal
    is_settled: bool

    @property
    def ref(self) -> LoanRef:
        return LoanRef(self.application_no, self.kind)

    def due_until(self, day: date) -> int:
        """How many instalments have fallen due by the end of ``day``."""
        return min(self.term_months, instalments_due(self.first_due, self.repayment_day, day))

    def running(self, today: date) -> Loan:
        """The loan as if it began today: what is owed, over the months left."""
        left = max(1, self.term_months - self.due_until(today))
        return Loan(self.balance, self.annual_rate, left, self.method)

    def next_due(self, after: date) -> date:
        """The first due date later than ``after``."""
        due = on_day(month_of(after), self.repayment_day)
        if due <= after:
            due = on_day(month_of(after) + 1, self.repayment_day)
        return max(due, self.first_due)

    def last_due(self, until: date) -> date:
        """The last due date up to ``until``; before the first one, the day from which interest has run."""
        due = on_day(month_of(until), self.repayment_day)
        if due > until:
            due = on_day(month_of(until) - 1, self.repayment_day)
        if due < self.first_due:
            return self.paid_out_on or add_months(self.first_due, -1)
        return due

    def age_months(self, on: date) -> int:
        """Whole months since it was paid out; where that day is not on record, instalments fallen due."""
        if self.paid_out_on is not None and self.paid_out_on <= on:
            return span(self.paid_out_on, on).whole_months
        return self.due_until(on)


@dataclass(frozen=True)
class StatementLine:
    """One instalment that was paid in the year of a statement."""

    due_on: date
    paid_on: date
    principal: Decimal
    interest: Decimal

    @classmethod
    def of(cls, due_on: str, paid_on: str, principal: str, interest: str) -> StatementLine:
        """A line as it is kept in the request's figures."""
        return cls(
            date.fromisoformat(due_on), date.fromisoformat(paid_on), Decimal(principal), Decimal(interest)
        )


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What is printed on a certificate; the name stands in the clear only here and on the paper."""

    kind: RequestKind
    number: str
    made_on: date
    name: str
    id_masked: str
    loan_no: str
    principal: Decimal
    term_months: int
    paid_out_on: date | None
    bank: str
    settled_on: date | None = None
    year: int | None = None
    lines: tuple[StatementLine, ...] = ()
