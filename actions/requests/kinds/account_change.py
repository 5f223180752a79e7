"""Another account to debit. Its number is never taken in the chat: only its last four digits, and where it is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from actions.loan_choice import LOAN
from actions.requests.kinds.reading import day_said
from actions.requests.model import Asking, Choice, Heard, Item, RequestForm, Row, Values
from actions.requests.which_loan import WHICH_LOAN
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import Shown

APP, BRANCH = "app", "branch"
_TAIL = re.compile(r"(?:尾号|后四位|末四位|后4位)\D{0,4}(?P<tail>\d{4})(?!\d)")
_BARE = re.compile(r"^\D{0,6}(?P<tail>\d{4})\D{0,4}$")
CARD_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}")
_BRANCH = re.compile(r"网点|柜台|银行办|去银行|现场|支行")
_APP = re.compile(r"手机银行|app|APP|线上|手机上|网上")
_WEEKEND = 5


def _tail(heard: Heard) -> str | None:
    """The last four digits; a whole card number is not taken, not even its end."""
    if CARD_NUMBER.search(heard.text) or heard.wanted == LOAN:
        return None
    found = _TAIL.search(heard.text) or (_BARE.search(heard.text) if heard.wanted == "new_tail" else None)
    return found["tail"] if found else None


def _way(heard: Heard) -> str | None:
    if _APP.search(heard.text):
        return APP
    return BRANCH if _BRANCH.search(heard.text) else None


def _visit(heard: Heard) -> str | None:
    found = day_said(heard)
    return found.isoformat() if found else None


def is_at_branch(values: Values) -> bool:
    return values.get("way") == BRANCH


def _ways(asking: Asking) -> Sequence[Choice]:
    return tuple(Choice(asking.say(f"request.value.way.{way}"), {"way": way}) for way in (APP, BRANCH))


def _visits(asking: Asking) -> Sequence[Choice]:
    """The next three weekdays; the rule knows the holidays."""
    days = [asking.today + timedelta(days=number) for number in range(1, 8)]
    weekdays = [day for day in days if day.weekday() < _WEEKEND][:3]
    return tuple(
        Choice(asking.say("request.choice.on", on=on), {"visit_on": on.isoformat()}) for on in weekdays
    )


ACCOUNT_CHANGE = RequestForm(
    name="account_change",
    items=(
        WHICH_LOAN,
        Item("new_tail", _tail),
        Item("way", _way, choices=_ways),
        Item("visit_on", _visit, entity="date", is_needed=is_at_branch, choices=_visits),
    ),
    kind_of=lambda values: RequestKind.ACCOUNT_CHANGE,
    rows={
        RequestKind.ACCOUNT_CHANGE: (
            Row("old_tail", Shown.TAIL),
            Row("new_tail", Shown.TAIL, is_emphasised=True),
            Row("way", Shown.WORDS),
            Row("visit_on", Shown.DAY),
            Row("still_from_old", Shown.DAY),
        )
    },
)
