"""Closed forms: a figure from a formula, without walking through a schedule."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from bot.lending.errors import TermOutOfRange
from bot.lending.money import exact, to_fen


@lru_cache(maxsize=16)  # one question asks for the same payment three times and more
def exact_instalment_payment(principal: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """Monthly payment under 等额本息 before it is rounded.

    ``P·i·(1+i)ⁿ / ((1+i)ⁿ − 1)`` with ``i = annual_rate / 12``; ``P / n`` when the rate is zero.
    """
    if months <= 0:
        raise TermOutOfRange(months)
    with exact():
        if not annual_rate:
            return principal / months
        i = annual_rate / 12
        growth = (1 + i) ** months
        return principal * i * growth / (growth - 1)


def equal_instalment_payment(principal: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """Monthly payment under 等额本息, rounded to the fen.

    >>> equal_instalment_payment(Decimal("1000000"), Decimal("0.036"), 360)
    Decimal('4546.45')
    """
    return to_fen(exact_instalment_payment(principal, annual_rate, months))


def equal_instalment_interest(principal: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """Total interest under 等额本息 as most web calculators show it: ``exact payment · n − P``.

    >>> equal_instalment_interest(Decimal("1000000"), Decimal("0.035"), 360)
    Decimal('616560.88')
    """
    payment = exact_instalment_payment(principal, annual_rate, months)
    with exact():
        return to_fen(payment * months - principal)


def loan_for_payment(payment: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """What a monthly payment repays: ``payment · ((1+i)ⁿ − 1) / (i·(1+i)ⁿ)``, not rounded."""
    if months <= 0:
        raise TermOutOfRange(months)
    with exact():
        if not annual_rate:
            return payment * months
        i = annual_rate / 12
        growth = (1 + i) ** months
        return payment * (growth - 1) / (i * growth)


def equal_principal_share(principal: Decimal, months: int) -> Decimal:
    """The principal in each payment under 等额本金, rounded to the fen; the last payment takes the rest.

    >>> equal_principal_share(Decimal("1000000"), 360)
    Decimal('2777.78')
    """
    if months <= 0:
        raise TermOutOfRange(months)
    with exact():
        return to_fen(principal / months)


def equal_principal_interest(principal: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """Total interest under 等额本金 by the formula ``P · i · (n + 1) / 2``.

    >>> equal_principal_interest(Decimal("1000000"), Decimal("0.035"), 360)
    Decimal('526458.33')
    """
    with exact():
        return to_fen(principal * annual_rate * (months + 1) / 24)


def month_interest(balance: Decimal, annual_rate: Decimal) -> Decimal:
    """Interest of one month on ``balance``, rounded to the fen.

    Multiplied first and divided by twelve last: dividing first would break exact half-fen ties.

    >>> month_interest(Decimal("1000000"), Decimal("0.035"))
    Decimal('2916.67')
    """
    with exact():
        return to_fen(balance * annual_rate / 12)
