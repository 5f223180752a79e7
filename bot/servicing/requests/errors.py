"""What can go wrong with a request.

ServicingError
└── RequestError
    ├── WishIncomplete       something is still to be said
    ├── RequestRefused       a rule forbids it, with the reason and what is possible instead
    ├── DraftOutdated        the figures that were confirmed are no longer right
    ├── UnknownRequest
    ├── NumbersUsedUp
    └── IllegalStep
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.servicing.errors import ServicingError

if TYPE_CHECKING:
    from bot.servicing.requests.model import Draft


class Reason(StrEnum):
    """Why a request is refused."""

    NO_LOAN = "no_loan"  #: the verified customer has no loan that was paid out
    WHICH_LOAN = "which_loan"  #: there are several, and none was named
    FUND_CENTRE = "fund_centre"  #: the provident fund's centre decides, not the bank
    SETTLED = "settled"
    NOT_SETTLED = "not_settled"  #: a settlement certificate of a loan that still runs
    ARREARS = "arrears"
    ALREADY_OPEN = "already_open"  #: a request of this kind is being handled
    DAY_NOT_ALLOWED = "day_not_allowed"
    SAME_DAY = "same_day"
    CHANGES_USED_UP = "changes_used_up"
    SAME_METHOD = "same_method"
    BELOW_MINIMUM = "below_minimum"
    NOT_PARTIAL = "not_partial"  #: the sum would repay everything
    TOO_SOON = "too_soon"  #: full repayment needs notice
    AFTER_THE_END = "after_the_end"  #: the loan is repaid by then
    NO_EXTENSION = "no_extension"
    EXTENSION_TOO_LONG = "extension_too_long"
    RELIEF_TOO_LONG = "relief_too_long"
    NOT_A_WORKING_DAY = "not_a_working_day"
    YEAR_AHEAD = "year_ahead"  #: no instalment fell due in that year
    ROWS_MISSING = "rows_missing"  #: the record does not hold every instalment of the year


class RequestError(ServicingError):
    """Something about a request could not be done; nothing was changed."""


class WishIncomplete(RequestError):
    """The wish leaves ``field`` open."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is not said")
        self.field = field


class RequestRefused(RequestError):
    """A rule forbids the request; ``field`` names what could be chosen otherwise, None where nothing can."""

    def __init__(self, reason: Reason, field: str | None = None, **values: Any) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field
        self.values: Mapping[str, Any] = values  #: what the customer is told with it


class DraftOutdated(RequestError):
    """The record or the day has moved on since the figures were told; ``draft`` has those of now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("the figures are not those of the draft")
        self.draft = draft


class UnknownRequest(RequestError):
    """The customer has no request of this number."""

    def __init__(self, request_no: str) -> None:
        super().__init__(f"no request {request_no}")
        self.request_no = request_no


class IllegalStep(RequestError):
    """The request's state does not allow this step."""

    def __init__(self, request_no: str, reason: str) -> None:
        super().__init__(f"{request_no}: {reason}")
        self.request_no = request_no


class NumbersUsedUp(RequestError):
    """No free number of the day was found; the next try may find one."""
