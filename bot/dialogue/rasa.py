"""The bot served by Rasa, through our own input channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.dialogue.ports import DialogueUnavailable, TurnAnswer, TurnRequest, Understood
from bot.messages import part_from_wire

CHANNEL = "/webhooks/fangxin"


class RasaDialogue:
    """Talks to ``bot/nlu/channel.py``. Tests pass a client with a mock transport."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    def at(cls, url: str, token: str, timeout_seconds: float) -> RasaDialogue:
        """A dialogue with the Rasa that listens at ``url``."""
        headers = {"X-Fangxin-Token": token}
        timeout = httpx.Timeout(timeout_seconds, connect=2.0)
        return cls(httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout))

    async def close(self) -> None:
        await self._http.aclose()

    async def take_turn(self, request: TurnRequest) -> TurnAnswer:
        answer = await self._post(
            "/webhook",
            {
                "turn_id": request.turn_id,
                "conversation_id": request.conversation_id,
                "channel": request.channel,
                "text": request.text,
                "payload": request.payload,
                "now": request.now.isoformat(),
            },
            about=request.conversation_id,
        )
        try:
            parts = tuple(part_from_wire(part) for part in answer["replies"])
            secrets = tuple(str(words) for words in answer.get("secrets", ()))
            return TurnAnswer(parts, tuple(answer["understood"]), secrets)
        except (ValueError, KeyError, TypeError) as exc:
            raise DialogueUnavailable(request.conversation_id, f"malformed answer: {exc}") from exc

    async def parse(self, text: str, now: datetime) -> tuple[Understood, ...]:
        answer = await self._post("/parse", {"text": text, "now": now.isoformat()}, about="parse")
        return tuple(answer["understood"])

    async def embed(self, texts: list[str]) -> list[list[float]]:
        answer = await self._post("/embed", {"texts": texts}, about="embed")
        vectors: list[list[float]] = answer["vectors"]
        return vectors

    async def hand_back(self, conversation_id: str) -> None:
        await self._post("/handback", {"conversation_id": conversation_id}, about=conversation_id)

    async def forget(self, older_than: timedelta) -> int:
        seconds = older_than.total_seconds()
        answer = await self._post("/forget", {"older_than_seconds": seconds}, about="forget")
        return int(answer["deleted"])

    async def is_ready(self) -> bool:
        try:
            return (await self._http.get(f"{CHANNEL}/")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def _post(self, path: str, body: dict[str, Any], *, about: str) -> dict[str, Any]:
        try:
            response = await self._http.post(CHANNEL + path, json=body)
            response.raise_for_status()
            answer: dict[str, Any] = response.json()
            return answer
        except httpx.HTTPStatusError as exc:
            raise DialogueUnavailable(
                about, f"{exc.response.status_code}: {exc.response.text[:200]}"
            ) from exc
        except (httpx.HTTPError, ValueError) as exc:
            raise DialogueUnavailable(about, repr(exc)) from exc
