"""The progress form: who is asking? Application number or phone with ID digits, then a one-time code.

Whether somebody is verified is known to servicing alone.
What the form waits for is its requested slot: once that is the code, a code has been sent.
The slot ``application_no`` keeps a claim: a number, or what servicing makes of a phone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from actions.base import SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.colleagues import Colleagues
from actions.handoffs import hand_over
from actions.requests.begin import is_for_requests
from actions.turn import Turn
from bot.messages import ReplyPart
from bot.servicing.errors import (
    CodeExpired,
    CodeNotSent,
    IdentityRefused,
    NotSentReason,
    VerificationLocked,
    WrongCode,
)

FORM = "progress_form"
OWN_INTENTS = ("inform", "application_status")
SILENT_INTENTS = ("unsure", "not_understood")
NUMBER, DIGITS, CODE = "application_no", "id_last4", "code"
PHONE = "phone"
TRY_LATER = (NotSentReason.TOO_MANY, NotSentReason.NO_ANSWER)  #: not worth a person's time yet


@dataclass(frozen=True)
class Step:
    """Where the check stands after this turn: what to say, and what to ask for next (None: nothing)."""

    application_no: str | None
    wants: str | None
    parts: tuple[ReplyPart, ...] = ()


class ValidateProgressForm(TurnAction):
    """Takes the check as far as what was said allows; digits and code are emptied at once."""

    NAME = "validate_progress_form"

    async def act(self, turn: Turn) -> Outcome:
        said = {
            slot: str(value)
            for slot, value in turn.candidates.items()
            if slot in (NUMBER, DIGITS, CODE) and value
        }
        if NUMBER in said:
            said[NUMBER] = self.colleagues.servicing.claim_of(said[NUMBER])
        if turn.comes_back_to(FORM):
            if not said and turn.slots.get("requested_slot") in (NUMBER, DIGITS, CODE):
                return _outcome(Step(turn.slots.get(NUMBER), turn.slots["requested_slot"]), {})
        elif is_for_requests(self, turn) or not (
            turn.intent in OWN_INTENTS or (said and turn.intent in SILENT_INTENTS)
        ):
            return Outcome(
                slots={NUMBER: turn.slots_before.get(NUMBER, turn.slots.get(NUMBER)), **empty(SECRET_SLOTS)},
                rejects_form=FORM,
            )
        try:
            step = await self._check(turn, said)
        except VerificationLocked as exc:
            return _outcome(Step(None, None, self._locked(exc)), understood())
        except CodeNotSent as exc:
            if exc.reason in TRY_LATER:
                return _outcome(Step(None, None, self._not_sent()), understood())
            handed_over = hand_over(self, turn, "always_human")
            return replace(handed_over, slots={**(handed_over.slots or {}), NUMBER: None})
        return _outcome(step, understood())

    async def _check(self, turn: Turn, said: dict[str, str]) -> Step:
        servicing, conversation = self.colleagues.servicing, turn.conversation_id
        number = said.get(NUMBER) or turn.slots.get(NUMBER)
        before = turn.slots_before.get(NUMBER) if NUMBER in said else number
        waits_for_code = turn.slots.get("requested_slot") == CODE and number == before
        if number is None:
            own = await servicing.own_applications(conversation)
            return Step(own[0], None) if own else Step(None, NUMBER)
        if await servicing.is_verified(conversation, number):
            return await self._verified(turn, number)
        if DIGITS in said:
            try:
                await servicing.begin_verification(conversation, number, said[DIGITS], turn.turn_id)
            except IdentityRefused:
                return Step(None, NUMBER, (self.text("progress.refused"),))
            return Step(number, CODE)
        if waits_for_code and CODE in said:
            try:
                await servicing.confirm_code(conversation, number, said[CODE], turn.turn_id)
            except WrongCode as exc:
                return Step(number, CODE, (self.text("progress.wrong_code", left=exc.left),))
            except CodeExpired:
                return Step(number, DIGITS, (self.text("progress.code_expired"),))
            return await self._verified(turn, number)
        return Step(number, CODE if waits_for_code else DIGITS)

    async def _verified(self, turn: Turn, claim: str) -> Step:
        """The check is over: what was named if it is an application, else the customer's newest one."""
        own = await self.colleagues.servicing.own_applications(turn.conversation_id)
        if not own:
            return Step(None, None, (self.text("progress.no_application"),))
        return Step(claim if claim in own else own[0], None)

    def _not_sent(self) -> tuple[ReplyPart, ...]:
        return (
            self.text("servicing.code_not_sent"),
            buttons((self.say("handoff_reply.button"), "/human_agent")),
        )

    def _locked(self, locked: VerificationLocked) -> tuple[ReplyPart, ...]:
        return (
            self.text("progress.locked", until=locked.until),
            buttons((self.say("handoff_reply.button"), "/human_agent")),
        )


class AskProgressSlot(TurnAction):
    """Asks for the number, the digits or the code."""

    ASKS_FOR_FORM = True

    def __init__(self, colleagues: Colleagues, slot: str) -> None:
        super().__init__(colleagues)
        self.slot = slot

    def name(self) -> str:
        return f"action_ask_{FORM}_{self.slot}"

    async def act(self, turn: Turn) -> Outcome:
        if turn.is_asked_back:
            return Outcome()  # one question at a time: the form asks again once that one is settled
        if self._was_refused(turn):
            return Outcome()  # the refusal has already asked for it again
        return Outcome(
            (self.text_for(turn, f"progress.ask_{self.slot}", application_no=turn.slots.get(NUMBER)),)
        )

    def _was_refused(self, turn: Turn) -> bool:
        """Whether what is asked for was just given and refused: a wrong code, or digits that do not match."""
        if turn.comes_back_to(FORM) and not turn.has_run("action_begin_progress"):
            return False
        if self.slot == NUMBER:
            had_number = turn.value(NUMBER) or turn.value(PHONE) or turn.slots_before.get(NUMBER)
            return bool(had_number) and turn.value(DIGITS) is not None
        return self.slot == CODE and turn.value(CODE) is not None


def _outcome(step: Step, slots: dict[str, Any]) -> Outcome:
    """The form ends when nothing more is wanted (Rasa reads that from the requested slot)."""
    asked = {NUMBER: step.application_no, **empty(SECRET_SLOTS), "requested_slot": step.wants}
    return Outcome(step.parts, {**slots, **asked})
