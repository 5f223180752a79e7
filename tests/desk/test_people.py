"""Who may do what at the desk: accounts, notes, whispers and canned replies."""

from __future__ import annotations

from bot.handoff.model import Role
from tests.desk.test_desk import PASSWORD, desk, waiting  # noqa: F401 - a fixture


async def test_only_an_admin_adds_accounts(live) -> None:
    account = {"name": "xin", "display_name": "新同事", "password": PASSWORD}
    async with desk(live, "boss", Role.SUPERVISOR) as supervisor:
        refused = await supervisor.post("/api/desk/agents", json=account)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    async with desk(live, "root", Role.ADMIN) as admin:
        assert (await admin.post("/api/desk/agents", json=account)).status_code == 201
        listed = (await admin.get("/api/desk/agents")).json()["agents"]
    assert {(one["name"], one["presence"]) for one in listed} == {
        ("boss", "online"),
        ("root", "online"),
        ("xin", "offline"),
    }


async def test_the_last_admin_stays(live) -> None:
    async with desk(live, "root", Role.ADMIN) as admin:
        me = (await admin.get("/api/desk/me")).json()["agent"]
        refused = await admin.patch(f"/api/desk/agents/{me['id']}", json={"is_enabled": False})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "last_admin")
        assert (await admin.get("/api/desk/me")).status_code == 200


async def test_a_supervisor_sets_skills_but_no_roles(live) -> None:
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as supervisor:
        path = f"/api/desk/agents/{(await agent.get('/api/desk/me')).json()['agent']['id']}"
        changed = await supervisor.patch(path, json={"skills": ["complaint"], "capacity": 2})
        assert (changed.json()["agent"]["skills"], changed.json()["agent"]["capacity"]) == (["complaint"], 2)
        assert (await supervisor.patch(path, json={"role": "admin"})).status_code == 403
        assert (await agent.patch(path, json={"capacity": 9})).status_code == 403


async def test_an_account_out_of_use_is_logged_out(live) -> None:
    async with desk(live, "lin") as agent, desk(live, "root", Role.ADMIN) as admin:
        path = f"/api/desk/agents/{(await agent.get('/api/desk/me')).json()['agent']['id']}"
        await admin.patch(path, json={"is_enabled": False})
        assert (await agent.get("/api/desk/me")).status_code == 401


async def test_notes_are_for_colleagues_and_whispers_for_supervisors(live, waiting) -> None:  # noqa: F811
    conversation_id, _ticket = waiting
    path = f"/api/desk/conversations/{conversation_id}/notes"
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as supervisor:
        assert (await agent.post(path, json={"text": "客户下午再打"})).status_code == 201
        assert (await agent.post(path, json={"text": "x", "kind": "whisper"})).status_code == 403
        await supervisor.post(path, json={"text": "可以免违约金", "kind": "whisper"})
        notes = (await agent.get(path)).json()["notes"]
        transcript = await agent.get(f"/api/desk/conversations/{conversation_id}")
    assert [(note["kind"], note["text"]) for note in notes] == [
        ("note", "客户下午再打"),
        ("whisper", "可以免违约金"),
    ]
    assert "免违约金" not in transcript.text


async def test_canned_replies_shared_and_own(live) -> None:
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as supervisor:
        shared = {"shortcut": "nihao", "text": "您好，我是{坐席}", "is_shared": True}
        assert (await agent.post("/api/desk/replies", json=shared)).status_code == 403
        made = (await supervisor.post("/api/desk/replies", json=shared)).json()
        assert (await supervisor.post("/api/desk/replies", json=shared)).status_code == 409
        own = {"shortcut": "nihao", "text": "您好呀"}
        assert (await agent.post("/api/desk/replies", json=own)).status_code == 201
        listed = (await agent.get("/api/desk/replies")).json()["replies"]
        assert [(reply["text"], reply["is_shared"]) for reply in listed] == [("您好呀", False)]
        assert (await agent.delete(f"/api/desk/replies/{made['id']}")).status_code == 404


async def test_a_supervisor_sets_working_hours(live) -> None:
    week = [["08:30-12:00", "13:00-17:30"], *[["09:00-17:00"]] * 4, [], []]
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as supervisor:
        path = f"/api/desk/agents/{(await agent.get('/api/desk/me')).json()['agent']['id']}/hours"
        assert (await agent.put(path, json={"hours": week})).status_code == 403
        assert (await supervisor.put(path, json={"hours": week})).json()["agent"]["hours"] == week
        listed = (await agent.get("/api/desk/agents")).json()["agents"]
        assert {one["name"]: one["hours"] for one in listed} == {"lin": week, "boss": None}
        for wrong in (
            week[:6],
            [["12:00-08:30"], *week[1:]],
            [["08:00-12:00", "11:00-13:00"], *week[1:]],
            [["8-12"], *week[1:]],
        ):
            assert (await supervisor.put(path, json={"hours": wrong})).status_code == 422
        assert (await supervisor.put(path, json={"hours": None})).json()["agent"]["hours"] is None
