"""What can be wrong with a calculation.

LendingError
├── PrincipalOutOfRange
├── RateOutOfRange
├── TermOutOfRange
├── EventOutOfTerm
├── PrepaymentTooLarge
├── DatesNeeded
├── DatesReversed
├── UnknownKind
└── InvalidInput
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal


class LendingError(Exception):
    """A calculation that cannot be made."""


class PrincipalOutOfRange(LendingError):
    """A principal must be more than nothing, and no more than the core takes."""

    def __init__(self, principal: Decimal) -> None:
        super().__init__(str(principal))
        self.principal = principal


class RateOutOfRange(LendingError):
    """A yearly rate must lie between nothing and the highest we calculate with."""

    def __init__(self, annual_rate: Decimal) -> None:
        super().__init__(str(annual_rate))
        self.annual_rate = annual_rate


class TermOutOfRange(LendingError):
    """A term is a whole number of months, from 1 to 480."""

    def __init__(self, term_months: int) -> None:
        super().__init__(str(term_months))
        self.term_months = term_months


class EventOutOfTerm(LendingError):
    """A change of a running loan must fall into its term."""

    def __init__(self, period: int, term_months: int) -> None:
        super().__init__(f"{period} of {term_months}")
        self.period = period
        self.term_months = term_months


class PrepaymentTooLarge(LendingError):
    """No more can be repaid than is still owed."""

    def __init__(self, amount: Decimal, balance: Decimal) -> None:
        super().__init__(f"{amount} of {balance}")
        self.amount = amount
        self.balance = balance


class DatesNeeded(LendingError):
    """A changed repayment day makes sense only in a schedule with dates."""


class DatesReversed(LendingError):
    """A due date must come after the one before it."""

    def __init__(self, earlier: date, later: date) -> None:
        super().__init__(f"{later} is not after {earlier}")
        self.earlier = earlier
        self.later = later


class UnknownKind(LendingError):
    """There is no calculation of that name."""

    def __init__(self, kind: object, message: str) -> None:
        super().__init__(message)
        self.code = "unknown_kind"
        self.field = "kind"
        self.message = message


class InvalidInput(LendingError):
    """One input of the machine-readable face is wrong; ``message`` is Chinese and fit for the customer."""

    def __init__(
        self, code: str, field: str, message: str, valid: tuple[Decimal, Decimal] | None = None
    ) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field
        self.message = message
        self.valid = valid  #: lowest and highest accepted value, where there is such a range
