"""The customer drops what was begun, or does not want to be known here any longer."""

from __future__ import annotations

import re

from actions.base import (
    CALCULATION_SLOTS,
    REQUEST_SLOTS,
    SECRET_SLOTS,
    Outcome,
    TurnAction,
    empty,
    understood,
)
from actions.following import led_to_following
from actions.purposes import PURPOSE
from actions.requests.begin import request_for
from actions.turn import Turn

FORGET = "forget_me"
FORGET_PAYLOAD = '/cancel{"forget_me": "yes"}'
_ASKS_TO_FORGET = re.compile(
    r"(?:退出|取消|注销|解除|清除)(?:我的)?(?:身份)?(?:验证|核验|认证|登录)|忘(?:记|掉)我"
)
#: What the record was read into, besides the check itself.
KNOWN_SLOTS = ("application_no", "last_calculation", "verification_purpose")


class CancelAction(TurnAction):
    """Ends the form, if there is one; 「退出验证」 also ends what was proved, 「不用通知了」 what was followed."""

    NAME = "action_cancel"

    async def act(self, turn: Turn) -> Outcome:
        no_news = led_to_following(turn)
        if no_news is not None:
            return no_news
        forgets = turn.value(FORGET) is not None or _ASKS_TO_FORGET.search(turn.text) is not None
        known: tuple[str, ...] = ()
        phrase = "form.cancelled" if turn.active_loop else "form.nothing_to_cancel"
        if forgets:
            was_verified = await self.colleagues.servicing.forget_identity(turn.conversation_id)
            known = KNOWN_SLOTS
            phrase = "progress.forgotten" if was_verified else "progress.nobody_to_forget"
        if not turn.active_loop and not forgets:
            meant = await request_for(self, turn)  # 「撤回我的申请」
            if meant is not None:
                return meant
        return Outcome(
            parts=(self.text(phrase),),
            slots=understood(**empty((*CALCULATION_SLOTS, *REQUEST_SLOTS, *SECRET_SLOTS, PURPOSE, *known))),
            ends_form=turn.active_loop is not None,
        )
