"""What reaches the webhook: once, in order, and answered whatever it is."""

from __future__ import annotations

import asyncio

import pytest

from bot.dialogue.ports import TurnAnswer
from bot.messages import Option, QuickReplies
from tests.channels.telegram.server import Refusal
from tests.servicing.test_content import picture

LONG_PAYLOAD = "/choose" + '{"purpose": "' + "a" * 200 + '"}'


async def test_a_question_comes_back_answered(customer):
    customer.service.dialogue.delay_seconds = 0.5
    await customer.say("提前还款有违约金吗")
    assert await customer.sees(1) == ["「提前还款有违约金吗」"]
    assert customer.platform.called("sendChatAction")[0]["action"] == "typing"


async def test_a_repeated_update_is_one_turn(customer):
    update = customer.update(text="你好")
    await asyncio.gather(*(customer.platform.deliver(update) for _ in range(5)))
    await customer.sees(1)
    await customer.platform.deliver(update)
    await customer.say("再见")
    assert await customer.sees(2) == ["「你好」", "「再见」"]


async def test_updates_of_a_chat_are_taken_in_order_of_their_numbers(customer):
    updates = [customer.update(text=f"{number}") for number in range(6)]
    late_first = [updates[0], *reversed(updates[1:])]
    for update in late_first:
        await customer.platform.deliver(update)
    await customer.taken(*updates)
    assert [one.text for one in await customer.log() if one.sender == "customer"] == list("012345")


async def test_a_button_with_a_long_payload_comes_back_as_what_it_was(customer):
    options = QuickReplies((Option("看方案", LONG_PAYLOAD), Option("都不是", "/no")), "您想？")
    customer.service.dialogue.script = {"方案": TurnAnswer((options,))}
    await customer.say("方案")
    await customer.sees(1)
    (title, key), _ = customer.platform.sent[0].buttons
    assert title == "看方案"
    await customer.press(key)
    assert (await customer.sees(2))[1] == f"「{LONG_PAYLOAD}」"
    assert (await customer.log())[2].text == "看方案"
    await customer.platform.until(lambda: customer.platform.called("answerCallbackQuery"))


async def test_a_button_that_was_not_offered_here_is_told_and_changes_nothing(customer):
    update = await customer.press("made-up-key")
    await customer.taken(update)
    (answer,) = customer.platform.called("answerCallbackQuery")
    assert "失效" in answer["text"]
    assert await customer.log() == []


async def test_a_button_of_another_conversation_is_told_to_be_void(customer):
    customer.service.dialogue.script = {"方案": TurnAnswer((QuickReplies((Option("是", "/yes"),), "？"),))}
    await customer.say("方案")
    await customer.sees(1)
    _, key = customer.platform.sent[0].buttons[0]
    customer.chat_id = 700200
    await customer.taken(await customer.press(key))
    assert "失效" in customer.platform.called("answerCallbackQuery")[0]["text"]
    assert await customer.log() == []


async def test_a_correction_is_a_message_of_its_own_and_an_unchanged_one_is_none(customer):
    said = await customer.say("贷款100万")
    await customer.sees(1)
    number = said["message"]["message_id"]
    same = customer.update("edited", text="贷款100万", message_id=number)
    changed = customer.update("edited", text="贷款120万", message_id=number)
    for update in (same, changed, changed):
        await customer.platform.deliver(update)
    assert await customer.sees(2) == ["「贷款100万」", "「贷款120万」"]
    await customer.taken(same, changed)
    mine = [one for one in await customer.log() if one.sender == "customer"]
    assert [one.text for one in mine] == ["贷款100万", "贷款120万"]
    assert mine[1].parts[0]["detail"] == "客户改了之前发的消息。改之前：贷款100万"


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("voice", "语音"),
        ("sticker", "表情贴纸"),
        ("location", "位置"),
        ("contact", "名片"),
        ("animation", "动图"),
    ],
)
async def test_what_cannot_be_read_is_answered_kindly_and_asks_nobody(customer, kind, named):
    await customer.platform.deliver(customer.update(kind))
    (answer,) = await customer.sees(1)
    assert answer.startswith(f"收到您的{named}了")
    assert customer.service.dialogue.asked == []
    assert (await customer.log())[0].text == f"（{named}）"


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("/start", "你好"),
        ("/start from_site", "你好"),
        ("/calc@fangxin_bot", "算一下月供"),
        ("/STATUS", "查进度"),
        ("/help", "你好"),
        ("/human", "/human_agent"),
        ("/restart", "/restart"),
    ],
)
async def test_commands_of_the_menu_are_their_words(customer, command, asked):
    await customer.say(command)
    assert await customer.sees(1) == [f"「{asked}」"]


async def test_a_photo_is_kept_and_becomes_a_turn_and_its_caption_is_said(customer):
    customer.platform.files["large"] = picture()
    await customer.platform.deliver(customer.update("photo"))
    shown = await customer.sees(3, 60)
    mine = [one for one in await customer.log() if one.sender == "customer"]
    assert [one.parts[0]["kind"] for one in mine] == ["image", "text"]
    assert "「这是我的身份证」" in shown
    assert any(text.startswith("「/document_sent") for text in shown)


async def test_a_file_that_is_none_of_ours_is_refused_in_words(customer):
    customer.platform.files["doc1"] = b"MZ no pdf"
    await customer.platform.deliver(customer.update("document"))
    (said,) = await customer.sees(1)
    assert "只收图片" in said


async def test_a_download_that_fails_is_tried_again_before_the_next_message_is_taken(customer):
    customer.platform.files["doc1"] = b"MZ no pdf"
    customer.platform.faults["file"] = ["502"]
    await customer.platform.deliver(customer.update("document"))
    await customer.say("收到了吗")
    first, second = await customer.sees(2)
    assert "只收图片" in first
    assert second == "「收到了吗」"


async def test_a_group_is_told_once_and_left_and_nothing_of_it_is_kept(customer):
    group = -1001234567890
    updates = [customer.update("group_joined"), customer.update("group_text"), customer.update("group_left")]
    for update in updates:
        await customer.platform.deliver(update)
    await customer.taken(*updates)
    methods = [one.method for one in customer.platform.sent if one.chat_id == group]
    assert methods[0] == "sendMessage"
    assert set(methods[1:]) == {"leaveChat"}
    assert methods.count("sendMessage") == 1
    customer.chat_id = group
    assert await customer.log() == []


async def test_what_concerns_nobody_is_taken_without_effect(customer):
    updates = [customer.update("pinned"), customer.update("unknown")]
    for update in updates:
        assert await customer.platform.deliver(update) == 1
    await customer.taken(*updates)
    assert await customer.log() == []


async def test_a_text_that_is_too_long_for_us_is_told(customer):
    await customer.say("长" * 4090)
    (said,) = await customer.sees(1)
    assert "太长" in said


async def test_a_file_that_telegram_no_longer_has_is_asked_for_again(customer):
    await customer.platform.deliver(customer.update("document"))
    (said,) = await customer.sees(1)
    assert "再发一次" in said


async def test_a_file_that_telegram_does_not_hand_out_for_its_size_is_refused_as_such(customer):
    customer.platform.faults["getFile"] = [Refusal(400, "Bad Request: file is too big")]
    await customer.platform.deliver(customer.update("document"))
    (said,) = await customer.sees(1)
    assert "文件太大了，最大15MB" in said
