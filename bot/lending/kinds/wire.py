"""What all kinds share at the edge: loans out of inputs, amounts and percentages into text, words beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.lending import wording
from bot.lending.inputs import Inputs
from bot.lending.model import Loan, Method
from bot.lending.money import exact, to_yuan_text
from bot.lending.prepayment import MonthsOfInterest, Penalty, ShareOfPrepaid
from bot.lending.schedule import Position, position

Result = dict[str, Any]
Kind = Callable[[Inputs], Result]
Kinds = Mapping[str, Kind]

SMALLEST = Decimal("0.01")
MAX_DAYS = 36600


def new_loan(inputs: Inputs, method: Method | None = None) -> Loan:
    """A loan somebody is thinking of; its rate may be the day's."""
    return Loan(inputs.principal(), inputs.annual_rate(), inputs.term(), method or inputs.method())


def running_loan(inputs: Inputs, method: Method | None = None) -> Loan:
    """A loan with a contract, which alone knows the rate."""
    return Loan(inputs.principal(), inputs.contract_rate(), inputs.term(), method or inputs.method())


def paid_periods(inputs: Inputs, loan: Loan) -> tuple[int, Position]:
    """How many instalments are paid, with something still owed, and where that leaves the loan."""
    paid = inputs.count("paid_periods", 0, loan.term_months)
    standing = position(loan, paid)
    if not standing.balance:
        raise inputs.invalid("nothing_owed", "paid_periods", (Decimal(0), Decimal(loan.term_months - 1)))
    return paid, standing


def penalty(inputs: Inputs) -> Penalty:
    """Absent and null mean that the contract charges nothing."""
    group = inputs.optional_group("penalty")
    if group is None:
        return None
    kind = group.choice("type", {"pct_of_prepaid": ShareOfPrepaid, "months_interest": MonthsOfInterest})
    if kind is ShareOfPrepaid:
        return ShareOfPrepaid(group.share("pct"))
    return MonthsOfInterest(group.count("months", 0, 480))


def at_most(inputs: Inputs, name: str, amount: Decimal, limit: Decimal) -> Decimal:
    """``amount``, which must not be more than is owed."""
    if amount > limit:
        raise inputs.invalid("too_large", name, (SMALLEST, limit))
    return amount


yuan = to_yuan_text


def optional_yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else to_yuan_text(amount)


def difference(amount: Decimal, other: Decimal) -> str:
    with exact():
        return to_yuan_text(amount - other)


def rounded_pct(fraction: Decimal, places: int = 2) -> str:
    """A ratio per cent, rounded half up."""
    with exact():
        return f"{(fraction * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def rate_pct(fraction: Decimal) -> str:
    """A rate per cent as it is, with two decimals at least: ``3.20``, ``4.165``."""
    plain = plain_pct(fraction)
    return plain if len(plain.partition(".")[2]) >= 2 else rounded_pct(fraction)


def plain_pct(fraction: Decimal) -> str:
    """A rate per cent without needless zeros: ``1``, ``1.5``."""
    with exact():
        pct = fraction * 100
        return f"{pct.normalize():f}" if pct else "0"


def said(inputs: Inputs, *sentences: str) -> list[str]:
    """The assumptions of a result: those of the defaults taken, then its own."""
    inputs.finish()
    return [*inputs.notes, *sentences]


def rate_said(annual_rate: Decimal) -> str:
    return wording.assumption("rate", pct=plain_pct(annual_rate))


def schedule_said(loan: Loan, n_payments: int | None = None) -> list[str]:
    """Method, rate and rounding of a schedule, and which total is shown."""
    sentences = [
        wording.assumption(loan.method.value),
        rate_said(loan.annual_rate),
        wording.assumption("rounding"),
        wording.assumption("schedule_total"),
    ]
    if n_payments is not None and n_payments < loan.term_months:
        sentences.append(wording.assumption("early_end", n=n_payments))
    return sentences


def words(*keys: str) -> list[str]:
    return [wording.assumption(key) for key in keys]
