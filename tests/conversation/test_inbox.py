"""What is received is stored once, in order, or refused with nothing changed."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.errors import ConversationNotFound, EmptyMessage, MessageTooLong, PayloadNotOffered
from bot.conversation.inbox import readable
from bot.conversation.model import HUMAN_AGENT, Sender
from bot.dialogue.ports import TurnAnswer
from bot.messages import Option, QuickReplies


async def test_a_repeated_message_is_stored_once(room):
    """A platform that asks again is told the same number."""
    conversation = await room.open()
    first = await room.receive(conversation, "你好", "same")
    again = await room.receive(conversation, "你好", "same")
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.message.seq == first.message.seq == 1
    assert len(await room.log(conversation)) == 1


async def test_a_message_repeated_at_the_same_time_is_stored_once(room):
    conversation = await room.open()
    received = await asyncio.gather(*(room.receive(conversation, "你好", "same") for _ in range(8)))
    assert sum(not one.is_repeat for one in received) == 1
    assert len(await room.log(conversation)) == 1


async def test_the_same_message_id_in_two_conversations_is_two_messages(room):
    """A client's id means nothing outside its own conversation."""
    one, other = await room.open("one"), await room.open("other")
    await room.receive(one, "我的", "same")
    assert not (await room.receive(other, "别人的", "same")).is_repeat


async def test_messages_at_the_same_time_get_consecutive_numbers(room):
    conversation = await room.open()
    await asyncio.gather(*(room.receive(conversation, f"第{n}条") for n in range(20)))
    assert [message.seq for message in await room.log(conversation)] == list(range(1, 21))


async def test_two_first_messages_at_once_open_one_conversation(room):
    opened = await asyncio.gather(*(room.open("same visitor") for _ in range(5)))
    assert len(set(opened)) == 1


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x01\x02", "\u200b\u200b", "\ud800"])
async def test_a_message_without_anything_readable_is_refused(room, text):
    conversation = await room.open()
    with pytest.raises(EmptyMessage):
        await room.receive(conversation, text)
    assert await room.log(conversation) == []


async def test_a_message_that_is_too_long_is_refused(room):
    conversation = await room.open()
    with pytest.raises(MessageTooLong):
        await room.receive(conversation, "长" * 10_000)
    assert await room.log(conversation) == []


async def test_an_unknown_conversation_is_refused(room):
    with pytest.raises(ConversationNotFound):
        await room.receive("c_unknown", "你好")


async def test_only_a_payload_that_was_offered_here_is_accepted(make_room):
    offer = TurnAnswer((QuickReplies((Option("算月供", "/calc_payment"),)),))
    room = make_room(script={"菜单": offer})
    conversation, elsewhere = await room.open("one"), await room.open("two")
    with pytest.raises(PayloadNotOffered):
        await room.receive(conversation, "算月供", payload="/calc_payment")
    await room.say(conversation, "菜单")
    assert not (await room.receive(conversation, "算月供", payload="/calc_payment")).is_repeat
    with pytest.raises(PayloadNotOffered):
        await room.receive(elsewhere, "算月供", payload="/calc_payment")


async def test_the_way_to_a_person_needs_no_offer(room):
    conversation = await room.open()
    assert not (await room.receive(conversation, "转人工", payload=HUMAN_AGENT)).is_repeat


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  提前还款 ", "提前还款"),
        ("提前\u200b还款\ufeff", "提前还款"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\x07b\ud83d", "ab"),
    ],
)
def test_invisible_characters_are_dropped_and_words_kept(raw, kept):
    assert readable(raw) == kept


async def test_a_buttons_words_typed_are_its_press(make_room):
    payload = '/inform{"method": "equal_instalment"}'
    offer = TurnAnswer((QuickReplies((Option("等额本息", payload),)),))
    room = make_room(script={"月供多少": offer})
    conversation = await room.open()
    await room.say(conversation, "月供多少")
    await room.say(conversation, "等额本息")
    await room.say(conversation, "等额本息")
    assert await room.said(conversation, Sender.BOT) == ["", f"「{payload}」", "「等额本息」"]
