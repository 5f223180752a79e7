"""A combined loan: told in two words, kept as two loans, shown to its customer and nobody else."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.servicing import Servicing
from bot.servicing.errors import UnknownLoan
from bot.servicing.intake import Intake, Resource
from bot.servicing.intake.model import Status
from bot.servicing.intake.words import Word, read_word
from bot.servicing.loan_brief import LoanBrief, LoanHint, LoanRef, meant
from bot.servicing.model import LoanKind, id_check_digit
from bot.servicing.store import LoanRow
from bot.store.engine import Sessions
from bot.store.vault import Vault
from tests.servicing.conftest import CHAT, RememberedCodes

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
COMMERCIAL, FUND = LoanKind.COMMERCIAL, LoanKind.PROVIDENT_FUND
COMBINED, LAST4 = "FX2024080001", "6066"
Told = tuple[Resource, dict[str, Any]]


def at(hours: int) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def people(product: str = "combined") -> list[Told]:
    body = "70000119800101001"
    customer = {
        "customer_no": "K1",
        "name": "王示安",
        "phone": "10000000001",
        "id_number": body + id_check_digit(body),
        "told_at": at(1),
    }
    application = {
        "application_no": "A1",
        "customer_no": "K1",
        "product": product,
        "amount": "1500000",
        "term_months": 360,
        "submitted_at": at(0),
        "told_at": at(1),
    }
    return [(Resource.CUSTOMERS, customer), (Resource.APPLICATIONS, application)]


def loan(number: str, balance: str, hour: int, **more: Any) -> Told:
    word = {
        "loan_no": number,
        "application_no": "A1",
        "principal": "1000000",
        "balance": balance,
        "annual_rate_pct": "3.05",
        "term_months": 360,
        "method": "equal_principal",
        "repayment_day": 15,
        "account_tail": "0042",
        "first_due": "2026-05-15",
        "told_at": at(hour),
    }
    return Resource.LOANS, {**word, **more}


async def tell(sessions: Sessions, intake: Intake, *told: Told) -> list[Status]:
    """Each word in a call of its own."""
    statuses = []
    for resource, given in told:
        word = read_word(resource, given, START)
        assert isinstance(word, Word), word
        async with sessions.begin() as session:
            taken = await intake.take(session, resource, [word], "core:test")
        statuses.append(taken.verdicts[0].status)
    return statuses


async def kept(sessions: Sessions) -> list[tuple[str | None, str, Decimal]]:
    async with sessions() as session:
        rows = await session.scalars(select(LoanRow).order_by(LoanRow.loan_no))
        return [(row.loan_no, row.kind, row.balance) for row in rows]


@pytest.fixture
def intake(clock: FixedClock, vault: Vault) -> Intake:
    return Intake(clock, vault)


BOTH = (
    loan("L1", "1000000", 2),
    loan("L1", "990000", 4, kind="commercial"),
    loan("L2", "500000", 3, kind="provident_fund"),
    loan("L2", "495000.50", 5, kind="provident_fund"),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(BOTH))))[::5])
async def test_both_parts_end_the_same_in_any_order(
    sessions: Sessions, intake: Intake, order: tuple[int, ...]
) -> None:
    """Late, repeated, and before their application: the last word of each part counts."""
    told = [BOTH[number] for number in order]
    await tell(sessions, intake, told[0], *people(), *told[1:], *told)
    assert await kept(sessions) == [
        ("L1", "commercial", Decimal("990000.00")),
        ("L2", "provident_fund", Decimal("495000.50")),
    ]


async def test_a_second_loan_of_one_kind_is_refused(sessions: Sessions, intake: Intake) -> None:
    statuses = await tell(
        sessions, intake, *people(), loan("L1", "100", 2), loan("L2", "200", 3), loan("L3", "300", 3)
    )
    assert statuses[2:] == [Status.ACCEPTED, Status.REJECTED, Status.REJECTED]
    assert await kept(sessions) == [("L1", "commercial", Decimal("100.00"))]


async def test_a_part_cannot_take_the_others_place(sessions: Sessions, intake: Intake) -> None:
    first, second = loan("L1", "100", 2), loan("L2", "200", 2, kind="provident_fund")
    moved = loan("L1", "100", 3, kind="provident_fund")
    statuses = await tell(sessions, intake, *people(), first, second, moved)
    assert statuses[-1] is Status.REJECTED
    assert [kind for _, kind, _ in await kept(sessions)] == ["commercial", "provident_fund"]


async def test_a_kind_can_be_corrected_and_its_place_taken(sessions: Sessions, intake: Intake) -> None:
    """The core had told of the fund's part without its kind."""
    first, corrected = loan("L2", "200", 2), loan("L2", "200", 3, kind="provident_fund")
    statuses = await tell(sessions, intake, *people(), first, corrected, loan("L1", "100", 3))
    assert statuses[2:] == [Status.ACCEPTED] * 3
    assert [kind for _, kind, _ in await kept(sessions)] == ["commercial", "provident_fund"]


