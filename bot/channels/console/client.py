"""Talks to the running service as a terminal does."""

from __future__ import annotations

from typing import Any

import httpx

TIMEOUT_SECONDS = 60.0


class ServiceUnreachable(Exception):
    """The service does not answer at its address."""


class ServiceRefused(Exception):
    """The service says no, with words for the person at the terminal."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class ConsoleClient:
    """One terminal's connection to ``POST /channels/console``."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @classmethod
    def at(cls, url: str, token: str) -> ConsoleClient:
        return cls(
            httpx.Client(
                base_url=url,
                headers={"Authorization": f"Bearer {token}"},
                timeout=TIMEOUT_SECONDS,
            )
        )

    def ask(self, conversation: str | None, text: str) -> dict[str, Any]:
        return self._call("POST", "", json={"conversation": conversation, "text": text})

    def press(self, conversation: str | None, payload: str, title: str) -> dict[str, Any]:
        return self._call("POST", "", json={"conversation": conversation, "payload": payload, "title": title})

    def since(self, conversation: str, seq: int) -> dict[str, Any]:
        return self._call("GET", f"/{conversation}/messages", params={"since": seq})

    def _call(self, method: str, path: str, **details: Any) -> dict[str, Any]:
        try:
            response = self._http.request(method, f"/channels/console{path}", **details)
        except httpx.TransportError as exc:
            raise ServiceUnreachable(str(exc)) from exc
        if not response.is_success:
            try:
                error = response.json()["error"]
            except (ValueError, KeyError):
                raise ServiceRefused(response.status_code, "error", response.text[:200]) from None
            raise ServiceRefused(response.status_code, error["code"], error["message"])
        answer: dict[str, Any] = response.json()
        return answer
