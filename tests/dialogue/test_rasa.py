"""The bot behind HTTP: good answers are typed, everything else is one named failure."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest

from bot.dialogue.ports import DialogueUnavailable, TurnAnswer, TurnRequest
from bot.dialogue.rasa import RasaDialogue
from bot.dialogue.scripted import ScriptedDialogue, understood
from bot.messages import TextPart

REQUEST = TurnRequest("u_1", "c_1", "web", datetime(2026, 11, 24, tzinfo=UTC), text="你好")


def dialogue(handler) -> RasaDialogue:
    return RasaDialogue(
        httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://rasa.test")
    )


async def test_an_answer_becomes_typed_parts():
    seen = {}

    def handler(request: httpx.Request) -> httpx.Response:
        seen.update(path=request.url.path, body=json.loads(request.content))
        replies = [{"kind": "text", "text": "您好", "detail": None}]
        return httpx.Response(
            200, json={"turn_id": "u_1", "replies": replies, "understood": [{"intent": "x"}]}
        )

    answer = await dialogue(handler).take_turn(REQUEST)
    assert answer == TurnAnswer((TextPart("您好"),), ({"intent": "x"},))
    assert seen["path"] == "/webhooks/fangxin/webhook"
    assert seen["body"]["turn_id"] == "u_1"
    assert seen["body"]["now"] == "2026-11-24T00:00:00+00:00"


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(502, json={"error": {"code": "action_failed"}}),
        httpx.Response(200, text="not json"),
        httpx.Response(200, json={"understood": []}),
        httpx.Response(200, json={"replies": [{"kind": "video"}], "understood": []}),
    ],
    ids=["action server dead", "no json", "no replies", "unknown part"],
)
async def test_whatever_is_not_an_answer_is_a_bot_that_cannot_be_had(response):
    with pytest.raises(DialogueUnavailable) as caught:
        await dialogue(lambda request: response).take_turn(REQUEST)
    assert caught.value.conversation_id == "c_1"


async def test_a_bot_that_is_not_there_is_not_ready():
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    gone = dialogue(refuse)
    assert not await gone.is_ready()
    with pytest.raises(DialogueUnavailable):
        await gone.take_turn(REQUEST)


async def test_the_double_answers_a_repeated_turn_without_asking_again():
    scripted = ScriptedDialogue({"你好": TurnAnswer((TextPart("您好"),), (understood("你好"),))})
    assert await scripted.take_turn(REQUEST) == await scripted.take_turn(REQUEST)
    assert len(scripted.asked) == 1
