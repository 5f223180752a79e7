"""Whatever is done to requests in whatever order: the rules of the states hold, and the store says so."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

import bot.tables  # noqa: F401
from bot.clock import FixedClock, china_date
from bot.knowledge import PolicyBook
from bot.servicing import WorkingCalendar
from bot.servicing.identity import IdentityCheck
from bot.servicing.ports import NoCodeSender
from bot.servicing.requests import IllegalStep, Reason, RequestKind, RequestRefused, Requests, Step
from bot.servicing.store import ServiceRequestEventRow, ServiceRequestRow
from bot.settings import ROOT
from bot.store.base import Base
from bot.store.engine import make_engine, make_sessions
from bot.store.vault import Vault
from tests.servicing.requests.conftest import CHAT, Bank

POLICY = PolicyBook.load(ROOT / "data" / "knowledge" / "policy")
WISHES: dict[RequestKind, dict[str, Any]] = {
    RequestKind.DAY_CHANGE: {"new_day": 20},
    RequestKind.METHOD_CHANGE: {},
    RequestKind.PREPAYMENT: {"amount": "50000", "option": "lower"},
    RequestKind.SETTLEMENT: {"on": "2026-12-20"},
}
#: What may follow each state, written down a second time.
MAY_FOLLOW = {
    "submitted": {"accepted", "refused", "withdrawn"},
    "accepted": {"done", "refused"},
    "done": set(),
    "refused": set(),
    "withdrawn": set(),
}
OPEN = ("submitted", "accepted")
PAIR = {"prepayment": "early", "settlement": "early"}  # one of the two at a time


class RequestsInAnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = make_engine(f"sqlite+aiosqlite:///{Path(self.folder.name) / 'm.db'}")
        sessions = make_sessions(self.engine)
        self.sessions = sessions
        clock, vault = FixedClock(datetime(2026, 11, 24, 4, 0, tzinfo=UTC)), Vault("test secret")
        identity = IdentityCheck(sessions, clock, vault, NoCodeSender(), POLICY)
        calendar = WorkingCalendar.from_policy(POLICY, china_date(clock))
        self.requests = Requests(sessions, clock, vault, identity, calendar, POLICY)
        self.known: dict[str, str] = {}  # number → state, as it ought to be
        self.kinds: dict[str, str] = {}
        self.turn = 0
        self.run(self._open(Bank(sessions, clock, vault)))

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    async def _open(self, bank: Bank) -> None:
        async with self.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await bank.loan()
        await bank.verify()

    @rule(kind=st.sampled_from(sorted(WISHES)), times=st.integers(1, 2))
    def submit(self, kind: RequestKind, times: int) -> None:
        """A turn may be repeated: it is one request all the same."""
        self.turn += 1
        group = PAIR.get(kind, kind.value)
        is_open = any(
            PAIR.get(self.kinds[no], self.kinds[no]) == group and state in OPEN
            for no, state in self.known.items()
        )
        counted = sum(
            self.kinds[no] == "day_change" and state in (*OPEN, "done") for no, state in self.known.items()
        )
        is_used_up = kind is RequestKind.DAY_CHANGE and counted >= 2
        refusal = Reason.ALREADY_OPEN if is_open else Reason.CHANGES_USED_UP if is_used_up else None
        found = None
        try:
            draft = self.run(self.requests.prepare(CHAT, kind, WISHES[kind]))
        except RequestRefused as exc:
            found = exc.reason
        assert found is refusal
        if found is not None:
            return
        for _ in range(times):
            request = self.run(self.requests.submit(CHAT, draft, f"turn-{self.turn}"))
            self.known[request.request_no] = "submitted"
            self.kinds[request.request_no] = kind.value

    @rule(data=st.data(), step=st.sampled_from([Step.ACCEPT, Step.COMPLETE, Step.REFUSE]))
    def advance(self, data: st.DataObject, step: Step) -> None:
        leads_to = {Step.ACCEPT: "accepted", Step.COMPLETE: "done", Step.REFUSE: "refused"}[step]
        self._take(data, leads_to, lambda number: self.requests.advance(number, step, "core"))

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self._take(data, "withdrawn", lambda number: self.requests.withdraw(CHAT, number))

    def _take(self, data: st.DataObject, leads_to: str, take: Any) -> None:
        if not self.known:
            return
        number = data.draw(st.sampled_from(list(self.known)))  # the numbers are drawn by lot: oldest first
        before = self.known[number]
        try:
            after = self.run(take(number)).state.value
        except IllegalStep:
            assert leads_to not in MAY_FOLLOW[before]
            return
        assert after == leads_to
        assert leads_to in MAY_FOLLOW[before] or before == leads_to == "withdrawn"
        self.known[number] = after

    @invariant()
    def the_store_says_the_same(self) -> None:
        rows, events = self.run(self._stored())
        assert {row.request_no: row.state for row in rows} == self.known
        open_ones = Counter(PAIR.get(row.kind, row.kind) for row in rows if row.state in OPEN)
        assert all(count == 1 for count in open_ones.values())
        for row in rows:
            states = [event.state for event in events if event.request_id == row.id]
            assert states[0] == "submitted"
            assert states[-1] == row.state
            assert all(later in MAY_FOLLOW[earlier] for earlier, later in pairwise(states))
            assert (row.ended_at is None) == (row.state in OPEN)

    async def _stored(self) -> tuple[list[ServiceRequestRow], list[ServiceRequestEventRow]]:
        async with self.sessions() as session:
            rows = (await session.scalars(select(ServiceRequestRow))).all()
            events = (
                await session.scalars(select(ServiceRequestEventRow).order_by(ServiceRequestEventRow.id))
            ).all()
            return list(rows), list(events)

    def teardown(self) -> None:
        self.run(self.engine.dispose())
        self.loop.close()
        self.folder.cleanup()


RequestsInAnyOrder.TestCase.settings = settings(
    max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRequestsInAnyOrder = RequestsInAnyOrder.TestCase
