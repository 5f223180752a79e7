"""Several loans taken together are the sum of what each shows, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.policy import PolicyBook
from bot.lending import Method
from bot.servicing.loan_sums import interest_of, principal_of, sums_of
from bot.servicing.loan_view import LoanRecord, LoanView, Repayment, view_of
from bot.servicing.model import LoanKind, LoanState, RepaymentKind
from bot.settings import ROOT

TODAY = date(2026, 11, 24)
POLICY = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
FEN = 100


def money(most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most).map(lambda fen: Decimal(fen) / FEN)


@st.composite
def views(draw: st.DrawFn) -> LoanView:
    principal = draw(st.integers(1_000_000, 900_000_000).map(lambda fen: Decimal(fen) / FEN))
    is_settled = draw(st.booleans())
    share = draw(st.integers(1, 100))
    record = LoanRecord(
        application_no="FX2024010001",
        loan_no=None,
        kind=draw(st.sampled_from(LoanKind)),
        state=LoanState.SETTLED if is_settled else LoanState.RUNNING,
        principal=principal,
        balance=Decimal(0) if is_settled else (principal * share / 100).quantize(Decimal("0.01")),
        annual_rate=Decimal(draw(st.integers(0, 600))) / 10_000,
        method=draw(st.sampled_from(Method)),
        term_months=draw(st.integers(40, 360)),
        repayment_day=draw(st.integers(1, 28)),
        first_due=date(2024, 2, 5),
        paid_out_on=date(2024, 1, 3),
        account_tail="4321",
        is_floating=False,
        spread_bp=None,
        repricing=None,
        arrears_amount=Decimal(0),
        arrears_since=None,
    )
    lines = [
        Repayment(
            kind=RepaymentKind.INSTALMENT,
            due_on=date(draw(st.sampled_from([2025, 2026])), month, 5),
            paid_on=date(draw(st.sampled_from([2025, 2026])), month, 7),
            principal=draw(money(1_000_000)),
            interest=draw(money(1_000_000)),
            penalty=Decimal(0),
            balance_after=None,
        )
        for month in range(1, draw(st.integers(1, 8)))
    ]
    return view_of(record, lines, POLICY, TODAY)


def fen(amount: Decimal) -> int:
    """Whole fen: a sum over them cannot be rounded."""
    assert amount == amount.quantize(Decimal("0.01"))
    return int(amount * FEN)


@given(st.lists(views(), max_size=4), st.sampled_from([2025, 2026]))
def test_sums_are_those_of_whole_fen(loans: list[LoanView], year: int) -> None:
    sums = sums_of(loans)
    running = [view for view in loans if view.record.state is LoanState.RUNNING]
    assert sums.n_running == len(running)
    assert fen(sums.balance) == sum(fen(view.record.balance) for view in loans)
    assert fen(sums.payment) == sum(
        fen(view.next_payment.payment) for view in running if view.next_payment is not None
    )
    paid = [view.paid_in(year) for view in loans]
    lines = [line for view in loans for line in view.history if line.paid_on and line.paid_on.year == year]
    assert fen(interest_of(paid)) == sum(fen(line.interest) for line in lines)
    assert fen(principal_of(paid)) == sum(fen(line.principal) for line in lines)


def test_nothing_comes_to_nothing() -> None:
    sums = sums_of([])
    assert (sums.balance, sums.payment, sums.n_running) == (Decimal(0), Decimal(0), 0)
    assert interest_of([]) == principal_of([]) == Decimal(0)
