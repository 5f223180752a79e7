"""Rounding to the fen, and the worked examples of the formulas."""

from __future__ import annotations

import doctest
from decimal import Decimal, localcontext

import pytest

from bot.lending import (
    affordability,
    arrears,
    days,
    limits,
    money,
    payment,
    prepayment,
    repricing,
    schedule,
    tax,
    wording,
)


@pytest.mark.parametrize(("given", "fen"), [("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68")])
def test_half_a_fen_rounds_up(given: str, fen: str) -> None:
    assert money.to_fen(Decimal(given)) == Decimal(fen)


def test_a_callers_own_precision_does_not_reach_the_core() -> None:
    with localcontext() as context:
        context.prec = 6
        assert payment.equal_instalment_payment(Decimal("123456789.01"), Decimal("0.035"), 360) == Decimal(
            "554376.15"
        )


EXPLAINED = [
    affordability, arrears, days, limits, money, payment, prepayment, repricing, schedule, tax, wording
]  # fmt: skip


@pytest.mark.parametrize("module", EXPLAINED, ids=[module.__name__ for module in EXPLAINED])
def test_the_worked_examples_of_the_docstrings_hold(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0
