"""A small WeChat on the loopback: it tells the service of messages as the platform does, and serves its API.

It waits for an answer as long as it was told, asks three times in all, takes one answer to a message, checks that what
it gets is well-formed, and keeps what each customer sees on their screen.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import socket
import struct
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
import uvicorn
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

FIXTURES = Path(__file__).with_name("fixtures")
APP_ID, SECRET, TOKEN = "wx0123456789abcdef", "s" * 32, "loopback_token"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
ACCOUNT = "gh_0123456789ab"
LAST_SECONDS = 30.0  #: for the last try, so that a slow machine is no outage
OUTAGE = "该公众号提供的服务出现故障，请稍后再试"


def fixture(name: str, **fields: str) -> str:
    """A recorded message with some fields changed."""
    tree = ElementTree.fromstring((FIXTURES / f"{name}.xml").read_text(encoding="utf-8"))
    for key, value in fields.items():
        found = tree.find(key)
        if found is None:
            found = ElementTree.SubElement(tree, key)
        found.text = value
    return ElementTree.tostring(tree, encoding="unicode")


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted([TOKEN, *parts])).encode()).hexdigest()


def seal(xml: str, app_id: str = APP_ID) -> str:
    """As the platform's page on sealed messages describes it: random, length, message, account; AES-256-CBC."""
    key = base64.b64decode(AES_KEY + "=")
    plain = os.urandom(16) + struct.pack(">I", len(xml.encode())) + xml.encode() + app_id.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(sealed: str) -> str:
    key = base64.b64decode(AES_KEY + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    length = struct.unpack(">I", plain[16:20])[0]
    assert plain[20 + length :].decode() == APP_ID
    return plain[20 : 20 + length].decode()


@dataclass
class Platform:
    """``seconds`` is how long it waits for an answer: five at the real one."""

    mode: str = "encrypted"
    seconds: float = 5.0
    service_url: str = ""
    url: str = ""
    screens: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: list[tuple[str, Any]] = field(default_factory=list)
    errors: dict[str, list[int]] = field(default_factory=dict)  #: codes that the next calls of a path get
    tokens: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    uploaded: dict[str, bytes] = field(default_factory=dict)
    menus: list[Any] = field(default_factory=list)
    is_down: bool = False
    refused: int = 0  #: calls while it was down
    asked: list[tuple[str, int]] = field(default_factory=list)  #: (message, time) for each time that it asked
    codes: dict[str, str] = field(default_factory=dict)  #: OAuth: whose each code is
    spent: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)  #: messages to which an answer was shown: one each
    ids: count[int] = field(default_factory=lambda: count(2_000_000_001))

    # What it tells the service

    async def say(self, customer: str, text: str, **options: Any) -> str:
        """A customer writes; what the platform saw in its own request."""
        return await self.tell(fixture("text", FromUserName=customer, Content=text), **options)

    async def send(self, name: str, customer: str = "o_kate", **fields: str) -> str:
        """A customer does what the fixture tells."""
        return await self.tell(fixture(name, FromUserName=customer, **fields))

    async def tell(self, xml: str, *, is_new: bool = True, tries: int = 3) -> str:
        """Ask until there is an answer: the text shown, or "" when there was nothing to be shown."""
        tree = ElementTree.fromstring(xml)
        number = tree.find("MsgId")
        if is_new and number is not None:
            number.text = str(next(self.ids))
        at = tree.find("CreateTime")
        if is_new and at is not None:
            at.text = str(next(self.ids))
        xml = ElementTree.tostring(tree, encoding="unicode")
        customer = tree.findtext("FromUserName", "")
        for attempt in range(1, tries + 1):
            self.asked.append((xml, attempt))
            try:
                async with httpx.AsyncClient() as http:
                    patience = self.seconds if attempt < 3 else max(self.seconds, LAST_SECONDS)
                    response = await http.post(timeout=patience, **self.request(xml))
            except httpx.TimeoutException:
                continue
            return self._shown(customer, xml, response)
        if tries == 3:
            self.screens[customer].append(OUTAGE)
        return OUTAGE

    def request(self, xml: str, mode: str | None = None) -> dict[str, Any]:
        """The address, query and body of one request."""
        mode = mode or self.mode
        at, nonce = str(int(time.time())), str(next(self.ids))
        query = {"timestamp": at, "nonce": nonce, "signature": sign(at, nonce)}
        body = xml
        if mode != "plain":
            sealed = seal(xml)
            query |= {"encrypt_type": "aes", "msg_signature": sign(at, nonce, sealed)}
            inner = xml.removeprefix("<xml>").removesuffix("</xml>") if mode == "compatible" else ""
            body = f"<xml>{inner}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return {"url": f"{self.service_url}/channels/wechat", "params": query, "content": body.encode()}

    def _shown(self, customer: str, told: str, response: httpx.Response) -> str:
        if response.status_code != 200:
            self.screens[customer].append(OUTAGE)
            return OUTAGE
        if response.text in ("", "success"):
            return ""
        tree = ElementTree.fromstring(response.text)
        if self.mode != "plain":
            sealed = tree.findtext("Encrypt", "")
            at, nonce = tree.findtext("TimeStamp", ""), tree.findtext("Nonce", "")
            assert tree.findtext("MsgSignature") == sign(at, nonce, sealed)
            tree = ElementTree.fromstring(unseal(sealed))
        assert tree.findtext("ToUserName") == customer
        assert tree.findtext("FromUserName") == ACCOUNT
        assert tree.findtext("MsgType") == "text"
        text = tree.findtext("Content", "")
        assert 0 < len(text.encode()) <= 2048
        if told not in self.answered:
            self.answered.add(told)
            self.screens[customer].append(text)
        return text

    def visit(self, customer: str, address: str) -> tuple[str, dict[str, str]]:
        """The customer's browser opens the authorize page: where it is sent back to, and with what."""
        asked = parse_qs(urlsplit(address).query)
        wanted = {"appid": [APP_ID], "response_type": ["code"], "scope": ["snsapi_base"]}
        assert wanted.items() <= asked.items()
        (state,), (back,) = asked["state"], asked["redirect_uri"]
        assert state.isalnum()
        assert len(state) <= 128
        assert address.endswith("#wechat_redirect")
        code = f"code-{next(self.ids)}"
        self.codes[code] = customer
        return back, {"code": code, "state": state}

    # What the service asks of it

    def expire(self) -> None:
        """No token that was given out is good any more."""
        self.tokens.append("")

    def sent(self, path: str) -> list[Any]:
        return [body for called, body in self.calls if called == path]

    async def serve(self, request: Request) -> Response:
        path = request.url.path
        if self.is_down:
            self.refused += 1
            return Response("bad gateway", 502)
        body: Any = None
        if request.headers.get("content-type", "").startswith("multipart/"):
            form = await request.form()
            upload = form["media"]
            body = {"name": upload.filename, "content": await upload.read()}
        elif request.method == "POST":
            raw = await request.body()
            assert b"\\u" not in raw  # the platform shows such escapes as they are
            body = json.loads(raw)
        self.calls.append((path, body))
        if self.errors.get(path):
            return self._error(self.errors[path].pop(0))
        if path == "/cgi-bin/stable_token":
            return self._token(body)
        if path == "/sns/oauth2/access_token":
            return self._openid(request)
        if request.query_params.get("access_token") not in self.tokens[-1:] or not self.tokens[-1]:
            return self._error(42001)
        return self._answer(path, request, body)

    def _token(self, body: Any) -> Response:
        if (body["appid"], body["secret"]) != (APP_ID, SECRET):
            return self._error(40125)
        if body["force_refresh"] or not self.tokens or not self.tokens[-1]:
            self.tokens.append(f"token-{len(self.tokens)}")
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": 7200})

    def _openid(self, request: Request) -> Response:
        asked = request.query_params
        if (asked["appid"], asked["secret"]) != (APP_ID, SECRET):
            return self._error(40125)
        code = asked["code"]
        if code not in self.codes:
            return self._error(40029)
        if code in self.spent:
            return self._error(40163)
        self.spent.add(code)
        tokens = {"access_token": "user-token", "expires_in": 7200, "refresh_token": "refresh"}
        return JSONResponse({**tokens, "openid": self.codes[code], "scope": "snsapi_base"})

    def _answer(self, path: str, request: Request, body: Any) -> Response:
        match path:
            case "/cgi-bin/message/custom/send" if body["msgtype"] == "text":
                if len(body["text"]["content"].encode()) > 2048:
                    return self._error(45002)
                self.screens[body["touser"]].append(body["text"]["content"])
            case "/cgi-bin/message/custom/send":
                self.screens[body["touser"]].append(f"[{body['image']['media_id']}]")
            case "/cgi-bin/media/upload":
                name = f"media-{len(self.uploaded)}"
                self.uploaded[name] = body["content"]
                return JSONResponse({"type": "image", "media_id": name, "created_at": 1})
            case "/cgi-bin/media/get":
                content = self.media.get(request.query_params["media_id"])
                return Response(content, media_type="image/png") if content else self._error(40007)
            case "/cgi-bin/message/template/send" | "/cgi-bin/message/subscribe/bizsend":
                return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": 7_000_000_001})
            case "/cgi-bin/menu/create":
                self.menus.append(body)
            case "/cgi-bin/get_current_selfmenu_info":
                return JSONResponse({"is_menu_open": 1, "selfmenu_info": {"button": []}})
            case _:
                return Response("not found", 404)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    @staticmethod
    def _error(code: int) -> Response:
        return JSONResponse({"errcode": code, "errmsg": "as told by the test"})


@asynccontextmanager
async def serving(platform: Platform) -> AsyncIterator[Platform]:
    """The platform's API on a port of its own."""
    app = Starlette(routes=[Route("/{path:path}", platform.serve, methods=["GET", "POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    platform.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    while not server.started:
        await asyncio.sleep(0.01)
    yield platform
    server.should_exit = True
    await task
