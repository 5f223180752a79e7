"""Yuan and fen: exact decimals, rounded half up where the bank's system rounds."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

FEN = Decimal("0.01")
YUAN = Decimal(1)
NOTHING = Decimal("0.00")

#: Enough digits that a compound factor over 480 months never touches the fen of any principal we accept.
PRECISION = 60
_EXACT = Context(prec=PRECISION, rounding=ROUND_HALF_UP)


def exact() -> AbstractContextManager[Context]:
    """A context in which the core does its arithmetic, whatever the caller's own precision is."""
    return localcontext(_EXACT)


def to_fen(amount: Decimal) -> Decimal:
    """``amount`` rounded to the fen, half up.

    >>> to_fen(Decimal("4546.445"))
    Decimal('4546.45')
    """
    return amount.quantize(FEN, rounding=ROUND_HALF_UP, context=_EXACT)


def down_to_fen(amount: Decimal) -> Decimal:
    """The most that can be paid in fen without passing ``amount``.

    >>> down_to_fen(Decimal("6789.019"))
    Decimal('6789.01')
    """
    return amount.quantize(FEN, rounding=ROUND_FLOOR, context=_EXACT)


def down_to_yuan(amount: Decimal) -> Decimal:
    """``amount`` without its fen: what a bank lends is a whole number of yuan.

    >>> down_to_yuan(Decimal("2226949.86"))
    Decimal('2226949')
    """
    return amount.quantize(YUAN, rounding=ROUND_FLOOR, context=_EXACT)


def in_fen(amount: Decimal) -> int:
    """``amount`` counted in fen, half up: the engine walks a schedule in whole numbers.

    >>> in_fen(Decimal("4490.45"))
    449045
    """
    return int(to_fen(amount).scaleb(2, _EXACT))


def from_fen(fen: int) -> Decimal:
    """So many fen as an amount in yuan.

    >>> from_fen(449045)
    Decimal('4490.45')
    """
    return _EXACT.multiply(fen, FEN)


def to_yuan_text(amount: Decimal) -> str:
    """``amount`` as it travels on the wire: two decimals, no separators, and no minus before a zero.

    >>> to_yuan_text(Decimal("1616560.07"))
    '1616560.07'
    """
    fen = to_fen(amount)
    return f"{fen if fen else NOTHING:f}"
