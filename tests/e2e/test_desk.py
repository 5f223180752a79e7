"""The desk in a real browser: two agents, a supervisor and a customer at once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.conftest import Stack
from tests.e2e.pages import LONG, ChatPage, DeskPage
from tests.servicing import test_content

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

CHECKED = 90_000  #: an edit is tried against every fact and answer before it is taken
FIRST, SECOND, SUPERVISOR = "xiaolin", "xiaozhou", "zhuguan"


@pytest.fixture
def other_office(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    """A colleague's screen, at the narrowest width that shows all three columns."""
    context = browser.new_context(base_url=stack.url, viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.set_default_timeout(LONG)
    yield context
    context.close()


def log_in(stack: Stack, context: BrowserContext, name: str) -> DeskPage:
    desk = DeskPage.logged_in(context, name, stack.logins[name])
    be(desk, "online")
    return desk


def be(desk: DeskPage, presence: str) -> None:
    """A closed desk counts as there for a while: who leaves says so, or the next test's offers go to them."""
    response = desk.page.request.post("/api/desk/presence", data={"presence": presence})
    assert response.ok, response.text()


def picture(desk: DeskPage, name: str) -> None:
    """Where FANGXIN_TEST_PICTURES names a folder, the screen is left there to be looked at."""
    folder = os.environ.get("FANGXIN_TEST_PICTURES")
    if folder:
        desk.page.screenshot(path=f"{folder}/desk-{name}.png")


def queue_up(chat: ChatPage, words: str) -> None:
    chat.say("转人工")
    chat.expect_mode("queued")
    chat.say(words)


def take_offer(desk: DeskPage, words: str) -> None:
    """The only one online is asked; the offer counts down until it is accepted."""
    offered = desk.by("ticket").filter(has_text=words).first
    expect(offered).to_have_attribute("data-status", "offered", timeout=LONG)
    offered.click()
    expect(offered.get_by_test_id("standing")).to_contain_text("请您接待")
    picture(desk, "offered")
    desk.by("claim").click()
    expect(desk.by("hold")).to_be_visible()


def write_a_note(desk: DeskPage, text: str) -> None:
    desk.page.keyboard.press("Alt+KeyN")
    expect(desk.by("composer")).to_have_attribute("data-target", "note")
    desk.say(text)
    expect(desk.by("transcript").get_by_test_id("note").last).to_contain_text(text)
    picture(desk, "note")


def hold(desk: DeskPage, reason: str) -> None:
    desk.by("hold").click()
    desk.page.get_by_role("dialog").get_by_label("原因").fill(reason)
    desk.by("hold-confirm").click()
    expect(desk.by("resume")).to_be_visible()
    picture(desk, "on-hold")


def pass_on(desk: DeskPage, colleague: str, note: str) -> None:
    desk.by("pass-on").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("转给谁").click()
    desk.page.locator(".ant-select-item-option").filter(has_text=colleague).click()
    dialog.get_by_test_id("pass-on-note").fill(note)
    desk.by("pass-on-confirm").click()


def close(desk: DeskPage) -> None:
    desk.by("close-ticket").click()
    desk.by("close-confirm").click()


def test_a_customer_goes_through_two_agents_and_rates_them(
    stack: Stack, phone: BrowserContext, office: BrowserContext, other_office: BrowserContext
):
    """Offer, note, hold, pass on, close, rating: the customer is told what happens and sees no note."""
    first = log_in(stack, office, FIRST)
    chat = ChatPage.alone(phone)
    queue_up(chat, "我叫周全，想问展期的事")
    take_offer(first, "周全")
    chat.expect_mode("human")
    first.say("您好，我帮您看一下展期。")
    chat.hears("帮您看一下展期", "agent")

    note = "客户失业两个月，想延长五年"
    write_a_note(first, note)
    expect(chat.by("message").filter(has_text=note)).to_have_count(0)

    hold(first, "向分行核实")
    chat.say("我先等着，谢谢")
    expect(first.by("desk-message").last).to_contain_text("我先等着", timeout=LONG)

    second = log_in(stack, other_office, SECOND)
    expect(first.by("hold")).to_be_visible(timeout=LONG)  # the customer's words end the hold
    pass_on(first, "周宁", "分行同意受理，请接着办展期")
    taken = second.by("ticket").filter(has_text="我先等着").first
    expect(taken).to_be_visible(timeout=LONG)
    taken.click()
    expect(second.by("handoff")).to_contain_text("分行同意受理")
    second.by("claim").click()
    expect(second.by("hold")).to_be_visible(timeout=LONG)
    expect(second.by("transcript").get_by_test_id("note").first).to_contain_text(note)
    expect(first.by("hold")).to_have_count(0, timeout=LONG)

    second.say("展期已经可以办了。")
    chat.hears("展期已经可以办了", "agent")
    picture(second, "taken-on")
    close(second)
    be(second, "away")
    expect(chat.messages().last).to_contain_text("满意吗", timeout=LONG)
    chat.press("很满意")
    expect(chat.by("message").filter(has_text="谢谢您的评价")).to_be_visible(timeout=LONG)
    assert chat.numbers() == sorted(set(chat.numbers()))


def test_what_customer_and_agent_type_is_seen_on_the_other_side(
    stack: Stack, phone: BrowserContext, office: BrowserContext
):
    desk = log_in(stack, office, FIRST)
    chat = ChatPage.alone(phone)
    queue_up(chat, "我叫孙写")
    take_offer(desk, "孙写")
    chat.by("chat-input").press_sequentially("我想")
    expect(desk.by("customer-typing")).to_be_visible()
    chat.by("chat-input").fill("")
    expect(desk.by("customer-typing")).to_have_count(0)
    desk.by("desk-input").press_sequentially("您好")
    expect(chat.by("typing")).to_be_visible()
    desk.by("desk-input").press("Enter")
    chat.hears("您好", "agent")
    close(desk)


def test_a_lost_network_is_said_and_nothing_is_missed(
    stack: Stack, phone: BrowserContext, office: BrowserContext
):
    """While the agent's line is broken the customer writes; the desk says that it is offline and catches up."""
    desk = log_in(stack, office, FIRST)
    chat = ChatPage.alone(phone)
    queue_up(chat, "我叫吴断")
    take_offer(desk, "吴断")
    office.set_offline(True)
    expect(desk.by("offline")).to_be_visible(timeout=60_000)
    picture(desk, "offline")
    chat.say("您还在吗")
    office.set_offline(False)
    expect(desk.by("offline")).to_have_count(0, timeout=60_000)
    expect(desk.by("desk-message").last).to_contain_text("您还在吗", timeout=LONG)
    close(desk)


def test_a_supervisor_looks_on_whispers_and_takes_over(
    stack: Stack, phone: BrowserContext, office: BrowserContext, other_office: BrowserContext
):
    agent = log_in(stack, office, FIRST)
    chat = ChatPage.alone(phone)
    queue_up(chat, "我叫郑看")
    take_offer(agent, "郑看")
    supervisor = log_in(stack, other_office, SUPERVISOR)
    supervisor.page.goto("/desk#/queue/all")
    supervisor.open_ticket("郑看")
    expect(supervisor.by("composer")).to_have_attribute("data-target", "whisper")
    supervisor.say("先安抚，再说利息")
    expect(agent.by("transcript").get_by_test_id("note").last).to_contain_text("先安抚", timeout=LONG)
    expect(chat.by("message").filter(has_text="先安抚")).to_have_count(0)
    supervisor.by("take-over").click()
    expect(supervisor.by("hold")).to_be_visible()
    expect(agent.by("hold")).to_have_count(0, timeout=LONG)
    supervisor.say("我是陈主管，由我来为您处理。")
    chat.hears("由我来为您处理", "agent")
    close(supervisor)
    be(supervisor, "away")


def test_an_agent_sends_a_card_a_picture_and_a_sign(
    stack: Stack, phone: BrowserContext, office: BrowserContext
):
    """What stands at the desk before it is sent is what the customer gets."""
    desk = log_in(stack, office, FIRST)
    chat = ChatPage.alone(phone)
    queue_up(chat, "我叫钱卡，想算月供")
    take_offer(desk, "钱卡")

    desk.by("calculators").click()
    desk.by("calc-principal").fill("1000000")
    desk.by("calc-annual_rate_pct").fill("3.5")
    desk.by("calc-term_months").fill("360")
    desk.by("count").click()
    expect(desk.by("calculated")).to_contain_text("4,490.45元")
    picture(desk, "calculated")
    desk.by("calculator-send").click()
    expect(chat.messages("agent").last).to_contain_text("4,490.45元", timeout=LONG)
    expect(chat.messages("agent").last).to_contain_text("月供试算")

    desk.by("file-input").set_input_files(
        {"name": "还款示意.png", "mimeType": "image/png", "buffer": test_content.picture()}
    )
    expect(desk.by("file-to-send")).to_contain_text("还款示意.png")
    picture(desk, "file")
    desk.by("file-send").click()
    shown = chat.messages("agent").last.locator("img")
    expect(shown).to_be_visible(timeout=LONG)
    expect(shown).to_have_js_property("complete", True)

    desk.by("desk-input").fill("办好了")
    desk.by("emoji").click()
    picture(desk, "emoji")
    desk.page.get_by_role("button", name="恭喜").click()
    desk.by("desk-send").click()
    chat.hears("办好了🎉", "agent")
    close(desk)


def test_a_supervisor_sets_a_fact_for_later_and_takes_it_back(stack: Stack, other_office: BrowserContext):
    """A fault is told at its field; the change and its taking back stay in the history."""
    desk = log_in(stack, other_office, SUPERVISOR)
    desk.page.goto("/desk#/knowledge/prepayment.full_notice?tab=facts&region=CN")
    desk.by("change-fact").click()
    desk.by("fact-new-value").fill("很多")
    desk.by("fact-from").fill("2030-01-01")
    desk.by("fact-reason").fill("总行通知")
    desk.by("save-fact").click()
    expect(desk.by("fact-form")).to_contain_text("「很多」不是数字", timeout=CHECKED)
    picture(desk, "fact-fault")
    desk.by("fact-new-value").fill("15")
    desk.by("save-fact").click()
    expect(desk.by("changes")).to_contain_text("15天", timeout=CHECKED)
    expect(desk.by("changes")).to_contain_text("总行通知")
    expect(desk.by("fact-detail")).to_contain_text("2030-01-01 起 15天")
    picture(desk, "fact")
    desk.by("take-back").first.click()
    desk.by("take-back-confirm").click()
    expect(desk.by("take-back")).to_have_count(0, timeout=CHECKED)
    expect(desk.by("changes")).to_contain_text("撤回")
    be(desk, "away")


def test_nothing_is_wider_than_a_phone_and_the_way_back_is_there(stack: Stack, browser: Browser):
    context = browser.new_context(base_url=stack.url, viewport={"width": 375, "height": 740}, locale="zh-CN")
    context.set_default_timeout(LONG)
    desk = log_in(stack, context, SUPERVISOR)
    for screen in (
        "queue/closed",
        "complaints",
        "report",
        "numbers",
        "people",
        "replies",
        "requests",
        "knowledge",
        "knowledge?tab=answers",
        "unanswered",
    ):
        desk.page.goto(f"/desk#/{screen}")
        desk.page.wait_for_timeout(800)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 375, screen
    desk.page.goto("/desk#/queue/closed")
    desk.by("ticket").first.click()
    expect(desk.by("transcript")).to_be_visible()
    expect(desk.by("ticket").first).to_be_hidden()
    picture(desk, "phone")
    desk.by("back").click()
    expect(desk.by("ticket").first).to_be_visible()
    context.close()
