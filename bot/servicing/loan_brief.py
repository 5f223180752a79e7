"""Which of a customer's loans is meant: a combined application has two, and a customer may have several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.servicing.model import LoanKind

_JOINT = "/"


@dataclass(frozen=True)
class LoanRef:
    """Names a loan in a conversation: its application and its kind.

    >>> str(LoanRef("FX2026110004", LoanKind.PROVIDENT_FUND))
    'FX2026110004/provident_fund'
    """

    application_no: str
    kind: LoanKind

    def __str__(self) -> str:
        return f"{self.application_no}{_JOINT}{self.kind.value}"

    @classmethod
    def of(cls, text: str) -> LoanRef | None:
        """The reference as it was written; None for anything else."""
        number, joint, kind = text.partition(_JOINT)
        return cls(number, LoanKind(kind)) if joint and kind in tuple(LoanKind) else None


@dataclass(frozen=True)
class LoanHint:
    """What words say of the loan that is meant: its kind, its account's end, its place in the list."""

    kind: LoanKind | None = None
    tail: str | None = None
    place: int | None = None  #: 1 for the first that was shown; -1 for the last


@dataclass(frozen=True, kw_only=True)
class LoanBrief:
    """One of a customer's loans, in a line."""

    application_no: str
    kind: LoanKind
    principal: Decimal
    balance: Decimal
    account_tail: str
    is_settled: bool

    @property
    def ref(self) -> LoanRef:
        return LoanRef(self.application_no, self.kind)


def meant(hint: LoanHint, loans: Sequence[LoanBrief]) -> tuple[LoanBrief, ...]:
    """The loans that fit what was said; the place counts among those that fit the rest.

    「公积金那笔」 of a customer with one such loan is that loan, and 「第二笔」 the second that was shown.
    """
    fitting = tuple(
        loan for loan in loans if hint.kind in (None, loan.kind) and hint.tail in (None, loan.account_tail)
    )
    if hint.place is None:
        return fitting
    position = hint.place - 1 if hint.place > 0 else len(fitting) + hint.place
    return fitting[position : position + 1] if position >= 0 else ()
