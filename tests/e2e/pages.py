"""The pages as the tests use them."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

LONG = 20_000


@dataclass
class ChatPage:
    """The customer's chat: alone, or in the widget's frame."""

    page: Page
    root: Page | FrameLocator

    @classmethod
    def in_widget(cls, context: BrowserContext) -> ChatPage:
        """Open the demo page and the widget on it."""
        page = context.new_page()
        page.goto("/")
        page.get_by_test_id("widget-button").click()
        return cls(page, page.frame_locator("iframe"))

    @classmethod
    def alone(cls, context: BrowserContext) -> ChatPage:
        page = context.new_page()
        page.goto("/chat")
        return cls(page, page)

    def by(self, test_id: str) -> Locator:
        return self.root.get_by_test_id(test_id)

    def say(self, text: str) -> None:
        self.by("chat-input").fill(text)
        self.by("chat-send").click()

    def press(self, title: str) -> None:
        self.by("quick-reply").filter(has_text=title).last.click()

    def messages(self, sender: str | None = None) -> Locator:
        found = self.by("message")
        return (
            found if sender is None else self.root.locator(f'[data-testid=message][data-sender="{sender}"]')
        )

    def hears(self, text: str, sender: str = "bot") -> None:
        """The last message of this sender says this (soon)."""
        expect(self.messages(sender).last).to_contain_text(text, timeout=LONG)

    def expect_mode(self, mode: str) -> None:
        expect(self.by("mode-bar")).to_have_attribute("data-mode", mode, timeout=LONG)

    def numbers(self) -> list[int]:
        """The sequence numbers on the page, in its order."""
        return [
            int(number)
            for one in self.messages().all()
            if (number := one.get_attribute("data-seq")) and number.isdigit()
        ]


@dataclass
class DeskPage:
    """The agent's desk."""

    page: Page

    @classmethod
    def logged_in(cls, context: BrowserContext, name: str, password: str) -> DeskPage:
        page = context.new_page()
        page.goto("/desk")
        page.get_by_test_id("login-name").fill(name)
        page.get_by_test_id("login-password").fill(password)
        page.get_by_test_id("login-submit").click()
        desk = cls(page)
        expect(page.get_by_test_id("login-submit")).to_have_count(0, timeout=LONG)
        return desk

    def by(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    def open_ticket(self, text: str) -> None:
        self.by("ticket").filter(has_text=text).first.click()

    def say(self, text: str) -> None:
        self.by("desk-input").fill(text)
        self.by("desk-send").click()
