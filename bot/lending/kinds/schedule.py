"""One loan on its own: payments, balances, special ways of repaying, and the whole schedule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from bot.lending import wording
from bot.lending.comparison import biweekly as pay_biweekly
from bot.lending.days import month_of, on_day
from bot.lending.errors import DatesReversed, EventOutOfTerm, PrepaymentTooLarge, TermOutOfRange
from bot.lending.inputs import METHODS, Inputs
from bot.lending.kinds.wire import (
    Kinds,
    Result,
    difference,
    new_loan,
    optional_yuan,
    paid_periods,
    rounded_pct,
    running_loan,
    said,
    schedule_said,
    words,
    yuan,
)
from bot.lending.model import (
    MAX_TERM_MONTHS,
    DayChange,
    DueDates,
    Event,
    Extension,
    FixedPayments,
    Instalment,
    InterestOnly,
    Loan,
    Method,
    MethodChange,
    Prepayment,
    PrepaymentOption,
    RateChange,
)
from bot.lending.money import exact, to_fen
from bot.lending.payment import (
    equal_instalment_interest,
    equal_instalment_payment,
    equal_principal_interest,
    equal_principal_share,
)
from bot.lending.schedule import build, by_calendar_year, instalments, position, totals

PREPAYMENT_OPTIONS = {
    "shorten_keep_payment": PrepaymentOption.KEEP_PAYMENT,
    "shorten_relevel": PrepaymentOption.RELEVEL_SHORTER,
    "lower_payment": PrepaymentOption.LOWER_PAYMENT,
}
EVENT_TYPES = (
    "rate_change",
    "prepayment",
    "interest_only",
    "fixed_payment",
    "extension",
    "method_change",
    "day_change",
)
FIRST_NEW_DUE = {"same_month": True, "next_month": False}


def level_payment(inputs: Inputs) -> Result:
    """等额本息 (convention R1)."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT)
    sums = totals(loan)
    formula = equal_instalment_interest(loan.principal, loan.annual_rate, loan.term_months)
    return {
        "monthly_payment": yuan(_level(loan)),
        "first_interest": yuan(sums.first.interest),
        "first_principal": yuan(sums.first.principal),
        "final_payment": yuan(sums.last.payment),
        "n_payments": sums.n_payments,
        "total_interest": yuan(sums.interest),
        "total_payment": yuan(sums.payment),
        "total_interest_formula": yuan(formula),
        "assumptions": said(inputs, *schedule_said(loan, sums.n_payments)),
    }


def equal_principal(inputs: Inputs) -> Result:
    """等额本金 (convention R2); a payment that the term does not reach is null."""
    loan = new_loan(inputs, Method.EQUAL_PRINCIPAL)
    sums = totals(loan)
    payments = {row.period: row.payment for row in instalments(loan) if row.period in (2, 60)}
    formula = equal_principal_interest(loan.principal, loan.annual_rate, loan.term_months)
    return {
        "monthly_principal": yuan(equal_principal_share(loan.principal, loan.term_months)),
        "first_payment": yuan(sums.first.payment),
        "last_payment": yuan(sums.last.payment),
        "total_interest": yuan(sums.interest),
        "total_interest_formula": yuan(formula),
        "n_payments": sums.n_payments,
        "second_payment": optional_yuan(payments.get(2)),
        "payment_60": optional_yuan(payments.get(60)),
        "assumptions": said(inputs, *schedule_said(loan, sums.n_payments)),
    }


def per_10k_table(inputs: Inputs) -> Result:
    """月供系数: what 10,000 yuan cost a month; another principal does not change it."""
    inputs.amount("principal", otherwise="10000")
    annual_rate, months = inputs.annual_rate(), inputs.term()
    return {
        "payment_per_10k": yuan(equal_instalment_payment(Decimal(10000), annual_rate, months)),
        "assumptions": said(inputs, *words("equal_instalment", "per_10k")),
    }