async def test_the_loan_of_a_fund_application_needs_no_kind(sessions: Sessions, intake: Intake) -> None:
    """It is the fund's whatever was told, so there is no second one."""
    statuses = await tell(
        sessions,
        intake,
        *people("provident_fund"),
        loan("L1", "100", 2),
        loan("L2", "200", 3, kind="provident_fund"),
    )
    assert statuses[2:] == [Status.ACCEPTED, Status.REJECTED]
    assert LoanKind.of("commercial", "provident_fund") is FUND


async def verify(servicing: Servicing, codes: RememberedCodes) -> None:
    await servicing.begin_verification(CHAT, COMBINED, LAST4, "1")
    await servicing.confirm_code(CHAT, COMBINED, codes.last, "2")


async def test_both_parts_are_the_customers_own(servicing: Servicing, codes: RememberedCodes) -> None:
    await verify(servicing, codes)
    briefs = await servicing.loans(CHAT)
    assert {brief.ref for brief in briefs} == {LoanRef(COMBINED, COMMERCIAL), LoanRef(COMBINED, FUND)}
    views = [await servicing.loan_view(CHAT, brief.ref) for brief in briefs]
    assert {view.record.loan_no for view in views} == {"DK2024080001", "DK2024080002"}
    assert {view.record.kind: view.repricing is None for view in views} == {COMMERCIAL: False, FUND: True}
    for view in views:
        assert view.paid.principal == view.record.principal - view.record.balance
    with pytest.raises(UnknownLoan):
        await servicing.loan_view(CHAT, LoanRef("FX2023030001", COMMERCIAL))


async def test_of_two_running_loans_none_is_taken_unasked(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await verify(servicing, codes)
    assert await servicing.loan_on_record(CHAT) is None
    for kind in LoanKind:
        found = await servicing.loan_on_record(CHAT, LoanRef(COMBINED, kind))
        assert found is not None
        assert found.kind is kind
    assert await servicing.loan_on_record(CHAT, LoanRef("FX2023030001", COMMERCIAL)) is None


def brief(kind: LoanKind, tail: str) -> LoanBrief:
    return LoanBrief(
        application_no=f"FX{tail}",
        kind=kind,
        principal=Decimal(2),
        balance=Decimal(1),
        account_tail=tail,
        is_settled=False,
    )


LOANS = (brief(COMMERCIAL, "0001"), brief(FUND, "0002"), brief(COMMERCIAL, "0003"))


@pytest.mark.parametrize(
    ("hint", "tails"),
    [
        (LoanHint(), ["0001", "0002", "0003"]),
        (LoanHint(kind=FUND), ["0002"]),
        (LoanHint(kind=COMMERCIAL), ["0001", "0003"]),
        (LoanHint(tail="0003"), ["0003"]),
        (LoanHint(tail="9999"), []),
        (LoanHint(place=2), ["0002"]),
        (LoanHint(place=-1), ["0003"]),
        (LoanHint(place=4), []),
        (LoanHint(kind=COMMERCIAL, place=2), ["0003"]),
        (LoanHint(kind=FUND, tail="0001"), []),
    ],
)
def test_words_mean_the_loans_that_fit_them(hint: LoanHint, tails: list[str]) -> None:
    assert [loan.account_tail for loan in meant(hint, LOANS)] == tails
    assert not meant(hint, ())


def test_a_reference_is_read_as_it_was_written() -> None:
    ref = LoanRef(COMBINED, FUND)
    assert LoanRef.of(str(ref)) == ref
    assert LoanRef.of(COMBINED) is LoanRef.of(f"{COMBINED}/combined") is None
