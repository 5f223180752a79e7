"""A supervisor asked in and promises to customers, over HTTP and Socket.IO."""

from __future__ import annotations

import asyncio

import httpx
import socketio

from bot.handoff.model import Role
from tests.desk.test_desk import desk, waiting  # noqa: F401 - a fixture

SOON_SECONDS = 30


async def line(live, client: httpx.AsyncClient, heard: list[dict]) -> socketio.AsyncClient:
    """The live side of somebody's desk; what comes as ``help`` is kept."""
    socket = socketio.AsyncClient(reconnection=False)
    socket.on("help", heard.append, namespace="/desk")
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    await socket.connect(live.url, namespaces=["/desk"], headers={"Cookie": cookie})
    return socket


async def test_supervisors_hear_that_one_is_wanted_and_one_comes(live, waiting):  # noqa: F811
    conversation, ticket = waiting
    path = f"/api/desk/tickets/{ticket}"
    told: list[dict] = []
    passed_over: list[dict] = []
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as boss:
        lines = [await line(live, boss, told), await line(live, agent, passed_over)]
        assert (await agent.post(f"{path}/help", json={"why": "x"})).status_code == 409  # not taken yet
        await agent.post(f"{path}/claim")
        assert (await agent.post(f"{path}/help", json={"why": ""})).status_code == 422
        asked = (await agent.post(f"{path}/help", json={"why": "客户要求主管"})).json()["help"]
        assert (asked["why"], asked["supervisor_id"]) == ("客户要求主管", None)
        async with asyncio.timeout(SOON_SECONDS):
            while not told:
                await asyncio.sleep(0.01)
        assert (told[0]["id"], told[0]["help"]["why"]) == (ticket, "客户要求主管")
        joined = (await boss.post(f"{path}/help/join")).json()
        assert (joined["agent_name"], joined["help"]["supervisor_name"]) == ("客服lin", "客服boss")
        said = await boss.post(
            f"/api/desk/conversations/{conversation}/messages", json={"client_id": "k", "text": "我来说明"}
        )
        assert said.json()["author_name"] == "客服boss"
        assert (await boss.post(f"{path}/help/leave")).json()["help"] is None
        assert (await boss.post(f"{path}/help/join")).json()["error"]["code"] == "not_the_holder"
        for socket in lines:
            await socket.disconnect()
    assert passed_over == []


async def test_a_promise_from_its_making_to_its_keeping(live, waiting):  # noqa: F811
    conversation, _ticket = waiting
    path = f"/api/desk/conversations/{conversation}/promises"
    async with desk(live, "lin") as agent:
        refused = await agent.post(path, json={"kind": "first_reply", "note": "x"})
        assert refused.status_code == 422
        unknown = await agent.post(
            "/api/desk/conversations/c_no/promises", json={"kind": "written_plan", "note": "x"}
        )
        assert unknown.status_code == 404
        made = await agent.post(path, json={"kind": "written_plan", "note": "两套还款方案"})
        assert (made.status_code, made.json()["state"], made.json()["kept_at"]) == (201, "running", None)
        assert made.json()["due_at"] > made.json()["made_at"]
        assert (made.json()["agent_name"], made.json()["request_no"]) == ("客服lin", None)
        assert [one["id"] for one in (await agent.get("/api/desk/promises")).json()["promises"]] == [
            made.json()["id"]
        ]
        kept_path = f"/api/desk/promises/{made.json()['id']}/kept"
        kept = (await agent.post(kept_path, json={"note": "邮件已发"})).json()
        assert (kept["state"], kept["kept_note"], kept["due_at"]) == ("met", "邮件已发", None)
        assert (await agent.post(kept_path, json={"note": "又发"})).json()["error"][
            "code"
        ] == "promise_not_found"
        assert (await agent.get("/api/desk/promises")).json()["promises"] == []
        assert len((await agent.get(path)).json()["promises"]) == 1
    assert (await live.http.get("/api/desk/promises")).status_code == 401
    shown = (await live.http.get("/metrics")).text
    assert 'fangxin_queue_tickets{skill="before_loan"} 1.0' in shown
