"""How the figures of a request are read, in the chat and at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Shown(StrEnum):
    """How a figure is read."""

    MONEY = "money"
    DAY = "day"
    DAYS = "days"
    MONTHS = "months"
    METHOD = "method"
    TAIL = "tail"
    WORDS = "words"  #: by a phrase of the item's own: ``request.value.<name>.<value>``
    PLAIN = "plain"


#: How each figure is read, wherever it is shown.
FIGURES: Mapping[str, Shown] = {
    "old_day": Shown.PLAIN,
    "new_day": Shown.PLAIN,
    "changes_left": Shown.PLAIN,
    "last_due": Shown.DAY,
    "next_due": Shown.DAY,
    "from_due": Shown.DAY,
    "on": Shown.DAY,
    "visit_on": Shown.DAY,
    "still_from_old": Shown.DAY,
    "settled_on": Shown.DAY,
    "days": Shown.DAYS,
    "months": Shown.MONTHS,
    "months_before": Shown.MONTHS,
    "months_after": Shown.MONTHS,
    "old_method": Shown.METHOD,
    "new_method": Shown.METHOD,
    "old_tail": Shown.TAIL,
    "new_tail": Shown.TAIL,
    "periods_saved": Shown.PLAIN,
    "times": Shown.PLAIN,
    "year": Shown.PLAIN,
    "is_longer": Shown.PLAIN,
    "cause": Shown.WORDS,
    "way": Shown.WORDS,
    "option": Shown.WORDS,
    "lines": Shown.PLAIN,
}
