"""The customer drops what was begun."""

from __future__ import annotations

from actions.base import CALCULATION_SLOTS, SECRET_SLOTS, Outcome, TurnAction, empty, understood
from actions.turn import Turn


class CancelAction(TurnAction):
    """Ends the form, if there is one."""

    NAME = "action_cancel"

    async def act(self, turn: Turn) -> Outcome:
        return Outcome(
            parts=(self.text("form.cancelled" if turn.active_loop else "form.nothing_to_cancel"),),
            slots=understood(**empty(CALCULATION_SLOTS), **empty(SECRET_SLOTS)),
            ends_form=turn.active_loop is not None,
        )
