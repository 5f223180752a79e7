"""Submitting, withdrawing and looking up: once a key, only one's own, and only legal steps."""

from __future__ import annotations

import asyncio
import itertools
import logging
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.servicing.errors import KeyReused, NotVerified
from bot.servicing.requests import (
    ComplaintCause,
    Complaints,
    DraftOutdated,
    IllegalStep,
    Reason,
    RequestKind,
    RequestRefused,
    Requests,
    RequestState,
    Step,
    UnknownRequest,
    WishIncomplete,
)
from bot.servicing.store import (
    AuditEventRow,
    ComplaintRow,
    LoanRow,
    ServiceRequestEventRow,
    ServiceRequestRow,
)
from bot.settings import ROOT
from bot.store.engine import Sessions
from bot.store.migrate import upgrade
from tests.servicing.requests.conftest import CHAT, Bank

K = RequestKind
OTHER = "FX2024010002"


async def submitted(requests: Requests, key: str = "turn-1", day: int = 20, chat: str = CHAT):
    draft = await requests.prepare(chat, K.DAY_CHANGE, {"new_day": day})
    return await requests.submit(chat, draft, key)


async def test_what_was_told_is_what_is_stored(requests: Requests, customer: int, sessions: Sessions) -> None:
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    request = await requests.submit(CHAT, draft, "turn-1")
    async with sessions() as session:
        row = await session.scalar(select(ServiceRequestRow))
        audits = (await session.scalars(select(AuditEventRow.action))).all()
    assert row is not None
    assert (row.wish, row.figures) == (dict(draft.wish), dict(draft.figures))
    assert (request.state, request.promised_at) == (RequestState.SUBMITTED, draft.promised_at)
    assert request.request_no.startswith("FW261124")
    assert len(request.request_no) == 12
    assert "request.submitted" in audits


async def test_the_same_turn_submits_once(requests: Requests, customer: int, sessions: Sessions) -> None:
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    first = await requests.submit(CHAT, draft, "turn-1")
    again = await requests.submit(CHAT, draft, "turn-1")
    async with sessions() as session:
        rows = await session.scalar(select(func.count()).select_from(ServiceRequestRow))
        events = await session.scalar(select(func.count()).select_from(ServiceRequestEventRow))
    assert (first, rows, events) == (again, 1, 1)


async def test_two_turns_at_once_make_one_request(
    requests: Requests, customer: int, sessions: Sessions
) -> None:
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    came = await asyncio.gather(
        *(requests.submit(CHAT, draft, f"turn-{number}") for number in range(4)), return_exceptions=True
    )
    refusals = [found.reason for found in came if isinstance(found, RequestRefused)]
    assert refusals == [Reason.ALREADY_OPEN] * 3
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(ServiceRequestRow)) == 1


async def test_a_key_of_another_conversation_is_refused(
    requests: Requests, bank: Bank, customer: int
) -> None:
    await submitted(requests)
    await bank.verify("conversation-2")
    draft = await requests.prepare("conversation-2", K.METHOD_CHANGE, {})
    with pytest.raises(KeyReused):
        await requests.submit("conversation-2", draft, "turn-1")


async def test_figures_that_moved_on_are_told_again(
    requests: Requests, customer: int, sessions: Sessions
) -> None:
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    async with sessions.begin() as session:
        (await session.get_one(LoanRow, customer)).balance = Decimal(800_000)
    with pytest.raises(DraftOutdated) as caught:
        await requests.submit(CHAT, draft, "turn-1")
    assert caught.value.draft.figures["period_interest"] == "3600.00"  # 800,000 × 3.6 % × 45 / 360
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(ServiceRequestRow)) == 0


async def test_one_of_a_kind_is_open_at_a_time(requests: Requests, customer: int) -> None:
    first = await submitted(requests)
    with pytest.raises(RequestRefused) as caught:
        await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 10})
    assert (caught.value.reason, caught.value.values["request_no"]) == (
        Reason.ALREADY_OPEN,
        first.request_no,
    )
    assert await requests.prepare(CHAT, K.METHOD_CHANGE, {})
    await requests.withdraw(CHAT, first.request_no)
    assert await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 10})


async def test_a_part_and_the_whole_are_not_repaid_at_once(requests: Requests, customer: int) -> None:
    draft = await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "50000", "option": "shorter"})
    await requests.submit(CHAT, draft, "turn-1")
    with pytest.raises(RequestRefused) as caught:
        await requests.prepare(CHAT, K.SETTLEMENT, {"on": "2026-12-20"})
    assert caught.value.reason is Reason.ALREADY_OPEN


async def test_the_way_of_a_part_repaid_early_must_be_chosen(requests: Requests, customer: int) -> None:
    draft = await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "50000"})
    with pytest.raises(WishIncomplete):
        await requests.submit(CHAT, draft, "turn-1")


async def test_only_what_is_submitted_can_be_withdrawn(requests: Requests, customer: int) -> None:
    request = await submitted(requests)
    await requests.advance(request.request_no, Step.ACCEPT, "core")
    with pytest.raises(IllegalStep):
        await requests.withdraw(CHAT, request.request_no)
    assert [one.state for one in await requests.of_customer(CHAT)] == [RequestState.ACCEPTED]


async def test_withdrawing_twice_is_withdrawing_once(
    requests: Requests, customer: int, sessions: Sessions
) -> None:
    request = await submitted(requests)
    first = await requests.withdraw(CHAT, request.request_no)
    assert await requests.withdraw(CHAT, request.request_no) == first
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(ServiceRequestEventRow)) == 2


