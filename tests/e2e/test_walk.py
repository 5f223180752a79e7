"""The walking product in a real browser: one conversation from a question to a figure to a person and back."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import Stack
from tests.e2e.pages import LONG, ChatPage, DeskPage

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

AGENT = "xiaolin"


def get_figures(chat: ChatPage) -> None:
    """A question from the knowledge, a calculation asked in parts, and a correction of it."""
    chat.say("我想早点把房贷还了，银行那边会扣违约金不")
    chat.hears("违约金")
    chat.hears("合同")

    chat.say("帮我算一下，贷款120万，30年，利率3.5，等额本息每月还多少")
    chat.hears("5,388.54")
    chat.hears("739,872.00")
    expect(chat.messages("bot").last.get_by_test_id("chart").locator("canvas, svg").first).to_be_visible(
        timeout=LONG
    )
    chat.say("改成20年")
    chat.hears("6,959.52")

    chat.say("重新帮我算一笔月供，贷款80万")
    chat.hears("多少年")
    chat.say("30年")
    chat.hears("利率")
    chat.say("3.1")
    chat.hears("还款方式")
    chat.press("等额本息")
    chat.hears("3,416.13")


def see_progress(chat: ChatPage, stack: Stack) -> None:
    chat.say("我的贷款申请办到哪一步了")
    chat.hears("申请编号")
    chat.say("FX2026110004")
    chat.hears("后四位")
    chat.say("4032")
    chat.hears("验证码")
    chat.say(stack.code_for("FX2026110004"))
    expect(chat.by("stages").last).to_contain_text("审批", timeout=LONG)
    chat.hears("预计")


def serve_and_hand_back(chat: ChatPage, desk: DeskPage) -> None:
    chat.say("qwzx plok")
    chat.hears("没")
    chat.say("嗯那个啥来着就是那样的")
    chat.expect_mode("queued")
    chat.say("我姓欧阳，想问利率的事")

    desk.open_ticket("我姓欧阳")
    expect(desk.by("transcript")).to_contain_text("FX2026110004")
    expect(desk.by("transcript")).to_contain_text("qwzx plok")
    expect(desk.by("understood").first).to_be_visible()
    desk.by("claim").click()
    chat.expect_mode("human")
    desk.say("您好，请问您想咨询什么？")
    chat.hears("请问您想咨询什么", "agent")
    chat.say("我想知道利率怎么定的")
    expect(desk.by("desk-message").last).to_contain_text("利率怎么定的", timeout=LONG)
    assert chat.messages("bot").last.inner_text().find("LPR") == -1, (
        "the bot spoke while a person was serving"
    )
    desk.by("hand-back").click()
    desk.by("hand-back-confirm").click()
    chat.expect_mode("bot")
    chat.say("LPR是什么")
    chat.hears("LPR")


def keep_pictures(chat: ChatPage, desk: DeskPage) -> None:
    """Where FANGXIN_TEST_PICTURES names a folder, both screens are left there to be looked at."""
    folder = os.environ.get("FANGXIN_TEST_PICTURES")
    if folder:
        chat.page.screenshot(path=f"{folder}/chat.png")
        desk.page.screenshot(path=f"{folder}/desk.png")


def test_one_conversation_from_a_question_to_a_person_and_back(
    stack: Stack, phone: BrowserContext, office: BrowserContext
):
    """The four steps, with a reload in the middle that loses and repeats nothing."""
    chat = ChatPage.in_widget(phone)
    desk = DeskPage.logged_in(office, AGENT, stack.logins[AGENT])
    get_figures(chat)
    see_progress(chat, stack)

    before = chat.numbers()
    chat.page.reload()
    chat.page.get_by_test_id("widget-button").click()
    expect(chat.messages().nth(len(before) - 1)).to_be_visible(timeout=LONG)
    assert chat.numbers() == before == sorted(set(before))

    serve_and_hand_back(chat, desk)
    assert chat.numbers() == sorted(set(chat.numbers()))
    keep_pictures(chat, desk)


def test_what_is_typed_without_a_network_arrives_once_and_in_order(stack: Stack, phone: BrowserContext):
    chat = ChatPage.alone(phone)
    chat.say("你好")
    expect(chat.messages("bot").first).to_be_visible(timeout=LONG)
    phone.set_offline(True)
    chat.say("提前还款要违约金吗")
    chat.say("那提前还款怎么预约")
    chat.page.wait_for_timeout(3000)
    phone.set_offline(False)
    expect(chat.messages("bot").nth(1)).to_be_visible(timeout=60_000)
    chat.page.wait_for_timeout(1500)
    said = [one.inner_text() for one in chat.messages("customer").all()]
    assert [sum(text in one for one in said) for text in ("提前还款要违约金吗", "那提前还款怎么预约")] == [
        1,
        1,
    ]
    chat.page.reload()
    expect(chat.messages("bot").nth(1)).to_be_visible(timeout=LONG)
    customer = [one.inner_text() for one in chat.messages("customer").all()]
    for text, shown in zip(["你好", "提前还款要违约金吗", "那提前还款怎么预约"], customer, strict=True):
        assert text in shown
    assert chat.numbers() == sorted(set(chat.numbers()))


def test_markup_in_a_message_is_only_text(stack: Stack, phone: BrowserContext):
    chat = ChatPage.alone(phone)
    dialogs: list[str] = []
    chat.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    chat.say("<img src=x onerror=alert(1)><b>粗</b>")
    expect(chat.messages("customer").last).to_contain_text("<b>粗</b>")
    expect(chat.messages("bot").last).to_be_visible(timeout=LONG)
    assert dialogs == []
