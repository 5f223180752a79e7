"""On a platform without buttons a number presses the button of that number in the list shown last."""

from __future__ import annotations

import pytest

from bot.channels.degrade import fit
from bot.channels.profile import WECHAT
from bot.dialogue.ports import TurnAnswer
from bot.messages import Inbound, Option, QuickReplies, Text, TextPart

TWO_LISTS = (
    QuickReplies((Option("违约金", "/penalty"), Option("流程", "/process")), "您想问的是？"),
    QuickReplies((Option("转人工", "/human_agent"),)),
)


async def said(room, conversation: str, text: str, picks_by_number: bool = True) -> str | None:
    """The payload that the bot was asked with, None for words."""
    await room.inbox.receive(
        Inbound(
            channel="web",
            conversation_id=conversation,
            message_id=f"n{next(room.numbers)}",
            content=Text(text, picks_by_number=picks_by_number),
            received_at=room.clock.now(),
        )
    )
    room.turns.wake(conversation, at_once=True)
    await room.turns.settle(conversation)
    return room.dialogue.asked[-1].payload


@pytest.fixture
async def offered(make_room):
    room = make_room(script={"提前还款": TurnAnswer(TWO_LISTS)})
    conversation = await room.open()
    await room.say(conversation, "提前还款")
    return room, conversation


def test_the_lists_of_one_message_are_counted_on(words):
    first, second = (part.text for part in fit(TWO_LISTS, WECHAT, words))
    assert first.splitlines()[:3] == ["您想问的是？", "1. 违约金", "2. 流程"]
    assert second.splitlines()[0] == "3. 转人工"


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("1", "/penalty"),
        ("２", "/process"),
        ("2.", "/process"),
        ("（2）", "/process"),
        (" 3 ", "/human_agent"),
        ("违约金", "/penalty"),
        ("4", None),
        ("0", None),
        ("2年", None),
        ("20", None),
        ("-1", None),
    ],
)
async def test_a_number_is_its_button(offered, text, payload):
    assert await said(*offered, text) == payload


async def test_where_there_are_buttons_a_number_is_a_number(offered):
    assert await said(*offered, "1", picks_by_number=False) is None


async def test_after_another_word_the_list_is_over(offered):
    assert await said(*offered, "再说") is None
    assert await said(*offered, "1") is None


async def test_the_list_shown_last_counts(make_room):
    newer = TurnAnswer((TextPart("好"), QuickReplies((Option("十年", "/ten"),))))
    room = make_room(script={"一": TurnAnswer(TWO_LISTS), "/process": newer})
    conversation = await room.open()
    await room.say(conversation, "一")
    assert await said(room, conversation, "2") == "/process"
    assert await said(room, conversation, "1") == "/ten"
