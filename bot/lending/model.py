"""A loan, its instalments and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

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


@dataclass(frozen=True)
class Instalment:
    """One monthly payment: what it is made of, and what is owed after it."""

    period: int  #: counted from 1
    payment: Decimal
    principal: Decimal
    interest: Decimal
    balance: Decimal
    due_date: date | None = None


@dataclass(frozen=True)
class Totals:
    """What a schedule adds up to."""

    n_payments: int
    interest: Decimal
    payment: Decimal
    first: Instalment
    last: Instalment


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
        )


@dataclass(frozen=True)
class YearSums:
    """Principal and interest paid in one year of the loan (twelve payments; the last year may have fewer)."""

    year: int  #: counted from 1
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True)
class DueDates:
    """When instalments fall due: the first date, then the agreed day of each following month."""

    first_due: date
    day: int  #: 1 to 31; a month without that day uses its last one
