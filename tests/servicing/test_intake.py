"""The words of the bank's core: any order and any repetition of them ends in the same state."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.servicing.intake import Intake, Resource, Status, Word, read_word
from bot.servicing.model import (
    REFUSABLE,
    STAGES,
    START,
    ApplicationState,
    Outcome,
    Position,
    Stage,
    StageEnd,
    id_check_digit,
)
from bot.servicing.stages import check_fits, position_of
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    CustomerRow,
    DocumentRow,
    LoanRateRow,
    LoanRow,
    RepaymentRow,
    StageEventRow,
    WaitingWordRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault

START_OF_ALL = datetime(2026, 3, 2, 1, tzinfo=UTC)
FREE = itertools.count(1)  #: every example tells about people of its own, so one database serves them all
PATIENT = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Told = tuple[Resource, dict[str, Any]]


def at(hours: int) -> str:
    return (START_OF_ALL + timedelta(hours=hours)).isoformat()


# --- what the core might tell, in the order in which it happened


@st.composite
def stage_lists(draw: st.DrawFn) -> list[StageEnd]:
    """Stage ends as they may follow each other: so many passed, perhaps an end."""
    passed = draw(st.integers(0, len(STAGES)))
    hours = sorted(draw(st.lists(st.integers(1, 2000), min_size=passed + 1, max_size=passed + 1)))
    ends = [
        StageEnd(stage, Outcome.PASSED, START_OF_ALL + timedelta(hours=hour))
        for stage, hour in zip(STAGES[:passed], hours, strict=False)
    ]
    if passed < len(STAGES):
        stage = STAGES[passed]
        allowed = [None, Outcome.WITHDRAWN, *([Outcome.REJECTED] if stage in REFUSABLE else [])]
        outcome = draw(st.sampled_from(allowed))
        if outcome:
            ends.append(StageEnd(stage, outcome, START_OF_ALL + timedelta(hours=hours[-1])))
    return ends


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Everything that the core tells of one customer, oldest first."""
    number = next(FREE)
    body = f"{900000 + number // 1000}19800101{number % 1000:03d}"
    customer = {
        "customer_no": f"K{number}",
        "name": "王示安",
        "phone": f"100{number:08d}",
        "id_number": body + id_check_digit(body),
    }
    application = {
        "application_no": f"A{number}",
        "customer_no": f"K{number}",
        "product": "commercial",
        "term_months": 360,
        "submitted_at": at(0),
    }
    loan = {
        "loan_no": f"L{number}",
        "application_no": f"A{number}",
        "principal": "900000",
        "annual_rate_pct": "3.05",
        "term_months": 360,
        "method": "equal_principal",
        "repayment_day": 15,
        "account_tail": "0042",
        "first_due": "2026-05-15",
    }
    times = itertools.count(1)
    told: list[Told] = [
        (Resource.CUSTOMERS, {**customer, "name": name, "told_at": at(next(times))})
        for name in draw(st.lists(st.sampled_from(["王示安", "王示宁"]), min_size=1, max_size=3))
    ]
    told += [
        (Resource.APPLICATIONS, {**application, "amount": amount, "told_at": at(next(times))})
        for amount in draw(st.lists(st.sampled_from(["900000", "950000.50"]), min_size=1, max_size=3))
    ]
    told += [
        (
            Resource.STAGES,
            {
                "application_no": f"A{number}",
                "stage": end.stage.value,
                "outcome": end.outcome.value,
                "at": end.at.isoformat(),
                "refusal": "credit_record" if end.outcome is Outcome.REJECTED else None,
            },
        )
        for end in draw(stage_lists())
    ]
    balances = draw(st.lists(st.sampled_from(["900000", "897500", "850000.01"]), max_size=3))
    told += [
        (Resource.LOANS, {**loan, "balance": balance, "told_at": at(next(times))}) for balance in balances
    ]
    for _ in range(draw(st.integers(0, 3)) if balances else 0):
        due = draw(st.sampled_from(["2026-05-15", "2026-06-15"]))
        told.append(
            (
                Resource.REPAYMENTS,
                {
                    "loan_no": f"L{number}",
                    "due_on": due,
                    "paid_on": draw(st.sampled_from([None, due])),
                    "principal": "2500.00",
                    "interest": "2287.50",
                    "told_at": at(next(times)),
                },
            )
        )
        told.append(
            (
                Resource.RATES,
                {
                    "loan_no": f"L{number}",
                    "effective_on": draw(st.sampled_from(["2026-04-01", "2027-01-01"])),
                    "annual_rate_pct": draw(st.sampled_from(["3.05", "2.9"])),
                    "told_at": at(next(times)),
                },
            )
        )
    for state in draw(st.lists(st.sampled_from(["missing", "received", "accepted"]), max_size=3)):
        told.append(
            (
                Resource.DOCUMENTS,
                {
                    "application_no": f"A{number}",
                    "kind": "statement",
                    "state": state,
                    "told_at": at(next(times)),
                },
            )
        )
    return told


