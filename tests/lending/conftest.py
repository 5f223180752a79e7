"""The policy facts of one day, as defaults of a calculation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.calculation_defaults import defaults_on
from bot.knowledge.policy import PolicyBook
from bot.lending.inputs import Default

POLICY = Path(__file__).parents[2] / "data" / "knowledge" / "policy"


@pytest.fixture(scope="session")
def defaults() -> dict[str, Default]:
    """What may be left out on 2026-11-22."""
    return defaults_on(PolicyBook.load(POLICY), date(2026, 11, 22))
