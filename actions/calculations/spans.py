"""How long something shall last, where a message says it beside the words of a subject: 「延长5年」."""

from __future__ import annotations

import re
from typing import Any

from actions.turn import Turn

SPAN, MONTHLY_LIMIT = "span_months", "monthly_limit"


def months_said(turn: Turn, about: re.Pattern[str]) -> int | None:
    """The first time named in a message that has the words ``about``, in months; None when there is none."""
    months: int | None = first_said(turn, SPAN) if about.search(turn.asked_text) else None
    return months


def first_said(turn: Turn, entity: str) -> Any:
    """The first value of a kind, in the order of the words."""
    said = [item for item in turn.entities if item.get("entity") == entity]
    return min(said, key=lambda item: int(item.get("start") or 0))["value"] if said else None
