"""Repaying early."""

from __future__ import annotations

from bot.lending import wording
from bot.lending.inputs import Inputs
from bot.lending.kinds.schedule import PREPAYMENT_OPTIONS
from bot.lending.kinds.wire import (
    MAX_DAYS,
    Kinds,
    Result,
    at_most,
    difference,
    paid_periods,
    penalty,
    rounded_pct,
    running_loan,
    said,
    schedule_said,
    words,
    yuan,
)
from bot.lending.model import Method, PrepaymentOption
from bot.lending.payment import equal_instalment_payment
from bot.lending.prepayment import (
    break_even as find_break_even,
)
from bot.lending.prepayment import (
    last_worthwhile_period,
    pay_off,
    prepay,
    prepay_between_due_dates,
)


def prepay_partial(inputs: Inputs) -> Result:
    """A part repaid right after an instalment, in one of three ways (PP-a1, PP-a2, PP-b)."""
    loan = running_loan(inputs)
    paid, standing = paid_periods(inputs, loan)
    amount = at_most(inputs, "prepay_amount", inputs.principal("prepay_amount"), standing.balance)
    option = inputs.choice("option", PREPAYMENT_OPTIONS, "shorten_keep_payment")
    charged = penalty(inputs)
    done = prepay(loan, paid, amount, option, charged)
    new_payment = done.new_payment
    if option is PrepaymentOption.KEEP_PAYMENT and loan.method is Method.EQUAL_INSTALMENT:
        if done.remaining_periods:  # even when the very next one is only the remainder
            new_payment = equal_instalment_payment(loan.principal, loan.annual_rate, loan.term_months)
    notes = [*schedule_said(loan), *words(f"prepaid_{option.value}", *_penalty_words(charged))]
    return {
        "balance_before": yuan(done.balance_before),
        "balance_after": yuan(done.balance_after),
        "new_payment": yuan(new_payment),
        "remaining_periods": done.remaining_periods,
        "periods_saved": done.periods_saved,
        "final_payment": yuan(done.final_payment),
        "interest_saved": yuan(done.interest_saved),
        "payment_reduction": difference(
            max(done.payment_before, new_payment)
            if option is PrepaymentOption.KEEP_PAYMENT and loan.method is Method.EQUAL_INSTALMENT
            else done.payment_before,
            new_payment,
        ),
        "penalty": yuan(done.penalty),
        "net_saving": yuan(done.net_saving),
        "assumptions": said(inputs, *notes),
    }


def prepay_partial_equal_principal(inputs: Inputs) -> Result:
    """Both ways of a partial prepayment under 等额本金 (PP-ep)."""
    loan = running_loan(inputs, Method.EQUAL_PRINCIPAL)
    paid, standing = paid_periods(inputs, loan)
    amount = at_most(inputs, "prepay_amount", inputs.principal("prepay_amount"), standing.balance)
    shorter = prepay(loan, paid, amount, PrepaymentOption.KEEP_PAYMENT)
    lower = prepay(loan, paid, amount, PrepaymentOption.LOWER_PAYMENT)
    return {
        "balance_before": yuan(standing.balance),
        "shorten_remaining_periods": shorter.remaining_periods,
        "shorten_interest_saved": yuan(shorter.interest_saved),
        "lower_next_payment": yuan(lower.new_payment),
        "lower_monthly_principal": yuan(lower.new_principal),
        "lower_interest_saved": yuan(lower.interest_saved),
        "assumptions": said(inputs, *schedule_said(loan), *words("prepaid_on_due_date", "no_penalty")),
    }


def prepay_partial_midperiod(inputs: Inputs) -> Result:
    """A part repaid between two due dates (PF1)."""
    balance = inputs.principal("balance")
    amount = at_most(inputs, "prepay_amount", inputs.principal("prepay_amount"), balance)
    annual_rate = inputs.contract_rate()
    days = inputs.count("days_since_last_payment", 0, MAX_DAYS)
    basis = inputs.basis()
    done = prepay_between_due_dates(balance, amount, annual_rate, days, basis)
    return {
        "accrued_on_prepaid": yuan(done.accrued_on_prepaid),
        "cash_needed": yuan(done.cash_needed),
        "next_period_interest": yuan(done.next_period_interest),
        "assumptions": said(inputs, wording.assumption("basis", basis=int(basis)), *words("midperiod")),
    }


def prepay_full(inputs: Inputs) -> Result:
    """Everything repaid on one day (PF1)."""
    loan = running_loan(inputs)
    paid, _ = paid_periods(inputs, loan)
    days = inputs.count("days_since_last_payment", 0, MAX_DAYS, otherwise=0)
    basis, charged = inputs.day_basis(), penalty(inputs)
    done = pay_off(loan, paid, days, basis, charged)
    return {
        "balance": yuan(done.balance),
        "accrued_interest": yuan(done.accrued_interest),
        "penalty": yuan(done.penalty),
        "payoff_total": yuan(done.payoff_total),
        "interest_saved": yuan(done.interest_saved),
        "net_saving": yuan(done.net_saving),
        "assumptions": said(
            inputs,
            *schedule_said(loan),
            wording.assumption("basis", basis=int(basis)),
            *words(*_penalty_words(charged)),
        ),
    }


def break_even(inputs: Inputs) -> Result:
    """A penalty against the interest still ahead (BE1)."""
    loan = running_loan(inputs)
    paid, _ = paid_periods(inputs, loan)
    charged = penalty(inputs)
    found = find_break_even(loan, paid, charged)
    return {
        "balance": yuan(found.balance),
        "penalty": yuan(found.penalty),
        "remaining_interest": yuan(found.interest_ahead),
        "worthwhile": found.is_worthwhile,
        "max_breakeven_penalty_pct": rounded_pct(found.max_penalty),
        "breakeven_months": found.months,
        "assumptions": said(
            inputs, *schedule_said(loan), *words("penalty_against_interest_ahead", *_penalty_words(charged))
        ),
    }


def break_even_last_period(inputs: Inputs) -> Result:
    """The last instalment after which repaying everything still saves more than its penalty (BE2)."""
    loan = running_loan(inputs)
    share = inputs.share("penalty_pct")
    return {
        "last_worthwhile_period": last_worthwhile_period(loan, share),
        "assumptions": said(inputs, *schedule_said(loan), *words("penalty_against_interest_ahead")),
    }


KINDS: Kinds = {
    "prepay_partial": prepay_partial,
    "prepay_partial_equal_principal": prepay_partial_equal_principal,
    "prepay_partial_midperiod": prepay_partial_midperiod,
    "prepay_full": prepay_full,
    "break_even": break_even,
    "break_even_last_period": break_even_last_period,
}


def _penalty_words(charged: object) -> tuple[str, ...]:
    return ("by_contract",) if charged else ("no_penalty",)
