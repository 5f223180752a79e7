"""Service requests at the desk: what is asked for in plain words, the clock, each step and its note."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.care.store import NoticeRow
from bot.servicing import demo
from bot.servicing.store import ApplicationRow, ServiceRequestRow
from bot.store.vault import Vault
from tests.desk.test_desk import desk, waiting  # noqa: F401 - a fixture


@pytest.fixture
async def request_no(live, waiting, policy) -> str:  # noqa: F811
    """A method change that the customer of the first demonstration application confirmed."""
    sessions, clock = live.sessions, live.settings.clock
    await demo.seed(sessions, clock, Vault(live.settings.secret("vault")), policy)
    async with sessions.begin() as session:
        application = await session.scalar(
            select(ApplicationRow).where(ApplicationRow.application_no == "FX2026110001")
        )
        session.add(
            ServiceRequestRow(
                request_no="SR1",
                key="k",
                kind="method_change",
                state="submitted",
                customer_id=application.customer_id,
                application_id=application.id,
                conversation_id=waiting[0],
                wish={"new_method": "equal_principal"},
                figures={"old_method": "equal_instalment", "payment_after": "6000.00", "lines": "360"},
                created_at=clock.now(),
                promised_at=clock.now() + timedelta(hours=24),
            )
        )
    return "SR1"


async def test_a_request_goes_its_way_and_the_customer_is_told_the_note(live, request_no) -> None:
    path = f"/api/desk/requests/{request_no}"
    async with desk(live, "lin") as agent:
        (listed,) = (await agent.get("/api/desk/requests")).json()["requests"]
        assert listed["rows"] == [
            {"label": "改成", "value": "等额本金"},
            {"label": "现在的方式", "value": "等额本息"},
            {"label": "改后首期还", "value": "6,000.00元"},
        ]
        taken = (await agent.post(f"{path}/steps", json={"step": "accept"})).json()
        assert (taken["state"], taken["application_no"]) == ("accepted", "FX2026110001")
        done = await agent.post(f"{path}/steps", json={"step": "complete", "note": "下月起生效。"})
        assert [(one["state"], one["actor"], one["note"]) for one in done.json()["events"]] == [
            ("accepted", "客服lin", None),
            ("done", "客服lin", "下月起生效。"),
        ]
        again = await agent.post(f"{path}/steps", json={"step": "refuse"})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "illegal_step")
        assert (await agent.get("/api/desk/requests/SR0")).status_code == 404
        assert (await agent.get("/api/desk/requests")).json()["requests"] == []
        ended = (await agent.get("/api/desk/requests", params={"state": "ended"})).json()["requests"]
    assert [one["request_no"] for one in ended] == [request_no]
    async with asyncio.timeout(30):
        while [notice["note"] for notice in await told(live)] != [None, "下月起生效。"]:
            await asyncio.sleep(0.05)


async def told(live) -> list[dict[str, Any]]:
    """What the customer is told, now or in the morning."""
    async with live.sessions() as session:
        return list(await session.scalars(select(NoticeRow.body).order_by(NoticeRow.id)))
