"""A loan as its customer sees it: what is owed, what comes next, and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.lending import DueDates, Instalment, Loan, Method, RateChange, build
from bot.lending.days import add_months, month_of, on_day
from bot.lending.repricing import rate_with_spread
from bot.servicing.loan_brief import LoanRef
from bot.servicing.model import LoanKind, LoanState, RepaymentKind, instalments_due
from bot.servicing.ports import Policy

NOTHING = Decimal("0.00")
ONE_DAY = timedelta(days=1)
SHORT_TERM_MONTHS = 60  #: up to here a loan follows the one-year LPR
A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Repayment:
    """One line of the history: money that came in, or an instalment that fell due and was not paid."""

    kind: RepaymentKind
    due_on: date
    paid_on: date | None
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    balance_after: Decimal | None

    @property
    def amount(self) -> Decimal:
        return self.principal + self.interest + self.penalty


@dataclass(frozen=True, kw_only=True)
class RepricingRule:
    """When a rate that floats over the LPR is set anew."""

    month: int
    day: int
    cycle_months: int
    spread_bp: int


@dataclass(frozen=True, kw_only=True)
class LoanRecord:
    """The loan as the bank's core told it."""

    application_no: str
    loan_no: str | None
    kind: LoanKind
    state: LoanState
    principal: Decimal
    balance: Decimal  #: what is owed, an unpaid principal included
    annual_rate: Decimal  #: a fraction
    method: Method
    term_months: int
    repayment_day: int
    first_due: date
    paid_out_on: date | None
    account_tail: str
    is_floating: bool
    spread_bp: int | None
    repricing: RepricingRule | None
    arrears_amount: Decimal
    arrears_since: date | None

    @property
    def ref(self) -> LoanRef:
        return LoanRef(self.application_no, self.kind)


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What was paid over some time, from the lines of the history."""

    principal: Decimal
    interest: Decimal
    penalty: Decimal
    n_lines: int
    known_from: (
        date | None
    )  #: the history begins later than the loan (or the year): from here on; None: all of it
    is_unknown: bool = False  #: instalments have fallen due and none is on record


@dataclass(frozen=True, kw_only=True)
class Repricing:
    """The next day on which the rate is set anew, and what it would be by today's LPR."""

    on: date
    lpr: Decimal
    spread_bp: int
    rate: Decimal
    payment_before: Decimal | None  #: of the first whole instalment after that day, at the rate of now
    payment_after: Decimal | None  #: the same instalment at the new rate; None when the loan ends before


@dataclass(frozen=True, kw_only=True)
class LoanView:
    """Everything a customer is told about a loan on a day."""

    record: LoanRecord
    as_of: date
    paid_months: int  #: instalments that have fallen due
    next_payment: Instalment | None  #: with its due date; None when nothing more falls due
    is_due_today: bool  #: the next payment falls due today and has not come in yet
    ends_on: date | None  #: the last due date
    paid: Paid
    repricing: Repricing | None
    history: tuple[Repayment, ...]  #: newest first
    arrears: Decimal  #: what is overdue; zero for most
    arrears_since: date | None

    @property
    def is_settled(self) -> bool:
        return self.record.state is LoanState.SETTLED or not self.record.balance

    @property
    def remaining_months(self) -> int:
        return 0 if self.is_settled else max(0, self.record.term_months - self.paid_months)

    def paid_in(self, year: int) -> Paid:
        """What came in during a calendar year: the day of the payment counts, not the day it was due."""
        lines = [line for line in self.history if line.paid_on is not None and line.paid_on.year == year]
        begins = max(date(year, 1, 1), self.record.paid_out_on or self.record.first_due)
        known = self.paid.known_from
        is_cut = known is not None and known > begins
        return _paid(lines, known if is_cut else None, is_unknown=self.paid.is_unknown)


