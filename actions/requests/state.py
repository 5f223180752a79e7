"""What is remembered of a request between two messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.requests.model import CONFIRMATION, Choice, Item, RequestForm
from actions.turn import Turn
from bot.servicing.requests import Draft

FORM, INPUT, SLOT = "request_form", "request_input", "request"
LAST_REQUEST = "last_request"  #: number and digest of what was submitted last
STEP, DRAFT, CHANGE = "request_step", "draft", "request_change"  #: said by the buttons of the summary
CONFIRM, MODIFY, CANCEL = "confirm", "modify", "cancel"
BEGIN = "request"  #: said by the button that begins a request
WITHDRAW, SURE = "withdraw", "sure"


@dataclass(frozen=True)
class Asked:
    """A request that is being filled."""

    form: RequestForm
    values: Mapping[str, Any] = field(default_factory=dict)
    draft: Draft | None = None
    choices: tuple[Choice, ...] = ()  #: what is offered instead of what was refused
    begun_by: str = ""  #: the turn in which it was begun, or taken up again after the identity check
    is_told: bool = False  #: whether the rules were told
    is_modified: bool = False  #: the customer wants something else, and has not said what
    is_confirmed: bool = False
    is_unverified: bool = False  #: the identity check has grown old

    @classmethod
    def of(cls, turn: Turn, forms: Mapping[str, RequestForm]) -> Asked | None:
        kept = turn.slots.get(SLOT)
        if not kept or kept.get("form") not in forms:
            return None
        draft = kept.get("draft")
        return cls(
            form=forms[kept["form"]],
            values=dict(kept["values"]),
            draft=Draft.from_wire(draft) if draft else None,
            choices=tuple(Choice(title, settles) for title, settles in kept.get("choices") or ()),
            begun_by=str(kept.get("begun_by") or ""),
            is_told=bool(kept.get("is_told")),
            is_modified=bool(kept.get("is_modified")),
            is_confirmed=bool(kept.get("is_confirmed")),
            is_unverified=bool(kept.get("is_unverified")),
        )

    def to_slot(self) -> dict[str, Any]:
        """As JSON, with the kind of entity that is waited for: the reader of messages goes by it."""
        wanted = self.wants()
        return {
            "form": self.form.name,
            "values": dict(self.values),
            "draft": self.draft.to_wire() if self.draft else None,
            "choices": [(choice.title, dict(choice.settles)) for choice in self.choices],
            "begun_by": self.begun_by,
            "is_told": self.is_told,
            "is_modified": self.is_modified,
            "is_confirmed": self.is_confirmed,
            "is_unverified": self.is_unverified,
            "wants": (wanted.entity or wanted.name) if wanted else CONFIRMATION,
        }

    def wants(self) -> Item | None:
        """The item to ask for next; None when only the confirmation is missing."""
        return self.form.wants(self.values)

    @property
    def wanted(self) -> str:
        item = self.wants()
        return item.name if item else CONFIRMATION