def balance_after(inputs: Inputs) -> Result:
    """What is owed after so many payments."""
    loan = running_loan(inputs, Method.EQUAL_INSTALMENT if not inputs.has("method") else None)
    paid = inputs.count("paid_periods", 0, loan.term_months)
    standing = position(loan, paid)
    return {
        "balance": yuan(standing.balance),
        "interest_paid": yuan(standing.interest_paid),
        "remaining_interest": yuan(standing.interest_ahead),
        "assumptions": said(inputs, *schedule_said(loan)),
    }


def interest_only(inputs: Inputs) -> Result:
    """Interest alone for some months, then 等额本息 over the rest (R3)."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT)
    if loan.term_months < 2:
        raise inputs.invalid("out_of_range", "term_months", (Decimal(2), Decimal(MAX_TERM_MONTHS)))
    months = inputs.count("interest_only_months", 1, loan.term_months - 1)
    events = (InterestOnly(1, months),)
    sums = totals(loan, events)
    return {
        "interest_only_payment": yuan(sums.first.payment),
        "total_interest": yuan(sums.interest),
        "amortizing_payment": yuan(position(loan, months, events).next_payment),
        "final_payment": yuan(sums.last.payment),
        "extra_interest_vs_level": difference(sums.interest, totals(loan).interest),
        "assumptions": said(inputs, *schedule_said(loan), *words("existing_contracts_only")),
    }


def balloon(inputs: Inputs) -> Result:
    """Payments as for a longer term; the balance falls due with the last of them (R4)."""
    principal, annual_rate, months = inputs.principal(), inputs.annual_rate(), inputs.term()
    amortised_over = inputs.count("amortization_months", 1, MAX_TERM_MONTHS)
    if amortised_over < months:
        raise inputs.invalid(
            "out_of_range", "amortization_months", (Decimal(months), Decimal(MAX_TERM_MONTHS))
        )
    loan = Loan(principal, annual_rate, amortised_over)
    end = position(loan, months)
    before = position(loan, months - 1)
    with exact():
        last_cash = before.next_payment + end.balance
    return {
        "monthly_payment": yuan(_level(loan)),
        "balloon_principal": yuan(end.balance),
        "last_month_cash": yuan(last_cash),
        "total_interest": yuan(end.interest_paid),
        "assumptions": said(inputs, *schedule_said(loan), *words("existing_contracts_only")),
    }


def graduated(inputs: Inputs) -> Result:
    """Lower payments for a time, then levelled over the rest (R5)."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT)
    if loan.term_months < 2:
        raise inputs.invalid("out_of_range", "term_months", (Decimal(2), Decimal(MAX_TERM_MONTHS)))
    months = inputs.count("grace_months", 1, loan.term_months - 1)
    reduction = inputs.share("reduction_pct")
    standard = _level(loan)
    with exact():
        grace_payment = to_fen(standard * (1 - reduction))
    events = (FixedPayments(1, months, grace_payment),)
    sums = totals(loan, events)
    after = position(loan, months, events)
    with exact():
        shortfall = max(Decimal(0), sums.first.interest - grace_payment)
    notes = [*schedule_said(loan), *words("graduated_later_higher")]
    if shortfall:
        notes += words("negative_amortization")
    return {
        "standard_payment": yuan(standard),
        "grace_payment": yuan(grace_payment),
        "first_interest": yuan(sums.first.interest),
        "negative_amortization": bool(shortfall),
        "balance_after_grace": yuan(after.balance),
        "payment_after_grace": yuan(after.next_payment),
        "total_interest": yuan(sums.interest),
        "extra_interest_vs_level": difference(sums.interest, totals(loan).interest),
        "first_month_shortfall": yuan(shortfall),
        "assumptions": said(inputs, *notes),
    }


