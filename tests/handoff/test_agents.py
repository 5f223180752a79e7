"""Logging in at the desk."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.handoff.agents import Agents
from bot.handoff.attempts import LOCK, MAX_FAILED_LOGINS
from bot.handoff.errors import LoginLocked, LoginRefused
from bot.handoff.model import Role
from bot.handoff.store import AgentRow


@pytest.fixture
async def agents(sessions, clock):
    room = Agents(sessions, clock)
    await room.set_password("lin", "林晓", Role.AGENT, "correct horse")
    return room


async def test_the_right_password_opens_and_is_never_stored(agents, sessions):
    agent, _ = await agents.log_in("lin", "correct horse")
    assert (agent.display_name, agent.role) == ("林晓", Role.AGENT)
    async with sessions() as session:
        stored = (await session.scalars(select(AgentRow.password_hash))).one()
    assert stored.startswith("$argon2id$")
    assert "correct horse" not in stored


@pytest.mark.parametrize(("name", "password"), [("lin", "wrong"), ("nobody", "correct horse"), ("", "")])
async def test_an_unknown_name_and_a_wrong_password_are_refused_alike(agents, name, password):
    with pytest.raises(LoginRefused):
        await agents.log_in(name, password)


async def test_too_many_wrong_passwords_lock_the_account_for_a_while(agents, clock):
    for _ in range(MAX_FAILED_LOGINS):
        with pytest.raises(LoginRefused):
            await agents.log_in("lin", "wrong")
    with pytest.raises(LoginLocked):
        await agents.log_in("lin", "correct horse")
    clock.advance(seconds=LOCK.total_seconds() + 1)
    agent, _ = await agents.log_in("lin", "correct horse")
    assert agent.name == "lin"


async def test_guesses_side_by_side_all_count(agents):
    guesses = (agents.log_in("lin", f"wrong {n}") for n in range(MAX_FAILED_LOGINS))
    await asyncio.gather(*guesses, return_exceptions=True)
    with pytest.raises(LoginLocked):
        await agents.log_in("lin", "correct horse")


async def test_a_new_password_ends_the_old_sessions(agents):
    agent, epoch = await agents.log_in("lin", "correct horse")
    assert await agents.in_session(agent.id, epoch) == agent
    await agents.set_password("lin", "林晓", Role.SUPERVISOR, "battery staple")
    assert await agents.in_session(agent.id, epoch) is None
