"""The machine-readable face of the lending core: a kind and JSON inputs go in, a JSON object comes out.

Per cent signs and the words of the wire (``level``, ``annual_rate_pct``) live only at this edge.
Money leaves as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.lending import wording
from bot.lending.errors import InvalidInput, UnknownKind
from bot.lending.inputs import Default, Inputs
from bot.lending.model import Loan, Method, Totals
from bot.lending.money import exact, to_yuan_text
from bot.lending.payment import (
    equal_instalment_interest,
    equal_instalment_payment,
    equal_principal_interest,
    equal_principal_share,
)
from bot.lending.schedule import instalments, totals

Result = dict[str, Any]
Kind = Callable[[Inputs], Result]

NO_DEFAULTS: Mapping[str, Default] = {}


def calculate(kind: object, inputs: object, defaults: Mapping[str, Default] = NO_DEFAULTS) -> Result:
    """The result of one calculation.

    ``defaults`` are the policy facts of the day for fields that may be left out.
    Each one taken is named under ``assumptions``.
    Raises `UnknownKind` or `InvalidInput`, both with ``code``, ``field`` and a Chinese ``message``.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnknownKind(kind, wording.problem("unknown_kind", str(kind)[:40]))
    if not isinstance(inputs, Mapping):
        raise InvalidInput("not_an_object", "inputs", wording.problem("not_an_object", "inputs"))
    return KINDS[kind](Inputs(inputs, defaults))


def level_payment(inputs: Inputs) -> Result:
    """等额本息 (convention R1)."""
    loan = _loan(inputs, Method.EQUAL_INSTALMENT)
    sums = totals(loan)
    formula = equal_instalment_interest(loan.principal, loan.annual_rate, loan.term_months)
    return {
        "monthly_payment": to_yuan_text(_level(loan)),
        "first_interest": to_yuan_text(sums.first.interest),
        "first_principal": to_yuan_text(sums.first.principal),
        "final_payment": to_yuan_text(sums.last.payment),
        "n_payments": sums.n_payments,
        "total_interest": to_yuan_text(sums.interest),
        "total_payment": to_yuan_text(sums.payment),
        "total_interest_formula": to_yuan_text(formula),
        "assumptions": _assumptions(inputs, loan, sums),
    }


def equal_principal(inputs: Inputs) -> Result:
    """等额本金 (convention R2); a payment that the term does not reach is null."""
    loan = _loan(inputs, Method.EQUAL_PRINCIPAL)
    sums = totals(loan)
    payments = {row.period: row.payment for row in instalments(loan) if row.period in (2, 60)}
    formula = equal_principal_interest(loan.principal, loan.annual_rate, loan.term_months)
    return {
        "monthly_principal": to_yuan_text(equal_principal_share(loan.principal, loan.term_months)),
        "first_payment": to_yuan_text(sums.first.payment),
        "last_payment": to_yuan_text(sums.last.payment),
        "total_interest": to_yuan_text(sums.interest),
        "total_interest_formula": to_yuan_text(formula),
        "n_payments": sums.n_payments,
        "second_payment": _optional(payments.get(2)),
        "payment_60": _optional(payments.get(60)),
        "assumptions": _assumptions(inputs, loan, sums),
    }


def compare_methods(inputs: Inputs) -> Result:
    """Both methods side by side; ``ep_cheaper_from_period`` is null when no month of 等额本金 is cheaper."""
    level = _loan(inputs, Method.EQUAL_INSTALMENT)
    by_principal = replace(level, method=Method.EQUAL_PRINCIPAL)
    level_sums, sums = totals(level), totals(by_principal)
    payment = _level(level)
    pairs = zip(instalments(by_principal), instalments(level), strict=False)
    cheaper_from = next((row.period for row, other in pairs if row.payment < other.payment), None)
    with exact():
        difference = level_sums.interest - sums.interest
    return {
        "level_payment": to_yuan_text(payment),
        "ep_first_payment": to_yuan_text(sums.first.payment),
        "ep_last_payment": to_yuan_text(sums.last.payment),
        "interest_difference": to_yuan_text(difference),
        "ep_cheaper_from_period": cheaper_from,
        "assumptions": [*_assumptions(inputs, level, level_sums)[1:], wording.assumption("advance")],
    }


KINDS: Mapping[str, Kind] = {
    "level_payment": level_payment,
    "equal_principal": equal_principal,
    "compare_methods": compare_methods,
}


def _loan(inputs: Inputs, method: Method) -> Loan:
    loan = Loan(inputs.principal(), inputs.annual_rate(), inputs.term(), method)
    inputs.finish()
    return loan


def _level(loan: Loan) -> Decimal:
    return equal_instalment_payment(loan.principal, loan.annual_rate, loan.term_months)


def _optional(amount: Decimal | None) -> str | None:
    return None if amount is None else to_yuan_text(amount)


def _assumptions(inputs: Inputs, loan: Loan, sums: Totals) -> list[str]:
    with exact():
        pct = f"{(loan.annual_rate * 100).normalize():f}"
    said = [
        wording.assumption(loan.method.value),
        *inputs.notes,
        wording.assumption("rate", pct=pct),
        wording.assumption("rounding"),
        wording.assumption("schedule_total"),
    ]
    if sums.n_payments < loan.term_months:
        said.append(wording.assumption("early_end", n=sums.n_payments))
    return said
