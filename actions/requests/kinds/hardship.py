"""For who cannot pay as much: a longer term, or interest alone for some months."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from actions.calculations.rules import Rules
from actions.requests.model import Asking, Choice, Follow, Heard, Item, RequestForm, Row, Values
from actions.requests.which_loan import WHICH_LOAN
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import Shown

EXTENSION, RELIEF = "extension", "relief"
_USUAL_MONTHS = {EXTENSION: (12, 24, 60), RELIEF: (6, 12)}
_RELIEF = re.compile(r"利息|还息|暂缓|缓一?缓|推迟|延后|缓交")
_EXTENSION = re.compile(r"展期|延长|延期|拉长|年限|期限")
_CAUSES = {
    "job_lost": re.compile(r"失业|下岗|裁员|被裁|没工作|丢了工作|离职"),
    "illness": re.compile(r"生病|住院|大病|手术|看病|受伤"),
    "income_down": re.compile(r"收入|工资|降薪|减薪|生意|赚|挣"),
    "other": re.compile(r"其他|别的|家里|不方便说"),
}


def _way(heard: Heard) -> str | None:
    if _RELIEF.search(heard.text):
        return RELIEF
    return EXTENSION if _EXTENSION.search(heard.text) else None


def _months(heard: Heard) -> int | None:
    said = heard.entity("term_months")
    return int(said) if said is not None else None


def _cause(heard: Heard) -> str | None:
    return next((name for name, words in _CAUSES.items() if words.search(heard.text)), None)


def _ways(asking: Asking) -> Sequence[Choice]:
    return tuple(Choice(asking.say(f"request.choice.way.{way}"), {"way": way}) for way in (EXTENSION, RELIEF))


def _spans(asking: Asking) -> Sequence[Choice]:
    return tuple(
        Choice(asking.say("request.form.months", value=n), {"months": n})
        for n in _USUAL_MONTHS[str(asking.known.get("way") or EXTENSION)]
    )


def _causes(asking: Asking) -> Sequence[Choice]:
    return tuple(Choice(asking.say(f"request.value.cause.{name}"), {"cause": name}) for name in _CAUSES)


def _kind(values: Values) -> RequestKind | None:
    way = values.get("way")
    return RequestKind(way) if way in (EXTENSION, RELIEF) else None


def _rules(rules: Rules) -> Mapping[str, object]:
    return {
        "share": rules.fact("extension.max_share_of_term").text,
        "years": rules.fact("extension.max_total_years").text,
        "weeks": rules.fact("extension.handling_weeks").text,
    }


HARDSHIP = RequestForm(
    name="hardship",
    items=(
        WHICH_LOAN,
        Item("way", _way, choices=_ways),
        Item("months", _months, entity="term_months", choices=_spans),
        Item("cause", _cause, choices=_causes),
    ),
    kind_of=_kind,
    rows={
        RequestKind.EXTENSION: (
            Row("months", Shown.MONTHS, is_emphasised=True),
            Row("cause", Shown.WORDS),
            Row("months_before", Shown.MONTHS),
            Row("months_after", Shown.MONTHS),
            Row("payment_before", Shown.MONEY),
            Row("payment_after", Shown.MONEY, is_emphasised=True),
            Row("interest_difference", Shown.MONEY),
        ),
        RequestKind.RELIEF: (
            Row("months", Shown.MONTHS, is_emphasised=True),
            Row("cause", Shown.WORDS),
            Row("payment_before", Shown.MONEY),
            Row("payment_during", Shown.MONEY, is_emphasised=True),
            Row("payment_after", Shown.MONEY),
            Row("interest_difference", Shown.MONEY),
        ),
    },
    follows={
        "extension": Follow({"way": EXTENSION}, {"months": "extension_months"}),
        "interest_only": Follow({"way": RELIEF}, {"months": "grace_months"}),
    },
    rules=_rules,
)
