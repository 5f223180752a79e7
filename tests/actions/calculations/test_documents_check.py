"""Documents as the customer describes them: each fault is named, and nothing is asked that does not matter."""

from __future__ import annotations

from typing import Any

import pytest

from actions.calculations.subjects.documents_check import DocumentsCheck
from bot.knowledge.phrases import Phrases
from bot.knowledge.policy import PolicyBook
from tests.actions.calculations.running import Desk, rows

#: 1,000,000 at 3.5 % over thirty years costs 4,490.45 a month: twice that is earned at least.
READY: dict[str, Any] = {
    "work": "salaried",
    "marriage": "married",
    "house": "new",
    "identity": "valid",
    "household_book": "fits",
    "statement_months": 6,
    "proof": "stamped",
    "purchase": "both",
    "income": "8980.90",
    "principal": 1000000,
    "annual_rate": "0.035",
}
OWNER = {**READY, "work": "self_employed", "business": "all", "statement_months": 12}


@pytest.fixture
def desk(policy: PolicyBook, words: Phrases) -> Desk:
    return Desk(policy, words)


def missing(desk: Desk, **values: Any) -> list[str]:
    named: list[str] = desk.result(DocumentsCheck(), **values).carries["missing_documents"]
    return named


@pytest.mark.parametrize("customer", [READY, OWNER, {**READY, "work": "freelance"}])
def test_papers_in_order_are_said_to_be(desk: Desk, customer: dict[str, Any]) -> None:
    assert missing(desk, **customer) == []
    assert "都齐了" in (desk.result(DocumentsCheck(), **customer).says or "")


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"identity": "expired"}, ["identity"]),
        ({"identity": "soon"}, ["identity"]),
        ({"household_book": "differs"}, ["household_book"]),
        ({"household_book": "none"}, ["household_book"]),
        ({"statement_months": 5}, ["statement"]),
        ({"proof": "unstamped"}, ["proof"]),
        ({"proof": "none"}, ["proof"]),
        ({"purchase": "contract"}, ["purchase"]),
        ({"purchase": "none"}, ["purchase"]),
        ({"house": "used"}, ["valuation"]),
        ({"income": "8980.89"}, ["income"]),
        ({"other_debts": 2000}, ["income"]),  # (4,490.45 + 2,000) / 60 % = 10,817.42
        ({"identity": "expired", "statement_months": 3}, ["identity", "statement"]),
    ],
)
def test_each_fault_is_named(desk: Desk, changed: dict[str, Any], names: list[str]) -> None:
    assert missing(desk, **{**READY, **changed}) == names
    summary = desk.result(DocumentsCheck(), **{**READY, **changed}).summary
    assert summary is not None
    assert len(summary.sections[1].facts) == len(names)


@pytest.mark.parametrize("business", ["some", "none"])
def test_somebody_with_a_business_of_their_own_shows_more(desk: Desk, business: str) -> None:
    assert missing(desk, **{**OWNER, "business": business, "statement_months": 11}) == [
        "statement",
        "business",
    ]
    result = desk.result(DocumentsCheck(), **{**OWNER, "business": business})
    assert "近2年纳税证明" in rows(result)["经营资料"]


@pytest.mark.parametrize(
    ("work", "asked", "spared"),
    [("salaried", "proof", "business"), ("self_employed", "business", "proof")],
)
def test_only_what_matters_is_asked(desk: Desk, work: str, asked: str, spared: str) -> None:
    known = {name: value for name, value in READY.items() if name != "proof"} | {"work": work}
    assert desk.wants(DocumentsCheck(), **known) == asked
    assert desk.wants(DocumentsCheck(), **known, **{asked: "none"}) is None
    assert spared not in known


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("没过期", "identity", {"identity": "valid"}),
        ("已经过期了", "identity", {"identity": "expired"}),
        ("离婚了", "marriage", {"marriage": "divorced"}),
        ("没结婚", "marriage", {"marriage": "single"}),
        ("流水打了半年", "statement_months", {"statement_months": 6}),
        ("没盖章", "proof", {"proof": "unstamped"}),
        ("不一致", "household_book", {"household_book": "differs"}),
    ],
)
def test_plain_words_answer(desk: Desk, text: str, wanted: str, said: dict[str, Any]) -> None:
    assert desk.heard(DocumentsCheck(), text, wanted=wanted).said == said


@pytest.mark.parametrize(
    ("said", "identity"),
    [
        ("2026年11月23日到期", "expired"),  # yesterday
        ("2026年11月到期", "soon"),  # until the end of the month
        ("2027年2月23日到期", "soon"),  # a day short of three months
        ("2027年2月24日到期", "valid"),
        ("2030年5月", "valid"),
    ],
)
def test_a_day_of_expiry_is_judged_by_the_calendar(desk: Desk, said: str, identity: str) -> None:
    known = {"work": "salaried", "marriage": "single", "house": "new"}
    assert desk.heard(DocumentsCheck(), said, known, "identity").said["identity"] == identity


def test_a_buyer_from_abroad_is_asked_for_translations_and_not_for_a_household_book(desk: Desk) -> None:
    abroad = {name: value for name, value in READY.items() if name != "household_book"}
    assert missing(desk, **abroad, segment="foreigner", translation="none") == ["translation"]
    shown = rows(desk.result(DocumentsCheck(), **abroad, segment="foreigner", translation="all"))
    assert "护照和居留证件" in shown
    assert "户口本" not in shown


@pytest.mark.parametrize("segment", ["self_employed", "new_citizen"])
def test_who_has_said_what_they_do_is_not_asked_again(desk: Desk, segment: str) -> None:
    assert desk.wants(DocumentsCheck(), segment=segment) == "marriage"
    assert desk.wants(DocumentsCheck(), segment="first_home") == "work"
