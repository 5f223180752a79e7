"""What the bot would answer, for the agent's eyes: parsed and looked up, but nothing is said or remembered."""

from __future__ import annotations

from typing import Any

import structlog

from bot.clock import Clock, china_date
from bot.dialogue.ports import Dialogue, DialogueUnavailable, Understood
from bot.knowledge import Library
from bot.knowledge.errors import KnowledgeError
from bot.messages import TextPart, part_to_wire

log = structlog.get_logger()


MOST = 3  #: answers put to the agent


class Suggestions:
    def __init__(self, dialogue: Dialogue, library: Library, clock: Clock) -> None:
        self._dialogue = dialogue
        self._library = library
        self._clock = clock

    async def for_words(self, text: str) -> dict[str, Any]:
        """``understood``, and up to three ``answers`` (title, confidence, parts), the likeliest first.

        No answers when the bot is away; ``parts`` are those of the first where the bot would have given it.
        """
        try:
            understood = list(await self._dialogue.parse(text, self._clock.now()))
            answers = await self._answers(understood[0], text)
        except (DialogueUnavailable, KnowledgeError) as exc:
            log.warning("desk.no_suggestion", error=str(exc))
            return {"understood": [], "answers": [], "parts": None}
        is_sure = understood[0]["band"] == "answer" and bool(answers)
        return {
            "understood": understood,
            "answers": answers,
            "parts": answers[0]["parts"] if is_sure else None,
        }

    async def _answers(self, understood: Understood, text: str) -> list[dict[str, Any]]:
        """The answer of each of the likeliest topics that have one in force today."""
        found = []
        for guess in understood["ranking"]:
            if not self._library.answers.of(guess["topic"]):
                continue
            try:
                answer = await self._library.answers.pick(guess["topic"], text, self._dialogue.embed)
                rendered = self._library.answers.render(
                    answer, self._library.policy, on=china_date(self._clock)
                )
            except KnowledgeError as exc:
                log.info("desk.suggestion_left_out", topic=guess["topic"], error=str(exc))
                continue
            parts = [part_to_wire(TextPart(rendered.text, rendered.detail))]
            found.append({"title": answer.title, "confidence": guess["confidence"], "parts": parts})
            if len(found) == MOST:
                break
        return found
