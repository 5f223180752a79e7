"""Pictures of the desk in each of its states: ``python -m scripts.screenshots URL --out docs/images/desk``.

Against a running copy with its demo data, whose ``FANGXIN_HOME`` is the same: the logins and the one-time codes are
read there. Whoever waits in its queue is served first, so that the queue can be shown empty.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.settings import ROOT, Settings

SCREEN = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
PATIENCE_MS = 30_000
SETTLING_MS = 1_500  #: charts draw themselves, clocks take the service's time
COLOURS = 128  #: enough for a screen of text, and a third of the bytes
LARGEST_BYTES = 150_000
LOAN, LAST4 = "FX2026100001", "5040"
BUSY = ".ant-spin, .ant-message-notice"
UNKNOWN = ("你们网点能办信用卡年费减免吗", "信用卡年费可以减免吗", "帮我订一张去北京的机票")


@dataclass(frozen=True)
class Studio:
    """The running copy, a browser, and where the pictures go."""

    url: str
    home: Path
    out: Path
    browser: Browser

    def page(self, path: str, size: ViewportSize = SCREEN) -> Page:
        context = self.browser.new_context(base_url=self.url, viewport=size, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(path)
        return page

    def login(self, name: str, size: ViewportSize = SCREEN) -> Page:
        """The form, sent; a second factor may be asked for."""
        lines = (self.home / "demo_logins.txt").read_text("utf-8").splitlines()
        passwords = dict(line.split("\t")[:2] for line in lines)
        page = self.page("/desk", size)
        page.get_by_test_id("login-name").fill(name)
        page.get_by_test_id("login-password").fill(passwords[name])
        page.get_by_test_id("login-submit").click()
        return page

    def desk(self, name: str, size: ViewportSize = SCREEN) -> Page:
        page = self.login(name, size)
        expect(page.get_by_test_id("presence")).to_be_visible(timeout=PATIENCE_MS)
        return page

    def customer(self, *words: str) -> Page:
        """Says one thing after the other, each after the answer to the one before."""
        page = self.page("/chat", PHONE)
        for text in words:
            say(page, text)
        return page

    def code(self) -> str:
        """The last one-time code that the development provider logged."""
        lines = (self.home / "log" / "actions.log").read_text("utf-8").splitlines()
        sent = [line for line in lines if "verification.code_sent" in line]
        return str(json.loads(sent[-1][sent[-1].index("{") :])["code"])

    def keep(self, page: Page, name: str) -> None:
        """Once nothing loads and no notice is shown any more."""
        expect(page.locator(BUSY)).to_have_count(0, timeout=PATIENCE_MS)
        page.wait_for_timeout(SETTLING_MS)
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        file = self.out / f"{name}.png"
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
        size = file.stat().st_size
        print(f"{file}  {size / 1000:.0f} kB{'  TOO LARGE' if size > LARGEST_BYTES else ''}")


def say(page: Page, text: str) -> None:
    answers = page.locator("[data-testid=message]:not([data-sender=customer])")
    before = answers.count()
    page.get_by_test_id("chat-input").fill(text)
    page.get_by_test_id("chat-send").click()
    expect(answers.nth(before)).to_be_visible(timeout=PATIENCE_MS)


def add(page: Page, text: str) -> None:
    """Says something to a person, who does not answer at once."""
    page.get_by_test_id("chat-input").fill(text)
    page.get_by_test_id("chat-send").click()
    expect(page.get_by_test_id("message").filter(has_text=text)).to_be_visible(timeout=PATIENCE_MS)


def api(page: Page, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """A call as whoever is logged in on the page; its answer."""
    response = page.request.fetch(f"/api/desk/{path}", method=method, data=body)
    if not response.ok:
        raise RuntimeError(f"{method} {path}: {response.status} {response.text()}")
    return response.json() if response.body() else None


def serve_everybody(supervisor: Page) -> None:
    for ticket in api(supervisor, "GET", "tickets")["tickets"]:
        for act in ("take-over", "close"):
            api(supervisor, "POST", f"tickets/{ticket['id']}/{act}", {})
    api(supervisor, "POST", "presence", {"presence": "away"})


def open_ticket(page: Page, view: str, words: str) -> None:
    page.goto(f"/desk#/queue/{view}")
    page.get_by_test_id("ticket").filter(has_text=words).first.click()
    expect(page.get_by_test_id("transcript")).to_contain_text(words)


def leave(page: Page) -> None:
    """An open desk would be offered customers."""
    api(page, "POST", "presence", {"presence": "away"})
    page.context.close()


@contextmanager
def second_factor(studio: Studio, name: str) -> Iterator[None]:
    """On for this account, and off again."""
    page, admin = studio.desk(name), studio.desk("admin")
    me = api(page, "GET", "me")["agent"]["id"]
    codes = pyotp.TOTP(api(page, "POST", "account/totp")["secret"])
    api(page, "POST", "account/totp/confirm", {"code": codes.now()})
    try:
        yield
    finally:
        api(admin, "DELETE", f"agents/{me}/totp")
        for desk in (page, admin):
            leave(desk)


def a_borrower(studio: Studio) -> Page:
    """One who proved who they are, asks for a change of their loan, and for a person."""
    words = ("我想把还款日改到20号", LOAN, LAST4)
    chat = studio.customer(*words)
    say(chat, studio.code())
    submit, asked_before = chat.get_by_text("确认提交"), chat.get_by_text("已经有一项改还款日在办")
    expect(submit.or_(asked_before).first).to_be_visible(timeout=PATIENCE_MS)
    if submit.count():
        submit.click()
        expect(chat.get_by_test_id("message").last).to_contain_text("已经提交", timeout=PATIENCE_MS)
    say(chat, "提前还20万，月供能少多少，要违约金吗")
    say(chat, "转人工")
    add(chat, "我手头有20万，想问提前还款划不划算")
    return chat


def queue(studio: Studio, agent: Page) -> None:
    """Several wait; then they are offered."""
    a_borrower(studio)
    add(studio.customer("我父亲去世了，他的房贷怎么办"), "我是他女儿，手续要带什么")
    add(studio.customer("I want to talk to a person"), "Can a foreigner apply for a home loan?")
    add(studio.customer("转人工"), "审批通过两周了，怎么还没放款")
    expect(agent.get_by_test_id("ticket")).to_have_count(4, timeout=PATIENCE_MS)
    open_ticket(agent, "waiting", "我手头有20万")
    studio.keep(agent, "queue")
    api(agent, "POST", "presence", {"presence": "online"})
    expect(agent.get_by_test_id("refuse")).to_be_visible(timeout=PATIENCE_MS)
    studio.keep(agent, "offer")


def conversation(studio: Studio, agent: Page) -> None:
    """Taken, with what was understood; suggestions, a calculation, and put on hold."""
    agent.get_by_test_id("claim").click()
    expect(agent.get_by_test_id("hold")).to_be_visible()
    understood = agent.get_by_test_id("understood").filter(has_text="提前还").last
    understood.locator("summary").click()
    understood.scroll_into_view_if_needed()
    studio.keep(agent, "conversation")
    understood.locator("summary").click()
    agent.get_by_test_id("transcript").evaluate("one => one.scrollTo(0, one.scrollHeight)")

    agent.get_by_test_id("suggest").click()
    expect(agent.get_by_test_id("suggestion").first).to_be_visible()
    studio.keep(agent, "suggestions")
    agent.get_by_test_id("suggest").click()

    agent.get_by_test_id("calculators").click()
    for field, value in (("principal", "1000000"), ("annual_rate_pct", "3.5"), ("term_months", "360")):
        agent.get_by_test_id(f"calc-{field}").fill(value)
    agent.get_by_test_id("count").click()
    expect(agent.get_by_test_id("calculated")).to_be_visible()
    studio.keep(agent, "calculator")
    agent.get_by_test_id("calculator-send").click()
    expect(agent.get_by_test_id("calculator")).to_have_count(0)

    agent.get_by_test_id("hold").click()
    agent.get_by_role("dialog").get_by_label("原因").fill("向分行核实提前还款的日期")
    studio.keep(agent, "hold")
    agent.get_by_test_id("hold-confirm").click()
    expect(agent.get_by_test_id("resume")).to_be_visible()


def phone(studio: Studio) -> None:
    page = studio.desk("xiaolin", PHONE)
    page.goto("/desk#/queue/mine")
    page.get_by_test_id("ticket").filter(has_text="搁置").click()
    expect(page.get_by_test_id("transcript")).to_be_visible()
    studio.keep(page, "phone")


def request_and_complaint(studio: Studio, agent: Page) -> None:
    asked = api(agent, "GET", "requests")["requests"][-1]
    agent.goto(f"/desk#/requests/{asked['request_no']}")
    expect(agent.get_by_test_id("take-request-step")).to_be_visible()
    studio.keep(agent, "request")

    heard = "客户说上周答应回电，一直没有人打来，希望今天给答复。"
    told = {"conversation_id": asked["conversation_id"], "cause": "delay", "text": heard}
    number = api(agent, "POST", "complaints", told)["complaint_no"]
    agent.goto(f"/desk#/complaints/{number}")
    agent.get_by_test_id("step-note").fill("已致歉，说明下午三点前由分行回电。")
    agent.get_by_test_id("take-step").click()
    expect(agent.locator(".ant-timeline-item")).to_have_count(2)
    studio.keep(agent, "complaint")


def supervisors_screens(studio: Studio, supervisor: Page) -> None:
    for name, path in (
        ("numbers", "numbers?days=7"),
        ("knowledge", "knowledge/prepayment.full_notice?tab=facts&region=CN"),
        ("unanswered", "unanswered"),
        ("people", "people"),
    ):
        supervisor.goto(f"/desk#/{path}")
        expect(supervisor.locator("main h2").first).to_be_visible()
        studio.keep(supervisor, name)


def take_all(studio: Studio) -> None:
    with second_factor(studio, "xiaozhou"):
        page = studio.login("xiaozhou")
        page.get_by_test_id("login-code").fill("402816")
        studio.keep(page, "login")
    supervisor = studio.desk("zhuguan")
    serve_everybody(supervisor)
    for words in UNKNOWN:
        studio.customer(words)
    agent = studio.desk("xiaolin")
    api(agent, "POST", "presence", {"presence": "away"})
    studio.keep(agent, "queue_empty")
    queue(studio, agent)
    conversation(studio, agent)
    phone(studio)
    request_and_complaint(studio, agent)
    supervisors_screens(studio, supervisor)
    serve_everybody(supervisor)
    api(agent, "POST", "presence", {"presence": "away"})


def main() -> int:
    settings = Settings()
    parser = argparse.ArgumentParser(description="Pictures of the desk in each of its states.")
    parser.add_argument("url", nargs="?", default=settings.base_url)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "desk")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        take_all(Studio(asked.url.rstrip("/"), settings.home, asked.out, browser))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
