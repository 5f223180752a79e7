"""Works out a subject as a conversation would, with the shipped facts and words."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.calculations.model import Case, Result, Source, Subject, Values
from actions.calculations.rules import Rules
from actions.calculations.state import Asked
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook

TODAY = date(2026, 11, 22)


def worked(subject: Subject, policy: PolicyBook, words: Phrases, **said: Any) -> Result:
    """The result of what was said; everything else is taken as the subject takes it."""
    rules = Rules(policy, TODAY)
    asked = Asked(subject, Values().with_(Source.SAID, said))
    assert asked.wants() is None
    return subject.work_out(Case(asked.complete(rules), rules, words.say, TODAY))


def row(result: Result, label: str) -> str:
    assert result.card is not None
    return next(each.value for each in result.card.rows if each.label == label)
