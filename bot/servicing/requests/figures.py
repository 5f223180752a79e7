"""What a request costs and changes: the lending core's figures as they are told, stored and compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.lending import Extension, InterestOnly, Loan, Method, MethodChange, PrepaymentOption, YearBasis
from bot.lending.days import interest_by_days, last_due_before_move, moved_due_date
from bot.lending.payment import month_interest
from bot.lending.prepayment import Penalty, ShareOfPrepaid, pay_off, prepay
from bot.lending.schedule import position, totals
from bot.servicing.model import LoanKind
from bot.servicing.ports import Policy
from bot.servicing.requests.model import Figures, LoanCase


def day_change(case: LoanCase, today: date, new_day: int) -> Figures:
    """The period between the last instalment on the old day and the first on the new one."""
    last_due = max(last_due_before_move(today, case.repayment_day, new_day), case.first_due)
    next_due = moved_due_date(last_due, new_day, is_same_month=False)
    days = (next_due - last_due).days
    balance = _balance_on(case, today, last_due)
    interest = interest_by_days(balance, case.annual_rate, days)
    usual = month_interest(balance, case.annual_rate)
    return {
        "old_day": str(case.repayment_day),
        "last_due": last_due.isoformat(),
        "next_due": next_due.isoformat(),
        "days": str(days),
        "period_interest": _yuan(interest),
        "usual_interest": _yuan(usual),
        "difference": _yuan(abs(interest - usual)),
        "is_longer": str(int(interest > usual)),
    }


def method_change(case: LoanCase, today: date, new: Method) -> Figures:
    """Both ways of repaying what is left, from the next instalment on."""
    loan = case.running(today)
    kept, changed = totals(loan), totals(loan, (MethodChange(1, new),))
    return {
        "from_due": case.next_due(today).isoformat(),
        "old_method": loan.method.value,
        "payment_before": _yuan(kept.first.payment),
        "payment_after": _yuan(changed.first.payment),
        "last_payment": _yuan(changed.last.payment),
        "interest_before": _yuan(kept.interest),
        "interest_after": _yuan(changed.interest),
        "interest_difference": _yuan(changed.interest - kept.interest),
    }


def prepayment(case: LoanCase, today: date, on: date, amount: Decimal, penalty: Penalty) -> Figures:
    """Either way of repaying ``amount`` with the instalment due ``on``."""
    loan, paid = case.running(today), case.due_until(on) - case.due_until(today)
    shorter = prepay(loan, paid, amount, PrepaymentOption.KEEP_PAYMENT, penalty)
    lower = prepay(loan, paid, amount, PrepaymentOption.LOWER_PAYMENT, penalty)
    return {
        "on": on.isoformat(),
        "balance_before": _yuan(lower.balance_before),
        "balance_after": _yuan(lower.balance_after),
        "saved_shorter": _yuan(shorter.interest_saved),
        "periods_saved": str(shorter.periods_saved),
        "saved_lower": _yuan(lower.interest_saved),
        "payment_before": _yuan(lower.payment_before),
        "payment_lower": _yuan(lower.new_payment),
        "penalty": _yuan(lower.penalty),
        "to_pay": _yuan(amount + lower.penalty),
    }


def settlement(case: LoanCase, today: date, on: date, penalty: Penalty, basis: YearBasis) -> Figures:
    """What ends the loan on a day."""
    loan, paid = case.running(today), case.due_until(on) - case.due_until(today)
    days = (on - case.last_due(on)).days
    done = pay_off(loan, paid, days, basis, penalty)
    return {
        "on": on.isoformat(),
        "balance": _yuan(done.balance),
        "days": str(days),
        "accrued_interest": _yuan(done.accrued_interest),
        "penalty": _yuan(done.penalty),
        "payoff_total": _yuan(done.payoff_total),
        "interest_saved": _yuan(done.interest_saved),
    }


def extension(case: LoanCase, today: date, months: int) -> Figures:
    """The same debt over more months."""
    loan = case.running(today)
    kept, longer = totals(loan), totals(loan, (Extension(1, months),))
    return {
        "months_before": str(loan.term_months),
        "months_after": str(loan.term_months + months),
        "payment_before": _yuan(kept.first.payment),
        "payment_after": _yuan(longer.first.payment),
        "interest_difference": _yuan(longer.interest - kept.interest),
    }


def relief(case: LoanCase, today: date, months: int) -> Figures:
    """Interest alone for some months, then level over what is left."""
    loan = case.running(today)
    event = InterestOnly(1, months)
    kept, eased = totals(loan), totals(loan, (event,))
    return {
        "payment_before": _yuan(kept.first.payment),
        "payment_during": _yuan(eased.first.payment),
        "payment_after": _yuan(position(loan, months, (event,)).next_payment),
        "interest_difference": _yuan(eased.interest - kept.interest),
    }


def balance_when(case: LoanCase, today: date, on: date) -> Decimal:
    """What will be owed after the instalments due by ``on``; zero once all have fallen due."""
    return _balance_on(case, today, on)


def penalty_of(case: LoanCase, policy: Policy, today: date, on: date) -> Penalty:
    """What the bank charges for early repayment of a loan of that age; a provident-fund loan nothing."""
    if case.kind is LoanKind.PROVIDENT_FUND:
        return None
    is_young = case.age_months(on) < policy.fact("prepayment.penalty_until_month", today).whole
    key = "prepayment.penalty_early" if is_young else "prepayment.penalty_later"
    share = policy.fact(key, today).fraction
    return ShareOfPrepaid(share) if share else None


def _balance_on(case: LoanCase, today: date, on: date) -> Decimal:
    loan: Loan = case.running(today)
    paid = case.due_until(on) - case.due_until(today)
    if paid >= loan.term_months:
        return Decimal(0)
    return position(loan, paid).balance if paid > 0 else loan.principal


def _yuan(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01')):f}"
