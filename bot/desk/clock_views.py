"""How the clocks of promises look at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.handoff.clocks import ServiceClock, ServiceLevels


def clocks_view(clocks: Iterable[ServiceClock], levels: ServiceLevels, now: datetime) -> list[dict[str, Any]]:
    """Each with its state, when it is due and the seconds left, which are below zero once it is broken."""
    counted = [(one, levels.hours(one.runs)) for one in clocks]
    return [
        {
            "promise": one.promise.value,
            "state": one.state_at(now, hours).value,
            "due_at": due.isoformat() if (due := one.due_at(hours)) else None,
            "left_seconds": int(one.left_at(now, hours).total_seconds()),
        }
        for one, hours in counted
    ]
