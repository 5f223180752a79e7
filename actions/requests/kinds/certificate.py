"""Papers: the settlement certificate, the interest of a year, a copy of the contract."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.requests.model import Asking, Choice, Heard, Item, RequestForm, Row, Values
from actions.requests.which_loan import WHICH_LOAN
from bot.servicing.requests import RequestKind
from bot.servicing.requests.shown import Shown

PAPERS = (RequestKind.SETTLEMENT_CERTIFICATE, RequestKind.INTEREST_STATEMENT, RequestKind.CONTRACT_COPY)
_PAPERS = {
    RequestKind.INTEREST_STATEMENT: re.compile(r"利息|个税|抵扣"),
    RequestKind.CONTRACT_COPY: re.compile(r"合同"),
    RequestKind.SETTLEMENT_CERTIFICATE: re.compile(r"结清|还清|还完"),
}
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年?度?(?!\d)")
_RELATIVE = (("前年", 2), ("去年", 1), ("上一年", 1), ("今年", 0), ("本年", 0))


def _paper(heard: Heard) -> str | None:
    return next((kind.value for kind, words in _PAPERS.items() if words.search(heard.text)), None)


def _year(heard: Heard) -> int | None:
    found = _YEAR.search(heard.text)
    if found:
        return int(found[1])
    return next((heard.today.year - ago for word, ago in _RELATIVE if word in heard.text), None)


def is_statement(values: Values) -> bool:
    return values.get("paper") == RequestKind.INTEREST_STATEMENT


def _papers(asking: Asking) -> Sequence[Choice]:
    return tuple(Choice(asking.say(f"request.kind.{kind.value}"), {"paper": kind.value}) for kind in PAPERS)


def _years(asking: Asking) -> Sequence[Choice]:
    years = (asking.today.year, asking.today.year - 1)
    return tuple(Choice(asking.say("request.plain.year", value=year), {"year": year}) for year in years)


def _kind(values: Values) -> RequestKind | None:
    paper = values.get("paper")
    return RequestKind(paper) if paper in PAPERS else None


CERTIFICATE = RequestForm(
    name="certificate",
    items=(
        Item("paper", _paper, choices=_papers),
        WHICH_LOAN,
        Item("year", _year, is_needed=is_statement, choices=_years),
    ),
    kind_of=_kind,
    rows={
        RequestKind.SETTLEMENT_CERTIFICATE: (Row("principal", Shown.MONEY), Row("settled_on", Shown.DAY)),
        RequestKind.INTEREST_STATEMENT: (
            Row("year", Shown.PLAIN),
            Row("times", Shown.PLAIN),
            Row("interest_paid", Shown.MONEY, is_emphasised=True),
            Row("principal_paid", Shown.MONEY),
        ),
        RequestKind.CONTRACT_COPY: (),
    },
)
