"""Leases: one process does a job, and another goes on when that one is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.leases import LeaseRow, end_lease, take_lease

MINUTE = timedelta(minutes=1)


async def takes(sessions, holder: str, length: timedelta = MINUTE) -> bool:
    async with sessions.begin() as session:
        return await take_lease(session, "job", holder, length)


async def test_one_holder_at_a_time(sessions):
    assert await takes(sessions, "a")
    assert not await takes(sessions, "b")
    assert await takes(sessions, "a")


async def test_what_ran_out_or_was_ended_is_free(sessions):
    await takes(sessions, "a", timedelta(0))
    assert await takes(sessions, "b")
    async with sessions.begin() as session:
        await end_lease(session, "job", "a")  # not a's any more: nothing happens
    assert not await takes(sessions, "a")
    async with sessions.begin() as session:
        await end_lease(session, "job", "b")
    assert await takes(sessions, "a")


async def test_a_lease_of_another_clock_holds_nobody_up(sessions):
    """As a copy leaves it that was told a later time; a real one is honoured to its end."""
    async with sessions.begin() as session:
        session.add(LeaseRow(job="job", holder="a", until=datetime.now(UTC) + timedelta(days=30)))
    assert await takes(sessions, "b")
    assert not await takes(sessions, "c")
