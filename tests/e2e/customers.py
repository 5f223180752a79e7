"""One customer on each channel, in its platform's own way: what they write, press and send, and what they see."""

from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from typing import Any, Protocol

import httpx

from tests.channels.telegram.conftest import payload
from tests.channels.test_web import Browser, browser
from tests.channels.wechat.platform import fixture
from tests.e2e.conftest import Stack

CHATS = count(810_001)
PATIENCE = 60.0


class Customer(Protocol):
    """Somebody on one channel."""

    channel: str
    external_id: str  #: the channel's name for them

    async def say(self, text: str) -> None: ...

    async def press(self, title: str) -> None: ...

    async def send_picture(self, content: bytes) -> None: ...

    def sees(self) -> str:
        """Everything that was shown so far, without the customer's own words."""
        ...


class OnWeb:
    channel = "web"

    def __init__(self, page: Browser, http: httpx.AsyncClient, external_id: str) -> None:
        self.external_id = external_id
        self._page = page
        self._http = http
        self._numbers = count(1)

    async def say(self, text: str) -> None:
        answer = await self._page.send(client_id=f"m{next(self._numbers)}", text=text)
        assert answer["ok"], answer

    async def press(self, title: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not (payloads := self._payloads(title)):
                await asyncio.sleep(0.05)
        answer = await self._page.send(client_id=f"m{next(self._numbers)}", payload=payloads[-1], title=title)
        assert answer["ok"], answer

    def _payloads(self, title: str) -> list[str]:
        options = [
            option
            for one in self._page.messages
            for part in one["parts"]
            if part["kind"] == "quick_replies"
            for option in part["options"]
        ]
        return [option["payload"] for option in options if option["title"] == title]

    async def send_picture(self, content: bytes) -> None:
        data = {"client_id": f"m{next(self._numbers)}"}
        files = {"file": ("photo.jpg", content, "image/jpeg")}
        answer = await self._http.post("/channels/web/files", data=data, files=files)
        assert answer.status_code == 200, answer.text

    def sees(self) -> str:
        shown = [part for one in self._page.messages if one["sender"] != "customer" for part in one["parts"]]
        return "\n".join(text for part in shown for text in texts_in(part))


def texts_in(value: Any) -> list[str]:
    """Every text in a part as it goes over the wire."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in texts_in(item)]


class OnTelegram:
    channel = "telegram"

    def __init__(self, stack: Stack) -> None:
        self._platform = stack.platforms.telegram
        self._chat = next(CHATS)
        self._numbers = count(1)
        self.external_id = str(self._chat)

    async def say(self, text: str) -> None:
        update = self._update("text")
        update["message"]["text"] = text
        await self._platform.deliver(update)

    async def press(self, title: str) -> None:
        keys = [key for one in self._sent() for shown, key in one.buttons if shown == title]
        update = self._update("callback")
        update["callback_query"]["data"] = keys[-1]
        await self._platform.deliver(update)

    async def send_picture(self, content: bytes) -> None:
        update = self._update("photo")
        del update["message"]["caption"]
        reference = f"photo-{self._chat}"
        self._platform.files[reference] = content
        update["message"]["photo"] = [{"file_id": reference, "width": 960, "height": 1280}]
        await self._platform.deliver(update)

    def sees(self) -> str:
        lines = [(one.text, one.url, one.name, *(title for title, _ in one.buttons)) for one in self._sent()]
        return "\n".join(text for line in lines for text in line)

    def _sent(self) -> list[Any]:
        return [one for one in self._platform.sent if one.chat_id == self._chat]

    def _update(self, name: str) -> dict[str, Any]:
        number = self._chat * 1000 + next(self._numbers)
        update = copy.deepcopy(payload(name))
        update["update_id"] = number
        if query := update.get("callback_query"):
            query["id"] = str(number)
            query["message"]["chat"]["id"] = self._chat
        else:
            update["message"]["message_id"] = number
            update["message"]["chat"]["id"] = self._chat
        return update


class OnWechat:
    channel = "wechat"

    def __init__(self, stack: Stack) -> None:
        self._platform = stack.platforms.wechat
        self.external_id = f"o_customer{next(CHATS)}"

    async def say(self, text: str) -> None:
        await self._platform.say(self.external_id, text)

    async def press(self, title: str) -> None:
        """Its number in the last list that has it."""
        numbers = re.findall(rf"^(\d+)\. {re.escape(title)}$", self.sees(), re.MULTILINE)
        await self.say(numbers[-1])

    async def send_picture(self, content: bytes) -> None:
        media = f"media-of-{self.external_id}"
        self._platform.media[media] = content
        await self._platform.tell(fixture("image", FromUserName=self.external_id, MediaId=media))

    def sees(self) -> str:
        return "\n".join(self._platform.screens[self.external_id])


@asynccontextmanager
async def on_web(stack: Stack) -> AsyncIterator[Customer]:
    async with httpx.AsyncClient(base_url=stack.url, timeout=PATIENCE) as http:
        session = (await http.post("/channels/web/session")).json()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        async with browser(stack, session["token"]) as page:
            yield OnWeb(page, http, session["conversation_id"])


@asynccontextmanager
async def on_telegram(stack: Stack) -> AsyncIterator[Customer]:
    yield OnTelegram(stack)


@asynccontextmanager
async def on_wechat(stack: Stack) -> AsyncIterator[Customer]:
    yield OnWechat(stack)


CHANNELS: dict[str, Callable[[Stack], AbstractAsyncContextManager[Customer]]] = {
    "web": on_web,
    "telegram": on_telegram,
    "wechat": on_wechat,
}
