"""The web channel as a browser meets it: sessions, live messages, and resuming without loss or repetition."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import socketio
from sqlalchemy import select

from bot.channels.web.sessions import WebSessions
from bot.conversation.reach import Manner, Reach
from bot.conversation.store import ConversationRow
from bot.dialogue.ports import TurnAnswer
from bot.messages import Handoff

WAIT = 30


class Browser:
    """A chat page without the page."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.messages: list[dict] = []
        self.modes: list[dict] = []
        self.history: asyncio.Future[dict] = asyncio.get_running_loop().create_future()
        self.client.on("message", self.messages.append, namespace="/chat")
        self.client.on("mode", self.modes.append, namespace="/chat")
        self.client.on("history", self.history.set_result, namespace="/chat")

    async def send(self, **what) -> dict:
        return await self.client.call("send", what, namespace="/chat", timeout=WAIT)

    async def until(self, count: int) -> list[dict]:
        async with asyncio.timeout(WAIT):
            while len(self.messages) < count:
                await asyncio.sleep(0.01)
        return self.messages


@asynccontextmanager
async def browser(live, token: str, since: int = 0) -> AsyncIterator[Browser]:
    page = Browser()
    await page.client.connect(
        live.url, namespaces=["/chat"], auth={"token": token, "since": since}, wait_timeout=WAIT
    )
    try:
        await asyncio.wait_for(asyncio.shield(page.history), WAIT)
        yield page
    finally:
        await page.client.disconnect()


@pytest.fixture
async def token(live) -> str:
    return (await live.http.post("/channels/web/session")).json()["token"]


async def test_a_question_comes_back_answered(live, token):
    async with browser(live, token) as page:
        assert await page.send(client_id="a", text="你好") == {"ok": True, "seq": 1}
        customer, bot = await page.until(2)
    assert (customer["sender"], customer["client_id"]) == ("customer", "a")
    assert (bot["sender"], bot["seq"], bot["parts"][0]["text"]) == ("bot", 2, "「你好」")


async def test_whoever_was_away_gets_exactly_what_was_missed(live, token):
    async with browser(live, token) as page:
        await page.send(client_id="a", text="一")
        await page.until(2)
        await page.send(client_id="b", text="二")
    await asyncio.sleep(0.3)  # the answer comes while nobody is there
    async with browser(live, token, since=2) as page:
        missed = (await page.history)["messages"]
        assert [message["seq"] for message in missed] == [3, 4]
        asked = await page.client.call("since", {"since": 3}, namespace="/chat", timeout=WAIT)
    assert [message["seq"] for message in asked["messages"]] == [4]
    async with browser(live, token) as page:
        everything = (await page.history)["messages"]
    assert [message["seq"] for message in everything] == [1, 2, 3, 4]


async def test_a_message_sent_again_after_a_lost_acknowledgement_is_stored_once(live, token):
    async with browser(live, token) as page:
        first = await page.send(client_id="a", text="你好")
        again = await page.send(client_id="a", text="你好")
        await page.until(2)
    assert first == again


async def test_a_second_tab_sees_the_same_conversation(live, token):
    async with browser(live, token) as one, browser(live, token) as other:
        await one.send(client_id="a", text="你好")
        await other.until(2)
    assert [message["sender"] for message in other.messages] == ["customer", "bot"]


async def test_another_customer_sees_nothing_of_it(live, token):
    stranger_token = (await live.http.post("/channels/web/session")).json()["token"]
    async with browser(live, token) as page, browser(live, stranger_token) as stranger:
        await page.send(client_id="a", text="我的秘密")
        await page.until(2)
        assert stranger.messages == []
        assert (await stranger.history)["messages"] == []


async def test_a_thumb_is_kept_and_nonsense_is_not(live, token):
    async with browser(live, token) as page:
        await page.send(client_id="a", text="你好")
        await page.until(2)
        given = await page.client.call(
            "opinion", {"seq": 2, "is_helpful": False}, namespace="/chat", timeout=WAIT
        )
        assert given == {"ok": True}
        nonsense = (
            {"seq": 2**70, "is_helpful": True},
            {"seq": True, "is_helpful": True},
            {"seq": 2},
            [],
            None,
        )
        for bad, code in [({"seq": 1, "is_helpful": True}, "message_not_found")] + [
            (bad, "malformed") for bad in nonsense
        ]:
            refused = await page.client.call("opinion", bad, namespace="/chat", timeout=WAIT)
            assert refused["error"]["code"] == code
    async with browser(live, token) as page:
        assert (await page.history)["opinions"] == {"2": False}


async def test_whether_anybody_watches_is_known(live, token):
    """A notice to a page that nobody has open is told on another channel as well."""
    web = live.channels["web"]
    async with browser(live, token) as page:
        await page.send(client_id="1", text="你好")
        async with live.sessions() as session:
            conversation = await session.scalar(select(ConversationRow))
        assert await web.reach(conversation.external_id, "") == Reach(Manner.MESSAGE)
    async with asyncio.timeout(30):
        while (await web.reach(conversation.external_id, "")).is_watched:
            await asyncio.sleep(0.05)


async def test_the_queue_shows_in_the_mode(live, token):
    live.dialogue.script = {"/human_agent": TurnAnswer((Handoff("asked", "before_loan", "要人工"),))}
    async with browser(live, token) as page:
        await page.send(client_id="a", payload="/human_agent", title="转人工")
        await page.until(2)
        async with asyncio.timeout(WAIT):
            while not page.modes:
                await asyncio.sleep(0.01)
    assert page.modes == [{"mode": "queued", "agent_name": None, "ahead": 0}]


@pytest.mark.parametrize("bad", ["", "x.y.z", None, 7, {"a": 1}])
async def test_a_token_that_is_not_ours_opens_nothing(live, bad):
    page = Browser()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await page.client.connect(live.url, namespaces=["/chat"], auth={"token": bad}, wait_timeout=WAIT)


async def test_a_token_signed_with_another_key_opens_nothing(live):
    forged = WebSessions("another secret").issue("c_1")
    page = Browser()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await page.client.connect(live.url, namespaces=["/chat"], auth={"token": forged}, wait_timeout=WAIT)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"client_id": "a", "text": ""}, "empty"),
        ({"client_id": "a", "text": "长" * 4001}, "too_long"),
        ({"client_id": "a", "payload": "/restart", "title": "x"}, "payload_not_offered"),
        ({"client_id": "", "text": "你好"}, "malformed"),
        ({"text": "你好"}, "malformed"),
        ({"client_id": "a", "text": 5}, "malformed"),
        ({"client_id": "a" * 65, "text": "你好"}, "malformed"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_words_for_the_customer(live, token, what, code):
    async with browser(live, token) as page:
        answer = await page.send(**what)
    assert (answer["ok"], answer["error"]["code"]) == (False, code)
    assert answer["error"]["message"]
