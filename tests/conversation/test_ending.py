"""How conversations end: the question how it was, and silence."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.conversation.closing import Closing
from bot.conversation.errors import PayloadNotOffered
from bot.conversation.model import Sender
from bot.conversation.rating import RatingRow, Ratings
from bot.conversation.store import OutboxRow
from tests.conversation.conftest import Room
from tests.conversation.test_dispatch import now, online, queued


def closing(room: Room, policy) -> Closing:
    ratings = Ratings(room.handover, room.clock, room.words)
    return Closing(room.handover, ratings, room.clock, room.words, policy)


async def ratings(room: Room) -> list[tuple[int | None, str | None, str | None]]:
    async with room.sessions() as session:
        rows = await session.scalars(select(RatingRow).order_by(RatingRow.asked_at))
        return [(row.score, row.words, row.agent_id) for row in rows]


async def score_buttons(room: Room, conversation_id: str) -> list[str]:
    last = (await room.log(conversation_id))[-1]
    return [option["payload"] for option in last.parts[-1]["options"]]


async def test_a_score_and_a_word_are_kept_and_reach_neither_bot_nor_agent(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.close(ticket.id, agent)
    payloads = await score_buttons(room, ticket.conversation_id)
    assert len(payloads) == 5
    await room.say(ticket.conversation_id, "满意", payload=payloads[3])
    await room.say(ticket.conversation_id, "评价：讲得很清楚")
    assert await ratings(room) == [(4, "讲得很清楚", agent.id)]
    assert await room.said(ticket.conversation_id, Sender.BOT) == []


async def test_the_first_score_counts(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.close(ticket.id, agent)
    payloads = await score_buttons(room, ticket.conversation_id)
    await room.say(ticket.conversation_id, "很不满意", payload=payloads[0])
    await room.say(ticket.conversation_id, "很满意", payload=payloads[4])
    assert [score for score, _, _ in await ratings(room)] == [1]


async def test_nobody_scores_another_conversation(make_room) -> None:
    room = make_room()
    agent = await online(room)
    ticket = await queued(room)
    await room.work.claim(ticket.id, agent)
    await room.work.close(ticket.id, agent)
    payloads = await score_buttons(room, ticket.conversation_id)
    other = await room.open("somebody else")
    with pytest.raises(PayloadNotOffered):
        await room.receive(other, "很满意", payload=payloads[4])


async def test_silence_is_noticed_before_the_end_and_a_word_takes_it_back(make_room, policy) -> None:
    room = make_room()
    look = closing(room, policy).look
    conversation_id = await room.open()
    await room.say(conversation_id, "提前还款要违约金吗")
    room.clock.advance(minutes=24)
    await look()
    assert await room.said(conversation_id, Sender.SYSTEM) == []
    room.clock.advance(minutes=2)
    await look()
    await look()
    assert [words[:4] for words in await room.said(conversation_id, Sender.SYSTEM)] == ["您还在吗"]
    await room.say(conversation_id, "在")
    room.clock.advance(minutes=6)
    await look()
    assert await room.mode(conversation_id) == "bot"


async def test_silence_counts_from_when_the_answer_arrived(make_room, policy) -> None:
    """A customer whose platform was down has not been silent: they were not told anything yet."""
    room = make_room()
    look = closing(room, policy).look
    conversation_id = await room.open()
    await room.say(conversation_id, "提前还款要违约金吗")

    async def delivery(**values: object) -> None:
        async with room.sessions.begin() as session:
            await session.execute(
                update(OutboxRow).where(OutboxRow.conversation_id == conversation_id).values(**values)
            )

    await delivery(state="queued", attempts=3, sent_at=None)
    room.clock.advance(minutes=60)
    await look()
    await delivery(state="sent", sent_at=room.clock.now())
    room.clock.advance(minutes=24)
    await look()
    assert await room.said(conversation_id, Sender.SYSTEM) == []
    room.clock.advance(minutes=2)
    await look()
    assert [words[:4] for words in await room.said(conversation_id, Sender.SYSTEM)] == ["您还在吗"]


async def test_a_silent_conversation_ends_and_asks_once(make_room, policy) -> None:
    room = make_room()
    look = closing(room, policy).look
    conversation_id = await room.open()
    await room.say(conversation_id, "提前还款要违约金吗")
    for minutes in (26, 6, 6, 60):
        room.clock.advance(minutes=minutes)
        await look()
    assert await room.mode(conversation_id) == "closed"
    assert await ratings(room) == [(None, None, None)]
    assert len(await room.said(conversation_id, Sender.SYSTEM)) == 3  # the notice, the end, the question


async def test_a_silent_customer_frees_the_agent_but_a_hold_is_kept(make_room, policy) -> None:
    room = make_room()
    look = closing(room, policy).look
    agent = await online(room)
    spoken, held = await queued(room, "first"), await queued(room, "second")
    for ticket in (spoken, held):
        await room.say(ticket.conversation_id, "你好")
        await room.work.claim(ticket.id, agent)
        await room.work.says(ticket.conversation_id, agent, "1", "您好，请问要办什么？")
    await room.work.hold(held.id, agent, room.clock.now().replace(hour=23), "查系统")
    for minutes in (26, 6):
        room.clock.advance(minutes=minutes)
        await look()
    assert (await now(room, spoken)).outcome.value == "timed_out"
    assert (await now(room, held)).status.value == "on_hold"
