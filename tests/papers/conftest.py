"""Loans of every shape that schedules are asked for, and the links that make papers of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.knowledge import Phrases
from bot.lending import DueDates, Loan, Method
from bot.papers import PaperLinks, PlannedLoan

TODAY = date(2026, 11, 24)
LONGEST = PlannedLoan(Loan(Decimal(1_200_000), Decimal("0.035"), 480), DueDates(date(2027, 1, 31), 31))
UNDATED = PlannedLoan(Loan(Decimal(1_000_000), Decimal("0.0305"), 360, Method.EQUAL_PRINCIPAL))
FUND = PlannedLoan(
    Loan(Decimal(600_000), Decimal("0.026"), 360), DueDates(date(2027, 1, 20), 20), "公积金贷款"
)
COMMERCIAL = PlannedLoan(
    Loan(Decimal(1_200_000), Decimal("0.035"), 300, Method.EQUAL_PRINCIPAL),
    DueDates(date(2027, 1, 15), 15),
    "商业贷款",
)


@pytest.fixture(scope="session")
def links(words: Phrases, tmp_path_factory: pytest.TempPathFactory) -> PaperLinks:
    return PaperLinks("a secret", words, cache=tmp_path_factory.mktemp("matplotlib") / "cache")


@pytest.fixture
def elsewhere(words: Phrases, tmp_path: Path) -> PaperLinks:
    return PaperLinks("another secret", words, "https://chat.bank.example/", tmp_path)
