"""The console channel over HTTP: one message in, the whole turn out."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import understood
from bot.messages import Handoff, TextPart


async def ask(live, text, conversation=None, **more):
    # json.dumps escapes a lone surrogate, which httpx would refuse to send
    body = json.dumps({"text": text, "conversation": conversation, **more})
    response = await live.http.post(
        "/channels/console", content=body, headers={"Content-Type": "application/json"}
    )
    return response.status_code, response.json()


async def test_a_turn_tells_everything_about_itself(live):
    live.dialogue.script = {
        "违约金": TurnAnswer((TextPart("不收"),), (understood("违约金", "prepay_penalty"),))
    }
    status, turn = await ask(live, "违约金")
    assert status == 200
    assert [part["text"] for part in turn["replies"]] == ["不收"]
    assert (turn["topic"], turn["band"], turn["mode"], turn["ticket"]) == (
        "prepay_penalty",
        "answer",
        "bot",
        None,
    )


async def test_the_conversation_goes_on_under_its_name(live):
    _, first = await ask(live, "一", "walk")
    _, second = await ask(live, "二", "walk")
    assert first["conversation_id"] == second["conversation_id"]
    _, other = await ask(live, "三")
    assert other["conversation_id"] != first["conversation_id"]


async def test_a_handoff_shows_its_ticket_and_the_notice(live):
    live.dialogue.script = {"人工": TurnAnswer((Handoff("asked", "after_loan", "要人工"),))}
    _, turn = await ask(live, "人工", "walk")
    assert turn["mode"] == "queued"
    assert turn["ticket"]["reason"] == "asked"
    assert [part["kind"] for part in turn["replies"]] == ["text", "quick_replies"]
    _, silent = await ask(live, "在吗", "walk")
    assert (silent["replies"], silent["mode"]) == ([], "queued")


async def test_twenty_at_once_are_each_answered_with_the_turn_they_went_into(live):
    live.dialogue.delay_seconds = 0.02
    turns = await asyncio.gather(*(ask(live, f"问题{n}", "walk") for n in range(20)))
    for n, (status, turn) in enumerate(turns):
        assert status == 200
        assert f"问题{n}" in turn["replies"][0]["text"]


async def test_the_same_message_id_is_not_asked_twice(live):
    _, first = await ask(live, "你好", "walk", message_id="x1")
    _, again = await ask(live, "你好", "walk", message_id="x1")
    assert first["turn_id"] == again["turn_id"]
    assert len(live.dialogue.asked) == 1


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("\x00\x01", "empty"), ("长" * 10_000, "too_long"), ("\ud83d", "empty")]
)
async def test_bad_words_get_a_clear_refusal(live, text, code):
    status, body = await ask(live, text)
    assert (status, body["error"]["code"]) == (422, code)
    assert body["error"]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "👍👍👍",
        "<script>alert(1)</script>",
        "'; DROP TABLE customer; --",
        "/restart",
        '/human_agent{"a":1}',
        "{{ 7*7 }}",
    ],
)
async def test_strange_words_are_only_words(live, text):
    status, turn = await ask(live, text)
    assert status == 200
    assert live.dialogue.asked[-1].text == text
    assert live.dialogue.asked[-1].payload is None
    assert turn["replies"]


async def test_a_payload_nobody_offered_is_refused(live):
    status, body = await ask(live, None, payload="/restart", title="x")
    assert (status, body["error"]["code"]) == (422, "payload_not_offered")


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b"\xff\xfe\x00", b'{"text": 5}', b'{"conversation": "' + b"x" * 200 + b'"}'],
)
async def test_a_malformed_request_is_a_refusal_and_never_a_fault(live, body):
    response = await live.http.post(
        "/channels/console", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert "code" in response.json()["error"]


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Bearer ключ"])
async def test_without_the_token_nothing_is_said(live, authorization):
    async with httpx.AsyncClient(base_url=live.url) as stranger:
        response = await stranger.post(
            "/channels/console", json={"text": "你好"}, headers={"Authorization": authorization.encode()}
        )
    assert response.status_code == 401


async def test_the_probes_tell_whether_the_bot_is_there(live):
    assert (await live.http.get("/healthz")).status_code == 200
    assert (await live.http.get("/readyz")).json() == {"status": "ready", "database": True, "bot": True}
    live.dialogue.is_down = True
    assert (await live.http.get("/readyz")).status_code == 503
    assert "fangxin_turn_seconds" in (await live.http.get("/metrics")).text
