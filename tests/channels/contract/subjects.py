"""The channels under contract: each is started for real and talked to in its platform's own way.

A new channel adds a class here and its name to `SUBJECTS`; the tests beside this file are the same for all.
A service is started once for each channel, and every test is a customer who was never there before.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from bot.channels.ports import Request
from bot.channels.profile import CONSOLE, TELEGRAM, WEB, WECHAT, Profile
from bot.dialogue.scripted import ScriptedDialogue
from bot.settings import Settings
from bot.store.base import Base
from bot.store.engine import make_engine
from tests.channels.telegram.conftest import CHAT, Customer, talking
from tests.channels.telegram.server import Sent, TelegramServer
from tests.channels.test_web import Browser, browser
from tests.channels.wechat.conftest import Pair, paired
from tests.channels.wechat.platform import fixture
from tests.conftest import LiveService, started


class Subject(Protocol):
    """A customer on one channel. ``number`` names a message, so that it can be sent again."""

    capabilities: Profile
    service: LiveService

    async def say(self, text: str, number: int) -> None: ...

    async def press(self, title: str, payload: str, number: int) -> None:
        """Press a button as the platform shows it; on one without buttons its number is typed."""
        ...

    async def press_unknown(self) -> str:
        """Press what was never offered; the words of the refusal."""
        ...

    async def say_too_much(self) -> str:
        """The words of the refusal."""
        ...

    async def send_unsupported(self) -> None: ...

    async def shown(self, words: str) -> str:
        """All that the customer can read or reach so far, once ``words`` are part of it."""
        ...

    def sample(self) -> bytes:
        """What the platform would say of 「你好」, before it seals it."""
        ...

    async def throw(self, body: bytes, *, is_proved: bool) -> int:
        """Bring any body to the channel's address, as the platform or as somebody else; the status."""
        ...

    def requests(self) -> tuple[Request, Request, Request]:
        """One that says 「你好」 and is the platform's, the same without its proof, and one that is no message."""
        ...


class OnConsole:
    capabilities = CONSOLE

    def __init__(self, service: LiveService, name: str) -> None:
        self.service = service
        self._name = name

    async def _ask(self, **ask: Any) -> dict[str, Any]:
        body = {"conversation": self._name, **ask}
        return (await self.service.http.post("/channels/console", json=body)).json()

    async def say(self, text: str, number: int) -> None:
        await self._ask(text=text, message_id=f"m{number}")

    async def press(self, title: str, payload: str, number: int) -> None:
        await self._ask(payload=payload, title=title, message_id=f"m{number}")

    async def press_unknown(self) -> str:
        return (await self._ask(payload="/never", title="x"))["error"]["message"]

    async def say_too_much(self) -> str:
        return (await self._ask(text="长" * 4001))["error"]["message"]

    async def send_unsupported(self) -> None:
        await self._ask(text=None)

    async def shown(self, words: str) -> str:
        answer = await self.service.http.get(f"/channels/console/{self._name}/messages")
        return readable(answer.json()["messages"])

    def sample(self) -> bytes:
        return json.dumps({"text": "你好", "conversation": self._name}).encode()

    async def throw(self, body: bytes, *, is_proved: bool) -> int:
        headers = {"content-type": "application/json"} | ({} if is_proved else {"authorization": "Bearer x"})
        return (await self.service.http.post("/channels/console", content=body, headers=headers)).status_code

    def requests(self) -> tuple[Request, Request, Request]:
        body = json.dumps({"text": "你好"}).encode()
        proof = {"authorization": self.service.http.headers["authorization"]}
        return Request(body, proof), Request(body), Request(b"[]", proof)


