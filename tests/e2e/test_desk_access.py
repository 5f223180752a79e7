"""The desk for everybody: axe finds nothing against any of its screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import Stack
from tests.e2e.pages import LONG, DeskPage
from tests.e2e.records import LoanRecord

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

NO, LAST4 = "FX2026990095", "1234"
CHECKED = 90_000  #: what was not understood is put in groups first
SCREENS = (
    "queue/all",
    "requests",
    "complaints",
    "report",
    "numbers?days=7",
    "knowledge?tab=facts",
    "knowledge/prepayment.full_notice?tab=facts&region=CN",
    "knowledge?tab=answers",
    "unanswered",
    "people",
    "replies",
)


@pytest.fixture(scope="module")
def borrower(stack: Stack) -> str:
    """The talk of one who proved who they are and asked for something.

    For the file and ahead of its browser, whose event loop would be in the way of the record's own.
    """
    LoanRecord(application_no=NO, id_last4=LAST4).put(stack.settings)
    talk = "k-access"
    stack.ask("帮我把还款日改到20号", talk)
    stack.ask(f"{NO}，身份证后四位{LAST4}", talk)
    summed_up = stack.ask(stack.code_for(NO), talk)
    stack.press("确认提交", talk, summed_up["replies"])
    return talk


def asks_for_a_person(stack: Stack, borrower: str, desk: DeskPage) -> str:
    """The conversation's id, as the desk knows it."""
    stack.ask("转人工", borrower)
    stack.ask("我是郭示然，想催一催还款日的事", borrower)
    (ticket,) = desk.page.request.get("/api/desk/tickets?view=waiting").json()["tickets"]
    conversation: str = ticket["conversation_id"]
    return conversation


def complain(desk: DeskPage, conversation: str) -> str:
    """The number of a complaint."""
    given = {"conversation_id": conversation, "cause": "delay", "text": "说好昨天回电，没有人打来"}
    response = desk.page.request.post("/api/desk/complaints", data=given)
    assert response.status == 201, response.text()
    number: str = response.json()["complaint_no"]
    return number


def on_screen(desk: DeskPage, screen: str) -> list[str]:
    """Held against a screen, once it has loaded."""
    page, name = desk.page, screen.partition("?")[0].partition("/")[0]
    page.goto(f"/desk#/{screen}")
    expect(desk.by(f"to-{name}")).to_have_attribute("aria-current", "page")
    expect(page.locator("main h2, main li").first).to_be_visible(timeout=LONG)
    expect(page.locator("main .ant-spin")).to_have_count(0, timeout=CHECKED)
    return [f"{screen}: {fault}" for fault in violations(page)]


def in_conversation(desk: DeskPage) -> list[str]:
    """Held against a conversation with what the bot understood, its suggestions, the panel and a dialog."""
    page = desk.page
    page.goto("/desk#/queue/waiting")
    desk.open_ticket("郭示然")
    desk.by("claim").click()
    expect(desk.by("hold")).to_be_visible(timeout=LONG)
    expect(desk.by("verified")).to_be_visible(timeout=LONG)
    desk.by("understood").first.locator("summary").click()
    desk.by("suggest").click()
    expect(desk.by("suggestion").first).to_be_visible(timeout=LONG)
    faults = violations(page)
    desk.by("hold").click()
    expect(page.get_by_role("dialog").get_by_label("原因")).to_be_visible()
    return [f"conversation: {fault}" for fault in faults + violations(page)]


def test_axe_finds_nothing_on_any_screen_of_the_desk(stack: Stack, borrower: str, office: BrowserContext):
    login = office.new_page()
    login.goto("/desk")
    expect(login.get_by_test_id("login-submit")).to_be_visible()
    faults = violations(login)
    login.close()

    desk = DeskPage.logged_in(office, "zhuguan", stack.logins["zhuguan"])
    desk.page.set_viewport_size({"width": 1280, "height": 800})
    number = complain(desk, asks_for_a_person(stack, borrower, desk))
    request = desk.page.request.get("/api/desk/requests").json()["requests"][0]["request_no"]
    for screen in (*SCREENS, f"complaints/{number}", f"requests/{request}"):
        faults += on_screen(desk, screen)
    faults += in_conversation(desk)
    desk.page.request.post("/api/desk/presence", data={"presence": "away"})
    assert faults == [], "\n".join(faults)
