"""One's own login over HTTP: the second factor from the first picture to its end."""

from __future__ import annotations

import time

import httpx
import pyotp

from bot.handoff.model import Role
from tests.desk.test_desk import PASSWORD, desk

STEP = 30


async def log_in(live, **more: str) -> httpx.Response:
    return await live.http.post("/api/desk/login", json={"name": "lin", "password": PASSWORD, **more})


async def test_turned_on_asked_for_and_taken_off(live):
    async with (
        desk(live, "lin") as agent,
        desk(live, "boss", Role.SUPERVISOR) as boss,
        desk(live, "root", Role.ADMIN) as admin,
    ):
        made = (await agent.post("/api/desk/account/totp")).json()
        phone = pyotp.TOTP(made["secret"])
        used = int(time.time())
        on = await agent.post("/api/desk/account/totp/confirm", json={"code": phone.at(used)})
        assert on.json() == {"has_second_factor": True}
        me = (await agent.get("/api/desk/me")).json()["agent"]  # the browser that turned it on goes on
        assert me["has_second_factor"]
        asked = await log_in(live)
        assert (asked.status_code, asked.json()["error"]["code"]) == (401, "code_needed")
        replayed = await log_in(live, code=phone.at(used))
        assert (replayed.status_code, replayed.json()["error"]["code"]) == (401, "login_refused")
        assert (await log_in(live, code=phone.at(used + STEP))).status_code == 200  # a phone ahead of us
        path = f"/api/desk/agents/{me['id']}/totp"
        assert (await boss.delete(path)).status_code == 403
        assert (await admin.delete(path)).json() == {"has_second_factor": False}
        assert (await log_in(live)).status_code == 200


async def test_bad_codes_change_nothing(live):
    async with desk(live, "lin") as agent:
        early = await agent.post("/api/desk/account/totp/confirm", json={"code": "123456"})
        assert (early.status_code, early.json()["error"]["code"]) == (409, "nothing_to_confirm")
        long = await agent.post("/api/desk/account/totp/confirm", json={"code": "1234567"})
        assert long.status_code == 422
        off = await agent.post("/api/desk/account/totp/off", json={"code": "12345x"})
        assert (off.status_code, off.json()["error"]["code"]) == (422, "code_refused")
    assert (await live.http.post("/api/desk/account/totp")).status_code == 401
