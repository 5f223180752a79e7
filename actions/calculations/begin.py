"""Where a message leads among the calculations: a file of the last one, a change of it, or a new one."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Outcome, TurnAction, understood
from actions.calculations.catalogue import PAYMENT, SUBJECTS
from actions.calculations.model import Subject
from actions.calculations.paper import schedule_asked_for
from actions.calculations.route import subject_of
from actions.calculations.run import AdjustLastAction, ResultAction, begin, change_of_last, in_other_form
from actions.calculations.state import FORM, LAST_SLOT, Asked
from actions.my_loan import led_to_loan, pointed_to_loan
from actions.requests.begin import request_for
from actions.turn import LISTEN, Turn

#: Values whose change alone means the last calculation, not a new one.
_CHANGES = ("rate", "rate_spread_bp", "term_months", "method")


async def calculation_for(action: TurnAction, turn: Turn, subject: Subject | None) -> Outcome | None:
    """What the calculations make of a message that may mean ``subject``; None leaves it to the answers."""
    followed = await schedule_asked_for(action, turn) or change_of_last(turn)
    if followed is not None or subject is None:
        return followed
    return replace(await begin(action, turn, subject), next_action=FORM)


class BeginCalculationAction(ResultAction):
    """Begins the calculation that is asked for; a payment when nothing more special is."""

    NAME = "action_begin_calculation"

    async def show(self, turn: Turn) -> Outcome:
        request = await request_for(self, turn) or pointed_to_loan(turn)
        if request is not None:
            return request
        paper = await schedule_asked_for(self, turn)
        if paper is not None:
            return replace(paper, next_action=turn.active_loop or LISTEN)
        own = await led_to_loan(self, turn)
        if own is not None:
            return own
        subject = subject_of(turn) or PAYMENT
        last = Asked.of(turn, SUBJECTS, LAST_SLOT)
        if last and subject in (PAYMENT, last.subject) and _only_changes(turn):
            return Outcome(
                slots=understood(), next_action=AdjustLastAction.NAME, ends_form=in_other_form(turn)
            )
        return await begin(self, turn, subject)


def _only_changes(turn: Turn) -> bool:
    """Whether a message names a new value for what was just calculated, and no amount of its own."""
    return turn.value("amount") is None and any(turn.value(kind) is not None for kind in _CHANGES)
