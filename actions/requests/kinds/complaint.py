"""A complaint whose story is not told yet. Nobody need prove who they are, and nobody who is angry is kept here."""

from __future__ import annotations

from collections.abc import Sequence

from actions.requests.model import Asking, Choice, Heard, Item, RequestForm
from bot.servicing.requests import ComplaintCause

NAME, STORY, CAUSE = "complaint", "story", "cause"
_NOT_A_STORY = ("human_agent", "cancel")
_LONGEST = 1000


def _story(heard: Heard) -> str | None:
    if heard.wanted != STORY or heard.turn.is_pressed or heard.turn.intent in _NOT_A_STORY:
        return None
    return heard.turn.text[:_LONGEST] or None


def _cause(heard: Heard) -> str | None:
    return None  # by its words, which are data: see `actions.requests.complaining`


def _causes(asking: Asking) -> Sequence[Choice]:
    return tuple(
        Choice(asking.say(f"request.complaint.cause.{cause.value}"), {CAUSE: cause.value})
        for cause in ComplaintCause
    )


COMPLAINT = RequestForm(
    name=NAME,
    items=(Item(STORY, _story), Item(CAUSE, _cause, choices=_causes)),
    kind_of=lambda values: None,
    needs_customer=False,
)
