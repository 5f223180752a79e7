"""Complaints: their states, their clocks, and the report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.agents import Agents
from bot.handoff.clocks import ClockState, Promise
from bot.handoff.complaints import ComplaintDesk, ComplaintState, Grade, Step, after
from bot.handoff.errors import IllegalStep
from bot.handoff.hours import WallHours
from bot.handoff.model import Role

WALL = WallHours()


@pytest.fixture
async def desk(sessions, clock, policy):
    return ComplaintDesk(sessions, clock, policy)


@pytest.fixture
async def agent(sessions, clock):
    return await Agents(sessions, clock).set_password("lin", "林晓", Role.AGENT, "correct horse")


async def number_of(desk, *complaint) -> str:
    """A complaint that was registered, by its number."""
    return (await desk.register(*complaint)).complaint_no


async def state_of(desk, number: str, promise: Promise, clock) -> ClockState:
    (found,) = [one for one in (await desk.case(number)).clocks if one.promise is promise]
    return found.state_at(clock.now(), WALL)


async def test_a_complaint_on_its_usual_way(desk, agent, clock) -> None:
    ts1 = await number_of(desk, "c1", agent, "charges", Grade.ORDINARY, "多收了利息")
    clock.advance(hours=20)
    await desk.take(ts1, agent, Step.CONTACT, "电话说明了计息方式")
    assert await state_of(desk, ts1, Promise.COMPLAINT_FIRST_CONTACT, clock) is ClockState.MET
    clock.advance(hours=10)
    await desk.take(ts1, agent, Step.OFFER, "退还多收的利息")
    clock.advance(hours=40)  # the customer thinks it over
    assert await state_of(desk, ts1, Promise.COMPLAINT_SOLUTION, clock) is ClockState.PAUSED
    await desk.take(ts1, agent, Step.REJECT, "客户要书面说明")
    clock.advance(hours=17)
    await desk.take(ts1, agent, Step.OFFER, "退款并书面说明")
    await desk.take(ts1, agent, Step.ACCEPT, "客户接受")
    assert await state_of(desk, ts1, Promise.COMPLAINT_SOLUTION, clock) is ClockState.MET  # 47 hours
    clock.advance(days=2)
    closed = await desk.take(ts1, agent, Step.CALL_BACK, "回访", satisfaction=4)
    assert (closed.state, closed.satisfaction) == (ComplaintState.CLOSED, 4)
    assert await state_of(desk, ts1, Promise.COMPLAINT_CALL_BACK, clock) is ClockState.MET
    assert [event.kind for event in closed.events] == [
        "registered", "contact", "offer", "reject", "offer", "accept", "call_back",
    ]  # fmt: skip


async def test_an_illegal_step_changes_nothing(desk, agent) -> None:
    ts1 = await number_of(desk, "c1", agent, "delay", Grade.ORDINARY, "放款太慢")
    before = await desk.case(ts1)
    for step in (Step.ACCEPT, Step.CALL_BACK, Step.OFFER):
        with pytest.raises(IllegalStep):
            await desk.take(ts1, agent, step, "x", satisfaction=5 if step is Step.CALL_BACK else None)
    assert await desk.case(ts1) == before


async def test_clocks_start_when_the_complaint_was_made_not_when_it_was_seen(
    desk, agent, clock, sessions
) -> None:
    ts1 = await number_of(desk, "c1", agent, "delay", Grade.URGENT, "放款太慢")
    clock.advance(hours=24, seconds=1)
    assert await desk.adopt() == []  # seen already
    assert await state_of(desk, ts1, Promise.COMPLAINT_FIRST_CONTACT, clock) is ClockState.BREACHED


async def test_urgent_ones_first_then_the_next_to_breach(desk, agent, clock) -> None:
    ts1 = await number_of(desk, "c1", agent, "delay", Grade.ORDINARY, "一")
    clock.advance(hours=1)
    ts2 = await number_of(desk, "c2", agent, "delay", Grade.ORDINARY, "二")
    ts3 = await number_of(desk, "c3", agent, "privacy", Grade.URGENT, "三")
    await desk.take(ts1, agent, Step.CONTACT, "已联系")  # its next clock is the solution's
    assert [case.complaint_no for case in await desk.listed(is_open=True)] == [ts3, ts2, ts1]


async def test_the_report_counts_what_the_lists_hold(desk, agent, clock) -> None:
    await number_of(desk, "c1", agent, "delay", Grade.ORDINARY, "一")
    clock.advance(days=8)
    ts2 = await number_of(desk, "c2", agent, "delay", Grade.ORDINARY, "二")
    await number_of(desk, "c3", agent, "charges", Grade.ORDINARY, "三")
    report = {one.month: dict(one.causes) for one in await desk.report(3)}
    assert report == {
        date(2026, 10, 1): {},
        date(2026, 11, 1): {"delay": 1},
        date(2026, 12, 1): {"delay": 1, "charges": 1},
    }
    listed = await desk.listed(is_open=False, month=date(2026, 12, 1), cause="delay")
    assert [case.complaint_no for case in listed] == [ts2]


@given(st.lists(st.sampled_from(Step), max_size=30))
def test_every_way_through_ends_where_it_may(steps: list[Step]) -> None:
    """Whatever is tried: solved only after an offer, closed only after solved, and an end is an end."""
    state, offered, solved = ComplaintState.REGISTERED, False, False
    for step in steps:
        try:
            following = after(state, step)
        except IllegalStep:
            continue
        assert state not in (ComplaintState.CLOSED, ComplaintState.WITHDRAWN)
        offered = offered or step is Step.OFFER
        solved = solved or step is Step.ACCEPT
        state = following
        assert state is not ComplaintState.SOLVED or offered
        assert state is not ComplaintState.CLOSED or solved


def test_the_promise_after_the_solution_is_three_days(policy) -> None:
    assert (
        policy.fact("service_level.complaint_call_back", date(2026, 11, 24)).whole == timedelta(days=3).days
    )
