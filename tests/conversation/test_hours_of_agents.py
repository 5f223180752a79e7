"""Customers are offered to agents in their hours, and to nobody out of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.clock import FixedClock
from bot.handoff.model import Agent, Role, Ticket
from bot.handoff.work_week import WorkWeek
from tests.conversation.conftest import Room
from tests.conversation.test_dispatch import now, online, queued

EVENINGS = WorkWeek.of([["18:00-22:00"]] * 5 + [[], []])


@pytest.fixture
def clock() -> FixedClock:
    """A Tuesday, half a minute before eight in the evening in China, which is the desk's end."""
    return FixedClock(datetime(2026, 11, 24, 11, 59, 30, tzinfo=UTC))


async def offered_to(room: Room, ticket: Ticket) -> str | None:
    await room.dispatcher.look()
    return (await now(room, ticket)).agent_id


async def boss(room: Room) -> Agent:
    return await room.agent("boss", Role.SUPERVISOR)


async def test_without_hours_of_their_own_the_desks_hours_count(room) -> None:
    agent = await online(room)
    room.clock.advance(seconds=29)
    first = await queued(room, "first")
    assert await offered_to(room, first) == agent.id
    room.clock.advance(seconds=1)
    late = await queued(room, "late")
    assert await offered_to(room, late) is None


async def test_own_hours_go_before_the_desks(room) -> None:
    """Also after the desk has closed; and who comes later is passed over before."""
    agent, other = await online(room), await online(room, "zhou")
    await room.agents.set_hours(agent.id, EVENINGS, await boss(room))
    room.clock.advance(hours=1)
    await room.agents.is_here([agent.id, other.id])
    assert await offered_to(room, await queued(room, "evening")) == agent.id
    room.clock.advance(hours=1, minutes=1)
    await room.agents.is_here([agent.id, other.id])
    assert await offered_to(room, await queued(room, "night")) is None


async def test_who_is_out_of_hours_may_still_take_a_customer(room) -> None:
    agent = await online(room)
    room.clock.advance(hours=2)
    ticket = await queued(room)
    assert (await room.work.claim(ticket.id, agent)).agent_id == agent.id
