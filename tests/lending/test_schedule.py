"""The schedule engine: the fen add up, whatever the loan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lending import (
    DueDates,
    Instalment,
    Loan,
    Method,
    Prepayment,
    PrepaymentOption,
    PrincipalOutOfRange,
    RateOutOfRange,
    TermOutOfRange,
    build,
    by_year,
    instalments,
    totals,
)
from bot.lending.days import on_day
from bot.lending.payment import equal_instalment_payment, month_interest
from bot.lending.schedule import interest_rule

MILLION = Loan(Decimal(1_000_000), Decimal("0.035"), 360)

principals = st.integers(100, 10_000_000_000).map(lambda fen: Decimal(fen) / 100)
rates = st.integers(0, 3600).map(lambda bp: Decimal(bp) / 10_000)
terms = st.integers(1, 480)
methods = st.sampled_from(Method)
loans = st.builds(Loan, principals, rates, terms, methods)


@settings(max_examples=60, deadline=None)
@given(loan=loans)
def test_no_fen_is_lost(loan: Loan) -> None:
    """Every payment is its interest and its principal; the principal adds up to the loan; the end is zero."""
    schedule = build(loan)
    before = loan.principal
    for row in schedule.rows:
        assert row.payment == row.interest + row.principal
        assert row.balance == before - row.principal
        assert 0 <= row.principal <= before
        before = row.balance
    assert before == 0
    assert sum(row.principal for row in schedule.rows) == loan.principal
    assert schedule.totals.payment == loan.principal + schedule.totals.interest


@settings(max_examples=60, deadline=None)
@given(loan=loans)
def test_totals_are_those_of_the_full_schedule(loan: Loan) -> None:
    assert totals(loan) == build(loan).totals


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("due", [None, DueDates(date(2026, 12, 31), 31, start=date(2026, 11, 5))])
@pytest.mark.parametrize("events", [(), (Prepayment(12, Decimal(50_000), PrepaymentOption.LOWER_PAYMENT),)])
def test_the_schedule_holds_the_instalments_one_by_one(
    method: Method, due: DueDates | None, events: tuple[Prepayment, ...]
) -> None:
    """To the last digit written, whatever precision the caller works with."""
    loan = replace(MILLION, method=method)
    expected = [repr(row) for row in instalments(loan, due, events)]
    with localcontext() as context:
        context.prec = 3
        rows = build(loan, due, events).rows
    assert [repr(row) for row in rows] == expected
    assert {type(row) for row in rows} == {Instalment}


@settings(max_examples=200, deadline=None)
@given(
    fen=st.integers(0, 10**14),
    rate=st.integers(0, 360_000).map(lambda parts: Decimal(parts) / 1_000_000),
    days=st.integers(1, 366),
    year=st.sampled_from([12, 360, 365]),
)
def test_interest_in_whole_numbers_is_rounded_half_up(fen: int, rate: Decimal, days: int, year: int) -> None:
    part, half, whole = interest_rule(rate, days, year)
    with localcontext() as context:
        context.prec = 60
        exactly = fen * rate * days / year
        assert (fen * part + half) // whole == int(exactly.to_integral_value(ROUND_HALF_UP))


@settings(max_examples=40, deadline=None)
@given(loan=loans)
def test_the_years_add_up_to_the_schedule(loan: Loan) -> None:
    years = by_year(loan)
    assert sum(year.principal for year in years) == loan.principal
    assert sum(year.interest for year in years) == totals(loan).interest


big = st.integers(1_000_000, 1_000_000_000).map(lambda fen: Decimal(fen) / 100)


@settings(max_examples=40, deadline=None)
@given(principal=big, rate=st.integers(0, 3500), term=st.integers(2, 480), method=methods)
def test_a_higher_rate_costs_more_interest(principal: Decimal, rate: int, term: int, method: Method) -> None:
    low = Loan(principal, Decimal(rate) / 10_000, term, method)
    high = replace(low, annual_rate=low.annual_rate + Decimal("0.01"))
    assert totals(high).interest > totals(low).interest


@settings(max_examples=40, deadline=None)
@given(principal=big, rate=st.integers(100, 3600), term=st.integers(13, 480), method=methods)
def test_a_shorter_term_costs_less_interest(principal: Decimal, rate: int, term: int, method: Method) -> None:
    long = Loan(principal, Decimal(rate) / 10_000, term, method)
    assert totals(replace(long, term_months=term - 12)).interest < totals(long).interest


@settings(max_examples=40, deadline=None)
@given(principal=big, rate=st.integers(1, 3600), term=terms)
def test_equal_principal_never_costs_more_interest(principal: Decimal, rate: int, term: int) -> None:
    """Beyond what rounding to the fen can do: half a fen a month on each side."""
    level = Loan(principal, Decimal(rate) / 10_000, term)
    by_principal = replace(level, method=Method.EQUAL_PRINCIPAL)
    assert totals(by_principal).interest <= totals(level).interest + Decimal("0.01") * term


def test_the_level_payment_is_the_same_until_the_last() -> None:
    rows = build(MILLION).rows
    assert {row.payment for row in rows[:-1]} == {Decimal("4490.45")}
    assert rows[-1].payment == Decimal("4488.52")


def test_after_five_years_the_balance_is_the_published_one() -> None:
    assert build(MILLION).rows[59].balance == Decimal("896970.52")


def test_one_month_repays_everything_with_a_month_of_interest() -> None:
    """1,200,000 · 3.5 % / 12 = 3,500.00"""
    only = build(Loan(Decimal(1_200_000), Decimal("0.035"), 1)).rows
    assert [(row.payment, row.interest, row.balance) for row in only] == [
        (Decimal("1203500.00"), Decimal("3500.00"), Decimal("0.00"))
    ]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("principal", [Decimal(1), Decimal(100_000_000)])
@pytest.mark.parametrize("rate", [Decimal(0), Decimal("0.36")])
@pytest.mark.parametrize("months", [1, 480])
def test_the_corners_of_the_range_end_at_zero(
    method: Method, principal: Decimal, rate: Decimal, months: int
) -> None:
    schedule = build(Loan(principal, rate, months, method))
    assert schedule.rows[-1].balance == 0
    assert schedule.totals.payment - schedule.totals.interest == principal


def test_half_a_fen_of_interest_rounds_up_exactly() -> None:
    """500 · 3.6 % / 12 = 1.5; 501.67 · 1.8 % / 12 = 0.752505; 0.30 · 20 % / 12 = 0.005 exactly."""
    assert month_interest(Decimal(500), Decimal("0.036")) == Decimal("1.50")
    assert month_interest(Decimal("501.67"), Decimal("0.018")) == Decimal("0.75")
    assert month_interest(Decimal("0.30"), Decimal("0.2")) == Decimal("0.01")


@pytest.mark.parametrize(
    ("principal", "rate", "months", "payment"),
    [
        ("10000", "0.036", 24, "432.47"),
        ("2000000", "0.0305", 480, "7217.44"),
        ("2100000", "0.037", 360, "9665.94"),
        ("1000000", "0.026", 360, "4003.40"),
        ("300000", "0.026", 360, "1201.02"),
    ],
)
def test_level_payments_match_the_published_ones(
    principal: str, rate: str, months: int, payment: str
) -> None:
    assert equal_instalment_payment(Decimal(principal), Decimal(rate), months) == Decimal(payment)


def test_a_repayment_day_past_the_months_end_falls_on_its_last_day() -> None:
    due = DueDates(date(2027, 12, 31), day=31)
    dates = [row.due_date for row in build(replace(MILLION, term_months=5), due).rows]
    assert dates == [
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_the_31st_is_always_the_last_day_of_the_month() -> None:
    for month in range(1900 * 12, 2300 * 12):
        assert on_day(month, 31) + timedelta(days=1) == on_day(month + 1, 1)


def test_the_first_due_date_may_differ_from_the_repayment_day() -> None:
    due = DueDates(date(2026, 12, 21), day=15)
    dates = [row.due_date for row in build(replace(MILLION, term_months=2), due).rows]
    assert dates == [date(2026, 12, 21), date(2027, 1, 15)]


def test_without_due_dates_rows_are_not_dated() -> None:
    assert {row.due_date for row in build(MILLION).rows} == {None}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"principal": Decimal(0)}, PrincipalOutOfRange),
        ({"principal": Decimal("NaN")}, PrincipalOutOfRange),
        ({"annual_rate": Decimal("-0.001")}, RateOutOfRange),
        ({"annual_rate": Decimal("Infinity")}, RateOutOfRange),
        ({"term_months": 0}, TermOutOfRange),
        ({"term_months": 481}, TermOutOfRange),
    ],
)
def test_an_impossible_loan_cannot_be_made(change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        replace(MILLION, **change)  # type: ignore[arg-type]
