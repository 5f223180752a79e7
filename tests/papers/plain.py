"""A schedule as anybody would write it, to compare the papers with."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

from bot.lending import Loan, Method

FEN = Decimal("0.01")


def plain_rows(loan: Loan) -> list[tuple[Decimal, Decimal, Decimal, Decimal]]:
    """Payment, principal, interest and balance of each month."""
    with localcontext(prec=50):
        i, n = loan.annual_rate / 12, loan.term_months
        growth = (1 + i) ** n
        level = (loan.principal * i * growth / (growth - 1)).quantize(FEN, ROUND_HALF_UP)
        share = (loan.principal / n).quantize(FEN, ROUND_HALF_UP)
        balance, rows = loan.principal, []
        for month in range(1, n + 1):
            interest = (balance * i).quantize(FEN, ROUND_HALF_UP)
            principal = share if loan.method is Method.EQUAL_PRINCIPAL else level - interest
            if month == n:
                principal = balance
            balance -= principal
            rows.append((principal + interest, principal, interest, balance))
    return rows


def plain_sums(*loans: Loan) -> tuple[Decimal, Decimal, Decimal]:
    """Payment, principal and interest of all of them."""
    rows = [row for loan in loans for row in plain_rows(loan)]
    payment, principal, interest = (sum(column, Decimal(0)) for column in list(zip(*rows, strict=True))[:3])
    return payment, principal, interest
