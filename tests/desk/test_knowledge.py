"""Facts and answers at the desk: supervisors change them, faults are told at their field, everything is kept."""

from __future__ import annotations

from sqlalchemy import select

from bot.handoff.model import Role
from bot.servicing.store import AuditEventRow
from tests.desk.test_desk import desk

NOTICE = "/api/desk/knowledge/facts/prepayment.full_notice"
WELCOME = "/api/desk/knowledge/answers/thanks/welcome"


def value(given: str = "15", since: str = "2020-01-01", **more: str) -> dict[str, str]:
    return {"value": given, "effective_from": since, "source": "行内通知", "reason": "总行调整", **more}


async def test_only_supervisors_see_and_change_the_knowledge(live) -> None:
    async with desk(live, "lin") as agent:
        for path in ("facts", "answers", "facts/prepayment.full_notice"):
            assert (await agent.get(f"/api/desk/knowledge/{path}")).status_code == 403
        assert (await agent.post(NOTICE, json=value())).status_code == 403
        assert (await agent.post("/api/desk/knowledge/changes/p1/take-back")).status_code == 403


async def test_a_fact_is_changed_with_a_reason_and_taken_back(live) -> None:
    today = live.settings.clock.now().date().isoformat()
    async with desk(live, "boss", Role.SUPERVISOR) as boss:
        before = (await boss.get(NOTICE)).json()
        changed = (await boss.post(NOTICE, json=value(since=today))).json()
        listed = (await boss.get("/api/desk/knowledge/facts")).json()["facts"]
        assert (changed["value"], changed["changes"][0]["reason"]) == ("15天", "总行调整")
        assert changed["changes"][0]["author"] == "客服boss"
        assert next(fact for fact in listed if fact["key"] == "prepayment.full_notice")["value"] == "15天"
        name = changed["changes"][0]["name"]
        assert (await boss.post(f"/api/desk/knowledge/changes/{name}/take-back")).status_code == 200
        assert (await boss.post(f"/api/desk/knowledge/changes/{name}/take-back")).status_code == 404
        after = (await boss.get(NOTICE)).json()
    assert after["value"] == before["value"]
    assert after["changes"][0]["taken_back_by"] == "客服boss"
    async with live.sessions() as session:
        kept = (await session.scalars(select(AuditEventRow.action).order_by(AuditEventRow.id))).all()
    assert [action for action in kept if action.startswith("knowledge.")] == [
        "knowledge.fact_changed",
        "knowledge.taken_back",
    ]


async def test_a_value_that_is_none_is_refused_at_its_field(live) -> None:
    async with desk(live, "boss", Role.SUPERVISOR) as boss:
        refused = await boss.post(NOTICE, json=value("十五"))
        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (422, "edit_refused")
        assert error["fields"] == {"value": "「十五」不是数字。"}
        assert (await boss.post(NOTICE, json=value("-1"))).json()["error"]["fields"].keys() == {"value"}
        assert (await boss.get(NOTICE)).json()["changes"] == []
        unknown = await boss.post("/api/desk/knowledge/facts/no.such", json=value())
        assert unknown.status_code == 404


async def test_an_answer_is_looked_at_before_and_then_saved(live) -> None:
    today = live.settings.clock.now().date().isoformat()
    async with desk(live, "boss", Role.SUPERVISOR) as boss:
        page = (await boss.get(WELCOME)).json()
        draft = {
            "head": page["head"],
            "short": "不用谢，{{ policy('prepayment.full_notice') }}内都在。",
            "long": page["long"],
            "effective_from": today,
        }
        seen = (await boss.post(f"{WELCOME}/preview", json=draft)).json()
        assert seen["parts"][0]["text"] == "不用谢，10天内都在。"
        assert (await boss.get(WELCOME)).json()["short"] == page["short"]
        saved = (await boss.post(WELCOME, json={**draft, "reason": "更亲切"})).json()
        assert (saved["short"], saved["preview"]["parts"][0]["text"]) == (
            draft["short"],
            "不用谢，10天内都在。",
        )
        assert [change["reason"] for change in saved["changes"]] == ["更亲切"]
        listed = (await boss.get("/api/desk/knowledge/answers")).json()["answers"]
    assert [one["name"] for one in listed if one["is_changed"]] == ["thanks/welcome"]


async def test_what_is_wrong_with_an_answer_is_told_at_its_piece(live) -> None:
    today = live.settings.clock.now().date().isoformat()
    async with desk(live, "boss", Role.SUPERVISOR) as boss:
        page = (await boss.get(WELCOME)).json()
        draft = {
            "head": page["head"],
            "short": "**不用谢**，随时在。",
            "long": "利率{{ policy('no.such') }}，最低3.05%。",
            "effective_from": today,
            "reason": "试试",
        }
        fields = (await boss.post(WELCOME, json=draft)).json()["error"]["fields"]
        assert set(fields) == {"short", "long"}
        assert "原样显示" in fields["short"]
        assert "3.05%" in fields["long"]
        headless = await boss.post(
            WELCOME, json={**draft, "short": "好", "long": "", "head": "topic: thanks"}
        )
        assert headless.json()["error"]["fields"].keys() == {"head"}
        assert (await boss.get(WELCOME)).json()["changes"] == []
