"""A small Bot API server on the loopback that behaves as https://core.telegram.org/bots/api says."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web

TOKEN = "4711:AAHtest-token"
LONGEST_TEXT, LONGEST_CAPTION, LONGEST_CALLBACK = 4096, 1024, 64
ALWAYS = 10**6


@dataclass
class Sent:
    """One call that Telegram carried out."""

    method: str
    chat_id: int
    text: str = ""
    buttons: list[tuple[str, str]] = field(default_factory=list)
    file: bytes = b""
    url: str = ""
    name: str = ""


class Refusal(Exception):
    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        self.status = status
        self.body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        if retry_after is not None:
            self.body["parameters"] = {"retry_after": retry_after}


@dataclass
class TelegramServer:
    """``faults[method]`` is a list of what happens to its next calls: a `Refusal`, "hang", "swallow" or "drop".

    "hang" does nothing and never answers; "swallow" carries the call out and never answers; "drop" carries it out and
    closes the connection.
    """

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    blocked: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)  #: updates that nobody confirmed
    webhook: dict[str, Any] = field(default_factory=dict)
    bad_photos: bool = False
    unreachable_urls: bool = True  #: addresses on the loopback are none that Telegram could fetch
    news: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: int = 1000
    runner: Any = None

    def messages(self, chat_id: int) -> list[str]:
        """What the customer sees written, in order."""
        return [one.text for one in self.sent if one.chat_id == chat_id and one.method.startswith("send")]

    def called(self, method: str) -> list[dict[str, Any]]:
        return [asked for name, asked in self.calls if name == method]

    async def until(self, holds, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.02)

    def put(self, *updates: dict[str, Any]) -> None:
        """For whoever polls."""
        self.waiting += updates
        self.news.set()

    async def deliver(self, update: dict[str, Any], tries: int = 5) -> int:
        """Call the webhook as Telegram does: again and again until it says 2xx; how often that was."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with httpx.AsyncClient(timeout=30) as http:
            for count in range(1, tries + 1):
                answer = await http.post(self.webhook["url"], json=update, headers=headers)
                if answer.is_success:
                    return count
                await asyncio.sleep(0.1)
        raise AssertionError(f"never taken: {answer.status_code} {answer.text}")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _json({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        asked = await _parameters(request)
        self.calls.append((method, asked))
        fault = self.faults[method].pop(0) if self.faults[method] else None
        try:
            if isinstance(fault, Refusal):
                raise fault
            if fault == "hang":
                await asyncio.sleep(3600)
            result = await self._carry_out(method, asked)
            if fault == "swallow":
                await asyncio.sleep(3600)
            if fault == "drop":
                assert request.transport is not None
                request.transport.abort()
        except Refusal as refusal:
            return _json(refusal.body, refusal.status)
        return _json({"ok": True, "result": result})

    async def _carry_out(self, method: str, asked: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return {"id": 4711, "is_bot": True, "first_name": "房信", "username": "fangxin_bot"}
            case "setWebhook":
                self.webhook = asked
                return True
            case "deleteWebhook":
                self.webhook = {}
                return True
            case "setMyCommands" | "sendChatAction" | "answerCallbackQuery":
                return True
            case "leaveChat":
                self.sent.append(Sent(method, int(asked["chat_id"])))
                return True
            case "getUpdates":
                return await self._updates(asked)
            case "getFile":
                if asked["file_id"] not in self.files:
                    raise Refusal(400, "Bad Request: invalid file_id")
                size = len(self.files[asked["file_id"]])
                path = f"documents/{asked['file_id']}"
                return {
                    "file_id": asked["file_id"],
                    "file_unique_id": "u",
                    "file_size": size,
                    "file_path": path,
                }
            case "sendMessage" | "sendPhoto" | "sendDocument":
                return self._send(method, asked)
        raise Refusal(404, "Not Found")

    async def _updates(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(asked.get("offset", 0))
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting:
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), min(float(asked.get("timeout", 0)), 2.0))
            except TimeoutError:
                return []
        return list(self.waiting[:100])

    def _send(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(asked["chat_id"])
        if chat_id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        text = str(asked.get("text", asked.get("caption", "")))
        if method == "sendMessage" and not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text) > (LONGEST_TEXT if method == "sendMessage" else LONGEST_CAPTION):
            raise Refusal(400, "Bad Request: message is too long")
        if "parse_mode" in asked:
            raise Refusal(400, "Bad Request: can't parse entities")  # we send plain text alone
        markup = json.loads(asked.get("reply_markup", "{}"))
        buttons = [
            (one["text"], one["callback_data"]) for row in markup.get("inline_keyboard", []) for one in row
        ]
        if any(not 0 < len(data.encode()) <= LONGEST_CALLBACK for _, data in buttons):
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        given = asked.get("photo", asked.get("document", ""))
        upload = asked.get("upload")
        if method != "sendMessage" and upload is None and self.unreachable_urls:
            raise Refusal(400, "Bad Request: failed to get HTTP URL content")
        if method == "sendPhoto" and self.bad_photos:
            raise Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        name, content = upload or ("", b"")
        self.sent.append(Sent(method, chat_id, text, buttons, content, str(given), name))
        self.numbers += 1
        chat = {"id": chat_id, "type": "private"}
        return {"message_id": self.numbers, "date": 1795492800, "chat": chat, "text": text}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != TOKEN or content is None:
            return web.Response(status=404)
        if self.faults["file"]:
            self.faults["file"].pop(0)
            return web.Response(status=502)
        return web.Response(body=content)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[TelegramServer]:
        """On a port of its own; `go_away` and `come_back` leave it and return to it."""
        await self.come_back()
        try:
            yield self
        finally:
            await self.go_away()

    async def come_back(self) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        port = int(self.url.rpartition(":")[2]) if self.url else 0
        await web.TCPSite(self.runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def go_away(self) -> None:
        """Nobody listens any more, and open connections are closed."""
        await self.runner.cleanup()


async def _parameters(request: web.Request) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            asked["upload"] = (value.filename, value.file.read())
        else:
            asked[key] = value
    return asked


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(body), content_type="application/json", status=status)
