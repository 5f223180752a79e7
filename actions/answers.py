"""Answers questions from the answer book."""

from __future__ import annotations

import structlog

from actions.base import Outcome, TurnAction, buttons, understood
from actions.calculations.begin import calculation_for
from actions.calculations.route import subject_of
from actions.handoffs import hand_over
from actions.turn import Turn
from bot.knowledge.errors import AnswerError, PolicyError
from bot.knowledge.model import Answer
from bot.messages import ReplyPart, TextPart

MOST_RELATED = 3

log = structlog.get_logger(__name__)


class AnswerAction(TurnAction):
    """Says what the book has on the topic; a form that was interrupted asks again afterwards."""

    NAME = "action_answer"

    async def act(self, turn: Turn) -> Outcome:
        calculated = await calculation_for(self, turn, subject_of(turn))
        if calculated is not None:
            return calculated
        topic = turn.understood.topic
        book, policy = self.colleagues.library.answers, self.colleagues.library.policy
        try:
            answer = await book.pick(topic, turn.asked_text, self.colleagues.embed)
            rendered = book.render(answer, policy, self.colleagues.today)
        except (PolicyError, AnswerError) as exc:
            log.error("answer.unavailable", topic=topic, reason=str(exc))
            return hand_over(self, turn, "always_human")
        parts: list[ReplyPart] = [TextPart(rendered.text, rendered.detail)]
        related = self._related(answer)
        if related and turn.active_loop is None:
            parts.append(buttons(*related, prompt=self.say("clarify.related")))
        return Outcome(tuple(parts), understood(), next_action=turn.active_loop)

    def _related(self, answer: Answer) -> list[tuple[str, str]]:
        topics = [topic for topic in answer.related if topic != answer.topic][:MOST_RELATED]
        return [(self.colleagues.topics.title(topic), f"/{topic}") for topic in topics]
