"""Days as they are said in an answer."""

from __future__ import annotations

from datetime import date

from actions.requests.model import Heard
from bot.lending.days import month_of, on_day


def day_said(heard: Heard) -> date | None:
    """The day that is named; 「20号」 alone is the next twentieth."""
    said = heard.entity("date")
    if said is not None:
        try:
            return date.fromisoformat(str(said))
        except ValueError:
            return None  # a month without its day
    number = heard.entity("day_of_month")
    if number is None:
        return None
    found = on_day(month_of(heard.today), int(number))
    return found if found > heard.today else on_day(month_of(heard.today) + 1, int(number))
