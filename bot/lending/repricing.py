"""How a rate is made and what happens when it moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.lending.model import Loan, RateChange, YearBasis
from bot.lending.money import exact, to_fen
from bot.lending.schedule import NO_EVENTS, Position, position, totals

BASIS_POINT = Decimal("0.0001")


def rate_with_spread(base: Decimal, spread: int) -> Decimal:
    """LPR plus a spread in basis points, as a fraction.

    >>> rate_with_spread(Decimal("0.0350"), -30)
    Decimal('0.0320')
    """
    with exact():
        return base + spread * BASIS_POINT


def rate_times(base: Decimal, multiplier: Decimal) -> Decimal:
    """The old way: the benchmark rate times a factor (九折 is 0.9)."""
    with exact():
        return base * multiplier


def split_interest(
    balance: Decimal,
    old_rate: Decimal,
    new_rate: Decimal,
    days_old: int,
    days_new: int,
    basis: YearBasis = YearBasis.ACTUAL_360,
) -> Decimal:
    """分段计息 in the month of repricing: ``balance · (old · days + new · days) / 360``, rounded once.

    >>> split_interest(Decimal("978543.21"), Decimal("0.0490"), Decimal("0.0430"), 12, 19)
    Decimal('3819.04')
    """
    with exact():
        return to_fen(balance * (old_rate * days_old + new_rate * days_new) / int(basis))


@dataclass(frozen=True)
class SpreadOffer:
    """Whether an existing loan's spread may be renegotiated, and how far down."""

    is_eligible: bool
    floor: int  #: basis points


def spread_offer(spread: int, national_average_spread: int, threshold: int) -> SpreadOffer:
    """A spread further above the national average of new loans than the threshold may come down to there.

    >>> spread_offer(0, -40, 30)
    SpreadOffer(is_eligible=True, floor=-10)
    """
    floor = national_average_spread + threshold
    return SpreadOffer(spread > floor, floor)


@dataclass(frozen=True)
class RatePath:
    """A loan whose rate changes on the way."""

    payments: tuple[Decimal, ...]  #: the first one and the first one after each change
    balances_before_change: tuple[Decimal, ...]
    total_interest: Decimal


def rate_path(loan: Loan, changes: Sequence[RateChange]) -> RatePath:
    """The instalments and balances at each change; from ``period`` on the new rate holds."""
    at_change = [position(loan, change.period - 1, tuple(changes)) for change in changes]
    first = position(loan, 0, tuple(changes[1:]) if changes[0].period == 1 else tuple(changes))
    return RatePath(
        payments=(first.next_payment, *(at.next_payment for at in at_change)),
        balances_before_change=tuple(at.balance for at in at_change),
        total_interest=totals(loan, tuple(changes)).interest,
    )


@dataclass(frozen=True)
class RateChangeEffect:
    """The first instalment after a change, with it and without."""

    with_change: Position
    without_change: Position


def rate_change_effect(loan: Loan, change: RateChange) -> RateChangeEffect:
    return RateChangeEffect(
        position(loan, change.period - 1, (change,)), position(loan, change.period - 1, NO_EVENTS)
    )


@dataclass(frozen=True)
class Band:
    """What a loan costs from here on if its rate moves by so much."""

    shift: int  #: basis points
    annual_rate: Decimal
    payment: Decimal
    interest: Decimal
    payment_difference: Decimal  #: against the rate as it is
    interest_difference: Decimal


def rate_bands(loan: Loan, period: int, shifts: Sequence[int]) -> tuple[Band, ...]:
    """'What if' for several future rates: each moves the rate at ``period`` and is held to the end."""
    same = position(loan, period - 1, NO_EVENTS)
    return tuple(_band(loan, period, shift, same) for shift in shifts)


def _band(loan: Loan, period: int, shift: int, same: Position) -> Band:
    with exact():
        annual_rate = max(Decimal(0), loan.annual_rate + shift * BASIS_POINT)
        moved = position(loan, period - 1, (RateChange(period, annual_rate),))
        return Band(
            shift=shift,
            annual_rate=annual_rate,
            payment=moved.next_payment,
            interest=moved.interest_ahead,
            payment_difference=moved.next_payment - same.next_payment,
            interest_difference=moved.interest_ahead - same.interest_ahead,
        )