class OnWeb:
    capabilities = WEB

    def __init__(self, service: LiveService, page: Browser, token: str) -> None:
        self.service = service
        self._page = page
        self._token = token

    async def say(self, text: str, number: int) -> None:
        await self._page.send(client_id=f"m{number}", text=text)

    async def press(self, title: str, payload: str, number: int) -> None:
        await self._page.send(client_id=f"m{number}", payload=payload, title=title)

    async def press_unknown(self) -> str:
        answer = await self._page.send(client_id="never", payload="/never", title="x")
        return answer["error"]["message"]

    async def say_too_much(self) -> str:
        return (await self._page.send(client_id="long", text="长" * 4001))["error"]["message"]

    async def send_unsupported(self) -> None:
        await self._page.send(client_id="voice", voice="…")

    async def shown(self, words: str) -> str:
        await until(lambda: words in readable(self._page.messages))
        return readable(self._page.messages)

    def sample(self) -> bytes:
        return json.dumps({"client_id": "a", "text": "你好"}).encode()

    async def throw(self, body: bytes, *, is_proved: bool) -> int:
        """With its session as an event and as a file; without it, to the two addresses that are open to all."""
        headers = {"content-type": "multipart/form-data; boundary=x", "authorization": "Bearer nobody's"}
        if is_proved:
            headers["authorization"] = f"Bearer {self._token}"
            try:
                said = json.loads(body)
            except ValueError:
                said = body.decode("utf-8", "replace")
            assert "ok" in await self._page.client.call("send", said, namespace="/chat", timeout=30)
        answer = await self.service.http.post("/channels/web/files", content=body, headers=headers)
        session = await self.service.http.post(
            "/channels/web/session", content=body, headers={"content-type": "application/json"}
        )
        assert session.status_code < 500
        return answer.status_code

    def requests(self) -> tuple[Request, Request, Request]:
        body = json.dumps({"client_id": "a", "text": "你好"}).encode()
        proof = {"authorization": f"Bearer {self._token}"}
        return Request(body, proof), Request(body), Request(b"[]", proof)


class OnTelegram:
    capabilities = TELEGRAM

    def __init__(self, customer: Customer) -> None:
        self.service = customer.service
        self._customer = customer

    async def say(self, text: str, number: int) -> None:
        update = self._customer.update(text=text)
        update["update_id"] = self._customer.chat_id * 1000 + number
        update["message"]["message_id"] = number
        await self._customer.platform.deliver(update)

    async def press(self, title: str, payload: str, number: int) -> None:
        key = next(data for one in self._sent() for shown, data in one.buttons if shown == title)
        update = self._customer.update("callback", data=key)
        update["update_id"] = self._customer.chat_id * 1000 + number
        update["callback_query"]["id"] = f"{number}"
        await self._customer.platform.deliver(update)

    async def press_unknown(self) -> str:
        await self._customer.press("never")

        def refusals() -> list[str]:
            answers = self._customer.platform.called("answerCallbackQuery")
            return [one["text"] for one in answers if "text" in one]

        await until(refusals)
        return refusals()[0]

    async def say_too_much(self) -> str:
        await self._customer.say("长" * 4001)
        return (await self._customer.sees(1))[0]

    async def send_unsupported(self) -> None:
        await self._customer.platform.deliver(self._customer.update("voice"))

    async def shown(self, words: str) -> str:
        def read() -> str:
            return "\n".join(
                "\n".join([one.text, one.url, one.name, *(title for title, _ in one.buttons)])
                for one in self._sent()
            )

        await until(lambda: words in read())
        return read()

    def sample(self) -> bytes:
        return json.dumps(self._customer.update(text="你好")).encode()

    async def throw(self, body: bytes, *, is_proved: bool) -> int:
        secret = self._customer.platform.webhook["secret_token"] if is_proved else "guessed"
        headers = {"x-telegram-bot-api-secret-token": secret}
        return (await self.service.http.post("/channels/telegram", content=body, headers=headers)).status_code

    def requests(self) -> tuple[Request, Request, Request]:
        body = json.dumps(self._customer.update(text="你好")).encode()
        secret = self._customer.platform.webhook["secret_token"]
        proof = {"x-telegram-bot-api-secret-token": secret}
        return Request(body, proof), Request(body), Request(b"[]", proof)

    def _sent(self) -> list[Sent]:
        return [one for one in self._customer.platform.sent if one.chat_id == self._customer.chat_id]


