"""The desk over HTTP and Socket.IO."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import socketio

from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import understood
from bot.handoff.model import Role
from bot.messages import Handoff, TextPart

PASSWORD = "correct horse"
HANDOFF = TurnAnswer(
    (TextPart("马上"), Handoff("not_understood", "before_loan", "连问两次没听懂")),
    (understood("？？", "fees_tax", 0.2, "decline"),),
)


@asynccontextmanager
async def desk(live, name: str, role: Role = Role.AGENT) -> AsyncIterator[httpx.AsyncClient]:
    """A logged-in agent's browser."""
    await live.agents.set_password(name, f"客服{name}", role, PASSWORD)
    async with httpx.AsyncClient(base_url=live.url, timeout=120) as client:
        response = await client.post("/api/desk/login", json={"name": name, "password": PASSWORD})
        assert response.status_code == 200
        yield client


@pytest.fixture
async def waiting(live):
    """The conversation and the ticket of a customer in the queue."""
    live.dialogue.script = {"？？": HANDOFF}
    turn = (await live.http.post("/channels/console", json={"text": "？？", "conversation": "walk"})).json()
    return turn["conversation_id"], turn["ticket"]["id"]


async def test_login_sets_a_cookie_that_scripts_and_other_sites_cannot_use(live):
    await live.agents.set_password("lin", "林晓", Role.AGENT, PASSWORD)
    response = await live.http.post("/api/desk/login", json={"name": "lin", "password": PASSWORD})
    agent = response.json()["agent"]
    assert (agent["name"], agent["display_name"], agent["role"]) == ("lin", "林晓", "agent")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_a_wrong_password_is_refused_and_too_many_lock(live):
    await live.agents.set_password("lin", "林晓", Role.AGENT, PASSWORD)
    statuses = [
        (await live.http.post("/api/desk/login", json={"name": "lin", "password": "no"})).status_code
        for _ in range(6)
    ]
    assert statuses == [401] * 5 + [429]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/desk/me"),
        ("GET", "/api/desk/tickets"),
        ("GET", "/api/desk/conversations/c_1"),
        ("GET", "/api/desk/conversations/c_1/suggestion"),
        ("POST", "/api/desk/tickets/t_1/claim"),
        ("POST", "/api/desk/tickets/t_1/hand-back"),
        ("POST", "/api/desk/tickets/t_1/close"),
    ],
)
async def test_nothing_is_shown_or_done_without_a_login(live, method, path):
    assert (await live.http.request(method, path)).status_code == 401
    forged = {"Cookie": "fangxin_desk=WyJhXzEiLDFd.Zz.zz"}
    assert (await live.http.request(method, path, headers=forged)).status_code == 401


async def test_an_agent_sees_the_transcript_and_what_the_bot_understood(live, waiting):
    conversation, _ = waiting
    async with desk(live, "lin") as agent:
        (ticket,) = (await agent.get("/api/desk/tickets", params={"view": "waiting"})).json()["tickets"]
        seen = (await agent.get(f"/api/desk/conversations/{conversation}")).json()
    assert (ticket["status"], ticket["reason_label"], ticket["summary"]) == (
        "waiting",
        "连续没听懂",
        "连问两次没听懂",
    )
    assert [message["sender"] for message in seen["messages"]] == ["customer", "bot", "system"]
    assert seen["turns"][0]["understood"][0]["band"] == "decline"
    assert seen["messages"][0]["turn_id"] == seen["turns"][0]["id"]


async def test_take_talk_and_hand_back(live, waiting):
    conversation, ticket = waiting
    async with desk(live, "lin") as agent:
        claimed = (await agent.post(f"/api/desk/tickets/{ticket}/claim")).json()
        assert (claimed["status"], claimed["agent_name"]) == ("active", "客服lin")
        said = await agent.post(
            f"/api/desk/conversations/{conversation}/messages", json={"client_id": "k", "text": "您好"}
        )
        assert said.json()["sender"] == "agent"
        back = await agent.post(f"/api/desk/tickets/{ticket}/hand-back", json={"note": "已解答"})
        assert (back.json()["status"], back.json()["outcome"]) == ("closed", "handed_back")
    turn = (await live.http.post("/channels/console", json={"text": "你好", "conversation": "walk"})).json()
    assert (turn["mode"], turn["replies"][0]["text"]) == ("bot", "「你好」")


