"""The widget in a real browser: on a foreign page under a strict policy, and the chat page for everybody.

The service is the real one over the wire; only the bot is scripted, so that no model is needed.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import ScriptedDialogue
from bot.messages import Card, Chart, File, Handoff, Option, QuickReplies, Row, Stage, Stages, TextPart
from bot.settings import Settings
from tests.channels.test_signed_in import seed_bank
from tests.conftest import LiveService, started
from tests.e2e.axe import violations
from tests.e2e.bank_page import BankPage, bank_page
from tests.e2e.pages import LONG, ChatPage
from tests.servicing.test_signed_identity import KEY, token

pytestmark = pytest.mark.browser

SIDE = 32
PHONE = {"width": 375, "height": 667}
FIGURES = TurnAnswer(
    (
        TextPart("按您说的条件算好了。", "等额本息：每月还款额相同。"),
        Card(
            "月供试算",
            (Row("每月还款", "5,388.54 元", emphasis=True), Row("利息合计", "739,872.00 元")),
            ("年利率 3.5%，按月计息。",),
            Chart("stacked_area", "每年还多少", ("第1年", "第2年"), {"本金": ("23000.00", "24000.00")}),
        ),
        Stages(
            "办到哪一步",
            (Stage("受理", "done", ""), Stage("审批", "current", "约5天"), Stage("放款", "ahead", "")),
        ),
        File("/papers/schedule.xlsx", "还款计划.xlsx", 20480),
        QuickReplies((Option("改成20年", "/years"), Option("转人工", "/human_agent")), "还想看看什么？"),
    )
)
SCRIPT = {"算月供": FIGURES, "/human_agent": TurnAnswer((Handoff("asked", "before_loan", "要人工"),))}


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), "white").save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture(scope="module")
def bank() -> Iterator[BankPage]:
    with bank_page() as page:
        yield page


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, bank: BankPage) -> Iterator[LiveService]:
    """Started in a thread of its own: the browser's driver has the loop of this one."""
    settings = Settings(
        home=tmp_path_factory.mktemp("widget"),
        merge_window_seconds=0.05,
        database_url="",
        redis_url="",
        bank_identity_key=KEY,
        widget_sites=bank.url,
        _env_file=None,
    )
    ready: list[LiveService] = []
    is_up, is_over = threading.Event(), threading.Event()

    async def serve() -> None:
        await seed_bank(settings)
        async with started(settings, ScriptedDialogue(SCRIPT)) as live:
            ready.append(live)
            is_up.set()
            await asyncio.to_thread(is_over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert is_up.wait(60)
        bank.service = ready[0].url
        yield ready[0]
    finally:
        is_over.set()
        thread.join(60)


@pytest.fixture
def phone(browser: Browser, service: LiveService) -> Iterator[BrowserContext]:
    """A customer's small phone; nothing fades in, which would pass for a weak contrast."""
    context = browser.new_context(
        base_url=service.url, viewport=PHONE, locale="zh-CN", has_touch=True, reduced_motion="reduce"
    )
    context.set_default_timeout(LONG)
    yield context
    context.close()


def visit(context: BrowserContext, address: str) -> ChatPage:
    """The chat in the widget of a bank's page."""
    page = context.new_page()
    page.goto(address)
    page.get_by_test_id("widget-button").click()
    return ChatPage(page, page.frame_locator("iframe"))


def keep_picture(page: Page, name: str) -> None:
    """Where FANGXIN_TEST_PICTURES names a folder, the screen is left there to be looked at."""
    if folder := os.environ.get("FANGXIN_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_on_a_foreign_page_under_a_strict_policy(bank: BankPage, phone: BrowserContext):
    """Opens over the whole phone, talks, counts what came while it was closed, and is remembered."""
    refused: list[str] = []
    phone.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    chat = visit(phone, bank.url)
    expect(chat.by("chat-input")).to_be_visible()
    frame = chat.page.get_by_test_id("widget-frame")
    assert frame.bounding_box() == {"x": 0, "y": 0, **PHONE}
    expect(chat.page.get_by_test_id("widget-button")).to_be_hidden()
    chat.say("你好")
    chat.hears("「你好」")
    keep_picture(chat.page, "widget-375")

    chat.by("chat-close").click()
    other = visit(phone, bank.url)
    expect(other.messages()).to_have_count(2, timeout=LONG)
    other.say("再问一句")
    other.hears("「再问一句」")
    badge = chat.page.get_by_test_id("widget-badge")
    expect(badge).to_have_text("1", timeout=LONG)
    chat.page.get_by_test_id("widget-button").click()
    expect(badge).to_be_hidden()

    chat.page.reload()
    chat.page.get_by_test_id("widget-button").click()
    expect(chat.messages()).to_have_count(4, timeout=LONG)
    assert chat.numbers() == [1, 2, 3, 4]
    assert refused == []


def test_a_signed_identity_holds_once(
    browser: Browser, bank: BankPage, service: LiveService, phone: BrowserContext
):
    """The same customer finds their conversation in another browser; a used or old word opens nothing."""
    clock = service.settings.clock
    now = int(clock.now().timestamp())
    fresh = token(clock, jti="nonce-1002")
    bank.identities = [
        token(clock, jti="nonce-1001"),
        fresh,
        fresh,
        token(clock, jti="nonce-1003", iat=now - 400, exp=now - 100),
    ]
    first = visit(phone, f"{bank.url}/signed-in")
    first.say("我是老客户")
    first.hears("「我是老客户」")
    with browser.new_context(locale="zh-CN") as other:
        again = visit(other, f"{bank.url}/signed-in")
        expect(again.messages()).to_have_count(2, timeout=LONG)
    for _ in ("used", "old"):
        with browser.new_context(locale="zh-CN") as stranger:
            refused = visit(stranger, f"{bank.url}/signed-in")
            expect(refused.by("notice")).to_contain_text("登录信息已经失效", timeout=LONG)
            refused.say("在吗")
            refused.hears("「在吗」")
            expect(refused.messages()).to_have_count(2)


def test_everybody_can_read_and_use_it(phone: BrowserContext):
    """axe finds nothing in any look; what the customer chose is there again; the conversation is theirs to keep."""
    chat = ChatPage.alone(phone)
    expect(chat.by("suggestion").first).to_be_visible()
    assert violations(chat.page) == []
    chat.say("算月供")
    chat.hears("还想看看什么")
    expect(chat.by("chart").locator("svg")).to_be_visible(timeout=LONG)
    chat.by("file-input").set_input_files(
        {"name": "房产证.png", "mimeType": "image/png", "buffer": picture()}
    )
    shown = chat.messages("customer").last.locator("img")
    expect(shown).to_be_visible(timeout=LONG)
    expect(chat.by("upload")).to_have_count(0, timeout=LONG)
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == SIDE
    chat.by("thumb-up").first.click()
    expect(chat.by("thumb-up").first).to_have_attribute("aria-pressed", "true")
    assert violations(chat.page) == []
    keep_picture(chat.page, "conversation-375")

    chat.by("menu").click()
    assert violations(chat.page) == []
    keep_picture(chat.page, "menu-375")
    with chat.page.expect_download() as saved:
        chat.by("save-transcript").click()
    text = saved.value.path().read_text(encoding="utf-8-sig")
    for said in ("算月供", "【月供试算】", "每月还款：5,388.54 元", "2. 审批（进行中）约5天", "改成20年"):
        assert said in text
    for wish in ("wish-large", "wish-dark"):
        chat.by(wish).click()
        assert violations(chat.page) == []
        keep_picture(chat.page, f"{wish}-menu-375")
    chat.page.keyboard.press("Escape")
    expect(chat.by("save-transcript")).to_be_hidden()
    chat.by("handoff-button").click()
    chat.expect_mode("queued")

    chat.page.reload()
    expect(chat.by("thumb-up").first).to_have_attribute("aria-pressed", "true", timeout=LONG)
    assert chat.page.locator("html").get_attribute("data-type") == "large"
    assert chat.page.locator("html").get_attribute("data-theme") == "dark"
    chat.expect_mode("queued")
    assert violations(chat.page) == []
    keep_picture(chat.page, "large-dark-375")


def test_enter_while_the_input_method_composes_sends_nothing(phone: BrowserContext):
    chat = ChatPage.alone(phone)
    field = chat.by("chat-input")
    field.click()
    keyboard = phone.new_cdp_session(chat.page)
    keyboard.send("Input.imeSetComposition", {"text": "yue'gong", "selectionStart": 8, "selectionEnd": 8})
    expect(field).to_have_value("yue'gong")
    chat.page.keyboard.press("Enter")
    expect(chat.messages()).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "月供"})
    chat.page.keyboard.press("Enter")
    chat.hears("「月供」")
    expect(chat.messages("customer")).to_have_count(1)


def test_what_was_unsent_when_the_page_was_left_is_sent_once_and_in_order(phone: BrowserContext):
    chat = ChatPage.alone(phone)
    chat.say("一")
    chat.hears("「一」")
    phone.set_offline(True)
    expect(chat.by("connection-state")).to_have_attribute("data-state", "offline")
    for text in ("二", "三"):
        chat.say(text)
    chat.page.close()
    phone.set_offline(False)
    back = ChatPage.alone(phone)
    expect(back.messages("customer")).to_have_count(3, timeout=LONG)
    expect(back.messages("customer").last).to_have_attribute("data-seq", re.compile(r"\d+"), timeout=LONG)
    said = [one.inner_text() for one in back.messages("customer").all()]
    assert [text in shown for text, shown in zip("一二三", said, strict=True)] == [True] * 3


def test_a_phones_keyboard_leaves_the_input_in_sight(phone: BrowserContext):
    chat = ChatPage.alone(phone)
    chat.page.set_viewport_size({"width": 375, "height": 330})
    expect(chat.by("chat-send")).to_be_in_viewport(ratio=1)
    expect(chat.by("handoff-button")).to_be_in_viewport(ratio=1)
    size = chat.by("chat-input").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 16  # a smaller one makes Safari zoom in
