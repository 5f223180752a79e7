"""Yuan and fen: exact decimals, rounded half up where the bank's system rounds."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

FEN = Decimal("0.01")

#: Enough digits that a compound factor over 480 months never touches the fen of any principal we accept.
PRECISION = 60


def exact() -> AbstractContextManager[Context]:
    """A context in which the core does its arithmetic, whatever the caller's own precision is."""
    return localcontext(Context(prec=PRECISION, rounding=ROUND_HALF_UP))


def to_fen(amount: Decimal) -> Decimal:
    """``amount`` rounded to the fen, half up.

    >>> to_fen(Decimal("4546.445"))
    Decimal('4546.45')
    """
    with exact():
        return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def to_yuan_text(amount: Decimal) -> str:
    """``amount`` as it travels on the wire: two decimals, no separators.

    >>> to_yuan_text(Decimal("1616560.07"))
    '1616560.07'
    """
    return f"{to_fen(amount):f}"
