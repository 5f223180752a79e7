"""The queue by itself: who is offered what, what comes back, and clocks that ring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FixedClock
from bot.conversation.model import Sender
from bot.handoff.errors import NotTheHolder, TicketAlreadyTaken
from bot.handoff.model import Agent, Presence, Role, Skill, Ticket, TicketStatus
from bot.handoff.store import Ring, Tickets
from bot.messages import Handoff
from tests.conversation.conftest import Room


@pytest.fixture
def clock() -> FixedClock:
    """A Tuesday, ten in the morning in China: the desk is staffed."""
    return FixedClock(datetime(2026, 11, 24, 2, 0, tzinfo=UTC))


async def queued(room: Room, visitor: str = "visitor", reason: str = "asked", **more: object) -> Ticket:
    """A customer who waits for a person."""
    conversation_id = await room.open(visitor)
    handoff = Handoff(reason, str(more.get("skill", "before_loan")), "想问提前还款")
    async with room.handover.change() as work:
        return await room.handover.queue_up(work, await work.log.get(conversation_id), handoff)


async def now(room: Room, ticket: Ticket) -> Ticket:
    async with room.sessions() as session:
        return await Tickets(session).get(ticket.id)


async def history(room: Room, ticket: Ticket) -> list[str]:
    async with room.sessions() as session:
        return [event.kind for event in await Tickets(session).events_of(ticket.id)]


def heard_by(room: Room) -> list[Ring]:
    """The rings of the room's clocks, as they are told."""
    rung: list[Ring] = []

    async def hear(ring: Ring) -> None:
        rung.append(ring)

    room.dispatcher._tell = hear
    return rung


async def online(room: Room, name: str = "lin") -> Agent:
    agent = await room.agent(name)
    await room.agents.is_here([agent.id])
    return agent


async def test_a_waiting_customer_is_offered_to_who_is_there(make_room) -> None:
    room = make_room()
    await room.agent("away")
    agent = await online(room)
    ticket = await queued(room)
    await room.dispatcher.look()
    offered = await now(room, ticket)
    assert (offered.status.value, offered.agent_id) == ("offered", agent.id)
    assert await room.mode(ticket.conversation_id) == "queued"
    await room.work.claim(ticket.id, agent)
    assert (await now(room, ticket)).status.value == "active"
    assert await history(room, ticket) == ["opened", "offered", "accepted"]


async def test_who_does_not_react_is_passed_over_and_the_customer_goes_first(make_room) -> None:
    room = make_room()
    slow = await online(room)
    ticket = await queued(room)
    await room.dispatcher.look()
    room.clock.advance(seconds=50)
    quick = await online(room, "zhou")
    await room.agents.is_here([slow.id])
    other = await queued(room, "second")
    room.clock.advance(seconds=11)
    await room.dispatcher.look()
    assert (await now(room, ticket)).agent_id == quick.id
    assert (await now(room, other)).status.value in ("offered", "waiting")
    assert await history(room, ticket) == ["opened", "offered", "expired", "offered"]
    assert (await now(room, other)).agent_id != slow.id  # who let an offer run out takes no new ones


