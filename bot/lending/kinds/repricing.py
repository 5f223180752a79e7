"""How a rate is made, and what its changes do to a loan."""

from __future__ import annotations

from decimal import Decimal

from bot.lending import wording
from bot.lending.inputs import Inputs
from bot.lending.kinds.wire import (
    MAX_DAYS,
    Kinds,
    Result,
    difference,
    plain_pct,
    rate_pct,
    running_loan,
    said,
    schedule_said,
    words,
    yuan,
)
from bot.lending.model import MAX_ANNUAL_RATE, Loan, Method, RateChange
from bot.lending.money import exact
from bot.lending.payment import equal_instalment_payment
from bot.lending.repricing import (
    rate_bands as bands,
)
from bot.lending.repricing import (
    rate_change_effect,
    rate_path,
    rate_times,
    rate_with_spread,
    split_interest,
    spread_offer,
)
from bot.lending.schedule import totals

MAX_SPREAD = 3600
USUAL_SHIFTS = [-25, 0, 25]


def rate_composition(inputs: Inputs) -> Result:
    """LPR plus spread, or for old contracts the benchmark rate times a factor (RC0)."""
    if inputs.has("base_pct") or inputs.has("multiplier"):
        for other in ("lpr_pct", "spread_bp"):
            if inputs.has(other):
                raise inputs.invalid("conflict", other)
        base = inputs.contract_rate("base_pct")
        annual_rate = rate_times(base, inputs.number("multiplier", "0", "10"))
        field, words_used = "multiplier", "rate_times"
    else:
        lpr = inputs.annual_rate("lpr_pct")
        annual_rate = rate_with_spread(lpr, inputs.count("spread_bp", -MAX_SPREAD, MAX_SPREAD))
        field, words_used = "spread_bp", "rate_with_spread"
    if not 0 <= annual_rate <= MAX_ANNUAL_RATE:
        raise inputs.invalid("rate_out_of_range", field)
    return {"annual_rate_pct": rate_pct(annual_rate), "assumptions": said(inputs, *words(words_used))}


def rate_change(inputs: Inputs) -> Result:
    """等额本息 with rate changes on the way (RC1)."""
    loan = running_loan(inputs, Method.EQUAL_INSTALMENT)
    changes = _changes(inputs, loan)
    path = rate_path(loan, changes)
    return {
        "payments": [yuan(payment) for payment in path.payments],
        "balances_before_change": [yuan(balance) for balance in path.balances_before_change],
        "payment_change_first": difference(path.payments[1], path.payments[0]),
        "total_interest": yuan(path.total_interest),
        "assumptions": said(inputs, *schedule_said(loan)[:1], *_change_words(loan, changes)),
    }


def rate_change_equal_principal(inputs: Inputs) -> Result:
    """等额本金: the principal in each payment stays, only the interest changes (RC1)."""
    loan = running_loan(inputs, Method.EQUAL_PRINCIPAL)
    changes = _changes(inputs, loan)
    effect = rate_change_effect(loan, changes[0])
    changed, unchanged = effect.with_change.next_payment, effect.without_change.next_payment
    return {
        "payment_at_change": yuan(changed),
        "payment_without_change": yuan(unchanged),
        "difference": difference(changed, unchanged),
        "balance_before_change": yuan(effect.without_change.balance),
        "total_interest": yuan(totals(loan, changes).interest),
        "assumptions": said(inputs, *schedule_said(loan)[:1], *_change_words(loan, changes)),
    }


def payment_change(inputs: Inputs) -> Result:
    """The payment at an old and at a new rate over the same term."""
    principal = inputs.principal()
    old_rate, new_rate = inputs.contract_rate("old_rate_pct"), inputs.contract_rate("new_rate_pct")
    months = inputs.term()
    old = equal_instalment_payment(principal, old_rate, months)
    new = equal_instalment_payment(principal, new_rate, months)
    with exact():
        total = (old - new) * months
    return {
        "old_payment": yuan(old),
        "new_payment": yuan(new),
        "monthly_saving": difference(old, new),
        "total_saving_rounded_payment": yuan(total),
        "assumptions": said(inputs, *words("equal_instalment", "rounded_payment_total")),
    }


