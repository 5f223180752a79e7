"""An answer of the book as a reply, and what is remembered of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from actions.base import Outcome, TurnAction, buttons, in_both, understood
from actions.calculations.catalogue import SUBJECTS
from actions.calculations.model import payload
from actions.introducing import offers
from actions.segments import Segments
from actions.turn import Turn
from bot.knowledge.model import Answer
from bot.messages import ReplyPart, TextPart

MOST_RELATED = 3
GREETING = "greeting"
LAST_ANSWER = "last_answer"  #: the slot; empty once something else than an answer was shown


@dataclass(frozen=True)
class LastAnswer:
    """What was answered last, and the question that it answered."""

    topic: str
    answer: str  #: its name in the book
    question: str
    message: str = ""  #: the id of the message that it answered

    @classmethod
    def of(cls, turn: Turn) -> LastAnswer | None:
        kept = turn.slots.get(LAST_ANSWER)
        return cls(**kept) if kept else None

    def to_slot(self) -> dict[str, Any]:
        return asdict(self)


def answered(
    action: TurnAction, turn: Turn, answer: Answer, question: str, lead: str | None = None
) -> Outcome:
    """The answer with the facts of the day; in English it begins with its summary, and a form asks again after it.

    `PolicyError` or `AnswerError` when it cannot be said today.
    """
    library = action.colleagues.library
    rendered = library.answers.render(answer, library.policy, action.colleagues.today)
    text = f"{lead}{rendered.text}" if lead else rendered.text
    if turn.is_english and rendered.english:
        text = in_both(rendered.english, text)
    parts: list[ReplyPart] = [TextPart(text, rendered.detail)]
    related = _related(action, turn, answer)
    if related and turn.active_loop is None:
        parts.append(buttons(*related, prompt=action.say("clarify.related")))
    kept = LastAnswer(answer.topic, answer.name, question, turn.message_id)
    return Outcome(tuple(parts), understood(**{LAST_ANSWER: kept.to_slot()}), next_action=turn.active_loop)


def _related(action: TurnAction, turn: Turn, answer: Answer) -> list[tuple[str, str]]:
    """What could be asked next: the calculation that the answer leads to, then other topics; after a greeting, what
    the customer's group begins with."""
    group = Segments.of(turn).met
    if answer.topic == GREETING and group is not None:
        return offers(action, group)
    topics = [topic for topic in answer.related if topic != answer.topic][:MOST_RELATED]
    related = [(action.colleagues.topics.title(topic), f"/{topic}") for topic in topics]
    if answer.calculation in SUBJECTS:
        begins = payload("calc_payment", {"subject": answer.calculation})
        related.insert(0, (action.say("calculation.begin_button"), begins))
    request = action.colleagues.markers.offered_under(answer.name)
    if request is not None:
        related.insert(0, (action.say("request.begin_button"), payload(answer.topic, {"request": request})))
    return related
