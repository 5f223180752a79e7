"""The customer beside the conversation: nothing without proof, masked with it, revealed for a reason that is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.handoff.model import Role
from bot.servicing import demo
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.identity_rules import ProvedBy
from bot.servicing.store import ApplicationRow, AuditEventRow, CustomerRow
from bot.store.vault import Vault
from tests.desk.test_desk import desk, waiting  # noqa: F401 - a fixture


@pytest.fixture
async def customer(live, waiting, policy) -> int:  # noqa: F811
    """The customer of the first demonstration application, proved in the waiting conversation."""
    sessions, clock = live.sessions, live.settings.clock
    await demo.seed(sessions, clock, Vault(live.settings.secret("vault")), policy)
    async with sessions.begin() as session:
        found = await session.scalar(
            select(ApplicationRow.customer_id).where(ApplicationRow.application_no == "FX2026110001")
        )
        assert found is not None
        identities = ChannelIdentities(clock, policy)
        await identities.prove(session, "console", "walk", found, ProvedBy.CODE)
    return found


async def test_nobody_is_shown_without_proof(live, waiting) -> None:  # noqa: F811
    conversation_id, _ticket = waiting
    async with desk(live, "lin") as agent:
        shown = (await agent.get(f"/api/desk/conversations/{conversation_id}/customer")).json()
    assert shown == {"is_verified": False, "complaints": []}


async def test_the_verified_customer_is_shown_masked(live, waiting, customer) -> None:  # noqa: F811
    conversation_id, _ticket = waiting
    async with desk(live, "lin") as agent:
        shown = (await agent.get(f"/api/desk/conversations/{conversation_id}/customer")).json()
    assert shown["is_verified"]
    assert [one["application_no"] for one in shown["applications"]] == ["FX2026110001"]
    assert "*" in shown["phone"]
    assert "*" in shown["id_number"]


async def test_what_the_customer_was_told_is_shown_with_every_attempt(live, waiting, customer) -> None:  # noqa: F811
    conversation_id, _ticket = waiting
    at = live.settings.clock.now()
    async with live.sessions.begin() as session:
        notice = NoticeRow(
            key="call_back:1",
            kind="call_back",
            customer_id=customer,
            body={},
            state="untold",
            reason="no channel takes it",
            due_at=at,
            created_at=at,
        )
        session.add(notice)
        await session.flush()
        way = {"channel": "telegram", "external_id": "7", "manner": "message"}
        session.add(NoticeAttemptRow(notice_id=notice.id, state="failed", reason="blocked", at=at, **way))
    async with desk(live, "lin") as agent:
        shown = (await agent.get(f"/api/desk/conversations/{conversation_id}/customer")).json()
    (told,) = shown["notices"]
    assert (told["title"], told["state"]) == ("投诉处理回电", "untold")
    (attempt,) = told["attempts"]
    assert attempt == {
        "channel": "telegram",
        "manner": "message",
        "state": "failed",
        "reason": "blocked",
        "at": at.isoformat(),
    }


async def test_what_is_revealed_is_kept_and_only_for_who_serves(live, waiting, customer) -> None:  # noqa: F811
    conversation_id, ticket_id = waiting
    path = f"/api/desk/conversations/{conversation_id}/reveal"
    order = {"what": "phone", "why": "客户要求回电"}
    async with desk(live, "lin") as agent, desk(live, "zhou") as other:
        await agent.post(f"/api/desk/tickets/{ticket_id}/claim")
        assert (await other.post(path, json=order)).status_code == 403
        revealed = (await agent.post(path, json=order)).json()["value"]
    async with live.sessions() as session:
        row = await session.get_one(CustomerRow, customer)
        event = await session.scalar(
            select(AuditEventRow).where(AuditEventRow.action == "customer.revealed.phone")
        )
    assert Vault(live.settings.secret("vault")).decrypt(row.phone_encrypted) == revealed
    assert event is not None
    assert event.detail["why"] == "客户要求回电"


async def test_complaints_at_the_desk(live, waiting) -> None:  # noqa: F811
    conversation_id, _ticket = waiting
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as boss:
        complaint = {"conversation_id": conversation_id, "cause": "charges", "text": "多收了利息"}
        made = (await agent.post("/api/desk/complaints", json=complaint)).json()
        path = f"/api/desk/complaints/{made['complaint_no']}"
        assert made["clocks"][0]["state"] == "running"
        early = await agent.post(f"{path}/steps", json={"step": "accept", "note": "x"})
        assert (early.status_code, early.json()["error"]["code"]) == (409, "illegal_step")
        await agent.post(f"{path}/steps", json={"step": "contact", "note": "已致电"})
        me = (await agent.get("/api/desk/me")).json()["agent"]["id"]
        owner = {"owner": me, "grade": "complex"}
        assert (await agent.post(f"{path}/owner", json=owner)).status_code == 403
        owned = (await boss.post(f"{path}/owner", json=owner)).json()
        assert (owned["owner_name"], owned["grade"], owned["state"]) == ("客服lin", "complex", "contacted")
        report = (await agent.get("/api/desk/complaints/report")).json()
        assert report["months"][-1]["causes"] == {"charges": 1}
