"""What is said when the bot is not sure, does not understand, or is asked what is not its business.

The second such turn in a row goes to a person.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from actions.alarms import alarmed
from actions.base import Outcome, TurnAction, buttons
from actions.calculations.begin import calculation_for
from actions.calculations.model import payload
from actions.calculations.route import guidance_of, likely_subject_of
from actions.calculations.run import change_of_last
from actions.context import referred_to
from actions.documents import DocumentsAction, asks_for_list
from actions.following import led_to_following
from actions.handoffs import NONE_OF_THEM, hand_over
from actions.introducing import introduced
from actions.my_loan import led_to_loan, pointed_to_loan
from actions.requests.begin import request_for
from actions.turn import AS_ASKED, Guess, Turn
from bot.messages import ReplyPart

MOST_GUESSES = 3
MISSES_BEFORE_HANDOFF = 2


class MissAction(TurnAction):
    """Counts the miss; says its own words unless it is the one too many, or only takes up what was said before."""

    async def act(self, turn: Turn) -> Outcome:
        alarm = alarmed(self, turn)
        if alarm is not None:
            return alarm
        if asks_for_list(turn):
            return Outcome(next_action=DocumentsAction.NAME)
        followed = (
            await request_for(self, turn)
            or pointed_to_loan(turn)
            or led_to_following(turn)
            or await referred_to(self, turn)
            or introduced(self, turn)
        )
        if followed is not None:
            return followed
        misses = float(turn.slots.get("misses") or 0)
        misses += 1
        if misses >= MISSES_BEFORE_HANDOFF:
            return hand_over(self, turn, "not_understood")
        slots = {
            "misses": misses,
            "asked_text": turn.asked_text or None,
            "asked_entities": list(turn.entities),
        }
        return Outcome(self.words(turn), slots, next_action=turn.active_loop)

    @abstractmethod
    def words(self, turn: Turn) -> tuple[ReplyPart, ...]:
        """What to say while it is not one too many."""


class ClarifyAction(MissAction):
    """Asks which of the best guesses was meant, unless words and figures together leave one calculation."""

    NAME = "action_clarify"

    async def act(self, turn: Turn) -> Outcome:
        """The words and figures of a calculation settle what the classifier alone would have asked back."""
        meant = (
            alarmed(self, turn)
            or await request_for(self, turn)
            or pointed_to_loan(turn)
            or await calculation_for(self, turn, likely_subject_of(turn))
            or await led_to_loan(self, turn, is_sure=False)
        )
        return meant or await super().act(turn)

    def words(self, turn: Turn) -> tuple[ReplyPart, ...]:
        options = [
            (self.colleagues.topics.title(g.topic), payload(g.intent, {AS_ASKED: True})) for g in _best(turn)
        ]
        if not options:
            return not_understood(self, turn)
        none_of_them = (self.say("clarify.none_of_them"), payload("human_agent", {NONE_OF_THEM: True}))
        return (self.text_for(turn, "clarify.which"), buttons(*options, none_of_them))


class NotUnderstoodAction(MissAction):
    """Asks for other words."""

    NAME = "action_not_understood"

    async def act(self, turn: Turn) -> Outcome:
        """The words of a guidance are plain even where the classifier is at a loss."""
        meant = pointed_to_loan(turn) or await calculation_for(self, turn, guidance_of(turn))
        return meant or await super().act(turn)

    def words(self, turn: Turn) -> tuple[ReplyPart, ...]:
        return not_understood(self, turn)


class OutOfScopeAction(MissAction):
    """Says what the bot can help with."""

    NAME = "action_out_of_scope"

    async def act(self, turn: Turn) -> Outcome:
        meant = (
            alarmed(self, turn)
            or pointed_to_loan(turn)
            or await calculation_for(self, turn, guidance_of(turn))
        )
        return meant or change_of_last(turn) or await super().act(turn)

    def words(self, turn: Turn) -> tuple[ReplyPart, ...]:
        return (
            self.text_for(turn, "clarify.not_our_business"),
            buttons(
                *((self.colleagues.topics.title(topic), f"/{topic}") for topic in SHOWN_TOPICS),
                (self.say("handoff_reply.button"), "/human_agent"),
            ),
        )


def not_understood(action: TurnAction, turn: Turn) -> tuple[ReplyPart, ...]:
    """Asks for other words, with the way to a person."""
    return (
        action.text_for(turn, "clarify.say_it_again"),
        buttons((action.say("handoff_reply.button"), "/human_agent")),
    )


#: Nobody who is asked what they meant would press one of these.
NEVER_OFFERED = frozenset({"out_of_scope", "greeting", "thanks", "goodbye"})
#: What most customers come for: offered to one who asked for something else.
SHOWN_TOPICS = ("calc_payment", "rate_change", "application_status")


def _best(turn: Turn) -> Iterable[Guess]:
    """The best guesses, one a topic."""
    by_topic: dict[str, Guess] = {}
    for guess in turn.understood.ranking:
        if guess.topic not in NEVER_OFFERED and guess.intent != "cancel":
            by_topic.setdefault(guess.topic, guess)
    return list(by_topic.values())[:MOST_GUESSES]
