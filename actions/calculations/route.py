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
_CALCULATE = re.compile(r"算|省多少|多付多少|多还多少|少还多少|calculate|how much", re.IGNORECASE)
CALCULATION = "calc_payment"  #: the topic under which something is always to be worked out
_FOLLOWS_ON = re.compile(r"^(?:那|如果|要是|假如|再)|呢[?？]?$")
#: 算 that works nothing out: 「罚息怎么算」 asks for an explanation, 「划算吗」 for advice.
_EXPLAINS = re.compile(
    r"(?:怎么|如何|咋|怎样|按什么|按照什么)(?:来|去)?计?算|[划合打]算|算(?=逾期|违约|首套|二套|几套|不算)"
)


def subject_of(turn: Turn) -> Subject | None:
    """The subject a button names, or whose words stand in a message of its topics; None without figures."""
    named = SUBJECTS.get(str(turn.value("subject")))
    if named:
        return named
    meant = next(
        (
            s
            for s in SUBJECTS.values()
            if turn.understood.topic in s.TOPICS and s.ASKED.search(turn.asked_text)
        ),
        None,
    )
    is_asked = turn.understood.topic == CALCULATION or _wants_figures(turn)
    return meant if meant and (meant.NEEDS_NO_FIGURE or is_asked) else None


def other_subject_of(turn: Turn, last: Subject) -> Subject | None:
    """The subject that a follow-up leads to, by its words alone: 「提前还20万呢」 after a payment."""
    if not turn.text:
        return SUBJECTS.get(str(turn.value("subject")))
    if last.ASKED.search(turn.text):
        return None
    by_name = (s for s in SUBJECTS.values() if s.IS_OWN_LOAN or s.FOLLOWS_BY_NAME)
    return next((s for s in by_name if s.ASKED.search(turn.text)), None)


def _wants_figures(turn: Turn) -> bool:
    if any(item.get("entity") in _FIGURES for item in turn.entities):
        return True
    text = _EXPLAINS.sub("", turn.asked_text)
    return bool(_CALCULATE.search(text) or (turn.slots.get("last_calculation") and _FOLLOWS_ON.search(text)))
