"""What an agent sends besides words: cards that the service counts, pictures and files."""

from __future__ import annotations

from bot.conversation.store import MessageRow
from tests.desk.test_desk import desk, waiting  # noqa: F401 - a fixture
from tests.servicing.test_content import pdf, picture

MILLION = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}


async def test_a_calculation_is_sent_as_the_card_that_was_looked_at(live, waiting) -> None:  # noqa: F811
    conversation_id, ticket_id = waiting
    path = f"/api/desk/conversations/{conversation_id}/cards"
    order = {"client_id": "c", "kind": "level_payment", "inputs": MILLION}
    async with desk(live, "lin") as agent:
        card = (await agent.post("/api/desk/cards", json=order)).json()["part"]
        assert (card["kind"], card["title"]) == ("card", "月供试算 · 100万元 · 30年")
        assert card["rows"][1] == {"label": "每月还款", "value": "4,490.45元", "emphasis": True}
        assert len(card["chart"]["labels"]) == 30
        assert (await agent.post(path, json=order)).status_code == 409
        await agent.post(f"/api/desk/tickets/{ticket_id}/claim")
        sent = (await agent.post(path, json=order)).json()
        again = (await agent.post(path, json=order)).json()
    assert [part["kind"] for part in sent["parts"]] == ["text", "card"]
    assert sent["parts"][1] == card
    assert again["id"] == sent["id"]


async def test_a_calculation_that_cannot_be_is_refused_at_its_field(live) -> None:
    async with desk(live, "lin") as agent:
        wrong = await agent.post(
            "/api/desk/cards", json={"kind": "level_payment", "inputs": {**MILLION, "term_months": 999}}
        )
        unknown = await agent.post("/api/desk/cards", json={"kind": "roulette", "inputs": MILLION})
        early = await agent.post(
            "/api/desk/cards",
            json={
                "kind": "prepay_partial",
                "inputs": {**MILLION, "method": "level", "paid_periods": 24, "prepay_amount": "200000"},
            },
        )
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (422, ["term_months"])
    assert unknown.status_code == 404
    rows = {row["label"]: row["value"] for row in early.json()["part"]["rows"]}
    assert (rows["还款后"], rows["少还期数"]) == ("月供不变，缩短年限", "101期")


async def test_pictures_and_files_reach_the_customer_once(live, waiting) -> None:  # noqa: F811
    conversation_id, ticket_id = waiting
    path = f"/api/desk/conversations/{conversation_id}/files"
    shot = {"data": {"client_id": "p"}, "files": {"file": ("截图.png", picture(), "image/png")}}
    plan = {"data": {"client_id": "f"}, "files": {"file": ("还款计划.pdf", pdf(), "application/pdf")}}
    async with desk(live, "lin") as agent:
        assert (await agent.post(path, **shot)).status_code == 409
        await agent.post(f"/api/desk/tickets/{ticket_id}/claim")
        sent = (await agent.post(path, **shot)).json()
        assert (await agent.post(path, **shot)).json()["id"] == sent["id"]
        file = (await agent.post(path, **plan)).json()["parts"][0]
        assert (file["kind"], file["name"]) == ("file", "还款计划.pdf")
        assert (await agent.get(sent["parts"][0]["url"])).content == picture()
        bad = await agent.post(path, data={"client_id": "x"}, files={"file": ("a.png", b"no", "image/png")})
        assert (bad.status_code, bad.json()["error"]["code"]) == (422, "file_type_unknown")
    async with live.sessions() as session:
        kept = await session.get_one(MessageRow, sent["id"])
    assert kept.as_message().parts[0]["url"].startswith("/files/")
