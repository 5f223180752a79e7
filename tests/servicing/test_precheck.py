"""The pre-check on the day before yesterday's rules: what is enough, and what is said when it is not."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from bot.knowledge import PolicyBook
from bot.servicing.model import DocumentKind
from bot.servicing.precheck import FAULTS, Found, examined
from bot.servicing.reading.model import Legibility, Reading, Side

TODAY = date(2026, 11, 24)
CLEAR = partial(Reading, legibility=Legibility.CLEAR)


def found(
    policy: PolicyBook, kind: DocumentKind, *readings: Reading, self_employed: bool = False
) -> list[str]:
    return [
        str(one.to_wire()["finding"])
        for one in examined(
            kind, readings, lambda key: policy.fact(key, TODAY), TODAY, is_self_employed=self_employed
        )
    ]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2026, 11, 23), "identity_expired"),
        (date(2026, 11, 24), "identity_soon"),  # valid on its last day
        (date(2027, 2, 21), "identity_soon"),  # 89 days left
        (date(2027, 2, 22), "identity_valid"),  # 90 days, which is the bank's limit
    ],
)
def test_a_card_must_be_valid_for_long_enough(policy: PolicyBook, until: date, expected: str) -> None:
    back = CLEAR(kind=DocumentKind.IDENTITY, valid_until=until)
    assert found(policy, DocumentKind.IDENTITY, back) == [expected]


def test_each_side_asks_for_the_other(policy: PolicyBook) -> None:
    front = CLEAR(kind=DocumentKind.IDENTITY, side=Side.FRONT)
    back = CLEAR(kind=DocumentKind.IDENTITY, side=Side.BACK, is_long_term=True)
    kind = DocumentKind.IDENTITY
    assert found(policy, kind, front) == ["identity_no_back"]
    assert found(policy, kind, back) == ["identity_for_good", "identity_no_front"]
    assert found(policy, kind, front, back) == ["identity_for_good"]


def test_of_two_cards_the_one_that_ends_first_counts(policy: PolicyBook) -> None:
    cards = [CLEAR(kind=DocumentKind.IDENTITY, valid_until=date(year, 3, 1)) for year in (2035, 2026)]
    assert found(policy, DocumentKind.IDENTITY, *cards) == ["identity_expired"]


@pytest.mark.parametrize(
    ("first", "last", "self_employed", "expected"),
    [
        (date(2026, 6, 30), date(2026, 11, 1), False, ["statement_enough"]),  # June to November: 6
        (date(2026, 7, 1), date(2026, 11, 1), False, ["statement_short"]),  # 5
        (date(2026, 6, 1), date(2026, 11, 1), True, ["statement_short"]),  # 6 of 12
        (date(2025, 12, 1), date(2026, 11, 1), True, ["statement_enough"]),
        (date(2026, 1, 1), date(2026, 10, 9), False, ["statement_old"]),  # 46 days ago
        (date(2026, 1, 1), date(2026, 10, 10), False, ["statement_enough"]),  # 45
        (date(2026, 8, 1), date(2026, 9, 1), False, ["statement_old", "statement_short"]),
    ],
)
def test_a_statement_must_be_long_and_recent(
    policy: PolicyBook, first: date, last: date, self_employed: bool, expected: list[str]
) -> None:
    page = CLEAR(kind=DocumentKind.STATEMENT, covered_from=first, covered_to=last)
    assert found(policy, DocumentKind.STATEMENT, page, self_employed=self_employed) == expected


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2026, 9, 25), "issued"), (date(2026, 9, 24), "issued_long_ago")]
)
def test_a_proof_of_income_grows_old_after_sixty_days(policy: PolicyBook, on: date, expected: str) -> None:
    assert found(policy, DocumentKind.PROOF, CLEAR(kind=DocumentKind.PROOF, issued_on=on)) == [expected]


def test_what_cannot_be_read_is_said(policy: PolicyBook) -> None:
    for way in ("unclear", "blank", "not_read"):
        assert found(policy, DocumentKind.STATEMENT, Reading(legibility=Legibility(way))) == [way]
    for kind in (DocumentKind.IDENTITY, DocumentKind.STATEMENT, DocumentKind.PROOF):
        assert found(policy, kind, CLEAR(kind=kind)) == ["no_date"]


def test_another_document_among_them_is_said(policy: PolicyBook) -> None:
    wrong = CLEAR(kind=DocumentKind.MARRIAGE)
    assert found(policy, DocumentKind.PURCHASE, wrong) == ["other_kind"]
    assert found(policy, DocumentKind.PURCHASE, CLEAR()) == ["unknown_kind"]


def test_every_finding_has_words_and_crosses_the_wire(words) -> None:
    from bot.servicing.precheck import Finding

    assert set(Finding) > FAULTS
    for finding in Finding:
        assert words.has(f"documents.finding.{finding.value}")
    there = Found(Finding.IDENTITY_SOON, {"until": date(2026, 12, 1), "days": 7})
    assert Found.from_wire(there.to_wire()) == there
