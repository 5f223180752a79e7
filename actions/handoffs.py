"""Hands the conversation to a person: a sentence for the customer, and what the agent should know."""

from __future__ import annotations

from actions.base import (
    CALCULATION_SLOTS,
    REQUEST_SLOTS,
    SECRET_SLOTS,
    Outcome,
    TurnAction,
    empty,
    understood,
)
from actions.opening import felt
from actions.turn import Feeling, Turn
from bot.messages import Handoff

NONE_OF_THEM = "none_of_them"  #: said by the button under guesses none of which was meant
DEFAULT_SKILL = "before_loan"
COMPLAINT_SKILL = "complaint"
AFTER_LOAN_SKILL = "after_loan"
APPLICATION_SKILL = "application"
STRONG, ANGRY = 2, "angry"


class HumanAgentAction(TurnAction):
    """The customer asked for a person, or said that none of our guesses was right."""

    NAME = "action_human_agent"

    async def act(self, turn: Turn) -> Outcome:
        return hand_over(self, turn, "not_understood" if turn.value(NONE_OF_THEM) else "asked")


def hand_over(action: TurnAction, turn: Turn, reason: str) -> Outcome:
    """What is said and remembered when a person takes over; an unfinished form is dropped."""
    return Outcome(
        parts=(
            action.text_for(turn, f"handoff_reply.{reason}"),
            Handoff(
                reason,
                _skill(action, turn, reason),
                _summary(action, turn),
                _is_urgent(felt(turn)),
                "en" if turn.is_english else "zh",
            ),
        ),
        slots=understood(**empty((*CALCULATION_SLOTS, *REQUEST_SLOTS, *SECRET_SLOTS))),
        ends_form=turn.active_loop is not None,
    )


def _skill(action: TurnAction, turn: Turn, reason: str) -> str:
    """Which agents know most about it: by the topic, else by what was being done."""
    if reason == "complaint":
        return COMPLAINT_SKILL
    if turn.active_loop == "request_form":
        return AFTER_LOAN_SKILL
    answers = action.colleagues.library.answers
    topics = [guess.topic for guess in turn.understood.ranking[:1]] or [turn.understood.topic]
    for topic in topics:
        for answer in answers.of(topic):
            if answer.is_default and answer.skill:
                return answer.skill
    return APPLICATION_SKILL if turn.active_loop == "progress_form" else DEFAULT_SKILL


def _is_urgent(feeling: Feeling) -> bool:
    """Whether the customer should wait less than others with the same reason."""
    return feeling.strength >= STRONG or (feeling.label == ANGRY and not feeling.is_calm)


def _summary(action: TurnAction, turn: Turn) -> str:
    """What the customer wrote last, before that if it was not understood either, what guidance came to; how they sound."""
    feeling = felt(turn)
    sounds = "" if feeling.is_calm else action.say(f"handoff_reply.sounds.{feeling.label}_{feeling.strength}")
    before = str(turn.slots.get("asked_text") or "")
    asked = list(dict.fromkeys(text for text in (before, turn.text) if text))
    brief = (turn.slots.get("last_calculation") or {}).get("brief")
    if not asked and not brief:
        return action.say("handoff_reply.summary_nothing_said", sounds=sounds)
    return action.say(
        "handoff_reply.summary", asked=asked, in_form=turn.active_loop, brief=brief, sounds=sounds
    )
