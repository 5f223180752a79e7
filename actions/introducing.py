"""How a customer who says who they are is met: an opening and first steps of their own."""

from __future__ import annotations

from collections.abc import Mapping

from actions.base import Outcome, TurnAction, buttons, understood
from actions.calculations.model import payload
from actions.segments import Segments, asks
from actions.turn import Turn

_LONGEST = 24  #: characters of a message that says hardly more than who somebody is

#: What each is offered first: the names of buttons (``segments.button``) and where they lead.
_LEADS: Mapping[str, str] = {
    "plan": payload("calc_payment", {"subject": "needs"}),
    "how_much": payload("calc_payment", {"subject": "affordability"}),
    "income": payload("calc_payment", {"subject": "required_income"}),
    "documents": payload("calc_payment", {"subject": "documents_check"}),
    "down_payment": "/down_payment",
    "conditions": "/affordability_eligibility",
    "materials": "/materials",
    "steps": "/approval_time",
    "swap": "/other_mortgage",
    "tax": "/fees_tax",
    "rate": "/rate_change",
    "human": "/human_agent",
}
_OFFERED: Mapping[str, tuple[str, ...]] = {
    "first_home": ("plan", "how_much", "down_payment", "steps"),
    "upgrader": ("plan", "swap", "tax", "rate"),
    "new_citizen": ("conditions", "materials", "income", "plan"),
    "self_employed": ("conditions", "documents", "income", "plan"),
    "foreigner": ("conditions", "materials", "documents", "human"),
}


def introduced(action: TurnAction, turn: Turn) -> Outcome | None:
    """What is said to a customer who says who they are and asks nothing: an opening of their own, and first steps."""
    segments = Segments.said(turn.text)
    if segments.met is None or turn.active_loop or len(turn.text) > _LONGEST or asks(turn.text):
        return None
    words = action.text_for(turn, f"segments.opening.{segments.met}")
    return Outcome((words, buttons(*offers(action, segments.met))), understood())


def offers(action: TurnAction, group: str) -> list[tuple[str, str]]:
    """The buttons with which this group begins."""
    return [(action.say(f"segments.button.{name}"), _LEADS[name]) for name in _OFFERED[group]]
