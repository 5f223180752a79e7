"""Files over the web channel: into the conversation once, out of it only for those whom it concerns."""

from __future__ import annotations

import asyncio

import pytest

from bot.dialogue.ports import TurnAnswer
from bot.handoff.model import Role
from bot.messages import Handoff
from tests.channels.test_web import browser
from tests.servicing.test_content import bomb, pdf, picture

PAYLOAD = "/document_sent"


@pytest.fixture
async def token(live) -> str:
    return (await live.http.post("/channels/web/session")).json()["token"]


async def send(live, token: str, content: bytes, client_id: str = "a", name: str = "身份证.png"):
    return await live.http.post(
        "/channels/web/files",
        headers={"Authorization": f"Bearer {token}"},
        data={"client_id": client_id},
        files={"file": (name, content, "text/html")},
    )


async def test_a_picture_stands_in_the_conversation_and_becomes_a_turn(live, token) -> None:
    async with browser(live, token) as page:
        answer = await send(live, token, picture())
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "seq": 1})
        again = await send(live, token, picture())
        assert again.json() == answer.json()
        async with asyncio.timeout(60):
            while len(page.messages) < 3:
                await asyncio.sleep(0.05)
    customer, looking, reply = page.messages
    assert (customer["client_id"], customer["parts"][0]["kind"]) == ("a", "image")
    assert looking["parts"][0]["text"] == "收到，我先看一下，稍等几秒。"
    assert reply["seq"] == 3
    assert [(one.payload or "").startswith(PAYLOAD) for one in live.dialogue.asked] == [True]


async def test_the_picture_is_served_as_what_it_is(live, token) -> None:
    content = picture()
    async with browser(live, token) as page:
        await send(live, token, content, name="../../x.html")
        await page.until(1)
    shown = await live.http.get(page.messages[0]["parts"][0]["url"])
    assert (shown.status_code, shown.content) == (200, content)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert shown.headers["content-disposition"].startswith('inline; filename="document.png"')
    async with browser(live, token) as page:
        await send(live, token, pdf(), "b", "合同.pdf")
        await page.until(1)
    paper = await live.http.get(page.messages[-1]["parts"][0]["url"])
    assert paper.headers["content-disposition"].startswith("attachment;")


async def test_an_address_of_the_log_or_of_another_conversation_opens_nothing(live, token) -> None:
    stranger = (await live.http.post("/channels/web/session")).json()
    async with browser(live, token) as page:
        await send(live, token, picture())
        await page.until(1)
    url = page.messages[0]["parts"][0]["url"]
    from bot.servicing.file_links import FileLinks

    links = FileLinks(live.settings.secret("files"))
    public_id = links.claim(url.removeprefix("/files/")).public_id
    part = {"url": links.unsigned(public_id)}
    for address in (
        part["url"],
        links.for_conversation(part, stranger["conversation_id"])["url"],
        links.for_desk(part)["url"],  # nobody is logged in
        FileLinks("another secret").for_conversation(part, "c")["url"],
        url + "x",
    ):
        assert (await live.http.get(address)).status_code == 404


async def test_the_desk_sees_it_while_logged_in(live, token) -> None:
    await live.agents.set_password("lin", "小林", Role.AGENT, "correct horse")
    async with browser(live, token) as page:
        await send(live, token, picture())
        await page.until(1)
    conversation = (await page.history)["messages"]
    assert conversation == []
    await live.http.post("/api/desk/login", json={"name": "lin", "password": "correct horse"})
    session = (await live.http.post("/channels/web/session")).json()
    assert session
    from bot.channels.web.sessions import WebSessions

    conversation_id = WebSessions(live.settings.secret("web_session")).conversation_of(token)
    transcript = (await live.http.get(f"/api/desk/conversations/{conversation_id}")).json()
    url = transcript["messages"][0]["parts"][0]["url"]
    assert url != page.messages[0]["parts"][0]["url"]
    assert (await live.http.get(url)).content == picture()
    live.http.cookies.clear()
    assert (await live.http.get(url)).status_code == 404


async def test_with_a_person_the_file_is_only_shown(live, token) -> None:
    live.dialogue.script = {"/human_agent": TurnAnswer((Handoff("asked", "before_loan", "要人工"),))}
    async with browser(live, token) as page:
        await page.send(client_id="h", payload="/human_agent", title="转人工")
        await page.until(2)
        assert (await send(live, token, picture())).status_code == 200
        await page.until(3)
        await asyncio.sleep(0.5)
    assert [message["parts"][0]["kind"] for message in page.messages[2:]] == ["image"]
    assert len(live.dialogue.asked) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"MZ\x90 a program", 422, "file_type_unknown"),
        (bomb(50_000, 50_000), 422, "picture_too_large"),
        (pdf(1, "secret"), 422, "file_encrypted"),
        (b"\xff\xd8\xff" + b"0" * 15 * 1024 * 1024, 413, "file_too_large"),
        (b"\xff\xd8\xff" + b"0" * 17 * 1024 * 1024, 413, "file_too_large"),
    ],
)
async def test_what_is_refused_says_why_and_leaves_nothing(live, token, content, status, code) -> None:
    answer = await send(live, token, content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["message"]
    async with browser(live, token) as page:
        assert (await page.history)["messages"] == []


async def test_an_id_reused_for_another_file_is_refused(live, token) -> None:
    await send(live, token, picture())
    answer = await send(live, token, picture(size=(9, 9)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "file_id_reused")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc"])
async def test_without_a_session_nothing_is_taken(live, header) -> None:
    answer = await live.http.post(
        "/channels/web/files",
        headers={"Authorization": header},
        data={"client_id": "a"},
        files={"file": ("a.png", picture())},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session")


async def test_a_form_that_is_none_is_refused(live, token) -> None:
    bearer = {"Authorization": f"Bearer {token}"}
    for bad in (
        {"json": {"file": "x"}},
        {"data": {"client_id": "a"}},
        {"files": {"file": ("a.png", picture())}},
        {"data": {"client_id": "x" * 65}, "files": {"file": ("a.png", picture())}},
        {"content": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data"}},
    ):
        headers = {**bearer, **bad.pop("headers", {})}
        answer = await live.http.post("/channels/web/files", headers=headers, **bad)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed")
