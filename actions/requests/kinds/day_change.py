"""Another repayment day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from actions.calculations.rules import Rules
from actions.requests.model import Asking, Choice, Follow, Heard, Item, RequestForm, Row
from actions.requests.which_loan import WHICH_LOAN
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import Shown

USUAL_DAYS = (10, 15, 20, 25)
_TO = re.compile(
    r"(?:改|换|调|变|挪|推迟|提前|延)(?:成|到|为|至)\s*(?:每个?月)?(?:的)?\s*(?P<day>\d{1,2})\s*(?:号|日)?"
)
_MONTH_END = re.compile(r"月底|月末|最后一天")
_LAST = 31


def _day(heard: Heard) -> int | None:
    found = _TO.search(heard.text)
    said = heard.entity("day_of_month")
    if said is None and found:
        said = found["day"]
    if said is None and heard.wanted == "new_day" and _MONTH_END.search(heard.text):
        said = _LAST  # which no loan can have: the rule says so
    return int(said) if said is not None else None


def _choices(asking: Asking) -> Sequence[Choice]:
    now = asking.loan.repayment_day if asking.loan else None
    return tuple(
        Choice(asking.say("request.choice.day", day=day), {"new_day": day})
        for day in USUAL_DAYS
        if day != now
    )


def _rules(rules: Rules) -> Mapping[str, object]:
    return {
        "allowed": rules.fact("repayment_day.allowed").text,
        "times": rules.fact("repayment_day.changes_a_year").text,
    }


DAY_CHANGE = RequestForm(
    name="day_change",
    items=(
        WHICH_LOAN,
        Item("new_day", _day, entity="day_of_month", choices=_choices),
    ),
    kind_of=lambda values: RequestKind.DAY_CHANGE,
    rows={
        RequestKind.DAY_CHANGE: (
            Row("old_day", Shown.PLAIN),
            Row("new_day", Shown.PLAIN, is_emphasised=True),
            Row("next_due", Shown.DAY),
            Row("days", Shown.DAYS),
            Row("period_interest", Shown.MONEY, is_emphasised=True),
            Row("usual_interest", Shown.MONEY),
        )
    },
    follows={"day_change": Follow(fields={"new_day": "new_day"})},
    rules=_rules,
)
