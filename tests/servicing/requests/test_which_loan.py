"""A customer with several loans: each request is about the one that was named, and about no other's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.servicing.loan_brief import LoanRef
from bot.servicing.model import LoanKind
from bot.servicing.requests import Reason, RequestKind, RequestRefused, Requests
from tests.servicing.requests.conftest import CHAT, NO, Bank

K = RequestKind
COMMERCIAL, FUND = LoanRef(NO, LoanKind.COMMERCIAL), LoanRef(NO, LoanKind.PROVIDENT_FUND)


@pytest.fixture
async def combined(bank: Bank, customer: int) -> int:
    """The customer's loan is the commercial part; the id of the fund's."""
    return await bank.part(
        kind="provident_fund", balance=Decimal(360_000), repayment_day=20, first_due=date(2024, 2, 20)
    )


async def reason_of(
    requests: Requests, kind: RequestKind, wish: dict[str, object], loan: LoanRef | None
) -> Reason:
    with pytest.raises(RequestRefused) as caught:
        await requests.prepare(CHAT, kind, wish, loan)
    return caught.value.reason


async def test_both_parts_are_offered_the_commercial_first(requests: Requests, combined: int) -> None:
    assert [loan.ref for loan in await requests.loans(CHAT)] == [COMMERCIAL, FUND]


async def test_with_several_none_is_taken_silently(requests: Requests, combined: int) -> None:
    assert await reason_of(requests, K.CONTRACT_COPY, {}, None) is Reason.WHICH_LOAN


async def test_the_figures_are_those_of_the_loan_that_was_named(requests: Requests, combined: int) -> None:
    wish = {"amount": "100000"}
    for loan, balance, on in ((COMMERCIAL, "900000.00", "2026-12-05"), (FUND, "360000.00", "2026-12-20")):
        draft = await requests.prepare(CHAT, K.PREPAYMENT, wish, loan)
        assert (draft.loan, draft.figures["on"]) == (loan, on)
        assert Decimal(draft.figures["balance_before"]) < Decimal(balance)


async def test_a_request_of_one_part_leaves_the_other_free(requests: Requests, combined: int) -> None:
    of_one = await requests.prepare(CHAT, K.CONTRACT_COPY, {}, COMMERCIAL)
    of_other = await requests.prepare(CHAT, K.CONTRACT_COPY, {}, FUND)
    assert of_one.digest != of_other.digest
    await requests.submit(CHAT, of_one, "turn-1")
    await requests.submit(CHAT, of_other, "turn-2")
    assert await reason_of(requests, K.CONTRACT_COPY, {}, FUND) is Reason.ALREADY_OPEN
    assert len(await requests.of_customer(CHAT)) == 2


@pytest.mark.parametrize(
    ("kind", "wish"),
    [
        (K.DAY_CHANGE, {"new_day": 15}),
        (K.METHOD_CHANGE, {}),
        (K.EXTENSION, {"months": 12, "cause": "other"}),
        (K.RELIEF, {"months": 6, "cause": "other"}),
    ],
)
async def test_what_the_fund_centre_decides_is_not_promised_by_the_bank(
    requests: Requests, combined: int, kind: RequestKind, wish: dict[str, object]
) -> None:
    assert await reason_of(requests, kind, wish, FUND) is Reason.FUND_CENTRE
    assert (await requests.prepare(CHAT, kind, wish, COMMERCIAL)).loan == COMMERCIAL


async def test_somebody_elses_loan_is_no_loan(requests: Requests, bank: Bank, customer: int) -> None:
    await bank.loan("FX2024010002", who="990000198801015678")
    other = LoanRef("FX2024010002", LoanKind.COMMERCIAL)
    assert await reason_of(requests, K.CONTRACT_COPY, {}, other) is Reason.NO_LOAN
