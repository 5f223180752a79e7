"""Every kind of message and event is answered, or passed over on purpose."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import select

from bot.channels.wechat.store import ContactRow, NoticeRow
from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import ScriptedDialogue
from bot.messages import Handoff, TextPart
from tests.channels.wechat.conftest import LATE, PATIENCE, Thinking
from tests.channels.wechat.platform import fixture
from tests.servicing.test_content import picture

SAID = {
    "text": "「你好」",
    "voice_with_recognition": "「我想提前还款。」",
    "location": "「（位置）上海市黄浦区（31.2304，121.4737）」",
    "link": "「房贷新政\n看这里\nhttps://example.com/a?b=1&c=2」",
    "click": "「帮我算月供」",
}


async def test_what_was_said_is_answered(pair):
    assert {name: await pair.platform.send(name) for name in SAID} == SAID


async def test_what_cannot_be_read_is_asked_for_in_words_and_costs_no_turn(pair, words):
    for name in ("voice", "video", "unknown"):
        assert await pair.platform.send(name) == words.say("wechat.please_type")
    assert pair.live.dialogue.asked == []


async def test_a_sticker_that_the_platform_keeps_is_not_taken_for_words(pair, words):
    shown = await pair.platform.say("o_kate", "【收到不支持的消息类型，暂无法显示】")
    assert shown == words.say("wechat.please_type")


async def test_who_comes_is_welcomed_once(pair, words):
    """The same event asked about again gets the same answer."""
    for position, name in enumerate(("subscribe", "subscribe_scan", "scan"), start=1):
        xml = fixture(name, CreateTime=str(position))
        shown = [await pair.platform.tell(xml, is_new=False) for _ in range(3)]
        assert shown == [words.say("wechat.welcome")] * 3
        assert len(await pair.log()) == position


async def test_what_asks_nothing_is_passed_over(pair):
    for name in ("view", "location_event", "unknown_event", "template_finished"):
        assert await pair.platform.send(name) == ""
    assert await pair.conversations() == 0


async def test_a_menu_button_may_press_what_was_never_offered(pair, words):
    """One of an older menu, which phones keep for a day, is refused in words."""
    assert await pair.platform.send("click", EventKey="human") == "「/human_agent」"
    refused = words.say("refused.payload_not_offered")
    assert await pair.platform.send("click", EventKey="made_up") == refused
    assert [request.payload for request in pair.live.dialogue.asked] == ["/human_agent"]


async def test_after_unsubscribing_nothing_is_sent_any_more(pair_up):
    pair = await pair_up(thinking := Thinking(), **LATE)
    assert await pair.platform.say("o_kate", "你好") == ""
    assert await pair.platform.send("unsubscribe") == ""
    thinking.may_answer.set()
    async with asyncio.timeout(PATIENCE):
        while await pair.states() in ([], ["queued"]):
            await asyncio.sleep(0.05)
    assert await pair.states() == ["failed"]
    assert pair.platform.screens["o_kate"] == []
    assert not await contacts(pair).is_subscribed("o_kate")
    await pair.platform.send("subscribe")
    assert await contacts(pair).is_subscribed("o_kate")


def contacts(pair):
    from bot.channels.wechat.contacts import Contacts

    return Contacts(pair.live.sessions, pair.live.settings.clock)


async def test_a_picture_becomes_a_document_of_the_conversation(pair, words):
    pair.platform.media["picture-1"] = picture()
    await pair.platform.send("image")
    async with asyncio.timeout(2 * PATIENCE):
        while not pair.live.dialogue.asked:
            await asyncio.sleep(0.05)
    assert (pair.live.dialogue.asked[0].payload or "").startswith("/document_sent")
    await pair.settled()
    assert pair.platform.screens["o_kate"][0].startswith(words.say("documents.looking"))


async def test_a_picture_that_cannot_be_had_now_is_got_later(pair):
    pair.platform.media["picture-1"] = picture()
    pair.platform.is_down = True
    assert await pair.platform.send("image") == ""
    assert await pair.log() == []
    pair.platform.is_down = False
    async with asyncio.timeout(2 * PATIENCE):
        while not pair.live.dialogue.asked:
            await asyncio.sleep(0.05)
    assert [sender for sender, _ in await pair.log()][:2] == ["customer", "bot"]


@pytest.mark.parametrize(
    ("content", "phrase"), [(None, "wechat.picture_lost"), (b"GIF89a...", "refused.file_type_unknown")]
)
async def test_a_picture_that_is_none_is_asked_for_again(pair, words, content, phrase):
    if content is not None:
        pair.platform.media["picture-1"] = content
    assert await pair.platform.send("image") == words.say(phrase)
    assert pair.live.dialogue.asked == []


async def test_accounts_without_the_api_take_no_pictures(pair_up, words):
    pair = await pair_up(wechat_has_customer_api=False)
    assert await pair.platform.send("image") == words.say("wechat.no_pictures")
    assert pair.platform.calls == []


async def test_an_agent_sees_that_something_unreadable_came(pair_up):
    person = Handoff("asked", "before_loan", "想找人")
    pair = await pair_up(ScriptedDialogue({"转人工": TurnAnswer((TextPart("这就转接"), person))}))
    await pair.platform.say("o_kate", "转人工")
    await pair.platform.send("voice")
    assert ("customer", "（语音）") in await pair.log()


async def test_what_became_of_a_notice_is_kept(pair):
    now = pair.live.settings.clock.now()
    async with pair.live.sessions.begin() as session:
        session.add(
            NoticeRow(
                id="n1",
                open_id="o_kate",
                template="progress",
                platform_id="7000000001",
                state="accepted",
                at=now,
            )
        )
    await pair.platform.send("template_finished")
    async with pair.live.sessions() as session:
        row = await session.get_one(NoticeRow, "n1")
        assert (row.state, row.error) == ("arrived", None)
        assert list(await session.scalars(select(ContactRow))) == []


async def test_an_account_without_the_api_has_no_such_page(pair_up):
    pair = await pair_up(wechat_has_customer_api=False)
    assert await pair.platform.say("o_kate", "绑定") == "「绑定」"
    async with httpx.AsyncClient(base_url=pair.live.url) as http:
        assert (await http.get("/channels/wechat/bind")).status_code == 404
