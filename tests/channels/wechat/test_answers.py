"""Five seconds and three tries: every answer is shown once, in the platform's request or after it."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.channels.wechat.limits import PLATFORM_SECONDS
from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import ScriptedDialogue
from bot.handoff.model import Role
from bot.messages import Card, Chart, File, Handoff, Image, Option, QuickReplies, Row, TextPart
from bot.settings import Settings
from tests.channels.wechat.conftest import LATE, PATIENCE, QUICK, Thinking
from tests.channels.wechat.platform import OUTAGE, fixture

PATH = "/cgi-bin/message/custom/send"


@pytest.mark.parametrize("mode", ["plain", "compatible", "encrypted"])
async def test_an_answer_in_time_is_the_passive_reply(pair_up, mode):
    pair = await pair_up(mode=mode)
    assert await pair.platform.say("o_kate", "你好") == "「你好」"
    await pair.settled()
    assert pair.platform.screens["o_kate"] == ["「你好」"]
    assert pair.platform.sent(PATH) == []
    assert await pair.states() == ["sent"]
    assert [attempt for _, attempt in pair.platform.asked] == [1]


async def test_an_answer_after_a_while_is_in_time_as_long_as_the_platform_waits(pair_up):
    pair = await pair_up(ScriptedDialogue(delay_seconds=1.0))
    assert await pair.platform.say("o_kate", "你好") == "「你好」"
    assert [attempt for _, attempt in pair.platform.asked] == [1]
    held = Settings.model_fields["wechat_hold_seconds"].default
    assert 4.0 <= held <= PLATFORM_SECONDS - 0.5


async def test_a_slow_answer_comes_by_the_message_api_and_the_platform_does_not_ask_again(pair_up):
    pair = await pair_up(thinking := Thinking(), **LATE)
    assert await pair.platform.say("o_kate", "你好") == ""
    thinking.may_answer.set()
    assert await pair.screen("o_kate", 1) == ["「你好」"]
    assert len(pair.platform.asked) == 1
    assert len(pair.live.dialogue.asked) == 1


async def test_without_the_api_the_platform_asks_again_and_gets_the_answer_of_the_one_turn(pair_up):
    pair = await pair_up(thinking := Thinking(), **QUICK, wechat_has_customer_api=False)
    said = asyncio.create_task(pair.platform.say("o_kate", "你好"))
    await pair.until(lambda: len(pair.platform.asked) == 2)
    thinking.may_answer.set()
    assert await said == "「你好」"
    assert [attempt for _, attempt in pair.platform.asked][:2] == [1, 2]
    assert pair.platform.screens["o_kate"] == ["「你好」"]
    assert len(pair.live.dialogue.asked) == 1
    assert await pair.log() == [("customer", "你好"), ("bot", "「你好」")]
    assert pair.platform.calls == []


async def test_without_the_api_an_answer_after_the_last_try_comes_with_the_next_message(pair_up, words):
    pair = await pair_up(thinking := Thinking(), **QUICK, wechat_has_customer_api=False)
    assert await pair.platform.say("o_kate", "能贷多少") == words.say("wechat.still_thinking")
    assert [attempt for _, attempt in pair.platform.asked] == [1, 2, 3]
    thinking.may_answer.set()
    async with asyncio.timeout(PATIENCE):
        while len(await pair.log()) < 2:
            await asyncio.sleep(0.05)
    late = words.say("wechat.late_answer", asked="能贷多少")
    assert await pair.platform.say("o_kate", "好了吗") == f"{late}\n「能贷多少」\n\n「好了吗」"
    await pair.settled()
    assert len(pair.platform.screens["o_kate"]) == 2
    assert OUTAGE not in pair.platform.screens["o_kate"]


async def test_a_message_asked_about_again_makes_no_second_turn_and_gets_the_same_words(pair):
    """The platform asks again when our answer did not arrive; it shows one answer to a message."""
    xml = fixture("text", Content="你好")
    first = await pair.platform.tell(xml, is_new=False)
    assert [await pair.platform.tell(xml, is_new=False) for _ in range(2)] == [first, first]
    assert first == "「你好」"
    assert len(pair.live.dialogue.asked) == 1
    assert await pair.log() == [("customer", "你好"), ("bot", "「你好」")]


async def test_a_platform_that_hung_up_gets_the_answer_otherwise(pair_up):
    """The connection breaks while the bot is thinking: the queue still has the answer."""
    pair = await pair_up(thinking := Thinking())
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        asking = asyncio.create_task(http.post(**pair.platform.request(fixture("text", Content="你好"))))
        await pair.until(lambda: pair.live.dialogue.asked)
        asking.cancel()
        await asyncio.wait([asking])
    await asyncio.sleep(0.2)  # one round of this loop, in which the service hears of it
    thinking.may_answer.set()
    assert await pair.screen("o_kate", 1) == ["「你好」"]
    await pair.settled()
    assert await pair.states() == ["sent"]


async def test_messages_at_once_are_answered_once_each(pair, words):
    await asyncio.gather(*(pair.platform.say("o_kate", text) for text in ("一", "二", "三")))
    await pair.settled()
    shown = "\n".join(pair.platform.screens["o_kate"])
    for text in ("一", "二", "三"):  # one that was answered after the next had come names its question
        shown = shown.replace(words.say("wechat.late_answer", asked=text), "")
    assert [shown.count(text) for text in ("一", "二", "三")] == [1, 1, 1]


async def test_parts_are_joined_in_one_text_and_the_rest_follows(pair_up):
    """2,048 bytes hold the first two; the third, and what comes after it, go by the API in order."""
    long = "还款说明。" * 50  # 750 bytes
    answer = TurnAnswer((TextPart(f"1{long}"), TextPart(f"2{long}"), TextPart(f"3{long}"), TextPart("完")))
    pair = await pair_up(ScriptedDialogue({"说说": answer}))
    assert await pair.platform.say("o_kate", "说说") == f"1{long}\n\n2{long}"
    assert await pair.screen("o_kate", 2) == [f"1{long}\n\n2{long}", f"3{long}\n\n完"]
    await pair.settled()
    assert await pair.states() == ["sent"]


async def test_without_the_api_the_rest_waits_for_the_next_message(pair_up, words):
    long = "还款说明。" * 100  # 1,500 bytes
    answer = TurnAnswer((TextPart(f"1{long}"), TextPart(f"2{long}")))
    pair = await pair_up(ScriptedDialogue({"说说": answer}), wechat_has_customer_api=False)
    assert await pair.platform.say("o_kate", "说说") == f"1{long}"
    assert await pair.platform.say("o_kate", "然后") == f"2{long}\n\n「然后」"
    assert await pair.states() == ["sent", "sent"]


async def test_a_chart_is_uploaded_and_a_file_is_an_address(pair_up):
    chart = Chart("lines", "剩余本金", ("1", "2"), {"等额本息": ("2.00", "1.00")})
    card = Card("月供", (Row("月供", "4,546.45元"),), chart=chart)
    parts = (card, File("/papers/x", "还款计划.pdf", 10), Image("https://elsewhere.example/a.png", "地图"))
    pair = await pair_up(ScriptedDialogue({"算": TurnAnswer(parts)}))
    assert await pair.platform.say("o_kate", "算") == "月供\n月供：4,546.45元"
    screen = await pair.screen("o_kate", 4)
    assert screen[1:] == [
        "[media-0]",
        "还款计划.pdf\nhttps://chat.bank.example/papers/x",
        "地图\nhttps://elsewhere.example/a.png",
    ]
    assert pair.platform.uploaded["media-0"].startswith(b"\x89PNG")


async def test_a_typed_number_presses_the_button_of_the_list(pair_up):
    buttons = QuickReplies((Option("等额本息", "/a"), Option("等额本金", "/b")), prompt="选一种")
    script = {"算月供": TurnAnswer((buttons,)), "/b": TurnAnswer((TextPart("按了第二个"),))}
    pair = await pair_up(ScriptedDialogue(script))
    assert "2. 等额本金" in await pair.platform.say("o_kate", "算月供")
    assert await pair.platform.say("o_kate", "２、") == "按了第二个"
    assert await pair.platform.say("o_kate", "2") == "「2」"  # the list is no longer the last that was shown
    await pair.platform.say("o_kate", "算月供")
    assert await pair.platform.say("o_kate", "3") == "「3」"


async def test_an_agent_writes_by_the_api_and_the_bot_stays_silent(pair_up):
    person = Handoff("asked", "before_loan", "想找人")
    pair = await pair_up(ScriptedDialogue({"转人工": TurnAnswer((TextPart("这就转接"), person))}))
    await pair.live.agents.set_password("lin", "小林", Role.AGENT, "correct horse")
    assert (await pair.platform.say("o_kate", "转人工")).startswith("这就转接")
    assert await pair.platform.say("o_kate", "在吗") == ""
    assert [request.text for request in pair.live.dialogue.asked] == ["转人工"]


async def test_who_waits_for_a_person_can_still_leave_by_number_after_saying_something(pair_up, words):
    """Nobody answers in the queue, so the list stays the last that was shown."""
    person = Handoff("asked", "before_loan", "想找人")
    pair = await pair_up(ScriptedDialogue({"转人工": TurnAnswer((TextPart("这就转接"), person))}))
    assert f"1. {words.say('conversation.leave_queue')}" in await pair.platform.say("o_kate", "转人工")
    assert await pair.platform.say("o_kate", "在吗") == ""
    assert await pair.platform.say("o_kate", "1") != ""
    assert await pair.platform.say("o_kate", "你好") == "「你好」"
