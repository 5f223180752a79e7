"""Repaying early: a part of the loan in either way, or all of it on a day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from actions.calculations.rules import Rules
from actions.requests.kinds.reading import day_said
from actions.requests.model import Asking, Choice, Follow, Heard, Item, RequestForm, Row, Values
from actions.requests.which_loan import WHICH_LOAN
from bot.lending.days import month_of, on_day
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import Shown

PARTIAL, FULL = "partial", "full"
USUAL_SUMS = (50_000, 100_000, 200_000)
_ALL = re.compile(r"全部|全还|全都?还|结清|还清|一次性|一把|剩下的都")
_SOME = re.compile(r"部分|一部分|先还一?些")
_SHORTER = re.compile(r"缩短|期限|年限(?!不变)|少还几年|月供不变|缩期|提前还完|多省")
_LOWER = re.compile(r"(?:降低?|减少?|减轻|少还点?).{0,3}月供|月供(?:少|低|降|减)|年限不变|期限不变|轻松")


def _scope(heard: Heard) -> str | None:
    if _SOME.search(heard.text):
        return PARTIAL
    if _ALL.search(heard.text):
        return FULL
    return PARTIAL if heard.entity("amount") is not None else None


def _amount(heard: Heard) -> str | None:
    said = heard.entity("amount")
    return str(said) if said is not None else None


def _option(heard: Heard) -> str | None:
    if _LOWER.search(heard.text):
        return "lower"
    return "shorter" if _SHORTER.search(heard.text) else None


def _on(heard: Heard) -> str | None:
    found = day_said(heard)
    return found.isoformat() if found else None


def is_partial(values: Values) -> bool:
    return values.get("scope") == PARTIAL


def is_full(values: Values) -> bool:
    return values.get("scope") == FULL


def _scopes(asking: Asking) -> Sequence[Choice]:
    return tuple(
        Choice(asking.say(f"request.choice.scope.{scope}"), {"scope": scope}) for scope in (PARTIAL, FULL)
    )


def _sums(asking: Asking) -> Sequence[Choice]:
    return tuple(
        Choice(asking.say("request.choice.sum", amount=Decimal(n)), {"amount": n}) for n in USUAL_SUMS
    )


def _options(asking: Asking) -> Sequence[Choice]:
    return tuple(
        Choice(asking.say(f"request.value.option.{option}"), {"option": option})
        for option in ("shorter", "lower")
    )


def _days(asking: Asking) -> Sequence[Choice]:
    """The earliest day, and the first repayment day after it: on that one no odd days bear interest."""
    earliest = asking.today + timedelta(days=asking.rules.fact("prepayment.full_notice").whole)
    days = [earliest]
    if asking.loan:
        days.append(_due_from(earliest, asking.loan.repayment_day))
    return tuple(
        Choice(asking.say("request.choice.on", on=on), {"on": on.isoformat()}) for on in dict.fromkeys(days)
    )


def _due_from(day: date, repayment_day: int) -> date:
    due = on_day(month_of(day), repayment_day)
    return due if due >= day else on_day(month_of(day) + 1, repayment_day)


def _kind(values: Values) -> RequestKind | None:
    if is_full(values):
        return RequestKind.SETTLEMENT
    return RequestKind.PREPAYMENT if is_partial(values) else None


def _rules(rules: Rules) -> Mapping[str, object]:
    return {
        "least": rules.fact("prepayment.partial_min").text,
        "notice": rules.fact("prepayment.full_notice").text,
        "until": rules.fact("prepayment.penalty_until_month").text,
        "early": rules.fact("prepayment.penalty_early").text,
    }


PREPAYMENT = RequestForm(
    name="prepayment",
    items=(
        WHICH_LOAN,
        Item("scope", _scope, entity="amount", choices=_scopes),
        Item("amount", _amount, entity="amount", is_needed=is_partial, choices=_sums),
        Item("option", _option, is_needed=is_partial, choices=_options, shows_figures=True),
        Item("on", _on, entity="date", is_needed=is_full, choices=_days),
    ),
    kind_of=_kind,
    rows={
        RequestKind.PREPAYMENT: (
            Row("amount", Shown.MONEY, is_emphasised=True),
            Row("on", Shown.DAY),
            Row("option", Shown.WORDS),
            Row("balance_before", Shown.MONEY),
            Row("balance_after", Shown.MONEY),
            Row("saved_shorter", Shown.MONEY),
            Row("periods_saved", Shown.PLAIN),
            Row("saved_lower", Shown.MONEY),
            Row("payment_before", Shown.MONEY),
            Row("payment_lower", Shown.MONEY),
            Row("penalty", Shown.MONEY),
            Row("to_pay", Shown.MONEY, is_emphasised=True),
        ),
        RequestKind.SETTLEMENT: (
            Row("on", Shown.DAY, is_emphasised=True),
            Row("balance", Shown.MONEY),
            Row("accrued_interest", Shown.MONEY),
            Row("penalty", Shown.MONEY),
            Row("payoff_total", Shown.MONEY, is_emphasised=True),
            Row("interest_saved", Shown.MONEY),
        ),
    },
    follows={
        "prepayment": Follow({"scope": PARTIAL}, {"amount": "prepay_amount"}),
        "settlement": Follow({"scope": FULL}),
    },
    rules=_rules,
)
