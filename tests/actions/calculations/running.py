"""A subject held against words and values, without a dialogue around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.calculations.model import Case, Result, Source, Subject, Values
from actions.calculations.reading import Reading, read
from actions.calculations.rules import Rules
from actions.calculations.state import Asked
from actions.turn import Turn
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from bot.nlu.entities import extract_from
from tests.actions.said import Message

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Desk:
    """The policy facts of a day and the phrases."""

    policy: PolicyBook
    phrases: Phrases
    today: date = TODAY

    @property
    def rules(self) -> Rules:
        return Rules(self.policy, self.today)

    def heard(
        self,
        subject: Subject,
        text: str,
        known: Mapping[str, Any] | None = None,
        wanted: str | None = None,
    ) -> Reading:
        """What a subject takes from words, read as the reader of messages reads them."""
        entities = [
            {
                "entity": each.type,
                "value": each.value,
                "start": each.start,
                "end": each.end,
                "role": each.role,
            }
            for each in extract_from(text, self.today)
        ]
        turn = Turn.of(Message("calc_payment", text, entities=entities).tracker())
        return read(turn, subject, Values().with_(Source.SAID, known or {}), self.rules, wanted)

    def result(self, subject: Subject, **values: Any) -> Result:
        """What comes of values, with defaults for the others."""
        asked = Asked(subject, Values().with_(Source.SAID, values))
        asked = asked.told(Reading({}, {}), self.rules)
        assert asked.wants() is None, asked.wants()
        return subject.work_out(Case(asked.complete(self.rules), self.rules, self.phrases.say, self.today))

    def wants(self, subject: Subject, **values: Any) -> str | None:
        """Which field would be asked for next."""
        asked = Asked(subject, Values().with_(Source.SAID, values)).told(Reading({}, {}), self.rules)
        wanted = asked.wants()
        return wanted.name if wanted else None


def rows(result: Result) -> dict[str, str]:
    assert result.card is not None
    return {row.label: row.value for row in result.card.rows}