def view_of(record: LoanRecord, history: Sequence[Repayment], policy: Policy, today: date) -> LoanView:
    """The loan as it stands today."""
    lines = tuple(sorted(history, key=lambda line: (line.due_on, line.kind), reverse=True))
    unpaid = [line for line in lines if line.paid_on is None and line.kind is RepaymentKind.INSTALMENT]
    overdue = [line for line in unpaid if line.due_on < today]
    is_due_today = any(line.due_on == today for line in unpaid)
    paid_months = instalments_due(
        record.first_due, record.repayment_day, today - ONE_DAY if is_due_today else today
    )
    is_running = record.state is LoanState.RUNNING and record.balance > 0
    plan = _plan(record, overdue, paid_months) if is_running else ()
    arrears = record.arrears_amount or sum((line.amount for line in overdue), NOTHING)
    return LoanView(
        record=record,
        as_of=today,
        paid_months=min(paid_months, record.term_months),
        next_payment=plan[0] if plan else None,
        is_due_today=is_due_today,
        ends_on=plan[-1].due_date if plan else None,
        paid=_paid(
            [line for line in lines if line.paid_on is not None],
            _known_from(record, lines),
            is_unknown=not lines and paid_months > 0,
        ),
        repricing=_repricing(record, plan, policy, today) if plan else None,
        history=lines,
        arrears=arrears,
        arrears_since=record.arrears_since or (min(line.due_on for line in overdue) if overdue else None),
    )


def next_repricing(rule: RepricingRule, today: date) -> date:
    """The first repricing day after today."""
    month = month_of(date(today.year - max(1, -(-rule.cycle_months // A_YEAR)), rule.month, 1))
    while (on := on_day(month, rule.day)) <= today:
        month += rule.cycle_months
    return on


def _plan(record: LoanRecord, overdue: Sequence[Repayment], paid_months: int) -> tuple[Instalment, ...]:
    """The instalments ahead, for the balance, rate, remaining months and method of now.

    Principal that is overdue is claimed by itself and bears no further instalments.
    """
    balance = record.balance - sum((line.principal for line in overdue), NOTHING)
    months = record.term_months - paid_months
    if balance <= 0 or months < 1:
        return ()
    return build(Loan(balance, record.annual_rate, months, record.method), _due(record, paid_months)).rows


def _due(record: LoanRecord, paid_months: int) -> DueDates:
    following = add_months(record.first_due.replace(day=record.repayment_day), paid_months)
    return DueDates(following, day=record.repayment_day)


def _repricing(
    record: LoanRecord, plan: Sequence[Instalment], policy: Policy, today: date
) -> Repricing | None:
    rule = record.repricing
    if rule is None:
        return None
    on = next_repricing(rule, today)
    key = "lpr.one_year" if record.term_months <= SHORT_TERM_MONTHS else "lpr.over_5y"
    lpr = policy.fact(key, today).fraction
    rate = rate_with_spread(lpr, rule.spread_bp)
    period = _first_whole_period(plan, on)
    before = after = None
    if period is not None:
        before = plan[period - 1].payment
        principal = plan[0].balance + plan[0].principal
        changed = build(
            Loan(principal, record.annual_rate, len(plan), record.method), None, [RateChange(period, rate)]
        )
        after = changed.rows[period - 1].payment
    return Repricing(
        on=on, lpr=lpr, spread_bp=rule.spread_bp, rate=rate, payment_before=before, payment_after=after
    )


def _first_whole_period(plan: Sequence[Instalment], on: date) -> int | None:
    """The first instalment whose whole month lies after the day; None when the loan ends before."""
    begins = add_months(plan[0].due_date, -1) if plan[0].due_date else None
    for row in plan:
        if begins is not None and begins >= on:
            return row.period
        begins = row.due_date
    return None


def _known_from(record: LoanRecord, lines: Sequence[Repayment]) -> date | None:
    """From when on the history is complete; None when it begins with the loan."""
    first = min((line.due_on for line in lines), default=record.first_due)
    return None if first <= record.first_due else first


def _paid(lines: Sequence[Repayment], known_from: date | None, *, is_unknown: bool) -> Paid:
    return Paid(
        principal=sum((line.principal for line in lines), NOTHING),
        interest=sum((line.interest for line in lines), NOTHING),
        penalty=sum((line.penalty for line in lines), NOTHING),
        n_lines=len(lines),
        known_from=known_from,
        is_unknown=is_unknown,
    )
