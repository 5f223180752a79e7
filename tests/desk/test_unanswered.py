"""Unanswered words at the desk are a supervisor's business."""

from __future__ import annotations

from bot.handoff.model import Role
from tests.desk.test_desk import desk

PATH = "/api/desk/unanswered"
NOBODY = {"misses": [{"turn_id": "u_no", "part": 0}]}


async def test_unanswered_words_are_a_supervisors_business(live) -> None:
    async with desk(live, "lin") as agent, desk(live, "boss", Role.SUPERVISOR) as boss:
        assert (await agent.get(PATH)).status_code == 403
        assert (await agent.post(f"{PATH}/lay-aside", json=NOBODY)).status_code == 403
        listed = await boss.get(PATH)
        assert (listed.status_code, listed.json()["clusters"]) == (200, [])
        assert "overdue" in listed.json()["intents"]
        nothing = await boss.post(f"{PATH}/teach", json={**NOBODY, "intent": "overdue"})
        assert (nothing.status_code, nothing.json()["error"]["code"]) == (422, "nothing_to_teach")
        unknown = await boss.post(f"{PATH}/teach", json={**NOBODY, "intent": "weather"})
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (422, "intent_unknown")
        assert (await boss.post(f"{PATH}/lay-aside", json={"misses": []})).status_code == 422