async def test_a_refused_ticket_is_not_offered_to_the_same_agent(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.dispatcher.look()
    await room.work.refuse(ticket.id, agent)
    await room.dispatcher.look()
    assert (await now(room, ticket)).status.value == "waiting"


async def test_who_is_away_is_offered_nothing(make_room) -> None:
    room = make_room()
    agent = await online(room)
    await room.agents.set_presence(agent.id, Presence.AWAY)
    ticket = await queued(room)
    await room.dispatcher.look()
    assert (await now(room, ticket)).status.value == "waiting"


async def test_a_closed_browser_gives_the_customer_back_after_the_stated_time(make_room) -> None:
    """Three minutes: kept before, at the head of the queue after."""
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    room.clock.advance(minutes=2, seconds=59)
    await room.dispatcher.look()
    assert (await now(room, ticket)).status.value == "active"
    room.clock.advance(seconds=2)
    await room.dispatcher.look()
    returned = await now(room, ticket)
    assert (returned.status.value, returned.agent_id) == ("waiting", None)
    assert await room.mode(ticket.conversation_id) == "queued"
    assert (await room.said(ticket.conversation_id, Sender.SYSTEM))[-1].startswith("刚才的客服暂时没能继续")


async def test_silence_gives_the_customer_back_but_an_answered_customer_stays(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.say(ticket.conversation_id, "在吗")
    room.clock.advance(minutes=9)
    await room.work.says(ticket.conversation_id, agent, "1", "在的")
    for minutes in (5, 5, 5):
        room.clock.advance(minutes=minutes)
        await room.agents.is_here([agent.id])
    await room.dispatcher.look()
    assert (await now(room, ticket)).status.value == "active"
    await room.say(ticket.conversation_id, "那违约金呢")
    room.clock.advance(minutes=10, seconds=1)
    await room.agents.is_here([agent.id])
    await room.dispatcher.look()
    assert (await now(room, ticket)).status.value == "waiting"


async def test_the_queue_goes_by_class_then_by_the_next_breach_then_by_arrival(make_room) -> None:
    room = make_room()
    first = await queued(room, "first")
    room.clock.advance(minutes=1)
    second = await queued(room, "second")
    angry = await queued(room, "angry", reason="complaint", skill="complaint")
    async with room.sessions() as session:
        order = await Tickets(session).listed((TicketStatus.WAITING,), limit=10)
    assert [ticket.id for ticket in order] == [angry.id, first.id, second.id]


async def test_the_first_reply_is_due_in_a_quarter_of_an_hour_and_a_hold_moves_it(make_room) -> None:
    room = make_room()
    room.clock.advance(hours=2)  # noon: the desk opens at half past one
    agent = await online(room)
    began = room.clock.now()
    ticket = await queued(room)
    assert ticket.due_at == began + timedelta(minutes=105)
    room.clock.advance(minutes=95)
    await room.work.claim(ticket.id, agent)
    await room.work.hold(ticket.id, agent, room.clock.now() + timedelta(minutes=20), "查系统")
    assert (await now(room, ticket)).due_at is None
    room.clock.advance(minutes=15)
    await room.work.resume(ticket.id, agent)
    assert (await now(room, ticket)).due_at == room.clock.now() + timedelta(minutes=10)


async def test_words_of_the_customer_end_a_hold(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.hold(ticket.id, agent, room.clock.now() + timedelta(hours=1), "查系统")
    await room.say(ticket.conversation_id, "我找到合同了")
    assert (await now(room, ticket)).status.value == "active"


async def test_a_breach_is_rung_once_and_moves_the_customer_to_the_front(make_room) -> None:
    room = make_room()
    rung = heard_by(room)
    room.clock.advance(hours=4)  # after the break at noon
    ticket = await queued(room)
    for minutes, seconds in ((12, 0), (3, 0), (0, 1), (5, 0)):
        room.clock.advance(minutes=minutes, seconds=seconds)
        await room.dispatcher.look()
    assert [(ring.subject_id, ring.is_breach) for ring in rung] == [(ticket.id, False), (ticket.id, True)]
    assert (await now(room, ticket)).priority.name == "URGENT"
    assert await history(room, ticket) == ["opened", "warned", "breached"]


async def test_a_reply_in_time_stops_the_clock(make_room) -> None:
    room = make_room()
    rung = heard_by(room)
    room.clock.advance(hours=4)
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.says(ticket.conversation_id, agent, "1", "您好")
    room.clock.advance(hours=2)
    await room.dispatcher.look()
    assert rung == []
    assert (await now(room, ticket)).due_at is None


async def test_a_transfer_reaches_the_colleague_and_nobody_else(make_room) -> None:
    room = make_room()
    agent, colleague, third = await online(room), await online(room, "zhou"), await online(room, "wu")
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.pass_on(ticket.id, agent, "客户要办结清", to=colleague)
    assert await room.mode(ticket.conversation_id) == "queued"
    with pytest.raises(TicketAlreadyTaken):
        await room.work.claim(ticket.id, third)
    with pytest.raises(NotTheHolder):
        await room.work.says(ticket.conversation_id, agent, "2", "等等")
    taken = await room.work.claim(ticket.id, colleague)
    assert (taken.agent_id, taken.note) == (colleague.id, "客户要办结清")


async def test_a_transfer_to_another_skill_does_not_come_back_to_who_gave_it(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.pass_on(ticket.id, agent, "是投诉", skill=Skill.COMPLAINT)
    await room.dispatcher.look()
    waiting = await now(room, ticket)
    assert (waiting.status.value, waiting.skill) == ("waiting", Skill.COMPLAINT)


async def test_a_supervisor_takes_over(make_room) -> None:
    room = make_room()
    agent = await online(room)
    boss = await room.agent("boss", Role.SUPERVISOR)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    with pytest.raises(NotTheHolder):
        await room.work.take_over(ticket.id, await room.agent("wu"))
    await room.work.take_over(ticket.id, boss)
    with pytest.raises(NotTheHolder):
        await room.work.says(ticket.conversation_id, agent, "2", "等等")
    await room.work.says(ticket.conversation_id, boss, "3", "我来处理")
    assert (await now(room, ticket)).agent_id == boss.id


async def test_an_agent_steps_in_where_the_bot_talks(make_room) -> None:
    room = make_room()
    agent = await online(room)
    conversation_id = await room.open()
    await room.say(conversation_id, "我想问问")
    ticket = await room.work.step_in(conversation_id, agent)
    assert (ticket.reason.value, ticket.status.value) == ("agent_took", "active")
    assert await room.mode(conversation_id) == "human"


async def test_the_same_agent_as_last_time(make_room) -> None:
    room = make_room()
    first, _second = await online(room, "aa"), await online(room, "bb")
    ticket = await queued(room)
    await room.work.claim(ticket.id, _second)
    await room.work.close(ticket.id, _second)
    again = await queued(room)
    await room.dispatcher.look()
    assert (await now(room, again)).agent_id == _second.id != first.id


async def test_outside_the_desk_hours_the_customer_is_told_when(make_room) -> None:
    room = make_room()
    room.clock.advance(hours=10)  # ten in the evening
    ticket = await queued(room)
    told = (await room.said(ticket.conversation_id, Sender.SYSTEM))[-1]
    assert "8:30" in told or "08:30" in told
    assert "8:45" in told or "08:45" in told