def repricing_split_interest(inputs: Inputs) -> Result:
    """The month of repricing: the old rate up to the day, the new one from it on (RC2)."""
    balance = inputs.principal("balance")
    old_rate, new_rate = inputs.contract_rate("old_rate_pct"), inputs.contract_rate("new_rate_pct")
    days_old, days_new = inputs.count("days_old", 0, MAX_DAYS), inputs.count("days_new", 0, MAX_DAYS)
    basis = inputs.basis()
    return {
        "period_interest": yuan(split_interest(balance, old_rate, new_rate, days_old, days_new, basis)),
        "assumptions": said(
            inputs, wording.assumption("split", old=days_old, new=days_new), _basis_said(int(basis))
        ),
    }


def existing_spread_adjust(inputs: Inputs) -> Result:
    """Whether an existing loan's spread may be renegotiated (EM1)."""
    spread = inputs.count("spread_bp", -MAX_SPREAD, MAX_SPREAD, default="")
    average = inputs.count("national_avg_new_spread_bp", -MAX_SPREAD, MAX_SPREAD)
    offer = spread_offer(spread, average, inputs.count("threshold_bp", 0, MAX_SPREAD))
    return {
        "eligible": offer.is_eligible,
        "new_spread_bp_floor": offer.floor,
        "assumptions": said(inputs, *words("spread_offer", "bank_decides")),
    }


def rate_bands(inputs: Inputs) -> Result:
    """'What if' for several future rates: best, same and worse, side by side."""
    loan = running_loan(inputs)
    period = inputs.count("effective_period", 1, loan.term_months, otherwise=1)
    shifts = inputs.counts("shifts_bp", -MAX_SPREAD, MAX_SPREAD, USUAL_SHIFTS)
    with exact():
        highest = int((MAX_ANNUAL_RATE - loan.annual_rate) * 10000)
    for position, shift in enumerate(shifts):
        if shift > highest:
            raise inputs.invalid(
                "out_of_range", f"shifts_bp[{position}]", (Decimal(-MAX_SPREAD), Decimal(highest))
            )
    return {
        "bands": [
            {
                "shift_bp": band.shift,
                "annual_rate_pct": rate_pct(band.annual_rate),
                "payment": yuan(band.payment),
                "remaining_interest": yuan(band.interest),
                "payment_change": yuan(band.payment_difference),
                "interest_change": yuan(band.interest_difference),
            }
            for band in bands(loan, period, shifts)
        ],
        "assumptions": said(
            inputs, *schedule_said(loan)[:1], *words("rate_bands", "rounding", "schedule_total")
        ),
    }


KINDS: Kinds = {
    "rate_composition": rate_composition,
    "rate_change": rate_change,
    "rate_change_equal_principal": rate_change_equal_principal,
    "payment_change": payment_change,
    "repricing_split_interest": repricing_split_interest,
    "existing_spread_adjust": existing_spread_adjust,
    "rate_bands": rate_bands,
}


def _changes(inputs: Inputs, loan: Loan) -> tuple[RateChange, ...]:
    """The changes in the order of their periods, which must rise."""
    changes: list[RateChange] = []
    for group in inputs.groups("rate_changes"):
        period = group.count("effective_period", 1, loan.term_months)
        if changes and period <= changes[-1].period:
            raise group.invalid("not_rising", "effective_period")
        changes.append(RateChange(period, group.contract_rate()))
    return tuple(changes)


def _change_words(loan: Loan, changes: tuple[RateChange, ...]) -> list[str]:
    said_changes = [
        wording.assumption("changed_rate", n=change.period, pct=plain_pct(change.annual_rate))
        for change in changes
    ]
    first = wording.assumption("starting_rate", pct=plain_pct(loan.annual_rate))
    return [first, *said_changes, *words("rate_change", "rounding", "schedule_total")]


def _basis_said(basis: int) -> str:
    return wording.assumption("basis", basis=basis)
