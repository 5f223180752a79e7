"""Several loans of a customer taken together: sums to the fen of what each shows by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.servicing.loan_view import NOTHING, LoanView, Paid


@dataclass(frozen=True, kw_only=True)
class LoanSums:
    """Over the loans that still run."""

    balance: Decimal
    payment: Decimal  #: of the next instalment of each, whose due dates may differ
    n_running: int


def sums_of(views: Sequence[LoanView]) -> LoanSums:
    """What is owed and what falls due next, over all of them."""
    running = [view for view in views if not view.is_settled]
    return LoanSums(
        balance=sum((view.record.balance for view in running), NOTHING),
        payment=sum((view.next_payment.payment for view in running if view.next_payment), NOTHING),
        n_running=len(running),
    )


def interest_of(paid: Sequence[Paid]) -> Decimal:
    """The interest of several loans together, each counted by itself."""
    return sum((one.interest for one in paid), NOTHING)


def principal_of(paid: Sequence[Paid]) -> Decimal:
    """The principal that was repaid of several loans together."""
    return sum((one.principal for one in paid), NOTHING)
