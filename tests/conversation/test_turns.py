"""Turns: in order, one at a time, merged when they come together, and never lost."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.conversation.model import HUMAN_AGENT, LEAVE_QUEUE, Sender
from bot.conversation.store import TurnRow
from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import ScriptedDialogue, understood
from bot.messages import Handoff, TextPart

HANDOFF = TurnAnswer(
    (TextPart("这就帮您转人工。"), Handoff("asked", "before_loan", "客户要求人工")),
    (understood("转人工", "human_agent"),),
)


async def test_a_question_is_answered_and_what_was_understood_is_kept(room):
    conversation = await room.open()
    await room.say(conversation, "你好")
    assert [(m.sender.value, m.text) for m in await room.log(conversation)] == [
        ("customer", "你好"),
        ("bot", "「你好」"),
    ]
    async with room.sessions() as session:
        turn = (await session.scalars(select(TurnRow))).one()
    assert (turn.outcome, turn.understood[0]["band"]) == ("answered", "answer")


async def test_messages_that_come_together_are_one_turn(room):
    conversation = await room.open()
    for text in ("我想问下", "提前还款", "要违约金吗"):
        await room.receive(conversation, text)
        room.turns.wake(conversation)
    await room.turns.settle(conversation)
    assert [request.text for request in room.dialogue.asked] == ["我想问下\n提前还款\n要违约金吗"]


async def test_twenty_messages_at_once_are_all_answered_and_none_is_lost(make_room):
    room = make_room(delay_seconds=0.02)
    conversation = await room.open()

    async def send(n: int) -> None:
        await room.receive(conversation, f"问题{n}")
        room.turns.wake(conversation, at_once=True)

    await asyncio.gather(*(send(n) for n in range(20)))
    await room.turns.settle(conversation)
    asked = "\n".join(request.text or "" for request in room.dialogue.asked)
    assert sorted(asked.split("\n")) == sorted(f"问题{n}" for n in range(20))


async def test_turns_of_one_conversation_never_overlap_and_keep_their_order(make_room):
    room = make_room(delay_seconds=0.05)
    conversation = await room.open()
    for n in range(3):
        await room.receive(conversation, f"第{n}问")
        room.turns.wake(conversation, at_once=True)
        await asyncio.sleep(0.02)
    await room.turns.settle(conversation)
    said = await room.said(conversation, Sender.BOT)
    asked = [request.text for request in room.dialogue.asked]
    assert said == [f"「{text}」" for text in asked]
    assert "\n".join(asked) == "第0问\n第1问\n第2问"


async def test_a_pressed_button_is_a_turn_of_its_own(room):
    conversation = await room.open()
    await room.receive(conversation, "先说一句")
    await room.receive(conversation, "转人工", payload=HUMAN_AGENT)
    await room.receive(conversation, "再说一句")
    room.turns.wake(conversation, at_once=True)
    await room.turns.settle(conversation)
    assert [(r.text, r.payload) for r in room.dialogue.asked] == [
        ("先说一句", None),
        (None, HUMAN_AGENT),
        ("再说一句", None),
    ]


async def test_a_dead_bot_is_admitted_and_the_customer_is_queued(make_room):
    room = make_room(is_down=True)
    conversation = await room.open()
    await room.say(conversation, "利率多少")
    assert await room.mode(conversation) == "queued"
    assert room.words.say("conversation.bot_unavailable") in await room.said(conversation, Sender.BOT)
    (ticket,) = room.watcher.tickets
    assert ticket.reason.value == "bot_unavailable"
    assert "利率多少" in ticket.summary


async def test_an_answer_after_the_deadline_is_never_shown(make_room):
    room = make_room(delay_seconds=0.8)
    conversation = await room.open()
    await room.say(conversation, "利率多少")
    assert await room.mode(conversation) == "queued"
    await asyncio.sleep(0.5)
    assert "「利率多少」" not in await room.said(conversation, Sender.BOT)


async def test_an_order_to_hand_over_opens_the_ticket_with_the_reply(make_room):
    room = make_room(script={"转人工": HANDOFF})
    conversation = await room.open()
    await room.say(conversation, "转人工")
    assert await room.mode(conversation) == "queued"
    bot, system = (await room.log(conversation))[1:]
    assert bot.text == "这就帮您转人工。"
    assert [part["kind"] for part in system.parts] == ["text", "quick_replies"]
    assert room.watcher.modes == [("queued", 0)]


async def test_the_bot_is_silent_while_the_customer_waits(make_room):
    room = make_room(script={"转人工": HANDOFF})
    conversation = await room.open()
    await room.say(conversation, "转人工")
    await room.say(conversation, "还在吗")
    assert len(room.dialogue.asked) == 1
    assert (await room.log(conversation))[-1].text == "还在吗"


async def test_a_customer_may_leave_the_queue_and_the_bot_goes_on(make_room):
    room = make_room(script={"转人工": HANDOFF})
    conversation = await room.open()
    await room.say(conversation, "转人工")
    await room.say(conversation, "先不等了", payload=LEAVE_QUEUE)
    assert await room.mode(conversation) == "bot"
    await room.say(conversation, "你好")
    assert (await room.log(conversation))[-1].text == "「你好」"
    assert room.dialogue.handed_back == [conversation]


async def test_replies_are_dropped_when_a_person_took_over_meanwhile(make_room):
    """Exactly one owner: the bot's late words do not appear between the agent's."""
    room = make_room(script={"转人工": HANDOFF}, delay_seconds=0.2)
    conversation = await room.open()
    await room.receive(conversation, "慢问题")
    room.turns.wake(conversation, at_once=True)
    await asyncio.sleep(0.05)
    async with room.handover.change() as work:
        held = await work.log.get(conversation)
        await room.handover.queue_up(work, held, Handoff("agent_took", "before_loan", "坐席接入"))
    await room.turns.settle(conversation)
    assert await room.said(conversation, Sender.BOT) == []
    async with room.sessions() as session:
        turn = (await session.scalars(select(TurnRow))).one()
    assert turn.outcome == "overtaken"


async def test_what_a_dead_process_left_waiting_is_answered_by_the_next(room):
    conversation = await room.open()
    await room.receive(conversation, "重启前的问题")  # stored, but nobody woke the lane
    restarted = room.new_turns()
    assert await restarted.recover() == 1
    await restarted.settle(conversation)
    assert (await room.log(conversation))[-1].text == "「重启前的问题」"
    assert await restarted.recover() == 0


async def test_a_turn_cut_off_by_a_dead_process_is_asked_again_under_its_own_id(make_room):
    """The bot recognises the id, so nothing is done twice."""
    room = make_room(delay_seconds=0.3)
    conversation = await room.open()
    await room.receive(conversation, "进行中")
    room.turns.wake(conversation, at_once=True)
    await asyncio.sleep(0.1)
    await room.turns.close()
    await room.receive(conversation, "后来的")
    again = ScriptedDialogue()
    restarted = room.new_turns(again)
    await restarted.recover()
    await restarted.settle(conversation)
    assert again.asked[0].turn_id == room.dialogue.asked[0].turn_id
    assert [request.text for request in again.asked] == ["进行中", "后来的"]


async def test_a_hand_back_that_the_bot_missed_is_told_before_its_next_turn(make_room):
    room = make_room(script={"转人工": HANDOFF})
    conversation = await room.open()
    await room.say(conversation, "转人工")
    await room.handover.leave_queue(conversation)
    room.dialogue.is_down = True
    await room.say(conversation, "在吗")  # told that the bot is away, and queued
    assert room.dialogue.handed_back == []
    await room.handover.leave_queue(conversation)
    room.dialogue.is_down = False
    await room.say(conversation, "现在呢")
    assert room.dialogue.handed_back == [conversation]
    assert (await room.log(conversation))[-1].text == "「现在呢」"


async def test_whoever_waits_for_the_answer_does_not_wait_for_the_merge_window(room):
    room.turns._merge_window = 30.0
    conversation = await room.open()
    async with asyncio.timeout(5):
        await room.say(conversation, "你好")
        await room.say(conversation, "利率多少")
    assert len(await room.log(conversation)) == 4


async def test_two_processes_never_answer_the_same_message_nor_overlap(make_room):
    """Replicas share only the database: the second waits until the first has finished."""
    room = make_room(delay_seconds=0.2)
    conversation = await room.open()
    other_bot = ScriptedDialogue()
    replica = room.new_turns(other_bot)
    await room.receive(conversation, "第一问")
    room.turns.wake(conversation, at_once=True)
    await asyncio.sleep(0.05)
    await room.receive(conversation, "第二问")
    replica.wake(conversation, at_once=True)
    await asyncio.gather(room.turns.settle(conversation), replica.settle(conversation))
    asked = [request.text for request in (*room.dialogue.asked, *other_bot.asked)]
    assert sorted(asked) == ["第一问", "第二问"]
    said = [(message.sender.value, message.text) for message in await room.log(conversation)]
    assert said == [
        ("customer", "第一问"),
        ("customer", "第二问"),
        ("bot", "「第一问」"),
        ("bot", "「第二问」"),
    ]
