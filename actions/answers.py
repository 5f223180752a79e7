"""Answers questions from the answer book."""

from __future__ import annotations

import structlog

from actions.answering import answered
from actions.base import Outcome, TurnAction
from actions.calculations.begin import calculation_for
from actions.calculations.route import subject_of
from actions.context import referred_to
from actions.handoffs import hand_over
from actions.turn import Turn
from bot.knowledge.errors import AnswerError, PolicyError

log = structlog.get_logger(__name__)


class AnswerAction(TurnAction):
    """Says what the book has on the topic; a form that was interrupted asks again afterwards."""

    NAME = "action_answer"

    async def act(self, turn: Turn) -> Outcome:
        followed = await referred_to(self, turn) or await calculation_for(self, turn, subject_of(turn))
        if followed is not None:
            return followed
        topic = turn.understood.topic
        try:
            answer = await self.colleagues.library.answers.pick(topic, turn.asked_text, self.colleagues.embed)
            return answered(self, turn, answer, turn.asked_text or answer.title)
        except (PolicyError, AnswerError) as exc:
            log.error("answer.unavailable", topic=topic, reason=str(exc))
            return hand_over(self, turn, "always_human")