def graduated_steps(inputs: Inputs) -> Result:
    """Several steps, each a share of the standard payment, then levelled over the rest (R5)."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT)
    standard = _level(loan)
    inputs.choice("then", {"re-level": True}, "re-level")
    events: list[FixedPayments] = []
    begins = 1
    for step in inputs.groups("steps"):
        longest = loan.term_months - begins
        if longest < 1:
            raise step.invalid("steps_too_long", "months")
        months = step.count("months", 1, longest)
        with exact():
            payment = to_fen(standard * step.share("pct_of_standard", high="200"))
        events.append(FixedPayments(begins, months, payment))
        begins += months
    sums = totals(loan, events)
    is_negative = any(row.principal < 0 for row in instalments(loan, None, events) if row.period < begins)
    notes = [*schedule_said(loan), *words("graduated_later_higher")]
    return {
        "step_payments": [yuan(event.payment) for event in events],
        "final_level_payment": yuan(position(loan, begins - 1, events).next_payment),
        "total_interest": yuan(sums.interest),
        "negative_amortization": is_negative,
        "assumptions": said(inputs, *notes, *(words("negative_amortization") if is_negative else [])),
    }


def extension_payment(inputs: Inputs) -> Result:
    """The balance levelled over more months."""
    balance, annual_rate = inputs.principal("balance"), inputs.contract_rate()
    loan = Loan(balance, annual_rate, inputs.term("remaining_months"))
    months = inputs.count("extension_months", 0, MAX_TERM_MONTHS - loan.term_months)
    extended = replace(loan, term_months=loan.term_months + months)
    return {
        "payment_before": yuan(_level(loan)),
        "payment_after": yuan(_level(extended)),
        "extra_interest": difference(totals(extended).interest, totals(loan).interest),
        "assumptions": said(inputs, *schedule_said(loan), *words("extension")),
    }


def schedule(inputs: Inputs) -> Result:
    """The whole schedule, by real dates when they are given, with everything that happens on the way."""
    loan = new_loan(inputs)
    due = _due_dates(inputs)
    events = tuple(_event(group) for group in inputs.groups("events", 0)) if inputs.has("events") else ()
    if due is None and any(isinstance(event, DayChange) for event in events):
        raise inputs.invalid("missing", "first_due_date")
    try:
        built = build(loan, due, events)
    except PrepaymentTooLarge as exc:
        raise inputs.invalid("too_large", "events", (Decimal("0.01"), exc.balance)) from exc
    except EventOutOfTerm as exc:
        raise inputs.invalid("out_of_range", "events", (Decimal(0), Decimal(exc.term_months))) from exc
    except TermOutOfRange as exc:
        raise inputs.invalid("out_of_range", "events", (Decimal(0), Decimal(MAX_TERM_MONTHS))) from exc
    except DatesReversed as exc:
        raise inputs.invalid("dates_reversed", "events") from exc
    sums = built.totals
    return {
        "n_payments": sums.n_payments,
        "first_payment": yuan(sums.first.payment),
        "final_payment": yuan(sums.last.payment),
        "total_interest": yuan(sums.interest),
        "total_payment": yuan(sums.payment),
        "total_prepaid": yuan(sums.prepaid),
        "rows": [_row(row) for row in built.rows],
        "assumptions": said(inputs, *schedule_said(loan), *words(*_event_words(due, events))),
    }


def yearly_interest(inputs: Inputs) -> Result:
    """Interest and principal by year of the calendar, as the bank certifies them for the tax office."""
    loan = running_loan(inputs)
    due = _due_dates(inputs)
    if due is None:
        raise inputs.invalid("missing", "first_due_date")
    return {
        "years": [
            {"year": year.year, "interest": yuan(year.interest), "principal": yuan(year.principal)}
            for year in by_calendar_year(loan, due)
        ],
        "assumptions": said(inputs, *schedule_said(loan), *words("calendar_year")),
    }


def biweekly(inputs: Inputs) -> Result:
    """双周供: half a monthly payment every fourteen days."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT)
    basis = inputs.basis()
    paid = pay_biweekly(loan, basis)
    with exact():
        years = Decimal(paid.n_payments * 14) / 365
    return {
        "biweekly_payment": yuan(paid.payment),
        "final_payment": yuan(paid.final_payment),
        "n_payments": paid.n_payments,
        "years": rounded_pct(years / 100),
        "total_interest": yuan(paid.interest),
        "interest_saved_vs_monthly": yuan(paid.interest_saved),
        "assumptions": said(
            inputs, wording.assumption("biweekly", basis=int(basis)), *schedule_said(loan)[1:]
        ),
    }


