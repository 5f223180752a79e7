"""Notices over the wire: the rules of WeChat and Telegram as their small platforms keep them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from bot.care.wiring import make_care
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import TelegramCalls
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.pace import Pace
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.contents import Contents
from bot.channels.wechat.door import Door, Mode
from bot.channels.wechat.incoming import Action, Words
from bot.channels.wechat.menu import Menu
from bot.channels.wechat.notices import Kind, Notices, Template
from bot.channels.wechat.rendering import Rendering
from bot.conversation.notify import Notifier
from bot.conversation.outbox import Outbox
from bot.papers import PaperLinks
from bot.servicing.file_links import FileLinks
from bot.store.vault import Vault
from tests.care.conftest import Bench, bench  # noqa: F401 - a fixture
from tests.channels.telegram.server import TOKEN, TelegramServer
from tests.channels.wechat.platform import AES_KEY, APP_ID, SECRET, Platform, serving
from tests.channels.wechat.platform import TOKEN as PLATFORM_TOKEN

#: What differs between databases is tested in ``tests/care``.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CHAT, OPEN_ID = 700100, "o_kate"
FORM = "/cgi-bin/message/template/send"
FIELDS = {"thing1": "subject", "thing2": "detail", "time3": "at"}


@dataclass
class Town:
    """The bench with both platforms at the other end; the customer used Telegram last."""

    bench: Bench
    wechat: Platform
    telegram: TelegramServer
    contacts: Contacts

    async def wrote(self, what: Words | Action = Words("在吗")) -> None:  # noqa: B008 - a value
        async with self.bench.sessions.begin() as session:
            await self.contacts.heard_from(session, OPEN_ID, what)

    def shown(self) -> list[str]:
        return self.wechat.screens[OPEN_ID]


@pytest.fixture
async def town(bench: Bench) -> AsyncIterator[Town]:  # noqa: F811
    sessions, clock, words = bench.sessions, bench.clock, bench.words
    async with (
        serving(Platform()) as platform,
        TelegramServer().listening() as server,
        httpx.AsyncClient(base_url=platform.url, timeout=20) as http,
    ):
        papers, links = PaperLinks("secret", words), FileLinks("secret")
        api, contacts = (
            WechatApi(http, APP_ID, SECRET, sessions, clock, Vault("secret")),
            Contacts(sessions, clock),
        )
        template = Template("reminder", "T1", Kind.TEMPLATE, FIELDS)
        notices = Notices(api, contacts, sessions, clock, {"reminder": template})
        rendering = Rendering(
            sessions, words, papers, links, None, base_url="https://x.example", has_api=True
        )
        calls = TelegramCalls(TOKEN, server.url, Pace())
        telegram = TelegramChannel("s", calls, Buttons(sessions), None, papers, sessions, clock, words)
        door, contents = Door(APP_ID, PLATFORM_TOKEN, AES_KEY, Mode.PLAIN), Contents(Menu(()), words)
        wechat = WechatChannel(door, contents, api, contacts, rendering, clock)
        channels = {"wechat": wechat, "telegram": telegram}
        bench.outbox, notifier = Outbox(sessions, clock, channels), Notifier()
        reachable = {"wechat": notices, "telegram": telegram}
        bench.work = make_care(sessions, clock, bench.policy, words, notifier, reachable, {"wechat": notices})
        await bench.bound("wechat", OPEN_ID, minutes_ago=30)
        await bench.asks_for_reminders(await bench.bound("telegram", str(CHAT)))
        yield Town(bench, platform, server, contacts)
        await calls.close()


async def test_telegram_shows_it_with_a_button_to_stop(town: Town) -> None:
    await town.bench.due()
    await town.bench.works(2)
    (sent,) = town.telegram.sent
    assert sent.text.startswith("提醒您一声：12月31日要还5388.54元")
    assert [title for title, _key in sent.buttons] == ["看看我的贷款", "不再提醒"]
    assert await town.bench.states() == [("told", None)]


async def test_whoever_blocked_the_bot_is_told_on_wechat_by_a_form(town: Town) -> None:
    """Nobody has written to the account, so its rules want one of its templates."""
    town.telegram.blocked.add(CHAT)
    await town.bench.due()
    await town.bench.works(3)
    (form,) = town.wechat.sent(FORM)
    assert (form["touser"], form["template_id"]) == (OPEN_ID, "T1")
    assert form["data"]["thing1"] == {"value": "还款日快到了"}
    assert await town.bench.attempts() == [("telegram", "message", "failed"), ("wechat", "template", "sent")]


async def test_within_the_customers_window_wechat_shows_the_message_itself(town: Town) -> None:
    town.telegram.blocked.add(CHAT)
    await town.wrote()
    await town.bench.due()
    await town.bench.works(3)
    assert town.wechat.sent(FORM) == []
    assert town.shown()[0].startswith("提醒您一声")
    assert any("2. 不再提醒" in text for text in town.shown())


async def test_a_window_that_the_platform_holds_shut_leaves_the_form(town: Town) -> None:
    """Our ledger was wrong: the message waits, and after the patience of the fact is called back."""
    town.telegram.blocked.add(CHAT)
    await town.wrote()
    town.wechat.errors["/cgi-bin/message/custom/send"] = [45015]
    await town.bench.due()
    await town.bench.works(3)
    town.bench.clock.advance(minutes=31)
    await town.bench.works(3)
    assert (town.shown(), len(town.wechat.sent(FORM))) == ([], 1)
    assert (await town.bench.attempts())[1:] == [
        ("wechat", "message", "failed"),
        ("wechat", "template", "sent"),
    ]


async def test_a_platform_that_is_down_for_an_hour_gets_the_form_once(town: Town) -> None:
    town.telegram.blocked.add(CHAT)
    town.wechat.is_down = True
    await town.bench.due()
    for _ in range(12):
        await town.bench.works(1)
        town.bench.clock.advance(minutes=5)
    town.wechat.is_down = False
    await town.bench.works(2)
    town.bench.clock.advance(hours=1)
    await town.bench.works(2)
    assert len(town.wechat.sent(FORM)) == 1
    assert await town.bench.states() == [("told", None)]


async def test_who_left_the_account_and_blocked_the_bot_is_out_of_reach(town: Town) -> None:
    town.telegram.blocked.add(CHAT)
    await town.wrote(Action.UNSUBSCRIBED)
    await town.bench.due()
    await town.bench.works(3)
    assert await town.bench.states() == [("untold", "no channel takes it")]
    assert ("wechat", "none", "barred") in await town.bench.attempts()
