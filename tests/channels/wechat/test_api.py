"""Calls to the platform: one token for all, its errors, its windows, and its bad hours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

import bot.tables  # noqa: F401
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.contents import Contents
from bot.channels.wechat.door import Door, Mode
from bot.channels.wechat.errors import ApiRefused, ApiThrottled, ApiUnavailable, SetupError, WindowClosed
from bot.channels.wechat.incoming import Action, MenuPressed, Words
from bot.channels.wechat.menu import Entry, Menu
from bot.channels.wechat.notices import Kind, NoticeNotSent, Notices, Template, load_templates
from bot.channels.wechat.rendering import Rendering
from bot.channels.wechat.store import NoticeRow
from bot.channels.wechat.wiring import MENU, TEMPLATES
from bot.conversation.model import Sender
from bot.conversation.outbox import Outbox
from bot.conversation.store import Log, OutboxRow
from bot.messages import TextPart, part_to_wire
from bot.papers import PaperLinks
from bot.servicing.file_links import FileLinks
from bot.store.vault import Vault
from tests.channels.wechat.platform import AES_KEY, APP_ID, SECRET, Platform, serving
from tests.channels.wechat.platform import TOKEN as PLATFORM_TOKEN

SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/stable_token"


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with serving(Platform()) as platform:
        yield platform


@asynccontextmanager
async def calling(platform, sessions, clock) -> AsyncIterator[WechatApi]:
    """The API as one replica has it."""
    async with httpx.AsyncClient(base_url=platform.url, timeout=5) as http:
        yield WechatApi(http, APP_ID, SECRET, sessions, clock, Vault("secret"))


@pytest.fixture
async def api(platform, sessions, clock) -> AsyncIterator[WechatApi]:
    async with calling(platform, sessions, clock) as api:
        yield api


async def test_replicas_share_one_token_and_one_of_them_gets_it(platform, sessions, clock):
    async with calling(platform, sessions, clock) as one, calling(platform, sessions, clock) as other:
        calls = [api.send_text("o_kate", str(n)) for n in range(5) for api in (one, other)]
        await asyncio.gather(*calls)
    assert len(platform.sent(TOKEN)) == 1
    assert len(platform.screens["o_kate"]) == 10


async def test_a_token_is_renewed_five_minutes_before_its_end(platform, api, clock):
    await api.send_text("o_kate", "一")
    clock.advance(seconds=7200 - 301)
    await api.send_text("o_kate", "二")
    assert len(platform.sent(TOKEN)) == 1
    clock.advance(seconds=2)
    await api.send_text("o_kate", "三")
    assert len(platform.sent(TOKEN)) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_and_the_call_made_once_more(platform, api, code):
    await api.send_text("o_kate", "一")
    platform.expire()
    platform.errors[SEND] = [code]
    await api.send_text("o_kate", "二")
    assert platform.screens["o_kate"] == ["一", "二"]
    assert len(platform.sent(SEND)) == 3


async def test_a_token_that_the_platform_holds_good_and_refuses_is_changed_by_force_but_not_all_the_time(
    platform, api, clock
):
    platform.errors[SEND] = [40001]
    await api.send_text("o_kate", "一")
    assert [body["force_refresh"] for body in platform.sent(TOKEN)] == [False, False, True]
    platform.errors[SEND] = [40001, 40001]
    with pytest.raises(ApiUnavailable):
        await api.send_text("o_kate", "二")
    assert sum(body["force_refresh"] for body in platform.sent(TOKEN)) == 1  # not within thirty seconds
    clock.advance(seconds=31)
    platform.errors[SEND] = [40001]
    await api.send_text("o_kate", "三")
    assert sum(body["force_refresh"] for body in platform.sent(TOKEN)) == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (-1, ApiUnavailable),
        (45009, ApiThrottled),
        (45011, ApiThrottled),
        (45015, WindowClosed),
        (45047, WindowClosed),
        (48001, WindowClosed),
        (40003, ApiRefused),
        (43004, ApiRefused),
    ],
)
async def test_each_error_of_the_platform_is_one_of_ours(platform, api, code, error):
    platform.errors[SEND] = [code]
    with pytest.raises(error) as caught:
        await api.send_text("o_kate", "一")
    assert caught.value.code == code


class Queue:
    """An outbox that delivers to the platform, without the rest of the service."""

    def __init__(self, api, sessions, clock, words) -> None:
        papers = PaperLinks("secret", words)
        rendering = Rendering(
            sessions, words, papers, FileLinks("secret"), None, base_url="https://x.example", has_api=True
        )
        self.contacts = Contacts(sessions, clock)
        door, contents = Door(APP_ID, PLATFORM_TOKEN, AES_KEY, Mode.PLAIN), Contents(Menu(()), words)
        channel = WechatChannel(door, contents, api, self.contacts, rendering, clock)
        self.outbox = Outbox(sessions, clock, {"wechat": channel})
        self._sessions, self._clock = sessions, clock

    async def put(self, *texts: str, customer: str = "o_kate") -> None:
        for text in texts:
            async with self._sessions.begin() as session:
                log = Log(session)
                conversation = await log.open("wechat", customer, self._clock.now())
                part = part_to_wire(TextPart(text))
                await log.append(conversation, Sender.BOT, (part,), at=self._clock.now())

    async def heard(self, content, customer: str = "o_kate") -> None:
        async with self._sessions.begin() as session:
            await self.contacts.heard_from(session, customer, content)

    async def deliver(self) -> None:
        while await self.outbox.deliver_due():
            pass

    async def errors(self) -> list[str | None]:
        async with self._sessions() as session:
            return list(await session.scalars(select(OutboxRow.last_error).order_by(OutboxRow.seq)))


@pytest.fixture
def queue(api, sessions, clock, words) -> Queue:
    return Queue(api, sessions, clock, words)


async def test_a_platform_that_is_down_for_an_hour_loses_nothing_and_repeats_nothing(platform, queue, clock):
    await queue.heard(Words("在吗"))
    platform.is_down = True
    texts = ["一", "二", "三"]
    for text in texts:
        await queue.put(text)
        await queue.put(text, customer="o_lin")
    for _ in range(60):
        await queue.deliver()
        clock.advance(minutes=1)
    assert platform.screens == {}
    platform.is_down = False
    clock.advance(minutes=5)
    await queue.deliver()
    assert platform.screens == {"o_kate": texts, "o_lin": texts}


async def test_after_five_messages_the_sixth_waits_until_the_customer_writes(platform, queue):
    """The platform lets five through in 48 hours (June 2023); answers in its own request cost none."""
    await queue.heard(Words("在吗"))
    await queue.put(*"123456")
    await queue.deliver()
    assert platform.screens["o_kate"] == list("12345")
    assert await queue.contacts.left("o_kate") == 0
    assert len(platform.sent(SEND)) == 5  # the sixth was not even tried


async def test_the_window_ends_after_48_hours_and_that_of_a_menu_after_a_minute(queue, clock):
    await queue.heard(Words("在吗"))
    await queue.heard(MenuPressed("progress"))
    assert await queue.contacts.left("o_kate") == 8
    clock.advance(seconds=61)
    assert await queue.contacts.left("o_kate") == 5
    clock.advance(hours=48)
    assert await queue.contacts.left("o_kate") == 0
    await queue.heard(Action.SUBSCRIBED)
    assert await queue.contacts.left("o_kate") == 3
    assert await queue.contacts.left("o_nobody") is None


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_closed_window_keeps_the_message_and_is_no_failed_try(platform, queue, clock, code):
    await queue.heard(Words("在吗"))
    await queue.put("一")
    platform.errors[SEND] = [code]
    await queue.deliver()
    clock.advance(hours=12)
    await queue.deliver()
    assert (platform.screens, len(platform.sent(SEND))) == ({}, 1)
    await queue.heard(Words("在吗"))
    clock.advance(hours=12)
    await queue.deliver()
    assert platform.screens["o_kate"] == ["一"]


@pytest.mark.parametrize(("code", "wait"), [(45009, timedelta(minutes=30)), (45011, timedelta(minutes=1))])
async def test_too_many_calls_are_waited_out(platform, queue, clock, code, wait):
    await queue.put("一")
    platform.errors[SEND] = [code]
    await queue.deliver()
    clock.at += wait - timedelta(seconds=1)
    await queue.deliver()
    assert len(platform.sent(SEND)) == 1
    clock.advance(seconds=1)
    await queue.deliver()
    assert platform.screens["o_kate"] == ["一"]


async def test_a_refused_message_lets_the_next_through(platform, queue):
    await queue.put("一", "二")
    platform.errors[SEND] = [40003]
    await queue.deliver()
    assert platform.screens["o_kate"] == ["二"]
    assert (await queue.errors())[0] == "40003 as told by the test"


async def test_a_long_message_that_failed_half_way_goes_on_where_it_stopped(platform, queue, clock):
    await queue.put("甲" * 600 + "。" + "乙" * 600 + "。" + "丙" * 600)
    platform.errors[SEND] = []
    await queue.heard(Words("在吗"))
    platform.errors[SEND] = [0, -1]
    await queue.deliver()
    clock.advance(seconds=2)
    await queue.deliver()
    assert [text[0] for text in platform.screens["o_kate"]] == [
        "乙",
        "丙",
    ]  # the first was "sent" by the test


async def test_a_template_message_is_recorded_with_what_became_of_it(platform, api, queue, sessions, clock):
    template = Template("progress", "T1", Kind.TEMPLATE, {"thing1": "subject"}, longest=5)
    notices = Notices(api, queue.contacts, sessions, clock, {"progress": template})
    await notices.send("o_kate", "progress", {"subject": "申请FX2026110001"}, url="https://x.example")
    assert platform.sent("/cgi-bin/message/template/send") == [
        {
            "touser": "o_kate",
            "template_id": "T1",
            "data": {"thing1": {"value": "申请FX…"}},
            "url": "https://x.example",
        }
    ]
    platform.errors["/cgi-bin/message/template/send"] = [43101]
    with pytest.raises(NoticeNotSent):
        await notices.send("o_kate", "progress", {"subject": "一"})
    await queue.heard(Action.UNSUBSCRIBED)
    for name in ("progress", "unheard_of"):
        with pytest.raises(NoticeNotSent):
            await notices.send("o_kate", name, {"subject": "一"})
    async with sessions() as session:
        rows = await session.scalars(select(NoticeRow).order_by(NoticeRow.state))
        assert [(row.state, row.platform_id) for row in rows] == [
            ("accepted", "7000000001"),
            ("failed", None),
        ]


async def test_the_menu_of_the_file_is_one_that_the_platform_takes(platform, api):
    menu = Menu.load(MENU)
    await api.make_menu(menu.wire())
    assert [button["name"] for button in platform.menus[0]["button"]] == ["我的贷款", "算一算", "转人工"]
    assert load_templates(TEMPLATES) == {}  # ids are the account's own


@pytest.mark.parametrize(
    "entries",
    [
        [Entry("一二三四五六", key="a", say="x")],
        [Entry("一", say="x")],
        [Entry("一", key="a", say="x"), Entry("二", key="a", say="y")],
        [Entry("一", key="a", say="x", url="https://x.example")],
        [Entry("一")],
        [Entry(str(n), key=str(n), say="x") for n in range(4)],
    ],
)
def test_a_menu_that_the_platform_would_not_take_is_refused_here(entries):
    with pytest.raises(SetupError):
        Menu(entries)
