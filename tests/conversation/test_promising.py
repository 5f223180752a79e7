"""Promises to customers: when their clocks begin, stand still, ring and stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.conversation.errors import ConversationNotFound
from bot.conversation.model import Sender
from bot.conversation.promising import Promising
from bot.handoff.clocks import ClockState, Promise
from bot.handoff.errors import PromiseNotFound
from bot.handoff.hours import WallHours
from bot.handoff.model import Priority
from bot.handoff.store import Promised
from bot.messages import File
from bot.servicing.store import AuditEventRow
from tests.conversation.conftest import Room
from tests.conversation.test_dispatch import heard_by, history, now, queued

NIGHT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  #: ten in the evening
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)


@pytest.fixture
def promising(room: Room) -> Promising:
    return Promising(room.handover, room.clock)


def due(promised: Promised, room: Room) -> datetime | None:
    assert promised.clock is not None
    return promised.clock.due_at(room.handover.levels().hours(promised.clock.runs))


async def test_a_number_left_after_hours_is_a_call_promised(room, promising) -> None:
    room.clock.at = NIGHT
    ticket = await queued(room)
    await room.say(ticket.conversation_id, "你们明天上班再说也行")
    assert await promising.of(ticket.conversation_id) == []
    room.clock.advance(minutes=2)
    await room.say(ticket.conversation_id, "打我电话吧 13812345678，下午方便")
    await room.say(ticket.conversation_id, "或者 13912345678")
    (promised,) = await promising.of(ticket.conversation_id)
    assert (promised.kind, promised.made_by) == (Promise.CALL_BACK, "bot")
    assert due(promised, room) == NIGHT + timedelta(hours=24, minutes=2)
    told = [text for text in await room.said(ticket.conversation_id, Sender.SYSTEM) if "电话记下了" in text]
    assert len(told) == 1
    assert "22:02前打给您" in told[0]


async def test_in_staffed_hours_a_number_promises_nothing(room, promising) -> None:
    ticket = await queued(room)
    await room.say(ticket.conversation_id, "我的电话是13812345678")
    assert await promising.of(ticket.conversation_id) == []


async def test_the_agents_answer_is_the_contact_that_was_promised(room, promising) -> None:
    """But what the agent promises themselves is not done by writing on."""
    room.clock.at = NIGHT
    agent = await room.agent()
    ticket = await queued(room)
    await room.say(ticket.conversation_id, "打13812345678")
    room.clock.advance(hours=11)
    await room.work.claim(ticket.id, agent)
    (promised,) = await promising.of(ticket.conversation_id)
    assert promised.kept_at is None
    await room.work.says(ticket.conversation_id, agent, "1", "您好")
    (kept,) = await promising.of(ticket.conversation_id)
    assert kept.kept_at == room.clock.now()
    assert kept.clock.state_at(NIGHT + timedelta(days=9), WallHours()) is ClockState.MET
    room.clock.advance(minutes=1)
    await promising.make(ticket.conversation_id, agent, Promise.CALL_BACK, "明天下午打给客户")
    room.clock.advance(minutes=1)
    await room.work.says(ticket.conversation_id, agent, "2", "好的")
    assert [one.kept_at is None for one in await promising.of(ticket.conversation_id)] == [False, True]


async def test_a_promise_outlives_its_ticket_and_is_kept_once(room, promising) -> None:
    agent = await room.agent()
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    made = await promising.make(ticket.conversation_id, agent, Promise.CALL_BACK, "核实后回电")
    again = await promising.make(ticket.conversation_id, agent, Promise.CALL_BACK, "再说一次")
    assert again.id == made.id
    await room.work.close(ticket.id, agent)
    assert [one.id for one in await promising.open()] == [made.id]
    await promising.keep(made.id, agent, "已电话告知结果")
    assert await promising.open() == []
    with pytest.raises(PromiseNotFound):
        await promising.keep(made.id, agent, "又打了一次")
    with pytest.raises(ConversationNotFound):
        await promising.make("c_none", agent, Promise.CALL_BACK, "x")
    async with room.sessions() as session:
        audited = select(AuditEventRow.action).where(AuditEventRow.action.startswith("promise."))
        assert list(await session.scalars(audited)) == ["promise.made", "promise.kept"]


async def test_a_written_plan_takes_three_staffed_hours_and_stands_still_on_hold(room, promising) -> None:
    """From 10:00: two hours until noon, the third after lunch at 13:30; half an hour on hold comes on top."""
    agent = await room.agent()
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    made = await promising.make(ticket.conversation_id, agent, Promise.WRITTEN_PLAN, "月供方案")
    assert due(made, room) == MORNING + timedelta(hours=4, minutes=30)
    room.clock.advance(hours=1)
    until = room.clock.now() + timedelta(minutes=30)
    await room.work.hold(ticket.id, agent, until, "等审批")
    (held,) = await promising.of(ticket.conversation_id)
    assert due(held, room) is None
    room.clock.advance(minutes=30)
    await room.agents.is_here([agent.id])
    await room.dispatcher.look()  # the hold is over
    (running,) = await promising.of(ticket.conversation_id)
    assert due(running, room) == MORNING + timedelta(hours=5)


async def test_a_card_or_a_file_is_the_written_plan(room, promising) -> None:
    """Words alone are not; and a call that was promised is still to be made."""
    agent = await room.agent()
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await promising.make(ticket.conversation_id, agent, Promise.WRITTEN_PLAN, "月供方案")
    await promising.make(ticket.conversation_id, agent, Promise.CALL_BACK, "回电")
    room.clock.advance(minutes=1)
    await room.work.says(ticket.conversation_id, agent, "1", "方案马上给您")
    assert len(await promising.open()) == 2
    plan = File(url="plan.pdf", name="还款方案.pdf", size=1000)
    await room.work.sends(ticket.conversation_id, agent, "2", (plan,))
    assert [one.kind for one in await promising.open()] == [Promise.CALL_BACK]


async def test_a_ticket_closed_on_hold_leaves_the_promise_running(room, promising) -> None:
    agent = await room.agent()
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await promising.make(ticket.conversation_id, agent, Promise.CALL_BACK, "回电")
    await room.work.hold(ticket.id, agent, room.clock.now() + timedelta(hours=1), "等审批")
    room.clock.advance(minutes=10)
    await room.work.close(ticket.id, agent)
    (promised,) = await promising.of(ticket.conversation_id)
    assert due(promised, room) == MORNING + timedelta(hours=24, minutes=10)


async def test_it_warns_at_four_fifths_and_breaks_after_the_end(room, promising) -> None:
    rung = heard_by(room)
    agent = await room.agent()
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.says(ticket.conversation_id, agent, "1", "您好")  # the first reply is given
    made = await promising.make(ticket.conversation_id, agent, Promise.WRITTEN_PLAN, "月供方案")
    for at, expected in (("13:53:59", 0), ("13:54:00", 1), ("14:30:00", 1), ("14:30:01", 2)):
        room.clock.at = datetime.fromisoformat(f"2026-11-24T{at}+08:00")
        await room.agents.is_here([agent.id])
        await room.dispatcher.look()
        assert len(rung) == expected, at
    assert [(ring.subject_id, ring.promise, ring.is_breach) for ring in rung] == [
        (made.id, Promise.WRITTEN_PLAN, False),
        (made.id, Promise.WRITTEN_PLAN, True),
    ]
    assert (await history(room, ticket))[-2:] == ["warned", "breached"]
    assert (await now(room, ticket)).priority is Priority.URGENT
