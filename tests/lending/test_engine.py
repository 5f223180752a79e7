"""The engine with changes on the way: the fen add up, the closed forms agree, and an outside oracle does too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import mortgagemath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lending import (
    DatesNeeded,
    DayChange,
    DueDates,
    Event,
    EventOutOfTerm,
    Extension,
    FixedPayments,
    InterestOnly,
    Loan,
    Method,
    MethodChange,
    Prepayment,
    PrepaymentOption,
    PrepaymentTooLarge,
    RateChange,
    TermOutOfRange,
    build,
    by_calendar_year,
    position,
    totals,
)
from bot.lending.model import YearBasis
from bot.lending.payment import equal_instalment_payment, equal_principal_interest
from bot.lending.prepayment import MonthsOfInterest, ShareOfPrepaid, break_even, pay_off, prepay

MILLION = Loan(Decimal(1_000_000), Decimal("0.035"), 360)

principals = st.integers(1_000_000, 10_000_000_000).map(lambda fen: Decimal(fen) / 100)
rates = st.integers(1, 1500).map(lambda bp: Decimal(bp) / 10_000)
terms = st.integers(24, 360)
methods = st.sampled_from(Method)
options = st.sampled_from(PrepaymentOption)
loans = st.builds(Loan, principals, rates, terms, methods)


@st.composite
def eventful(draw: st.DrawFn) -> tuple[Loan, tuple[Event, ...]]:
    """A loan with any mixture of changes inside its term."""
    loan = draw(loans)
    periods = st.integers(2, loan.term_months - 12)
    drawn: list[Event] = draw(
        st.lists(
            st.one_of(
                st.builds(RateChange, periods, rates),
                st.builds(MethodChange, periods, methods),
                st.builds(InterestOnly, periods, st.integers(1, 6)),
                st.builds(FixedPayments, periods, st.integers(1, 6), principals.map(lambda p: p / 1000)),
                st.builds(Extension, periods, st.integers(1, 12)),
                st.builds(DayChange, periods, st.integers(1, 31)),
            ),
            max_size=5,
        )
    )
    if draw(st.booleans()):
        share = draw(st.integers(1, 30))
        amount = (loan.principal * share / 1000).quantize(Decimal("0.01"))
        drawn.append(Prepayment(1, amount, draw(options)))
    return loan, tuple(drawn)


@settings(max_examples=150, deadline=None)
@given(given_=eventful())
def test_whatever_happens_on_the_way_no_fen_is_lost(given_: tuple[Loan, tuple[Event, ...]]) -> None:
    loan, events = given_
    due = DueDates(date(2026, 12, 31), 31, start=date(2026, 11, 20))
    schedule = build(loan, due, events)
    before = loan.principal.quantize(Decimal("0.01"))
    for row in schedule.rows:
        assert row.payment == row.principal + row.interest
        assert row.balance == before - row.principal - row.prepaid
        before = row.balance
    assert before == 0
    sums = totals(loan, events, due)
    assert sums == schedule.totals
    assert sums.payment - sums.interest + sums.prepaid == loan.principal
    dates = [row.due_date for row in schedule.rows if row.due_date]
    assert dates == sorted(set(dates))


@settings(max_examples=60, deadline=None)
@given(loan=loans, paid=st.integers(0, 23), share=st.integers(1, 999), option=options)
def test_a_prepayment_without_a_penalty_never_costs_more(
    loan: Loan, paid: int, share: int, option: PrepaymentOption
) -> None:
    """Beyond what rounding to the fen can do."""
    balance = position(loan, paid).balance
    amount = (balance * share / 1000).quantize(Decimal("0.01"))
    if not amount:
        return
    done = prepay(loan, paid, amount, option)
    assert done.interest_saved > -Decimal("0.01") * loan.term_months
    assert done.net_saving == done.interest_saved
    assert done.balance_before == done.balance_after + amount


@settings(max_examples=60, deadline=None)
@given(loan=loans, paid=st.integers(0, 23), share=st.integers(1, 999))
def test_keeping_the_payment_saves_more_than_lowering_it(loan: Loan, paid: int, share: int) -> None:
    balance = position(loan, paid).balance
    amount = (balance * share / 1000).quantize(Decimal("0.01"))
    shorter = prepay(loan, paid, amount, PrepaymentOption.KEEP_PAYMENT)
    lower = prepay(loan, paid, amount, PrepaymentOption.LOWER_PAYMENT)
    assert shorter.interest_saved >= lower.interest_saved - Decimal("0.01") * loan.term_months


@settings(max_examples=60, deadline=None)
@given(principal=principals, rate=rates, term=terms, paid=st.integers(0, 23))
def test_the_engine_agrees_with_the_closed_form(
    principal: Decimal, rate: Decimal, term: int, paid: int
) -> None:
    """``B(k) = P(1+i)^k − payment·((1+i)^k − 1)/i``; fen of interest rounding drift by half a fen a month."""
    loan = Loan(principal, rate, term)
    i = rate / 12
    growth = (1 + i) ** paid
    payment = equal_instalment_payment(principal, rate, term)
    expected = principal * growth - payment * (growth - 1) / i
    assert abs(position(loan, paid).balance - expected) <= Decimal("0.005") * paid * growth + Decimal("0.01")
    by_principal = totals(replace(loan, method=Method.EQUAL_PRINCIPAL)).interest
    drift = Decimal("0.01") * term * term
    assert abs(by_principal - equal_principal_interest(principal, rate, term)) <= drift


@settings(max_examples=40, deadline=None)
@given(loan=loans, period=st.integers(2, 20))
def test_a_change_to_the_same_rate_changes_little(loan: Loan, period: int) -> None:
    """The rest is levelled anew: half a fen of rounding a month, in payment and interest, before and after.

    What a month is off by bears interest to the end.
    """
    changed = totals(loan, (RateChange(period, loan.annual_rate),))
    i = loan.annual_rate / 12
    months_with_interest = ((1 + i) ** loan.term_months - 1) / i
    assert abs(changed.interest - totals(loan).interest) <= Decimal("0.02") * months_with_interest


@settings(max_examples=40, deadline=None)
@given(loan=loans, period=st.integers(2, 20))
def test_a_lower_rate_from_some_month_on_costs_less(loan: Loan, period: int) -> None:
    lower = (RateChange(period, loan.annual_rate / 2),)
    assert totals(loan, lower).interest < totals(loan).interest


ORACLE_LOANS = [
    ("1000000", "3.5", 360),
    ("2100000", "3.7", 360),
    ("700000", "3.05", 240),
    ("123456.78", "4.9", 120),
    ("100000000", "2.6", 480),
    ("10000", "36", 12),
    ("1200", "0", 12),
]


@pytest.mark.parametrize(("principal", "pct", "months"), ORACLE_LOANS)
def test_an_independent_library_draws_up_the_same_schedule(principal: str, pct: str, months: int) -> None:
    """mortgagemath, told to round half up and to take interest from the rounded balance."""
    oracle = mortgagemath.amortization_schedule(
        mortgagemath.LoanParams(
            principal=Decimal(principal),
            annual_rate=Decimal(pct),
            term_months=months,
            day_count=mortgagemath.DayCount.THIRTY_360,
            payment_rounding=mortgagemath.PaymentRounding.ROUND_HALF_UP,
            interest_rounding=mortgagemath.PaymentRounding.ROUND_HALF_UP,
            balance_tracking=mortgagemath.BalanceTracking.ROUND_EACH,
        )
    )
    ours = build(Loan(Decimal(principal), Decimal(pct) / 100, months)).rows
    theirs = [row for row in oracle if row.number > 0]
    assert [(row.payment, row.interest, row.principal, row.balance) for row in ours] == [
        (row.payment, row.interest, row.principal, row.balance) for row in theirs
    ]


@settings(max_examples=60, deadline=None)
@given(loan=st.builds(Loan, principals, rates, st.integers(1, 480), methods))
def test_a_change_that_changes_nothing_leaves_every_row_as_it_was(loan: Loan) -> None:
    """The walk with events is the plain one where nothing happens."""
    same = MethodChange(1, loan.method)
    assert build(loan, events=(same,)).rows == build(loan).rows


def test_interest_alone_then_levelled() -> None:
    rows = build(MILLION, events=(InterestOnly(1, 12),)).rows
    assert {row.payment for row in rows[:12]} == {Decimal("2916.67")}
    assert rows[11].balance == MILLION.principal
    assert rows[12].payment == Decimal("4578.31")


def test_a_payment_below_the_interest_lets_the_balance_grow() -> None:
    rows = build(MILLION, events=(FixedPayments(1, 12, Decimal(2000)),)).rows
    assert rows[0].principal == Decimal("-916.67")
    assert rows[0].balance == Decimal("1000916.67")
    assert rows[-1].balance == 0


def test_an_extension_lowers_the_payment() -> None:
    """850,000 at 3.2 % over 288 + 60 months costs 3,751.72 a month instead of 4,232.13."""
    loan = Loan(Decimal(850_000), Decimal("0.032"), 288)
    rows = build(loan, events=(Extension(1, 60),)).rows
    assert (rows[0].payment, len(rows)) == (Decimal("3751.72"), 348)


def test_a_rate_change_after_a_kept_payment_levels_over_the_shortened_term() -> None:
    kept = Prepayment(24, Decimal(200_000), PrepaymentOption.KEEP_PAYMENT)
    assert totals(MILLION, (kept,)).n_payments == 24 + 235
    assert totals(MILLION, (kept, RateChange(40, Decimal("0.03")))).n_payments == 24 + 235


def test_a_leap_day_is_a_last_day_of_february() -> None:
    rows = build(replace(MILLION, term_months=3), DueDates(date(2028, 1, 31), 31)).rows
    assert [row.due_date for row in rows] == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


def test_daily_contracts_count_the_days_of_each_month() -> None:
    """28 days in February 2027, 31 in March: 1,000,000 · 3.5 % · 28 / 365 = 2,684.93."""
    due = DueDates(date(2027, 2, 28), 28, date(2027, 1, 31), YearBasis.ACTUAL_365, is_daily=True)
    rows = build(MILLION, due).rows
    assert rows[0].interest == Decimal("2684.93")
    assert rows[1].interest == (rows[0].balance * Decimal("0.035") * 28 / 365).quantize(Decimal("0.01"))


def test_calendar_years_add_up() -> None:
    years = by_calendar_year(MILLION, DueDates(date(2026, 12, 20), 20))
    assert (years[0].year, years[-1].year) == (2026, 2056)
    assert sum(year.principal for year in years) == MILLION.principal


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (RateChange(0, Decimal("0.03")), EventOutOfTerm),
        (RateChange(361, Decimal("0.03")), EventOutOfTerm),
        (InterestOnly(350, 11), EventOutOfTerm),
        (Prepayment(360, Decimal(1), PrepaymentOption.LOWER_PAYMENT), EventOutOfTerm),
        (Prepayment(12, Decimal(990_000), PrepaymentOption.LOWER_PAYMENT), PrepaymentTooLarge),
        (Extension(12, 121), TermOutOfRange),
        (DayChange(12, 20), DatesNeeded),
    ],
)
def test_a_change_that_cannot_be_is_refused(event: Event, error: type[Exception]) -> None:
    with pytest.raises(error):
        build(MILLION, events=(event,))


def test_a_prepayment_after_the_loan_has_ended_is_refused() -> None:
    early = Prepayment(12, Decimal(900_000), PrepaymentOption.KEEP_PAYMENT)
    late = Prepayment(300, Decimal(1), PrepaymentOption.KEEP_PAYMENT)
    with pytest.raises(PrepaymentTooLarge):
        build(MILLION, events=(early, late))


def test_a_prepayment_before_the_first_instalment_counts() -> None:
    at_once = Prepayment(0, Decimal(200_000), PrepaymentOption.LOWER_PAYMENT)
    assert build(MILLION, events=(at_once,)).rows == build(replace(MILLION, principal=Decimal(800_000))).rows


def test_the_break_even_is_where_the_interest_catches_up() -> None:
    """2,860.69 + 2,855.94 + … : three months are 8,567, four 11,418, the penalty 9,808.09."""
    found = break_even(MILLION, 12, ShareOfPrepaid(Decimal("0.01")))
    assert found.months == 4
    assert break_even(MILLION, 12, None).months == 0
    assert break_even(MILLION, 359, MonthsOfInterest(3)).months is None


@settings(max_examples=30, deadline=None)
@given(loan=loans, paid=st.integers(0, 23), days=st.integers(0, 31))
def test_a_payoff_is_balance_interest_and_penalty(loan: Loan, paid: int, days: int) -> None:
    done = pay_off(loan, paid, days, YearBasis.ACTUAL_360, ShareOfPrepaid(Decimal("0.01")))
    assert done.payoff_total == done.balance + done.accrued_interest + done.penalty
    assert done.net_saving == done.interest_saved - done.penalty