class OnWechat:
    capabilities = WECHAT

    def __init__(self, pair: Pair, open_id: str) -> None:
        self.service = pair.live
        self._open_id = open_id
        self._platform = pair.platform

    async def say(self, text: str, number: int) -> None:
        xml = fixture("text", FromUserName=self._open_id, Content=text, MsgId=f"{number}")
        await self._platform.tell(xml, is_new=False)

    async def press(self, title: str, payload: str, number: int) -> None:
        numbered = re.findall(rf"^(\d+)\. {re.escape(title)}$", self._screen(), re.MULTILINE)
        await self.say(numbered[-1], number)

    async def press_unknown(self) -> str:
        return await self._platform.send("click", self._open_id, EventKey="never")

    async def say_too_much(self) -> str:
        return await self._platform.say(self._open_id, "长" * 4001)

    async def send_unsupported(self) -> None:
        await self._platform.send("voice", self._open_id)

    async def shown(self, words: str) -> str:
        await until(lambda: words in self._screen())
        return self._screen()

    def sample(self) -> bytes:
        return fixture("text", FromUserName=self._open_id).encode()

    async def throw(self, body: bytes, *, is_proved: bool) -> int:
        """Sealed and signed as the platform would; by others with the signature of another time."""
        made = self._platform.request(body.decode("utf-8", "replace"))
        if not is_proved:
            made["params"]["timestamp"] = str(int(made["params"]["timestamp"]) - 1)
        return (await self.service.http.post(**made)).status_code

    def requests(self) -> tuple[Request, Request, Request]:
        proved, nonsense = self._request(fixture("text", FromUserName=self._open_id)), self._request("<xml/>")
        return proved, Request(proved.body, query={**proved.query, "signature": "0" * 40}), nonsense

    def _request(self, xml: str) -> Request:
        made = self._platform.request(xml)
        return Request(made["content"], query=made["params"])

    def _screen(self) -> str:
        return "\n".join(self._platform.screens[self._open_id])


SUBJECTS = ("console", "web", "telegram", "wechat")


Newcomer = Callable[[], AbstractAsyncContextManager[Subject]]


@asynccontextmanager
async def opened(name: str, home: Path) -> AsyncIterator[Newcomer]:
    """A service with this channel, and what makes one customer after the other for it."""
    numbers = count(1)
    async with AsyncExitStack() as stack:
        if name == "telegram":
            server = await stack.enter_async_context(TelegramServer().listening())
            chat = await stack.enter_async_context(talking(home, server))
        elif name == "wechat":
            pair = await stack.enter_async_context(paired(home))
        else:
            service = await stack.enter_async_context(plain(home))

        @asynccontextmanager
        async def newcomer() -> AsyncIterator[Subject]:
            number = next(numbers)
            match name:
                case "telegram":
                    yield OnTelegram(replace(chat, chat_id=CHAT + number))
                case "wechat":
                    yield OnWechat(pair, f"o_kate{number}")
                case "console":
                    yield OnConsole(service, f"contract-{number}")
                case "web":
                    token = (await service.http.post("/channels/web/session")).json()["token"]
                    async with browser(service, token) as page:
                        yield OnWeb(service, page, token)

        yield newcomer


@asynccontextmanager
async def plain(home: Path) -> AsyncIterator[LiveService]:
    """A service without any platform."""
    settings = Settings(home=home, merge_window_seconds=0.05, database_url="", _env_file=None)
    engine = make_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    async with started(settings, ScriptedDialogue()) as service:
        yield service


def readable(messages: list[dict[str, Any]]) -> str:
    """What a page that shows parts as they are can show of these."""
    return "\n".join(
        json.dumps(part, ensure_ascii=False)
        for one in messages
        if one["sender"] != "customer"
        for part in one["parts"]
    )


async def until(holds, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)
