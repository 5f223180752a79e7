"""The other repayment method."""

from __future__ import annotations

from collections.abc import Mapping

from actions.calculations.rules import Rules
from actions.requests.model import Follow, Heard, Item, RequestForm, Row, Values
from actions.requests.which_loan import WHICH_LOAN
from bot.lending import Method
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import Shown


def _method(heard: Heard) -> str | None:
    """The method to change to, where one is named: there are two, so nobody need be asked."""
    said = heard.entity("method")
    return str(said) if said in tuple(Method) else None


def _never(values: Values) -> bool:
    return False


def _rules(rules: Rules) -> Mapping[str, object]:
    return {"hours": rules.fact("method_change.promised_hours").text}


METHOD_CHANGE = RequestForm(
    name="method_change",
    items=(
        WHICH_LOAN,
        Item("new_method", _method, entity="method", is_needed=_never),
    ),
    kind_of=lambda values: RequestKind.METHOD_CHANGE,
    rows={
        RequestKind.METHOD_CHANGE: (
            Row("old_method", Shown.METHOD),
            Row("new_method", Shown.METHOD, is_emphasised=True),
            Row("from_due", Shown.DAY),
            Row("payment_before", Shown.MONEY),
            Row("payment_after", Shown.MONEY, is_emphasised=True),
            Row("last_payment", Shown.MONEY),
            Row("interest_before", Shown.MONEY),
            Row("interest_after", Shown.MONEY),
        )
    },
    follows={"method_change": Follow(fields={"new_method": "new_method"})},
    rules=_rules,
)
