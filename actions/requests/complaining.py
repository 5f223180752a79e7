"""Complaints: registered and handed over at once when told, or when the customer is in no mood for questions."""

from __future__ import annotations

from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from actions.base import Outcome, TurnAction
from actions.handoffs import STRONG, hand_over
from actions.opening import felt
from actions.requests.catalogue import FORMS
from actions.requests.kinds.complaint import NAME
from actions.requests.state import FORM, SLOT, STEP, Asked
from actions.turn import Turn
from bot.knowledge.errors import PolicyError
from bot.messages import Handoff, TextPart
from bot.servicing.requests import Complaint, ComplaintCause, RequestError

log = structlog.get_logger(__name__)

ANGRY = "angry"


class ComplaintAction(TurnAction):
    """A complaint always goes to a person; only one that says nothing yet, calmly, is asked what happened."""

    NAME = "action_complaint"

    async def act(self, turn: Turn) -> Outcome:
        running = Asked.of(turn, FORMS) if turn.active_loop == FORM else None
        is_told = self.colleagues.markers.is_told(turn.asked_text)
        if running is not None and running.form.name == NAME:
            story = "；".join(text for text in (str(running.values.get("story") or ""), turn.text) if text)
            return await registered(self, turn, story, running.values.get("cause"))
        if is_told or _is_in_no_mood(turn) or turn.is_english or turn.value(STEP) is not None:
            return await registered(self, turn, turn.asked_text, None)
        asked = Asked(FORMS[NAME], begun_by=turn.turn_id)
        return Outcome(
            slots={"misses": 0.0, "asked_text": None, "asked_entities": None, SLOT: asked.to_slot()},
            next_action=FORM,
            ends_form=turn.active_loop not in (None, FORM),
        )


async def registered(action: TurnAction, turn: Turn, text: str, cause: str | None) -> Outcome:
    """The complaint with its number, and a person who takes over; without a number if it could not be stored."""
    handed_over = hand_over(action, turn, "complaint")
    known = cause or action.colleagues.markers.cause_of(text) or ComplaintCause.OTHER.value
    is_urgent = felt(turn).strength >= STRONG
    told = text or action.say("request.complaint.untold")
    try:
        complaint = await action.colleagues.complaints.register(
            turn.conversation_id, told, ComplaintCause(known), turn.turn_id, is_urgent=is_urgent
        )
    except (RequestError, PolicyError, SQLAlchemyError) as exc:  # the person must come all the same
        log.error("complaint.not_registered", conversation=turn.conversation_id, reason=str(exc))
        return handed_over
    return replace(
        handed_over, parts=tuple(_with_number(action, turn, part, complaint) for part in handed_over.parts)
    )


def _with_number(action: TurnAction, turn: Turn, part: object, complaint: Complaint) -> TextPart | Handoff:
    said = {
        "number": complaint.complaint_no,
        "contact": complaint.contact_by,
        "solution": complaint.solution_by,
    }
    if isinstance(part, Handoff):
        about = action.say(f"request.complaint.cause.{complaint.cause.value}")
        number = action.say("request.complaint.summary", about=about, **said)
        return replace(part, summary=f"{part.summary}{number}")
    return action.text_for(turn, "handoff_reply.complaint_registered", **said)


def _is_in_no_mood(turn: Turn) -> bool:
    feeling = felt(turn)
    return not feeling.is_calm and (feeling.label == ANGRY or feeling.strength >= STRONG)
