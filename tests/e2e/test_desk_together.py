"""A busy hour at the desk in a real browser: two agents and three customers at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, ViewportSize, expect

from tests.e2e.conftest import Stack
from tests.e2e.pages import LONG, ChatPage, DeskPage

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

PHONE = ViewportSize(width=390, height=844)
SCREEN = ViewportSize(width=1280, height=800)
BROKEN = 60_000  #: a broken line is found by its missing beats
NOTE = "客户想把月供降下来，已说明展期的条件"


@dataclass
class Customer:
    """On the chat page, with what either side said there."""

    chat: ChatPage
    name: str
    ticket: str = ""
    said: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def says(self, text: str) -> None:
        self.said.append(text)
        self.chat.say(text)

    def queues_up(self) -> None:
        self.chat.say("转人工")
        self.chat.expect_mode("queued")
        self.says(f"我是{self.name}，想问贷款的事")

    def is_told(self, text: str) -> None:
        expect(self.chat.messages().filter(has_text=text).last).to_be_visible(timeout=LONG)


@dataclass
class Colleague:
    """An agent at the desk."""

    desk: DeskPage

    def is_(self, presence: str) -> None:
        response = self.desk.page.request.post("/api/desk/presence", data={"presence": presence})
        assert response.ok, response.text()

    def of(self, customer: Customer) -> Locator:
        return self.desk.page.locator(f'[data-testid=ticket][data-ticket-id="{customer.ticket}"]')

    def opens(self, customer: Customer, view: str = "waiting") -> None:
        self.desk.page.goto(f"/desk#/queue/{view}")
        self.of(customer).click()
        expect(self.desk.by("transcript")).to_contain_text(customer.name, timeout=LONG)

    def is_offered(self, customer: Customer) -> None:
        self.opens(customer)
        expect(self.of(customer).get_by_test_id("standing")).to_contain_text("请您接待", timeout=LONG)

    def takes(self, customer: Customer) -> None:
        self.desk.by("claim").click()
        expect(self.desk.by("hold")).to_be_visible(timeout=LONG)
        customer.chat.expect_mode("human")

    def refuses(self, customer: Customer) -> None:
        self.desk.by("refuse").click()
        expect(self.of(customer)).to_have_attribute("data-status", "waiting", timeout=LONG)

    def says(self, customer: Customer, text: str) -> None:
        customer.heard.append(text)
        self.desk.say(text)
        customer.chat.hears(text, "agent")

    def reads(self, text: str) -> None:
        expect(self.desk.by("desk-message").filter(has_text=text)).to_have_count(1, timeout=LONG)

    def sees_waiting(self, *order: Customer) -> None:
        """The queue stands in this order."""
        self.desk.page.goto("/desk#/queue/waiting")
        self.desk.page.wait_for_function(
            "order => [...document.querySelectorAll('[data-testid=ticket]')]"
            ".map(one => one.dataset.ticketId).join() === order",
            arg=",".join(customer.ticket for customer in order),
            timeout=LONG,
        )

    def goes_on_with(self, customer: Customer) -> None:
        self.opens(customer, "mine")
        expect(self.desk.by("hold")).to_be_visible(timeout=LONG)


@dataclass
class Office:
    """Two desks that take no new customers yet, and three phones."""

    agents: tuple[Colleague, Colleague]
    customers: tuple[Customer, Customer, Customer]


@pytest.fixture
def busy(browser: Browser, stack: Stack, empty_queue: None) -> Iterator[Office]:
    with ExitStack() as opened:

        def context(viewport: ViewportSize) -> BrowserContext:
            one = browser.new_context(base_url=stack.url, viewport=viewport, locale="zh-CN")
            one.set_default_timeout(LONG)
            opened.callback(one.close)
            return one

        def agent(name: str) -> Colleague:
            colleague = Colleague(DeskPage.logged_in(context(SCREEN), name, stack.logins[name]))
            colleague.is_("away")
            opened.callback(colleague.is_, "away")
            return colleague

        def customer(name: str) -> Customer:
            return Customer(ChatPage.alone(context(PHONE)), name)

        yield Office(
            (agent("xiaolin"), agent("xiaozhou")),
            (customer("赵一宁"), customer("钱二安"), customer("孙三和")),
        )


def both_reach_for(customer: Customer, agents: tuple[Colleague, Colleague]) -> tuple[Colleague, Colleague]:
    """Who got the customer, and who did not."""
    for agent in agents:
        agent.opens(customer)
        expect(agent.desk.by("claim")).to_be_enabled()
    for agent in agents:
        agent.desk.page.evaluate("document.querySelector('[data-testid=claim]')?.click()")
    for agent in agents:
        expect(agent.desk.by("claim")).to_have_count(0, timeout=LONG)
    one, other = agents
    has_one, has_other = (agent.desk.by("hold").count() == 1 for agent in agents)
    assert has_one != has_other
    return (one, other) if has_one else (other, one)


def pass_on(agent: Colleague, to: str, note: str) -> None:
    agent.desk.by("pass-on").click()
    dialog = agent.desk.page.get_by_role("dialog")
    dialog.get_by_label("转给谁").click()
    agent.desk.page.locator(".ant-select-item-option").filter(has_text=to).click()
    dialog.get_by_test_id("pass-on-note").fill(note)
    agent.desk.by("pass-on-confirm").click()
    expect(agent.desk.by("hold")).to_have_count(0, timeout=LONG)


def hold_and_go_on(agent: Colleague, customer: Customer) -> None:
    agent.desk.by("hold").click()
    agent.desk.page.get_by_role("dialog").get_by_label("原因").fill("向分行核实")
    agent.desk.by("hold-confirm").click()
    customer.is_told("正在帮您核实")
    expect(agent.desk.page.get_by_role("dialog")).to_have_count(0, timeout=LONG)
    agent.desk.by("resume").click()
    customer.is_told("客服回来了")
    expect(agent.desk.by("hold")).to_be_visible(timeout=LONG)


def lose_the_line(agent: Colleague, customer: Customer) -> None:
    """What the agent had typed stays and is sent once; what the customer says meanwhile is there afterwards."""
    line, said = agent.desk.page.context, "您那边是不是断线了"
    line.set_offline(True)
    expect(agent.desk.by("offline")).to_be_visible(timeout=BROKEN)
    answer = "刚才断线了，您的材料已经收到"
    agent.desk.say(answer)
    expect(agent.desk.page.get_by_text("请检查网络")).to_be_visible(timeout=LONG)
    customer.says(said)
    expect(agent.desk.by("desk-message").filter(has_text=said)).to_have_count(0)
    line.set_offline(False)
    expect(agent.desk.by("offline")).to_have_count(0, timeout=BROKEN)
    agent.reads(said)
    expect(agent.desk.by("desk-input")).to_have_value(answer)
    agent.desk.by("desk-send").click()
    customer.heard.append(answer)
    customer.chat.hears(answer, "agent")


def lose_the_phones_line(agent: Colleague, customer: Customer) -> None:
    """What the customer writes without a net goes out by itself, once."""
    line, said = customer.chat.page.context, "地铁里没有信号，这句晚一点到"
    line.set_offline(True)
    customer.says(said)
    expect(agent.desk.by("desk-message").filter(has_text=said)).to_have_count(0)
    line.set_offline(False)
    agent.reads(said)


def every_word_arrived_once(agent: Colleague, customer: Customer) -> None:
    words = Counter((*customer.said, *customer.heard))
    chat = customer.chat
    assert shown(chat.messages(), words) == words
    assert chat.numbers() == sorted(set(chat.numbers()))
    agent.desk.page.goto("/desk#/queue/closed")
    agent.of(customer).click()
    for text in words:
        agent.reads(text)
    seqs = [int(one.get_attribute("data-seq") or 0) for one in agent.desk.by("desk-message").all()]
    assert seqs == sorted(set(seqs))


def shown(messages: Locator, words: Counter[str]) -> Counter[str]:
    return Counter(text for message in messages.all_inner_texts() for text in words if text in message)


def test_two_agents_serve_three_customers_and_no_word_is_lost_or_doubled(stack: Stack, busy: Office):
    """Everybody has exactly one agent at a time, through all that happens at a desk in an hour."""
    zhao, qian, sun = busy.customers
    for customer in busy.customers:
        customer.queues_up()
        newest = busy.agents[0].desk.by("ticket").filter(has_text=customer.name)
        customer.ticket = newest.get_attribute("data-ticket-id") or ""
    for agent in busy.agents:
        agent.sees_waiting(zhao, qian, sun)

    first, second = both_reach_for(zhao, busy.agents)
    first.says(zhao, "您好，您想了解贷款的哪一方面？")
    hold_and_go_on(first, zhao)  # before the customer answers: their words would end the hold
    zhao.says("收入少了，想把月供降下来")
    first.reads("收入少了")

    second.is_("online")
    second.is_offered(sun)
    second.refuses(sun)
    second.is_offered(qian)
    second.takes(qian)
    first.sees_waiting(sun)
    first.goes_on_with(zhao)
    pass_on(first, name_of(second), NOTE)
    zhao.is_told("转给更合适的同事")

    second.is_offered(zhao)
    expect(second.desk.by("handoff")).to_contain_text(NOTE)
    second.refuses(zhao)
    for agent in busy.agents:
        agent.sees_waiting(zhao, sun)  # ahead of one who has not been served yet
        expect(agent.of(zhao)).to_contain_text("被退回")

    first.is_("online")
    first.is_offered(sun)
    first.takes(sun)
    second.opens(zhao)
    second.takes(zhao)
    second.says(zhao, "同事的说明我看到了，您可以申请展期")

    second.desk.page.reload()
    zhao.says("展期要多久批下来")
    second.reads("展期要多久批下来")
    expect(second.desk.by("handoff")).to_contain_text(NOTE)
    second.says(zhao, "一般五个工作日")

    lose_the_line(first, sun)
    lose_the_phones_line(first, sun)

    second.goes_on_with(qian)
    second.says(qian, "您的问题小房可以继续帮您")
    second.desk.by("hand-back").click()
    sentence = "剩下的由小房帮您算，需要我时再叫我"
    second.desk.by("hand-back-sentence").fill(sentence)
    second.desk.by("hand-back-confirm").click()
    qian.is_told(sentence)
    qian.chat.expect_mode("bot")

    second.goes_on_with(zhao)
    for agent, customer in ((second, zhao), (first, sun)):
        agent.desk.by("close-ticket").click()
        agent.desk.by("close-confirm").click()
        customer.is_told("满意吗")
    for agent, customer in ((second, zhao), (second, qian), (first, sun)):
        every_word_arrived_once(agent, customer)


def name_of(agent: Colleague) -> str:
    return agent.desk.by("account").inner_text()
