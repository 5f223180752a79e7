"""What the bot would answer, for the agent's eyes: parsed and looked up, but nothing is said or remembered."""

from __future__ import annotations

from typing import Any

import structlog

from bot.clock import Clock, china_date
from bot.dialogue.ports import Dialogue, DialogueUnavailable
from bot.knowledge import Library
from bot.knowledge.errors import KnowledgeError
from bot.messages import TextPart, part_to_wire

log = structlog.get_logger()


class Suggestions:
    def __init__(self, dialogue: Dialogue, library: Library, clock: Clock) -> None:
        self._dialogue = dialogue
        self._library = library
        self._clock = clock

    async def for_words(self, text: str) -> dict[str, Any]:
        """``understood`` and ``parts``; no parts when the bot is unsure or away."""
        try:
            understood = list(await self._dialogue.parse(text, self._clock.now()))
            first = understood[0]
            if first["band"] != "answer" or not self._library.answers.of(first["topic"]):
                return {"understood": understood, "parts": None}
            answer = await self._library.answers.pick(first["topic"], text, self._dialogue.embed)
            rendered = self._library.answers.render(answer, self._library.policy, on=china_date(self._clock))
        except (DialogueUnavailable, KnowledgeError) as exc:
            log.warning("desk.no_suggestion", error=str(exc))
            return {"understood": [], "parts": None}
        return {
            "understood": understood,
            "parts": [part_to_wire(TextPart(rendered.text, rendered.detail))],
        }
