"""A supervisor beside the agent: asked in, there, gone; and never two holders."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.conversation.helping import Helping
from bot.conversation.model import Sender
from bot.handoff.errors import AlreadyHelped, NotTheHolder, TicketAlreadyTaken
from bot.handoff.model import Role
from bot.handoff.store import AssignmentRow
from bot.servicing.store import AuditEventRow
from tests.conversation.test_dispatch import history, now, queued


@pytest.fixture
def helping(room) -> Helping:
    return Helping(room.handover, room.clock, room.words)


@pytest.fixture
async def held(room):
    """A ticket in the hands of an agent."""
    agent = await room.agent()
    ticket = await queued(room)
    return agent, await room.work.claim(ticket.id, agent)


async def test_asked_there_and_gone(room, helping, held) -> None:
    agent, ticket = held
    boss = await room.agent("boss", Role.SUPERVISOR)
    asked = await helping.ask(ticket.id, agent, "客户要求减免罚息")
    assert (asked.help.why, asked.help.supervisor_id) == ("客户要求减免罚息", None)
    with pytest.raises(NotTheHolder):
        await room.work.says(ticket.conversation_id, boss, "1", "您好")
    there = await helping.join(ticket.id, boss)
    assert (there.agent_id, there.help.supervisor_name) == (agent.id, "客服boss")
    assert (await room.said(ticket.conversation_id, Sender.SYSTEM))[-1].startswith(
        "您好，我是客服boss，和客服lin"
    )
    await room.work.says(ticket.conversation_id, boss, "2", "我来说明")
    await room.work.says(ticket.conversation_id, agent, "3", "好的")
    assert await room.said(ticket.conversation_id, Sender.AGENT) == ["我来说明", "好的"]
    assert (await helping.leave(ticket.id, boss)).help is None
    with pytest.raises(NotTheHolder):
        await room.work.says(ticket.conversation_id, boss, "4", "还有")
    assert (await now(room, ticket)).agent_id == agent.id
    assert (await history(room, ticket))[-4:] == ["help_asked", "help_came", "first_reply", "help_ended"]
    async with room.sessions() as session:
        holders = list(await session.scalars(select(AssignmentRow.agent_id)))
        audited = select(AuditEventRow.action).where(AuditEventRow.action.startswith("ticket."))
        assert list(await session.scalars(audited)) == [
            "ticket.help_asked",
            "ticket.help_came",
            "ticket.help_ended",
        ]
    assert holders == [agent.id]


async def test_only_the_holder_asks_and_only_supervisors_come(room, helping, held) -> None:
    agent, ticket = held
    colleague, boss = await room.agent("zhou"), await room.agent("boss", Role.SUPERVISOR)
    for other in (colleague, boss):
        with pytest.raises(NotTheHolder):
            await helping.ask(ticket.id, other, "我来")
        with pytest.raises(NotTheHolder):
            await helping.join(ticket.id, other)  # nobody was asked for
    await helping.ask(ticket.id, agent, "请来看看")
    with pytest.raises(NotTheHolder):
        await helping.join(ticket.id, colleague)
    with pytest.raises(NotTheHolder):
        await helping.leave(ticket.id, colleague)
    assert (await helping.leave(ticket.id, agent)).help is None


async def test_of_two_supervisors_at_once_one_comes(room, helping, held) -> None:
    agent, ticket = held
    bosses = [await room.agent(name, Role.SUPERVISOR) for name in ("chen", "wang")]
    await helping.ask(ticket.id, agent, "请来看看")
    results = await asyncio.gather(
        *(helping.join(ticket.id, boss) for boss in bosses), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, AlreadyHelped | TicketAlreadyTaken)]
    assert len(refused) == 1
    there = (await now(room, ticket)).help
    assert there.supervisor_id in {boss.id for boss in bosses}


async def test_with_another_holder_the_help_is_over(room, helping, held) -> None:
    agent, ticket = held
    boss = await room.agent("boss", Role.SUPERVISOR)
    await helping.ask(ticket.id, agent, "请来看看")
    await helping.join(ticket.id, boss)
    taken = await room.work.take_over(ticket.id, boss)
    assert (taken.agent_id, taken.help) == (boss.id, None)
    with pytest.raises(NotTheHolder):
        await room.work.says(ticket.conversation_id, agent, "1", "您好")
    closed = await room.work.close(ticket.id, boss)
    with pytest.raises(Exception, match=closed.id):
        await helping.ask(ticket.id, boss, "再看看")