async def test_a_colleague_who_is_second_is_told_so(live, waiting):
    _, ticket = waiting
    async with desk(live, "lin") as one, desk(live, "zhou") as other:
        results = await asyncio.gather(
            one.post(f"/api/desk/tickets/{ticket}/claim"), other.post(f"/api/desk/tickets/{ticket}/claim")
        )
    assert sorted(result.status_code for result in results) == [200, 409]
    refused = next(result for result in results if result.status_code == 409)
    assert refused.json()["error"]["code"] == "already_taken"


async def test_who_does_not_hold_the_ticket_cannot_write(live, waiting):
    conversation, ticket = waiting
    async with desk(live, "lin") as one, desk(live, "zhou") as other:
        await one.post(f"/api/desk/tickets/{ticket}/claim")
        response = await other.post(
            f"/api/desk/conversations/{conversation}/messages", json={"client_id": "k", "text": "插话"}
        )
        unknown = await other.post("/api/desk/tickets/t_unknown/claim")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_the_holder")
    assert unknown.status_code == 404


async def test_the_bots_suggestion_says_and_remembers_nothing(live, waiting):
    conversation, _ = waiting
    async with desk(live, "lin") as agent:
        before = (await agent.get(f"/api/desk/conversations/{conversation}")).json()["messages"]
        suggestion = (await agent.get(f"/api/desk/conversations/{conversation}/suggestion")).json()
        after = (await agent.get(f"/api/desk/conversations/{conversation}")).json()["messages"]
    assert suggestion["understood"][0]["topic"] == "greeting"
    assert suggestion["parts"][0]["kind"] == "text"
    assert before == after


async def test_a_new_ticket_and_the_customers_words_appear_live(live, waiting):
    conversation, _ = waiting
    async with desk(live, "lin") as agent:
        socket = socketio.AsyncClient(reconnection=False)
        tickets: list[dict] = []
        messages: list[dict] = []
        socket.on("ticket", tickets.append, namespace="/desk")
        socket.on("message", messages.append, namespace="/desk")
        cookie = "; ".join(f"{name}={value}" for name, value in agent.cookies.items())
        await socket.connect(live.url, namespaces=["/desk"], headers={"Cookie": cookie})
        watching = await socket.call("watch", {"conversation_id": conversation}, namespace="/desk")
        assert watching == {"ok": True}
        assert await socket.call("watch", {"conversation_id": "c_no"}, namespace="/desk") == {"ok": False}
        await live.http.post("/channels/console", json={"text": "？？", "conversation": "another"})
        await live.http.post("/channels/console", json={"text": "还在吗", "conversation": "walk"})
        async with asyncio.timeout(5):
            while not (len(tickets) > 1 and messages):
                await asyncio.sleep(0.01)
        await socket.disconnect()
    assert tickets[0]["status"] == "waiting"
    assert tickets[-1]["last_message"] == "还在吗"
    assert messages[0]["message"]["parts"][0]["text"] == "还在吗"


async def test_the_live_desk_is_closed_to_strangers(live):
    socket = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await socket.connect(live.url, namespaces=["/desk"])


async def test_agents_do_not_see_what_identifies_the_customer(live):
    live.dialogue.script = {"电话13812345678": HANDOFF}
    turn = (await live.http.post("/channels/console", json={"text": "电话13812345678"})).json()
    async with desk(live, "lin") as agent:
        seen = (await agent.get(f"/api/desk/conversations/{turn['conversation_id']}")).text
        listed = (await agent.get("/api/desk/tickets")).text
    assert "138****5678" in seen
    assert "13812345678" not in seen + listed
