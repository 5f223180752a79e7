"""Who is served first."""

from __future__ import annotations

import pytest

from bot.handoff.model import Priority, Reason, priority_of


@pytest.mark.parametrize(
    ("reason", "is_urgent", "priority"),
    [
        (Reason.ASKED, False, Priority.NORMAL),
        (Reason.ASKED, True, Priority.HIGH),
        (Reason.BOT_UNAVAILABLE, True, Priority.URGENT),
        (Reason.COMPLAINT, False, Priority.URGENT),
        (Reason.COMPLAINT, True, Priority.URGENT),
    ],
)
def test_an_angry_customer_moves_one_class_ahead(reason: Reason, is_urgent: bool, priority: Priority) -> None:
    assert priority_of(reason, is_urgent) is priority
