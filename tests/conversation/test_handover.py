"""Exactly one owner at any time, and a durable record of who it was."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.conversation.errors import EmptyMessage
from bot.conversation.store import OwnershipRow
from bot.dialogue.ports import TurnAnswer
from bot.handoff.errors import NotTheHolder, TicketAlreadyTaken, TicketClosed
from bot.handoff.model import Role
from bot.handoff.store import AssignmentRow
from bot.messages import Handoff

HANDOFF = TurnAnswer((Handoff("asked", "before_loan", "客户要求人工"),))


@pytest.fixture
async def queued(make_room):
    """A room with a waiting customer."""
    room = make_room(script={"转人工": HANDOFF})
    conversation = await room.open()
    await room.say(conversation, "转人工")
    return room, conversation, room.watcher.tickets[0]


async def test_an_agent_serves_and_hands_back(queued):
    room, conversation, ticket = queued
    agent = await room.agent()
    await room.work.claim(ticket.id, agent)
    await room.work.says(conversation, agent, "k1", "您好，请讲")
    await room.say(conversation, "谢谢")
    assert await room.mode(conversation) == "human"
    await room.work.hand_back(ticket.id, agent, "已解答")
    await room.say(conversation, "你好")
    assert await room.mode(conversation) == "bot"
    assert (await room.log(conversation))[-1].text == "「你好」"
    assert room.dialogue.handed_back == [conversation]
    async with room.sessions() as session:
        owners = [row.mode for row in await session.scalars(select(OwnershipRow).order_by(OwnershipRow.id))]
        held = (await session.scalars(select(AssignmentRow))).one()
    assert owners == ["bot", "queued", "human", "bot"]
    assert held.ended_at is not None


async def test_two_agents_never_hold_one_ticket(queued):
    room, _, ticket = queued
    agents = [await room.agent(name) for name in ("one", "two", "three")]
    taken = await asyncio.gather(
        *(room.work.claim(ticket.id, agent) for agent in agents), return_exceptions=True
    )
    assert sum(isinstance(result, TicketAlreadyTaken) for result in taken) == 2


async def test_claiming_what_one_holds_already_changes_nothing(queued):
    room, conversation, ticket = queued
    agent = await room.agent()
    await room.work.claim(ticket.id, agent)
    before = len(await room.log(conversation))
    await room.work.claim(ticket.id, agent)
    assert len(await room.log(conversation)) == before


async def test_an_agents_message_sent_twice_is_shown_once(queued):
    room, conversation, ticket = queued
    agent = await room.agent()
    await room.work.claim(ticket.id, agent)
    first = await room.work.says(conversation, agent, "k1", "您好")
    again = await room.work.says(conversation, agent, "k1", "您好")
    assert first.seq == again.seq


async def test_only_the_holder_may_write_and_only_the_holder_or_a_supervisor_may_end(queued):
    room, conversation, ticket = queued
    holder, other, boss = (
        await room.agent("holder"),
        await room.agent("other"),
        await room.agent("boss", Role.SUPERVISOR),
    )
    with pytest.raises(NotTheHolder):
        await room.work.says(conversation, holder, "k0", "还没接入")
    await room.work.claim(ticket.id, holder)
    with pytest.raises(NotTheHolder):
        await room.work.says(conversation, other, "k1", "插话")
    with pytest.raises(NotTheHolder):
        await room.work.hand_back(ticket.id, other)
    with pytest.raises(EmptyMessage):
        await room.work.says(conversation, holder, "k2", "  ")
    await room.work.close(ticket.id, boss)
    assert await room.mode(conversation) == "closed"
    with pytest.raises(TicketClosed):
        await room.work.hand_back(ticket.id, holder)


async def test_after_the_end_the_customers_next_message_goes_to_the_bot(queued):
    room, conversation, ticket = queued
    agent = await room.agent()
    await room.work.claim(ticket.id, agent)
    await room.work.close(ticket.id, agent)
    await room.say(conversation, "还有个问题")
    assert await room.mode(conversation) == "bot"
    assert (await room.log(conversation))[-1].text == "「还有个问题」"


async def test_second_request_returns_the_same_ticket(queued):
    """A customer who asks twice keeps their place in the queue."""
    room, conversation, ticket = queued
    async with room.handover.change() as work:
        again = await room.handover.queue_up(
            work, await work.log.get(conversation), Handoff("asked", "before_loan", "又要")
        )
    assert again.id == ticket.id


async def test_those_who_waited_longer_are_ahead_and_complaints_go_first(queued):
    room, _, _ = queued
    room.dialogue.script = {
        **room.dialogue.script,
        "投诉": TurnAnswer((Handoff("complaint", "complaint", "投诉"),)),
    }
    second, third = await room.open("second"), await room.open("third")
    room.clock.advance(seconds=5)
    await room.say(second, "转人工")
    room.clock.advance(seconds=5)
    await room.say(third, "投诉")
    assert (await room.handover.standing(second))[1] == 2
    assert (await room.handover.standing(third))[1] == 0


async def test_an_order_with_an_unknown_reason_still_reaches_a_person(make_room):
    odd = TurnAnswer((Handoff("no such reason", "no such skill", "?"),))
    room = make_room(script={"转人工": odd})
    conversation = await room.open()
    await room.say(conversation, "转人工")
    assert room.watcher.tickets[0].reason.value == "always_human"
