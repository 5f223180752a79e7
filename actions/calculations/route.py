"""Which calculation a message asks for, if it asks for figures and not for an explanation."""

from __future__ import annotations

import re

from actions.calculations.catalogue import PAYMENT, SUBJECTS
from actions.calculations.model import Subject
from actions.calculations.reading import claims, said_for
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
_OWN_LOAN = frozenset(subject.NAME for subject in SUBJECTS.values() if subject.IS_OWN_LOAN)
_LIKELY = 3  #: topics of an uncertain message that are looked at
_SHORT = 14  #: characters of a message that says hardly more than one value
_ASKS = re.compile(r"[吗么嘛]|怎|哪|谁|为何|为啥|如何")
_ABOUT_LOANS = re.compile("房|贷|月供|首付|按揭|材料|资料|流水|逾期")
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
    text = turn.asked_text
    has_figures = turn.understood.topic == CALCULATION or _wants_figures(turn)
    for subject in SUBJECTS.values():
        if turn.understood.topic not in subject.TOPICS or not subject.ASKED.search(text):
            continue
        if has_figures or _wishes_figures(subject, text):
            return subject
    return None


def likely_subject_of(turn: Turn) -> Subject | None:
    """The subject of a doubtful guess whose words and figures leave no doubt.

    A payment has the commonest words, so that it must also be the best guess or name two figures; about a loan that
    was just calculated with, none need be named again.
    """
    figures = {item.get("entity") for item in turn.entities} & _FIGURES
    goes_on = (turn.slots.get("last_calculation") or {}).get("subject") in _OWN_LOAN
    if not turn.text or turn.active_loop is not None:
        return None
    likely = {turn.understood.topic, *(guess.topic for guess in turn.understood.ranking[:_LIKELY])}
    subject = next(
        (s for s in SUBJECTS.values() if likely & set(s.TOPICS) and s.ASKED.search(turn.text)), None
    )
    if subject is None:
        return guidance_of(turn)
    wishes = (subject.IS_OWN_LOAN or subject.NEEDS_NO_FIGURE) and _wishes_figures(subject, turn.text)
    if not (figures or goes_on or wishes):
        return None
    is_best = turn.understood.topic == CALCULATION
    return None if subject is PAYMENT and not is_best and len(figures) < 2 else subject


def guidance_of(turn: Turn) -> Subject | None:
    """The guidance whose words were said in a message that was taken for something else; it speaks of a home or a loan."""
    if not turn.text or turn.active_loop is not None or not _ABOUT_LOANS.search(turn.text):
        return None
    guidances = (subject for subject in SUBJECTS.values() if subject.NEEDS_NO_FIGURE)
    return next((subject for subject in guidances if subject.ASKED.search(turn.text)), None)


def other_subject_of(turn: Turn, last: Subject) -> Subject | None:
    """The subject that a follow-up leads to, by its words alone: 「提前还20万呢」 after a payment."""
    if not turn.text:
        return SUBJECTS.get(str(turn.value("subject")))
    if last.ASKED.search(turn.text):
        return None
    by_name = (s for s in SUBJECTS.values() if s.IS_OWN_LOAN or s.FOLLOWS_BY_NAME)
    return next((s for s in by_name if s.ASKED.search(turn.text)), None)


def is_change_of(turn: Turn, last: Subject) -> bool:
    """Whether words that were taken for a question only give the last calculation another value.

    「有车贷3000」 after what one can borrow, 「那首付两成呢」 after a down payment.
    """
    if not turn.text or turn.active_loop is not None or last.IS_OWN_LOAN:
        return False
    subject = subject_of(turn)
    if subject is not None and subject is not last:
        return False
    named = said_for(turn, last)
    if subject is last:
        return bool(named) and last.changes_last(named)
    return len(turn.text) <= _SHORT and not _ASKS.search(turn.text) and claims(turn, last, _FIGURES)


def planned_subject_of(turn: Turn, last: Subject) -> Subject | None:
    """The plan that the words of a follow-up name where they change nothing of the last: 「那月供多少」."""
    plans = (s for s in SUBJECTS.values() if s is not last and not s.IS_OWN_LOAN)
    return next((s for s in plans if turn.text and s.ASKED.search(turn.text)), None)


def _wishes_figures(subject: Subject, text: str) -> bool:
    """Whether words that name no figure ask for the subject's."""
    wishes = subject.WANTS_FIGURES is not None and subject.WANTS_FIGURES.search(text) is not None
    return wishes or subject.NEEDS_NO_FIGURE


def _wants_figures(turn: Turn) -> bool:
    if any(item.get("entity") in _FIGURES for item in turn.entities):
        return True
    text = _EXPLAINS.sub("", turn.asked_text)
    return bool(_CALCULATE.search(text) or (turn.slots.get("last_calculation") and _FOLLOWS_ON.search(text)))
