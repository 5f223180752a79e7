"""Our Rasa input channel: the only door between the service and Rasa, on loopback and behind a token."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.nlu.components.featurizer import SentenceFeaturizer
from bot.nlu.errors import BadRequest, SettingsMissing, TurnFailed
from bot.nlu.paths import NLU_DATA
from bot.nlu.topics import Topics
from bot.nlu.tracker_store import LoudTrackerStore, unwrapped
from bot.nlu.turn import TurnAnswer, TurnRequest, hand_back, run_turn, understand
from bot.nlu.turns import Turns

TOKEN_HEADER = "X-Fangxin-Token"
MOST_TEXTS = 256
log = logging.getLogger("fangxin.channel")


class FangxinInput(InputChannel):
    """Routes under /webhooks/fangxin: webhook, parse, embed, handback, forget."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._topics = Topics.load(NLU_DATA / "topics.yml")
        self._turns: Turns[TurnAnswer] = Turns()

    @classmethod
    def name(cls) -> str:
        return "fangxin"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> FangxinInput:
        token = (credentials or {}).get("token") or ""
        if not token or token.startswith("${"):
            raise SettingsMissing("FANGXIN_RASA_TOKEN is not set: the channel stays shut without a token")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("fangxin_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            return json({"ready": bool(agent and agent.is_ready())})

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return await self._answered(request, self._webhook)

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._answered(request, self._parse)

        @routes.post("/embed")
        async def embed(request: Request) -> HTTPResponse:
            return await self._answered(request, self._embed)

        @routes.post("/handback")
        async def handback(request: Request) -> HTTPResponse:
            return await self._answered(request, self._handback)

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            return await self._answered(request, self._forget)

        return routes

    async def _answered(
        self, request: Request, answer: Callable[[Agent, dict[str, Any]], Awaitable[dict[str, Any]]]
    ) -> HTTPResponse:
        """The answer of a route, or its error as a status."""
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            return _error(401, "unauthorized", "the token is missing or wrong")
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return _error(503, "not_ready", "no model is loaded yet")
        turn_id: str | None = None
        try:
            body = request.json
            if not isinstance(body, dict):
                raise BadRequest("the body is not a JSON object")
            turn_id = body.get("turn_id") if isinstance(body.get("turn_id"), str) else None
            return json(await answer(agent, body))
        except TurnFailed as exc:
            log.error("turn.failed turn=%s code=%s %s", turn_id, exc.code, exc)
            return _error(502, exc.code, str(exc), turn_id)
        except BadRequest as exc:
            return _error(400, "bad_request", str(exc), turn_id)
        except Exception as exc:
            if type(exc).__name__ == "InvalidUsage":  # Sanic's word for a body that is not JSON
                return _error(400, "bad_request", "the body is not JSON", turn_id)
            log.exception("turn.broken turn=%s", turn_id)
            return _error(500, "internal", type(exc).__name__, turn_id)

    async def _webhook(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        request = TurnRequest.parsed(body)
        key = (request.conversation_id, request.turn_id)
        answer = await self._turns.once(key, lambda: run_turn(agent, self._topics, request))
        return {
            "turn_id": answer.turn_id,
            "replies": answer.replies,
            "understood": answer.understood,
            "secrets": answer.secrets,
        }

    async def _parse(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        text, now = body.get("text"), body.get("now")
        if not isinstance(text, str) or not (now is None or isinstance(now, str)):
            raise BadRequest("text is missing")
        return {"understood": [await understand(agent, text, now)]}

    async def _embed(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        texts = body.get("texts")
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise BadRequest("texts is not a list of texts")
        if len(texts) > MOST_TEXTS:
            raise BadRequest(f"more than {MOST_TEXTS} texts at once")
        featurizer = SentenceFeaturizer.serving
        if featurizer is None:
            raise SettingsMissing("the loaded model has no sentence featurizer")
        vectors = []
        for text in texts:  # one at a time: a turn need not wait for a long list
            vectors.append([round(float(value), 6) for value in featurizer.vectors([text])[0]])
            await asyncio.sleep(0)
        return {"vectors": vectors}

    async def _handback(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        conversation_id = body.get("conversation_id")
        if not isinstance(conversation_id, str) or not conversation_id:
            raise BadRequest("conversation_id is missing")
        await asyncio.shield(hand_back(agent, conversation_id))
        return {"ok": True}

    async def _forget(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        seconds = body.get("older_than_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds <= 0:
            raise BadRequest("older_than_seconds is not a length of time")
        store = unwrapped(agent.tracker_store)
        if not isinstance(store, LoudTrackerStore):
            raise SettingsMissing("the tracker store is none of ours")
        deleted = await asyncio.to_thread(store.forget_before, time.time() - seconds)
        return {"deleted": deleted}


def _error(status: int, code: str, message: str, turn_id: str | None = None) -> HTTPResponse:
    body: dict[str, Any] = {"error": {"code": code, "message": message}}
    if turn_id is not None:
        body["turn_id"] = turn_id
    return json(body, status=status)
