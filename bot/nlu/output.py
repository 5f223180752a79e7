"""Collects what the actions say as reply parts."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class PartsOutput(OutputChannel):
    """Reply parts come as custom JSON; Rasa's own texts and buttons are turned into parts."""

    def __init__(self) -> None:
        self.parts: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "fangxin"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        text = message.get("text")
        if text:
            self.parts.append({"kind": "text", "text": text, "detail": None})
        buttons = message.get("buttons") or message.get("quick_replies")
        if buttons:
            options = [{"title": button["title"], "payload": button.get("payload", "")} for button in buttons]
            self.parts.append({"kind": "quick_replies", "options": options, "prompt": None})
        if message.get("image"):
            self.parts.append({"kind": "image", "url": message["image"], "alt": ""})
        custom = message.get("custom")
        if custom:
            self.parts.extend(custom if isinstance(custom, list) else [custom])

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        await self.send_response(recipient_id, {"text": text})
