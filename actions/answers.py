"""Answers questions from the answer book."""

from __future__ import annotations

import structlog

from actions.alarms import alarmed
from actions.answering import answered
from actions.base import Outcome, TurnAction
from actions.calculations.begin import calculation_for
from actions.calculations.route import subject_of
from actions.context import referred_to
from actions.documents import DocumentsAction, asks_for_list
from actions.following import led_to_wish
from actions.handoffs import hand_over
from actions.introducing import introduced
from actions.loan_questions import is_about_figures
from actions.my_loan import led_to_loan, pointed_to_loan, with_way_to_loan
from actions.requests.begin import request_for
from actions.segments import asker
from actions.turn import Turn
from bot.knowledge.errors import AnswerError, PolicyError

log = structlog.get_logger(__name__)


class AnswerAction(TurnAction):
    """Says what the book has on the topic; a form that was interrupted asks again afterwards."""

    NAME = "action_answer"

    async def act(self, turn: Turn) -> Outcome:
        alarm = alarmed(self, turn)
        if alarm is not None:
            return alarm
        if asks_for_list(turn):
            return Outcome(next_action=DocumentsAction.NAME)
        followed = (
            led_to_wish(turn)
            or await request_for(self, turn)
            or pointed_to_loan(turn)
            or await referred_to(self, turn)
            or await calculation_for(self, turn, subject_of(turn))
            or await led_to_loan(self, turn)
            or introduced(self, turn)
        )
        if followed is not None:
            return followed
        topic = turn.understood.topic
        try:
            answer = await self.colleagues.library.answers.pick(
                topic, turn.asked_text, self.colleagues.embed, asker(turn)
            )
            said = answered(self, turn, answer, turn.asked_text or answer.title)
            return await with_way_to_loan(self, turn, said, is_wanted=is_about_figures(turn))
        except (PolicyError, AnswerError) as exc:
            log.error("answer.unavailable", topic=topic, reason=str(exc))
            return hand_over(self, turn, "always_human")
