"""Documents in a real browser: a photograph is sent, read, and placed in the customer's application."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import Stack
from tests.e2e.pages import LONG, ChatPage, DeskPage
from tests.servicing.reading.drawn import as_bytes, statement

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

AGENT = "xiaolin"
NO, LAST4 = "FX2026110002", "2016"
READ_WITHIN = 90_000  #: with the reader's start, on a machine with other things to do


def choose(chat: ChatPage, name: str, content: bytes, kind: str = "image/jpeg") -> None:
    chat.by("file-input").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def test_a_photograph_of_a_statement_is_placed_and_seen_at_the_desk(
    stack: Stack, phone: BrowserContext, office: BrowserContext
):
    chat = ChatPage.alone(phone)
    desk = DeskPage.logged_in(office, AGENT, stack.logins[AGENT])
    paper = as_bytes(statement("2026-08-01", "2026-11-20", ["2026-08-10", "2026-11-10"]), quality=90)
    choose(chat, "我的身份证.png", paper)  # its name lies
    picture = chat.messages("customer").last.locator("img")
    expect(picture).to_be_visible(timeout=LONG)
    expect(picture).to_have_js_property("naturalWidth", 1000, timeout=LONG)
    expect(chat.messages("bot").last).to_contain_text("申请编号", timeout=READ_WITHIN)
    chat.say(NO)
    chat.hears("后四位")
    chat.say(LAST4)
    chat.hears("验证码")
    chat.say(stack.code_for(NO))
    chat.hears("放进申请FX2026110002的“银行流水”")
    chat.hears("2026年8月1日到2026年11月20日，4个月；要近6个月，还差2个月")

    chat.say("我还缺什么材料")
    chat.hears("已收到，还要补")

    choose(chat, "a.jpg", b"MZ this is a program")
    expect(chat.by("upload").last).to_contain_text("只收图片", timeout=LONG)
    folder = os.environ.get("FANGXIN_TEST_PICTURES")
    if folder:
        chat.page.screenshot(path=Path(folder) / "documents_chat.png")
    chat.by("upload-discard").click()
    expect(chat.by("upload")).to_have_count(0)

    chat.page.reload()
    expect(chat.messages("customer").first.locator("img")).to_be_visible(timeout=LONG)

    chat.say("转人工")
    chat.expect_mode("queued")
    before = chat.messages("bot").count()
    choose(chat, "b.jpg", paper)
    expect(chat.messages("customer").last.locator("img")).to_be_visible(timeout=LONG)
    desk.by("ticket").first.click()
    shown = desk.by("transcript").locator("img")
    expect(shown).to_have_count(2, timeout=LONG)
    shown.last.scroll_into_view_if_needed()
    expect(shown.last).to_be_visible()
    if folder:
        desk.page.screenshot(path=Path(folder) / "documents_desk.png")
    assert chat.messages("bot").count() == before