async def test_the_bank_says_why_it_refuses(requests: Requests, customer: int) -> None:
    request = await submitted(requests)
    await requests.advance(request.request_no, Step.REFUSE, "core", "扣款处理中")
    [told] = await requests.of_customer(CHAT)
    assert (told.state, told.note) == (RequestState.REFUSED, "扣款处理中")
    assert told.ended_at is not None


async def test_another_customer_sees_and_changes_nothing(
    requests: Requests, bank: Bank, customer: int
) -> None:
    request = await submitted(requests)
    await bank.loan(OTHER, who="990000199002024321")
    await bank.verify("conversation-2", OTHER)
    assert await requests.of_customer("conversation-2") == ()
    with pytest.raises(UnknownRequest):
        await requests.withdraw("conversation-2", request.request_no)
    with pytest.raises(UnknownRequest):
        await requests.withdraw("conversation-2", "FW2611249999")
    with pytest.raises(NotVerified):
        await requests.of_customer("conversation-3")


async def test_a_check_that_has_grown_old_opens_nothing(
    requests: Requests, customer: int, clock: FixedClock
) -> None:
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    clock.advance(minutes=31)
    with pytest.raises(NotVerified):
        await requests.submit(CHAT, draft, "turn-1")


async def test_a_certificate_is_made_at_once_and_opened_by_its_own_conversation(
    requests: Requests, bank: Bank, clock: FixedClock
) -> None:
    loan = await bank.loan(balance=Decimal(0), state="settled", loan_no="L-1")
    await bank.paid(loan, (date(2026, 10, 5), "900000.00", "2700.00"))
    await bank.verify()
    draft = await requests.prepare(CHAT, K.SETTLEMENT_CERTIFICATE, {})
    request = await requests.submit(CHAT, draft, "turn-1")
    assert request.state is RequestState.DONE
    paper = await requests.certificate(request.request_no, CHAT)
    assert paper is not None
    assert (paper.name, paper.id_masked) == ("王示安", "990***********1234")
    assert (paper.settled_on, paper.loan_no) == (date(2026, 10, 5), "L-1")
    await bank.verify("conversation-2")
    assert await requests.certificate(request.request_no, "conversation-2") is None
    clock.advance(minutes=31)
    assert await requests.certificate(request.request_no, CHAT) is None


async def test_a_statement_keeps_the_lines_it_was_made_of(requests: Requests, bank: Bank) -> None:
    loan = await bank.loan(first_due=date(2026, 11, 5), paid_out_on=date(2026, 10, 5))
    await bank.paid(loan, (date(2026, 11, 5), "1846.45", "3000.00"))
    await bank.verify()
    draft = await requests.prepare(CHAT, K.INTEREST_STATEMENT, {"year": 2026})
    request = await requests.submit(CHAT, draft, "turn-1")
    await bank.paid(loan, (date(2026, 12, 5), "1852.00", "2994.46"))
    paper = await requests.certificate(request.request_no, CHAT)
    assert paper is not None
    assert [(line.due_on, line.interest) for line in paper.lines] == [(date(2026, 11, 5), Decimal("3000.00"))]


@pytest.mark.parametrize(("state", "step"), list(itertools.product(RequestState, Step)))
def test_a_step_is_taken_only_where_it_is_drawn(state: RequestState, step: Step) -> None:
    drawn = {
        ("submitted", "accept"): "accepted",
        ("submitted", "refuse"): "refused",
        ("submitted", "withdraw"): "withdrawn",
        ("accepted", "complete"): "done",
        ("accepted", "refuse"): "refused",
    }
    if (state.value, step.value) in drawn:
        assert state.after(step).value == drawn[state.value, step.value]
    else:
        with pytest.raises(ValueError, match="cannot"):
            state.after(step)


async def test_a_complaint_is_registered_by_anybody_once_a_turn(
    complaints: Complaints, sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    words = "放款拖了一个月，打13812345678没人接"
    first = await complaints.register(CHAT, words, ComplaintCause.DELAY, "turn-1", is_urgent=True)
    again = await complaints.register(CHAT, words, ComplaintCause.DELAY, "turn-1", is_urgent=True)
    assert first == again
    assert first.complaint_no.startswith("TS261124")
    assert (first.contact_by - first.created_at).total_seconds() == 24 * 3600
    assert (first.solution_by - first.created_at).total_seconds() == 48 * 3600
    async with sessions() as session:
        [row] = (await session.scalars(select(ComplaintRow))).all()
    assert (row.text, row.grade, row.customer_id) == ("放款拖了一个月，打138****5678没人接", "urgent", None)
    assert "13812345678" not in caplog.text


def test_a_complaint_is_registered_by_a_process_that_knows_no_desk(tmp_path: Path) -> None:
    """The action server: the tables of tickets and agents, which a complaint may name, are not among its models."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    program = """
import asyncio, sys
from bot.clock import SystemClock
from bot.knowledge import PolicyBook
from bot.servicing.identity import IdentityCheck
from bot.servicing.ports import NoCodeSender
from bot.servicing.requests import ComplaintCause, Complaints
from bot.settings import ROOT
from bot.store.engine import make_engine, make_sessions
from bot.store.vault import Vault

async def main():
    engine = make_engine(sys.argv[1])
    sessions, clock = make_sessions(engine), SystemClock()
    policy = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
    identity = IdentityCheck(sessions, clock, Vault("s"), NoCodeSender(), policy)
    complaint = await Complaints(sessions, clock, identity, policy).register("c", "慢", ComplaintCause.DELAY, "k")
    print(complaint.complaint_no)
    await engine.dispose()

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("TS")
