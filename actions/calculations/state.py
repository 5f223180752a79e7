"""What Rasa remembers of calculations: the one being asked for, and the last one shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from actions.calculations.model import Field, Source, Subject, Values
from actions.calculations.reading import Reading
from actions.calculations.rules import Refusal, Rules
from actions.turn import Turn

FORM = "calculation_form"
ADJUST_LAST = "action_adjust_last"
INPUT = "calculation_input"  #: the form's one slot: it is open as long as any field is
FOR_IT = "for_calculation"  #: said by the button that has the customer verified for the calculation's sake
PAPER = "paper"  #: said by the button that wants the schedule as a file
SLOT, LAST_SLOT = "calculation", "last_calculation"


@dataclass(frozen=True)
class Asked:
    """A calculation that is being filled; ``refused`` is what could not be used of this turn's words."""

    subject: Subject
    values: Values = field(default_factory=Values)
    refused: Mapping[str, Refusal] | None = None
    begun_by: str = ""  #: the turn in which it was begun
    in_english: bool = False  #: the customer writes English: figures alone do not change that
    chooses: bool = False  #: the customer has several loans, and has yet to say which one is meant
    loan: str = ""  #: the loan on record that it is about
    loan_name: str = ""  #: its name, where there are several

    @classmethod
    def of(cls, turn: Turn, subjects: Mapping[str, Subject], slot: str = SLOT) -> Asked | None:
        kept = turn.slots.get(slot)
        if not kept or kept.get("subject") not in subjects:
            return None
        refused = {
            name: Refusal(phrase, {key: Decimal(value) for key, value in values.items()})
            for name, (phrase, values) in (kept.get("refused") or {}).items()
        }
        return cls(
            subjects[kept["subject"]],
            Values.from_slot(kept["values"]),
            refused,
            str(kept.get("begun_by") or ""),
            bool(kept.get("in_english")),
            bool(kept.get("chooses")),
            str(kept.get("loan") or ""),
            str(kept.get("loan_name") or ""),
        )

    def to_slot(self) -> dict[str, Any]:
        """As JSON, with the kind of entity that is waited for: the reader of messages goes by it."""
        wanted = self.wants()
        return {
            "subject": self.subject.NAME,
            "values": self.values.to_slot(),
            "refused": {
                name: (refusal.phrase, {key: str(value) for key, value in refusal.values.items()})
                for name, refusal in (self.refused or {}).items()
            },
            "begun_by": self.begun_by,
            "in_english": self.in_english,
            "chooses": self.chooses,
            "loan": self.loan,
            "loan_name": self.loan_name,
            "wants": (wanted.asked_as or wanted.entity) if wanted and not self.chooses else None,
        }

    @property
    def has_record(self) -> bool:
        """Whether something was taken from the customer's loan."""
        return any(given.source is Source.RECORD for given in self.values.values())

    def told(self, reading: Reading, rules: Rules) -> Asked:
        """With what a message has said, and what follows from it."""
        values = self.values.from_others_than(Source.DERIVED).with_(Source.SAID, reading.said)
        return replace(self, values=self._derived(values, rules), refused=reading.refused)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be asked."""
        return self.chooses or self.wants() is not None

    def wants(self) -> Field | None:
        """The field to ask for next; None when all is there."""
        for each in self.subject.FIELDS:
            if each.name in self.values or each.default is not None:
                continue
            if each.is_needed(self.values):
                return each
        return None

    def complete(self, rules: Rules) -> Values:
        """The values with defaults where nothing was said."""
        taken = {}
        for each in self.subject.FIELDS:
            if each.name not in self.values and each.default is not None and each.is_needed(self.values):
                value = each.default(rules, self.values)
                if value is not None:
                    taken[each.name] = value
        return self._derived(self.values.with_(Source.DEFAULT, taken), rules)

    def _derived(self, values: Values, rules: Rules) -> Values:
        follows = self.subject.derive(values, rules)
        return values.with_(Source.DERIVED, {name: v for name, v in follows.items() if name not in values})
