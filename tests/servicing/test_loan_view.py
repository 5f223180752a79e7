"""A loan as its customer sees it; every figure is worked out again by the plain formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from bot.knowledge import PolicyBook
from bot.lending import Method
from bot.servicing.loan_view import (
    LoanRecord,
    LoanView,
    Repayment,
    RepricingRule,
    next_repricing,
    view_of,
)
from bot.servicing.model import LoanKind, LoanState, RepaymentKind

TODAY = date(2026, 11, 24)
FEN = Decimal("0.01")

LOAN = LoanRecord(
    application_no="FX2023030001",
    loan_no="DK2023030001",
    kind=LoanKind.COMMERCIAL,
    state=LoanState.RUNNING,
    principal=Decimal("1000000.00"),
    balance=Decimal("900000.00"),
    annual_rate=Decimal("0.0340"),
    method=Method.EQUAL_INSTALMENT,
    term_months=360,
    repayment_day=20,
    first_due=date(2023, 5, 20),
    paid_out_on=date(2023, 4, 24),
    account_tail="1234",
    is_floating=True,
    spread_bp=-45,
    repricing=RepricingRule(month=4, day=24, cycle_months=12, spread_bp=-45),
    arrears_amount=Decimal("0.00"),
    arrears_since=None,
)


def fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


def level_payment(balance: Decimal, rate: Decimal, months: int) -> Decimal:
    """B·i·(1+i)^n / ((1+i)^n − 1)."""
    with localcontext() as context:
        context.prec = 50
        monthly = rate / 12
        growth = (1 + monthly) ** months
        return fen(balance * monthly * growth / (growth - 1))


def line(
    due: date, *, paid: date | str | None = "on time", principal: str = "1000", interest: str = "2500", **more
) -> Repayment:
    values = {
        "kind": RepaymentKind.INSTALMENT,
        "due_on": due,
        "paid_on": due if paid == "on time" else paid,
        "principal": Decimal(principal),
        "interest": Decimal(interest),
        "penalty": Decimal(0),
        "balance_after": None,
    }
    return Repayment(**{**values, **more})


def view(policy: PolicyBook, *history: Repayment, today: date = TODAY, **changes: object) -> LoanView:
    return view_of(replace(LOAN, **changes), history, policy, today)  # type: ignore[arg-type]


def test_the_next_payment_is_that_of_the_balance_over_the_months_left(policy: PolicyBook) -> None:
    """From 20 May 2023 to 20 November 2026 43 instalments fell due; 317 are left from 20 December on."""
    told = view(policy)
    assert (told.paid_months, told.remaining_months) == (43, 317)
    coming = told.next_payment
    assert coming is not None
    assert coming.due_date == date(2026, 12, 20)
    assert coming.payment == level_payment(Decimal(900_000), Decimal("0.034"), 317)
    assert coming.interest == fen(Decimal(900_000) * Decimal("0.034") / 12) == Decimal("2550.00")
    assert coming.principal == coming.payment - coming.interest
    assert told.ends_on == date(2053, 4, 20)
    assert not told.is_due_today


def test_equal_principal_pays_an_equal_share(policy: PolicyBook) -> None:
    coming = view(policy, method=Method.EQUAL_PRINCIPAL).next_payment
    assert coming is not None
    assert coming.principal == fen(Decimal(900_000) / 317)
    assert coming.interest == Decimal("2550.00")


@pytest.mark.parametrize(
    ("today", "due", "paid_months"),
    [
        (date(2026, 11, 19), date(2026, 11, 20), 42),
        (date(2026, 11, 20), date(2026, 12, 20), 43),
        (date(2026, 11, 21), date(2026, 12, 20), 43),
    ],
)
def test_the_next_due_date_follows_the_repayment_day(
    policy: PolicyBook, today: date, due: date, paid_months: int
) -> None:
    told = view(policy, today=today)
    assert told.next_payment is not None
    assert (told.next_payment.due_date, told.paid_months) == (due, paid_months)


def test_on_the_day_itself_what_has_not_come_in_is_the_next_payment(policy: PolicyBook) -> None:
    told = view(policy, line(date(2026, 11, 20), paid=None), today=date(2026, 11, 20))
    assert told.is_due_today
    assert told.next_payment is not None
    assert (told.next_payment.due_date, told.paid_months) == (date(2026, 11, 20), 42)
    assert told.arrears == 0


def test_before_the_first_instalment_nothing_is_unknown(policy: PolicyBook) -> None:
    told = view(policy, first_due=date(2026, 12, 20), paid_out_on=date(2026, 11, 10))
    assert (told.paid_months, told.paid.interest, told.paid.is_unknown) == (0, Decimal("0.00"), False)
    assert told.next_payment is not None
    assert told.next_payment.due_date == date(2026, 12, 20)


def test_paid_interest_is_what_came_in_with_penalties_apart(policy: PolicyBook) -> None:
    told = view(
        policy,
        line(date(2023, 5, 20), interest="2800.11"),
        line(date(2023, 6, 20), interest="2799.22", penalty=Decimal("3.33"), paid=date(2023, 6, 22)),
        line(date(2026, 10, 20), paid=None, interest="2551.00"),
        line(
            date(2024, 1, 20),
            kind=RepaymentKind.PREPAYMENT,
            principal="50000",
            interest="0",
            balance_after=None,
        ),
    )
    assert told.paid.interest == Decimal("5599.33")  # 2800.11 + 2799.22
    assert told.paid.principal == Decimal("52000")  # 1000 + 1000 + 50000
    assert (told.paid.penalty, told.paid.n_lines) == (Decimal("3.33"), 3)
    assert (told.paid.known_from, told.paid.is_unknown) == (None, False)
    assert [each.due_on.year for each in told.history] == [2026, 2024, 2023, 2023]


def test_a_history_that_begins_late_says_from_when(policy: PolicyBook) -> None:
    told = view(policy, line(date(2026, 3, 20)), line(date(2026, 4, 20)))
    assert told.paid.known_from == date(2026, 3, 20)
    assert told.paid_in(2026).known_from == date(2026, 3, 20)
    assert told.paid_in(2027).known_from is None


def test_without_any_line_nothing_is_claimed(policy: PolicyBook) -> None:
    assert view(policy).paid.is_unknown
    assert view(policy).paid_in(2026).is_unknown


def test_a_years_interest_goes_by_the_day_it_was_paid(policy: PolicyBook) -> None:
    told = view(
        policy,
        line(date(2023, 5, 20)),
        line(date(2025, 12, 20), interest="100.01", paid=date(2026, 1, 2)),
        line(date(2026, 6, 20), interest="200.02"),
        line(date(2026, 10, 20), interest="999.99", paid=None),
    )
    assert told.paid_in(2026).interest == Decimal("300.03")  # 100.01 + 200.02
    assert told.paid_in(2025).interest == 0
    assert told.paid_in(2025).known_from is None


def test_arrears_are_told_and_bear_no_further_instalments(policy: PolicyBook) -> None:
    told = view(
        policy,
        line(date(2023, 5, 20)),
        line(date(2026, 11, 20), paid=None, principal="1500.00", interest="2554.25"),
        arrears_amount=Decimal("4054.25"),
        arrears_since=date(2026, 11, 20),
    )
    assert (told.arrears, told.arrears_since) == (Decimal("4054.25"), date(2026, 11, 20))
    assert told.next_payment is not None
    assert told.next_payment.payment == level_payment(Decimal("898500.00"), Decimal("0.034"), 317)


def test_an_unpaid_line_alone_is_arrears_too(policy: PolicyBook) -> None:
    told = view(policy, line(date(2026, 10, 20), paid=None, principal="1500", interest="2500"))
    assert (told.arrears, told.arrears_since) == (Decimal(4000), date(2026, 10, 20))


@pytest.mark.parametrize("changes", [{"state": LoanState.SETTLED}, {"balance": Decimal("0.00")}])
def test_a_settled_loan_has_nothing_ahead(policy: PolicyBook, changes: dict[str, object]) -> None:
    told = view(policy, **changes)
    assert told.is_settled
    assert (told.next_payment, told.repricing, told.ends_on, told.remaining_months) == (None, None, None, 0)


@pytest.mark.parametrize(
    ("rule", "today", "expected"),
    [
        ((1, 1, 12), date(2026, 11, 24), date(2027, 1, 1)),
        ((1, 1, 12), date(2027, 1, 1), date(2028, 1, 1)),  # today's has happened
        ((4, 24, 12), date(2026, 4, 23), date(2026, 4, 24)),
        ((1, 15, 3), date(2026, 11, 24), date(2027, 1, 15)),
        ((1, 15, 3), date(2026, 10, 1), date(2026, 10, 15)),
        ((4, 24, 6), date(2026, 5, 1), date(2026, 10, 24)),
        ((2, 29, 12), date(2026, 11, 24), date(2027, 2, 28)),
    ],
)
def test_the_next_repricing_day(rule: tuple[int, int, int], today: date, expected: date) -> None:
    month, day, cycle = rule
    assert (
        next_repricing(RepricingRule(month=month, day=day, cycle_months=cycle, spread_bp=0), today)
        == expected
    )


def test_repricing_tells_the_rate_and_payment_by_todays_lpr(policy: PolicyBook) -> None:
    """LPR 3.50 % less 45 points is 3.05 %. After 24 April 2027 the first whole month ends on 20 June 2027.

    Until then six instalments from December 2026 are paid at 3.40 %.
    """
    repricing = view(policy).repricing
    assert repricing is not None
    assert (repricing.on, repricing.rate) == (date(2027, 4, 24), Decimal("0.0305"))
    balance, before = Decimal(900_000), level_payment(Decimal(900_000), Decimal("0.034"), 317)
    for _ in range(6):
        balance -= before - fen(balance * Decimal("0.034") / 12)
    assert repricing.payment_before == before
    assert repricing.payment_after == level_payment(balance, Decimal("0.0305"), 311)


def test_up_to_five_years_the_one_year_lpr_counts(policy: PolicyBook) -> None:
    repricing = view(policy, term_months=60).repricing
    assert repricing is not None
    assert repricing.lpr == policy.fact("lpr.one_year", TODAY).fraction


def test_a_loan_that_ends_before_the_repricing_has_no_payment_after_it(policy: PolicyBook) -> None:
    repricing = view(policy, term_months=46, balance=Decimal(9000)).repricing
    assert repricing is not None
    assert (repricing.payment_before, repricing.payment_after) == (None, None)


def test_without_a_rule_there_is_no_repricing(policy: PolicyBook) -> None:
    assert view(policy, repricing=None).repricing is None
