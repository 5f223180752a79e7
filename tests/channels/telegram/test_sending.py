"""What we say reaches the customer: whole, once and in order, or it is known not to."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from bot.conversation.store import OutboxRow
from bot.dialogue.ports import TurnAnswer
from bot.messages import Card, Chart, File, Image, Option, QuickReplies, Row, TextPart
from tests.channels.telegram.conftest import talking
from tests.channels.telegram.server import ALWAYS, Refusal, TelegramServer

MARK = "（刚才网络不稳，这条可能您已收到过）"


async def outbox(customer) -> list[tuple[str, str | None]]:
    async with customer.service.sessions() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.seq))
        return [(row.state, row.last_error) for row in rows]


async def time_passes(customer, is_enough, step: float = 20) -> None:
    """Put the clock forward until it is."""
    async with asyncio.timeout(60):
        while not is_enough():
            customer.clock.ahead += type(customer.clock.ahead)(seconds=step)
            await asyncio.sleep(0.3)


async def test_a_long_answer_is_split_at_sentence_ends_and_no_word_is_lost(customer):
    text = "满一年后提前还款不收违约金。" * 500
    customer.service.dialogue.script = {"说明": TurnAnswer((TextPart(text),))}
    await customer.say("说明")
    pieces = await customer.sees(2)
    assert "".join(pieces) == text
    assert all(len(piece) <= 4096 and piece.endswith("。") for piece in pieces)


async def test_markup_in_our_words_is_only_words(customer):
    said = "*星* _下划线_ <b>粗</b> [链接](http://x) `码` \\ & ~"
    customer.service.dialogue.script = {"符号": TurnAnswer((TextPart(said),))}
    await customer.say("符号")
    assert await customer.sees(1) == [said]


async def test_a_card_is_a_text_and_its_chart_an_uploaded_picture(customer):
    card = Card(
        "月供试算",
        (Row("每月还款", "5388.54 元"),),
        (),
        Chart("lines", "每年还款", ("第1年", "第2年"), {"本金": ("1.00", "2.00")}),
    )
    buttons = QuickReplies((Option("还款计划", "/plan"),))
    customer.service.dialogue.script = {"月供": TurnAnswer((card, buttons))}
    await customer.say("月供")
    await customer.platform.until(lambda: len(customer.platform.sent) >= 3, 60)
    text, photo, choose = customer.platform.sent
    assert (text.method, text.text) == ("sendMessage", "月供试算\n每月还款：5388.54 元")
    assert (photo.method, photo.text, photo.file[:4]) == ("sendPhoto", "每年还款", b"\x89PNG")
    assert [title for title, _ in choose.buttons] == ["还款计划"]


async def test_a_picture_that_telegram_will_not_show_goes_as_a_document(customer):
    customer.platform.bad_photos = True
    card = Card("试算", (), (), Chart("lines", "图", ("1", "2"), {"本金": ("1.00", "2.00")}))
    customer.service.dialogue.script = {"月供": TurnAnswer((card,))}
    await customer.say("月供")
    await customer.platform.until(lambda: len(customer.platform.sent) >= 2, 60)
    assert (customer.platform.sent[1].method, customer.platform.sent[1].file[:4]) == (
        "sendDocument",
        b"\x89PNG",
    )


async def test_what_telegram_cannot_fetch_is_told_as_an_address(customer):
    parts = (Image("https://bank.example/a.png", "流程图"), File("/papers/unknown", "计划.pdf", 9))
    customer.service.dialogue.script = {"图": TurnAnswer(parts)}
    await customer.say("图")
    assert await customer.sees(2) == [
        "流程图\nhttps://bank.example/a.png",
        "计划.pdf\nhttps://chat.bank.example/papers/unknown",
    ]


async def test_a_flood_limit_is_waited_for(customer):
    customer.platform.faults["sendMessage"] = [Refusal(429, "Too Many Requests: retry after 3", 3)]
    await customer.say("你好")
    await customer.platform.until(lambda: customer.platform.called("sendMessage"))
    await asyncio.sleep(1.5)
    assert customer.shown() == []
    assert await customer.sees(1) == ["「你好」"]


async def test_a_chat_gets_one_message_a_second_and_another_does_not_wait_for_it(customer):
    customer.service.dialogue.script = {"三": TurnAnswer(tuple(TextPart(f"{n}") for n in range(3)))}
    began = asyncio.get_running_loop().time()
    await customer.say("三")
    assert await customer.sees(3) == ["0", "1", "2"]
    assert asyncio.get_running_loop().time() - began >= 2


async def test_a_customer_who_blocked_the_bot_is_not_tried_again(customer):
    customer.platform.blocked.add(customer.chat_id)
    await customer.say("你好")
    async with asyncio.timeout(20):
        while [state for state, _ in await outbox(customer)] != ["failed"]:
            await asyncio.sleep(0.05)
    assert (await outbox(customer))[0][1] == "Forbidden: bot was blocked by the user"
    assert len(customer.platform.called("sendMessage")) == 1


async def test_a_server_error_is_tried_again_and_nothing_is_said_twice(customer):
    customer.service.dialogue.script = {"二": TurnAnswer((TextPart("甲"), TextPart("乙")))}
    customer.platform.faults["sendMessage"] = [None, Refusal(502, "Bad Gateway"), Refusal(500, "Oops")]
    await customer.say("二")
    assert await customer.sees(2) == ["甲", "乙"]


@pytest.mark.parametrize("fault", ["drop", "swallow"])
async def test_an_answer_that_was_lost_is_repeated_once_and_says_so(customer, fault):
    customer.service.dialogue.script = {"二": TurnAnswer((TextPart("甲"), TextPart("乙")))}
    customer.platform.faults["sendMessage"] = [fault]
    await customer.say("二")
    assert await customer.sees(3, 40) == ["甲", f"{MARK}\n甲", "乙"]
    assert customer.platform.called("getMe")


async def test_a_piece_in_doubt_twice_is_left_at_that_and_the_next_goes_on(customer):
    customer.service.dialogue.script = {"二": TurnAnswer((TextPart("甲"), TextPart("乙")))}
    customer.platform.faults["sendMessage"] = ["drop", "drop"]
    await customer.say("二")
    assert await customer.sees(3, 40) == ["甲", f"{MARK}\n甲", "乙"]


async def write_on(customer, texts: str) -> None:
    """Each a turn of its own."""
    for text in texts:
        asked = len(customer.service.dialogue.asked)
        await customer.say(text)
        await customer.platform.until(lambda before=asked: len(customer.service.dialogue.asked) > before)


async def test_a_platform_that_fails_for_an_hour_loses_nothing(customer):
    """All arrive, once, in order, and before what is said later."""
    customer.platform.faults["sendMessage"] = [Refusal(502, "Bad Gateway")] * ALWAYS
    await write_on(customer, "甲乙丙丁")
    await time_passes(customer, lambda: customer.clock.ahead.total_seconds() >= 3600, step=200)
    assert customer.shown() == []
    customer.platform.faults["sendMessage"] = []
    await time_passes(customer, lambda: len(customer.shown()) >= 4, step=60)
    await asyncio.sleep(2)
    assert customer.shown()[:4] == ["「甲」", "「乙」", "「丙」", "「丁」"]
    assert [text for text in customer.shown()[4:] if text.startswith("「")] == []


async def test_a_platform_that_is_gone_for_an_hour_loses_nothing(tmp_path):
    """Nobody listens at its address; what the customer wrote meanwhile comes late and twice, as Telegram repeats."""
    server = TelegramServer()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server.listening())
        customer = await stack.enter_async_context(talking(tmp_path, server))
        customer.service.dialogue.delay_seconds = 0.5
        await write_on(customer, "甲")
        async with AsyncExitStack() as gone:
            gone.push_async_callback(server.come_back)
            await server.go_away()
            await write_on(customer, "乙")
            await time_passes(customer, lambda: customer.clock.ahead.total_seconds() >= 3600, step=200)
        late = [customer.update(text=text) for text in "丙丁"]
        for update in (*late, *late):
            await server.deliver(update)
        await time_passes(customer, lambda: "丁" in "".join(customer.shown()), step=60)
        said = "".join(text for text in customer.shown() if text.startswith("「"))
    assert said in ("「甲」「乙」「丙\n丁」", "「甲」「乙」「丙」「丁」")


async def test_a_hanging_platform_does_not_keep_the_web_waiting(customer):
    customer.platform.faults["sendMessage"] = ["hang"] * 10
    for chat in range(5):
        customer.chat_id = 800 + chat
        await customer.say("你好")
    await customer.platform.until(lambda: len(customer.platform.called("sendMessage")) >= 5)
    answer = await customer.service.http.post("/channels/console", json={"text": "在吗"})
    assert answer.json()["replies"][0]["text"] == "「在吗」"
    async with asyncio.timeout(30):  # a message that hangs is left alone for fifty
        while "sent" not in [state for state, _ in await outbox(customer)]:
            await asyncio.sleep(0.05)
