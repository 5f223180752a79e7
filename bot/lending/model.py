"""A loan, its instalments and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from bot.lending.errors import PrincipalOutOfRange, RateOutOfRange, TermOutOfRange

#: What the core calculates with; what a bank lends is a narrower matter of policy facts.
MAX_PRINCIPAL = Decimal("1000000000000")
MAX_ANNUAL_RATE = Decimal("0.36")
MAX_TERM_MONTHS = 480


class Method(str, Enum):
    EQUAL_INSTALMENT = "equal_instalment"  #: 等额本息: the same payment every month
    EQUAL_PRINCIPAL = "equal_principal"  #: 等额本金: the same share of principal every month


@dataclass(frozen=True)
class Loan:
    """What was agreed: so much, at this yearly rate (a fraction), over so many months, repaid this way."""

    principal: Decimal
    annual_rate: Decimal
    term_months: int
    method: Method = Method.EQUAL_INSTALMENT

    def __post_init__(self) -> None:
        if not self.principal.is_finite() or not 0 < self.principal <= MAX_PRINCIPAL:
            raise PrincipalOutOfRange(self.principal)
        if not self.annual_rate.is_finite() or not 0 <= self.annual_rate <= MAX_ANNUAL_RATE:
            raise RateOutOfRange(self.annual_rate)
        if not 1 <= self.term_months <= MAX_TERM_MONTHS:
            raise TermOutOfRange(self.term_months)


class Instalment(NamedTuple):
    """One monthly payment: what it is made of, and what is owed after it and after any prepayment that day."""

    period: int  #: counted from 1
    payment: Decimal
    principal: Decimal
    interest: Decimal
    balance: Decimal
    due_date: date | None = None
    prepaid: Decimal = Decimal("0.00")  #: repaid on the same day beside the instalment


@dataclass(frozen=True)
class Totals:
    """What a schedule adds up to."""

    n_payments: int
    interest: Decimal
    payment: Decimal
    first: Instalment
    last: Instalment
    prepaid: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class Schedule:
    """All instalments of a loan, in order."""

    loan: Loan
    rows: tuple[Instalment, ...]

    @property
    def totals(self) -> Totals:
        return Totals(
            n_payments=len(self.rows),
            interest=sum((row.interest for row in self.rows), Decimal(0)),
            payment=sum((row.payment for row in self.rows), Decimal(0)),
            first=self.rows[0],
            last=self.rows[-1],
            prepaid=sum((row.prepaid for row in self.rows), Decimal("0.00")),
        )


@dataclass(frozen=True)
class YearSums:
    """Principal and interest paid in one year of the loan (twelve payments; the last year may have fewer)."""

    year: int  #: counted from 1
    principal: Decimal
    interest: Decimal


class YearBasis(int, Enum):
    """How many days a year has when a daily rate is made of a yearly one; a field of the contract."""

    ACTUAL_360 = 360
    ACTUAL_365 = 365


@dataclass(frozen=True)
class DueDates:
    """When instalments fall due: the first date, then the agreed day of each following month.

    With ``start``, the day the money was paid out, a first period that is no whole month bears interest by
    its actual days; ``is_daily`` contracts count the actual days of every period.
    """

    first_due: date
    day: int  #: 1 to 31; a month without that day uses its last one
    start: date | None = None
    basis: YearBasis = YearBasis.ACTUAL_360
    is_daily: bool = False


class PrepaymentOption(str, Enum):
    """What a partial prepayment changes."""

    KEEP_PAYMENT = "keep_payment"  #: same payment, fewer months, the last one is the remainder
    RELEVEL_SHORTER = "relevel_shorter"  #: the nearest whole number of months, payment about the same
    LOWER_PAYMENT = "lower_payment"  #: same end, smaller payments


@dataclass(frozen=True)
class RateChange:
    """A new yearly rate from instalment ``period`` on."""

    period: int
    annual_rate: Decimal


@dataclass(frozen=True)
class Prepayment:
    """``amount`` repaid on the due date of instalment ``after_period``; 0 means before the first one."""

    after_period: int
    amount: Decimal
    option: PrepaymentOption


@dataclass(frozen=True)
class InterestOnly:
    """Interest alone for ``months`` instalments from ``period`` on; then levelled over what is left."""

    period: int
    months: int


@dataclass(frozen=True)
class FixedPayments:
    """An agreed payment for ``months`` instalments from ``period`` on; then levelled over what is left.

    A payment below the interest makes the balance grow.
    """

    period: int
    months: int
    payment: Decimal


@dataclass(frozen=True)
class Extension:
    """``months`` more to repay, levelled anew from ``period`` on."""

    period: int
    months: int


@dataclass(frozen=True)
class MethodChange:
    """Another repayment method from ``period`` on."""

    period: int
    method: Method


@dataclass(frozen=True)
class DayChange:
    """Instalment ``period`` and all after it fall due on another day of the month.

    The changed period bears interest by its actual days; its share of principal stays as planned.
    """

    period: int
    day: int
    is_same_month: bool = False  #: in the month of the instalment before, not in the one after


Event = RateChange | Prepayment | InterestOnly | FixedPayments | Extension | MethodChange | DayChange