def method_change(inputs: Inputs) -> Result:
    """The other repayment method for the rest of a running loan."""
    loan = running_loan(inputs)
    paid, before = paid_periods(inputs, loan)
    new_method = inputs.choice("new_method", METHODS)
    after = position(loan, paid, (MethodChange(paid + 1, new_method),))
    return {
        "balance": yuan(before.balance),
        "payment_before": yuan(before.next_payment),
        "payment_after": yuan(after.next_payment),
        "interest_difference": difference(after.interest_ahead, before.interest_ahead),
        "assumptions": said(inputs, *schedule_said(loan), *words("advance")),
    }


KINDS: Kinds = {
    "level_payment": level_payment,
    "equal_principal": equal_principal,
    "per_10k_table": per_10k_table,
    "balance_after": balance_after,
    "interest_only": interest_only,
    "balloon": balloon,
    "graduated": graduated,
    "graduated_steps": graduated_steps,
    "extension_payment": extension_payment,
    "method_change": method_change,
    "schedule": schedule,
    "yearly_interest": yearly_interest,
    "biweekly": biweekly,
}


def _level(loan: Loan) -> Decimal:
    return equal_instalment_payment(loan.principal, loan.annual_rate, loan.term_months)


def _due_dates(inputs: Inputs) -> DueDates | None:
    """When instalments fall due: from the first due date, or a month after the money was paid out."""
    start, first = inputs.optional_day("start_date"), inputs.optional_day("first_due_date")
    day = inputs.optional_count("repayment_day", 1, 31)
    basis = inputs.basis()
    if start is None and first is None:
        if day is not None:
            raise inputs.invalid("missing", "first_due_date")
        return None
    if start is None:
        return None if first is None else DueDates(first, day or first.day, None, basis)
    if first is None:
        wanted = day or start.day
        return DueDates(on_day(month_of(start) + 1, wanted), wanted, start, basis)
    if first <= start:
        raise inputs.invalid("dates_reversed", "first_due_date")
    return DueDates(first, day or first.day, start, basis)


def _event(inputs: Inputs) -> Event:
    """One change on the way; the periods are checked by the engine, which knows extensions too."""
    match inputs.choice("type", {name: name for name in EVENT_TYPES}):
        case "rate_change":
            return RateChange(_effective(inputs), inputs.contract_rate())
        case "prepayment":
            return Prepayment(
                inputs.count("after_period", 0, MAX_TERM_MONTHS),
                inputs.principal("amount"),
                inputs.choice("option", PREPAYMENT_OPTIONS),
            )
        case "interest_only":
            return InterestOnly(_effective(inputs), inputs.term("months"))
        case "fixed_payment":
            return FixedPayments(_effective(inputs), inputs.term("months"), inputs.amount("payment"))
        case "extension":
            return Extension(_effective(inputs), inputs.term("months"))
        case "method_change":
            return MethodChange(_effective(inputs), inputs.choice("method", METHODS))
        case _:
            return DayChange(
                _effective(inputs),
                inputs.count("new_day", 1, 31),
                inputs.choice("first_new_due", FIRST_NEW_DUE, "next_month"),
            )


def _effective(inputs: Inputs) -> int:
    return inputs.term("effective_period")


def _row(row: Instalment) -> dict[str, object]:
    return {
        "period": row.period,
        "due_date": row.due_date.isoformat() if row.due_date else None,
        "payment": yuan(row.payment),
        "principal": yuan(row.principal),
        "interest": yuan(row.interest),
        "prepaid": yuan(row.prepaid),
        "balance": yuan(row.balance),
    }


def _event_words(due: DueDates | None, events: Sequence[Event]) -> Iterator[str]:
    if due is not None and due.start is not None:
        yield "first_period_days"
    kinds = {type(event) for event in events}
    if RateChange in kinds:
        yield "rate_change"
    if DayChange in kinds:
        yield "day_change"
