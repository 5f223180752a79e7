"""Old words are deleted, whoever still waits keeps theirs, and a second run finds nothing to do."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from bot.app import retention_periods
from bot.clock import FixedClock
from bot.conversation.model import HUMAN_AGENT, Sender
from bot.conversation.retention import Deleted, Periods, Retention
from bot.conversation.store import MessageRow, OutboxRow, OwnershipRow, TurnRow
from bot.handoff.store import TicketRow
from bot.knowledge import Library
from bot.settings import ROOT

PERIODS = Periods(messages=timedelta(days=365), memory=timedelta(days=30))


def retention(room) -> Retention:
    return Retention(room.sessions, room.clock, room.dialogue)


async def count(room, table) -> int:
    async with room.sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_messages_go_after_their_days_and_not_before(room):
    old = await room.open("old")
    await room.say(old, "很久以前的话")
    room.clock.advance(days=10)
    new = await room.open("new")
    await room.say(new, "后来的话")
    room.clock.advance(days=355)
    assert await retention(room).run(PERIODS) == Deleted(messages=0, remembered=0)
    room.clock.advance(seconds=1)
    assert await retention(room).run(PERIODS) == Deleted(messages=2, remembered=0)
    assert await room.said(old, Sender.CUSTOMER) == []
    assert await room.said(new, Sender.CUSTOMER) == ["后来的话"]
    assert await count(room, OutboxRow) == 1
    assert room.dialogue.forgotten == [timedelta(days=30)] * 2


async def test_what_was_understood_goes_too_and_that_there_was_a_turn_stays(room):
    conversation = await room.open()
    await room.say(conversation, "很久以前的话")
    room.clock.advance(days=366)
    await retention(room).run(PERIODS)
    async with room.sessions() as session:
        turn = (await session.scalars(select(TurnRow))).one()
    assert (turn.text, turn.understood, turn.outcome) == (None, [], "answered")
    assert await count(room, OwnershipRow) == 1


async def test_a_conversation_that_waits_for_a_person_keeps_its_words_until_it_is_over(room):
    conversation = await room.open()
    room.dialogue.is_down = True
    await room.say(conversation, "有人吗")
    room.dialogue.is_down = False
    room.clock.advance(days=366)
    assert (await retention(room).run(PERIODS)).messages == 0
    assert await room.mode(conversation) == "queued"
    await room.handover.leave_queue(conversation)
    room.clock.advance(days=366)
    assert (await retention(room).run(PERIODS)).messages > 0
    async with room.sessions() as session:
        assert (await session.scalars(select(TicketRow.summary))).all() == [""]


async def test_a_second_run_and_two_at_once_change_nothing_more(room):
    conversation = await room.open()
    for n in range(3):
        await room.say(conversation, f"话{n}")
    room.clock.advance(days=366)
    runs = await asyncio.gather(retention(room).run(PERIODS), retention(room).run(PERIODS))
    assert sum(run.messages for run in runs) >= 6
    assert await count(room, MessageRow) == 0
    assert (await retention(room).run(PERIODS)).messages == 0


async def test_a_bot_that_is_down_keeps_nobody_from_deleting_messages(room):
    conversation = await room.open()
    await room.say(conversation, "很久以前的话")
    room.clock.advance(days=366)
    room.dialogue.is_down = True
    assert await retention(room).run(PERIODS) == Deleted(messages=2, remembered=None)


async def test_a_conversation_goes_on_after_its_words_are_gone(room):
    conversation = await room.open()
    await room.say(conversation, "很久以前的话")
    room.clock.advance(days=366)
    await retention(room).run(PERIODS)
    await room.say(conversation, "我回来了")
    assert [(m.seq, m.text) for m in await room.log(conversation)] == [(3, "我回来了"), (4, "「我回来了」")]
    await room.say(conversation, "转人工", payload=HUMAN_AGENT)
    assert len(await room.said(conversation, Sender.CUSTOMER)) == 2


def test_the_periods_are_the_banks_facts(clock: FixedClock):
    assert retention_periods(Library(ROOT / "data" / "knowledge"), clock) == PERIODS