def expected(told: Sequence[Told]) -> dict[str, Any]:
    """What must be on record in the end: of each record the last word, worked out by a plain loop."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    position = START
    for resource, word in told:
        if resource is Resource.STAGES:
            position = position.after(Stage(word["stage"]), Outcome(word["outcome"]))
            continue
        last[resource, word.get("due_on"), word.get("effective_on")] = word
    told_of = [(resource, word) for (resource, _, _), word in last.items()]
    return {
        "name": next(word["name"] for resource, word in told_of if resource is Resource.CUSTOMERS),
        "amount": next(
            Decimal(word["amount"]) for resource, word in told_of if resource is Resource.APPLICATIONS
        ),
        "position": (position.state.value, position.stage.value),
        "refusal": "credit_record" if position.state is ApplicationState.REJECTED else None,
        "balance": [Decimal(word["balance"]) for resource, word in told_of if resource is Resource.LOANS],
        "paid": sorted(
            (word["due_on"], word["paid_on"]) for resource, word in told_of if resource is Resource.REPAYMENTS
        ),
        "rates": sorted(
            (word["effective_on"], Decimal(word["annual_rate_pct"]) / 100)
            for resource, word in told_of
            if resource is Resource.RATES
        ),
        "documents": [word["state"] for resource, word in told_of if resource is Resource.DOCUMENTS],
    }


async def on_record(sessions: Sessions, vault: Vault, told: Sequence[Told]) -> dict[str, Any]:
    number = told[0][1]["customer_no"].removeprefix("K")
    async with sessions() as session:
        customer = await session.scalar(select(CustomerRow).where(CustomerRow.customer_no == f"K{number}"))
        application = await session.scalar(
            select(ApplicationRow).where(ApplicationRow.application_no == f"A{number}")
        )
        assert customer is not None
        assert application is not None
        loans = list(await session.scalars(select(LoanRow).where(LoanRow.application_id == application.id)))
        ids = [loan.id for loan in loans]
        paid = await session.scalars(select(RepaymentRow).where(RepaymentRow.loan_id.in_(ids)))
        rates = await session.scalars(select(LoanRateRow).where(LoanRateRow.loan_id.in_(ids)))
        documents = await session.scalars(
            select(DocumentRow.state).where(DocumentRow.application_id == application.id)
        )
        return {
            "name": vault.decrypt(customer.name_encrypted),
            "amount": application.amount,
            "position": (application.state, application.stage),
            "refusal": application.refusal,
            "balance": [loan.balance for loan in loans],
            "paid": sorted((row.due_on.isoformat(), row.paid_on and row.paid_on.isoformat()) for row in paid),
            "rates": sorted((row.effective_on.isoformat(), row.annual_rate) for row in rates),
            "documents": list(documents),
        }


async def tell(sessions: Sessions, intake: Intake, told: Sequence[Told]) -> list[Status]:
    """Each word in a call of its own."""
    statuses = []
    for resource, given_word in told:
        word = read_word(resource, given_word, START_OF_ALL)
        assert isinstance(word, Word), word
        async with sessions.begin() as session:
            taken = await intake.take(session, resource, [word], "core:test")
        statuses.append(taken.verdicts[0].status)
    return statuses


@pytest.fixture
def intake(clock: FixedClock, vault: Vault) -> Intake:
    return Intake(clock, vault)


@PATIENT
@given(data=st.data())
async def test_any_order_and_repetition_ends_in_the_same_state(
    sessions: Sessions, intake: Intake, vault: Vault, data: st.DataObject
) -> None:
    told = data.draw(histories())
    repeated = told + data.draw(st.lists(st.sampled_from(told), max_size=6))
    shuffled = data.draw(st.permutations(repeated))
    statuses = await tell(sessions, intake, shuffled)
    assert Status.REJECTED not in statuses
    assert await on_record(sessions, vault, told) == expected(told)
    async with sessions() as session:
        assert await session.scalar(select(func.count(WaitingWordRow.id))) == 0


@PATIENT
@given(data=st.data())
async def test_one_batch_of_each_kind_is_the_same_as_word_by_word(
    sessions: Sessions, intake: Intake, vault: Vault, data: st.DataObject
) -> None:
    told = data.draw(histories())
    for resource in data.draw(st.permutations(list(Resource))):
        words = [read_word(one, word, START_OF_ALL) for one, word in told if one is resource]
        async with sessions.begin() as session:
            await intake.take(session, resource, data.draw(st.permutations(words)), "core:test")  # type: ignore[arg-type]
    assert await on_record(sessions, vault, told) == expected(told)


@PATIENT
@given(data=st.data())
async def test_an_illegal_stage_changes_nothing(
    sessions: Sessions, intake: Intake, vault: Vault, data: st.DataObject
) -> None:
    """Whatever end is told after a legal list: taken if it fits, else refused with everything as it was."""
    told = data.draw(histories())
    await tell(sessions, intake, told)
    number = told[0][1]["customer_no"].removeprefix("K")
    known = [
        StageEnd(Stage(word["stage"]), Outcome(word["outcome"]), datetime.fromisoformat(word["at"]))
        for resource, word in told
        if resource is Resource.STAGES
    ]
    end = StageEnd(
        data.draw(st.sampled_from(STAGES)),
        data.draw(st.sampled_from(list(Outcome))),
        START_OF_ALL + timedelta(hours=data.draw(st.integers(0, 2001))),
    )
    before = await on_record(sessions, vault, told)
    word = {"application_no": f"A{number}", "stage": end.stage, "outcome": end.outcome, "at": end.at}
    status = (await tell(sessions, intake, [(Resource.STAGES, word)]))[0]
    if status is not Status.ACCEPTED:
        assert await on_record(sessions, vault, told) == before
    try:
        check_fits(end, known)
    except ValueError:
        assert status is Status.REJECTED
    else:
        assert status is (Status.UNCHANGED if end in known else Status.ACCEPTED)


@given(stage_lists(), st.randoms())
def test_the_position_is_that_of_the_walk_in_order(ends: list[StageEnd], chance: Any) -> None:
    walked: Position = START
    for end in ends:
        walked = walked.after(end.stage, end.outcome)
    mixed = [*ends, *ends]
    chance.shuffle(mixed)
    assert position_of(mixed) == walked


@given(st.lists(st.builds(StageEnd, st.sampled_from(STAGES), st.sampled_from(Outcome), st.datetimes(timezones=st.just(UTC))), max_size=5))  # fmt: skip
def test_ends_that_fit_pairwise_never_lead_to_an_illegal_step(ends: list[StageEnd]) -> None:
    known: list[StageEnd] = []
    for end in ends:
        try:
            check_fits(end, known)
        except ValueError:
            continue
        known.append(end)
    assert position_of(known).stage in STAGES


# --- single rules


def customer(number: int, **more: Any) -> Told:
    body = f"{700000 + number}19800101001"
    plain = {
        "customer_no": f"K{number}",
        "name": "王示安",
        "phone": "10000000001",
        "id_number": body + id_check_digit(body),
        "told_at": at(1),
    }
    return Resource.CUSTOMERS, {**plain, **more}


async def test_an_id_number_belongs_to_one_customer(sessions: Sessions, intake: Intake) -> None:
    first = customer(1)
    second = customer(2, id_number=first[1]["id_number"])
    assert await tell(sessions, intake, [first, second]) == [Status.ACCEPTED, Status.REJECTED]


async def test_an_application_never_goes_over_to_another_customer(sessions: Sessions, intake: Intake) -> None:
    word = {
        "application_no": "A1",
        "customer_no": "K1",
        "product": "combined",
        "amount": "100",
        "term_months": 12,
        "submitted_at": at(0),
        "told_at": at(1),
    }
    statuses = await tell(
        sessions,
        intake,
        [
            customer(1),
            customer(2),
            (Resource.APPLICATIONS, word),
            (Resource.APPLICATIONS, {**word, "customer_no": "K2", "told_at": at(2)}),
        ],
    )
    assert statuses[-1] is Status.REJECTED
    async with sessions() as session:
        owner = await session.scalar(
            select(CustomerRow.customer_no)
            .join(ApplicationRow, ApplicationRow.customer_id == CustomerRow.id)
            .where(ApplicationRow.application_no == "A1")
        )
    assert owner == "K1"


async def test_two_words_of_one_time_that_differ_cannot_both_be_true(
    sessions: Sessions, intake: Intake
) -> None:
    assert await tell(sessions, intake, [customer(1), customer(1, name="李示安")]) == [
        Status.ACCEPTED,
        Status.REJECTED,
    ]


async def test_a_word_from_the_future_is_refused(sessions: Sessions, intake: Intake) -> None:
    assert await tell(sessions, intake, [customer(1, told_at="2027-01-01T00:00:00Z")]) == [Status.REJECTED]


async def test_what_was_changed_is_audited_without_anything_personal(
    sessions: Sessions, intake: Intake
) -> None:
    await tell(sessions, intake, [customer(1), customer(1)])
    async with sessions() as session:
        events = list(await session.scalars(select(AuditEventRow)))
        stored = await session.scalar(select(CustomerRow))
    assert [(event.actor, event.action, event.subject, event.detail) for event in events] == [
        ("core:test", "core.customers", "customer:K1", {})
    ]
    assert stored is not None
    row = " ".join(str(value) for value in vars(stored).values())
    assert "王示安" not in row
    assert "10000000001" not in row


async def test_a_held_word_is_kept_sealed_and_once(sessions: Sessions, intake: Intake, vault: Vault) -> None:
    word = {
        "application_no": "A9",
        "kind": "identity",
        "state": "refused",
        "reason": "照片上的人是王示安",
        "told_at": at(1),
    }
    statuses = await tell(sessions, intake, [(Resource.DOCUMENTS, word)] * 2)
    assert statuses == [Status.HELD, Status.HELD]
    async with sessions() as session:
        rows = list(await session.scalars(select(WaitingWordRow)))
    assert [row.waits_for for row in rows] == ["application:A9"]
    assert "王示安" in vault.decrypt(rows[0].word_encrypted)
    assert "王示安" not in " ".join(str(value) for value in vars(rows[0]).values())


async def test_a_settled_loan_does_not_run_again(sessions: Sessions, intake: Intake) -> None:
    told = {
        "loan_no": "L1",
        "application_no": "A1",
        "principal": "100",
        "balance": "0",
        "state": "settled",
        "annual_rate_pct": "3",
        "term_months": 12,
        "method": "equal_principal",
        "repayment_day": 1,
        "account_tail": "0001",
        "first_due": "2026-05-01",
        "told_at": at(2),
    }
    application = {
        "application_no": "A1",
        "customer_no": "K1",
        "product": "commercial",
        "amount": "100",
        "term_months": 12,
        "submitted_at": at(0),
        "told_at": at(1),
    }
    statuses = await tell(
        sessions,
        intake,
        [
            customer(1),
            (Resource.APPLICATIONS, application),
            (Resource.LOANS, told),
            (Resource.LOANS, {**told, "state": "running", "balance": "50", "told_at": at(1)}),
            (Resource.LOANS, {**told, "state": "running", "balance": "50", "told_at": at(3)}),
        ],
    )
    assert statuses[2:] == [Status.ACCEPTED, Status.UNCHANGED, Status.REJECTED]
    async with sessions() as session:
        events = await session.scalar(select(func.count(StageEventRow.id)))
        row = await session.scalar(select(LoanRow))
    assert events == 0
    assert row is not None
    assert (row.state, row.balance, row.account_tail) == ("settled", Decimal(0), "0001")
