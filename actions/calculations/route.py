"""Which calculation a message asks for, if it asks for figures and not for an explanation."""

from __future__ import annotations

import re

from actions.calculations.catalogue import SUBJECTS
from actions.calculations.model import Subject
from actions.turn import Turn

#: Kinds of entity that somebody names who wants something worked out.
_FIGURES = frozenset(
    [
        "amount",
        "rate",
        "rate_spread_bp",
        "term_months",
        "income_monthly",
        "income_annual",
        "ratio",
        "age",
        "day_of_month",
        "paid_months",
        "area_sqm",
        "house_age",
        "days",
    ]
)
_CALCULATE = re.compile(r"算|省多少|(?<!最)[多少](?:付|还|交)?多少|calculate|how much", re.IGNORECASE)
_FOLLOWS_ON = re.compile(r"^(?:那|如果|要是|假如|再)|呢[?？]?$")


def subject_of(turn: Turn) -> Subject | None:
    """The subject a button names, or whose words stand in a message of its topics; None without figures."""
    named = SUBJECTS.get(str(turn.value("subject")))
    if named:
        return named
    text, has_figures = turn.asked_text, _wants_figures(turn)
    for subject in SUBJECTS.values():
        if turn.understood.topic not in subject.TOPICS or not subject.ASKED.search(text):
            continue
        if has_figures or (subject.WANTS_FIGURES and subject.WANTS_FIGURES.search(text)):
            return subject
    return None


def other_subject_of(turn: Turn, last: Subject) -> Subject | None:
    """The subject that a follow-up leads to, by its words alone: 「提前还20万呢」 after a payment."""
    if not turn.text:
        return SUBJECTS.get(str(turn.value("subject")))
    if last.ASKED.search(turn.text):
        return None
    return next((s for s in SUBJECTS.values() if s.IS_OWN_LOAN and s.ASKED.search(turn.text)), None)


def _wants_figures(turn: Turn) -> bool:
    if any(item.get("entity") in _FIGURES for item in turn.entities):
        return True
    text = turn.asked_text
    return bool(_CALCULATE.search(text) or (turn.slots.get("last_calculation") and _FOLLOWS_ON.search(text)))
