"""The calculation form: one form for all subjects, which asks only for what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.base import Outcome, TurnAction, buttons, in_both, understood
from actions.calculations.catalogue import SUBJECTS
from actions.calculations.guidance import SEGMENT
from actions.calculations.model import Choice, Field, payload
from actions.calculations.reading import read
from actions.calculations.recorded import chosen, question
from actions.calculations.route import CALCULATION, subject_of
from actions.calculations.rules import Refusal, Rules
from actions.calculations.state import FOR_IT, FORM, INPUT, SLOT, Asked
from actions.context import followed, is_about_answer
from actions.requests.begin import is_for_requests
from actions.segments import asks
from actions.turn import Turn
from bot.messages import ReplyPart

#: Intents that speak to the form itself.
OWN_INTENTS = ("inform", "adjust_last")
#: Intents that say nothing by themselves: then a value that fits the form is what was meant.
SILENT_INTENTS = ("unsure", "not_understood")

#: Topics that a few words of an answer are often taken for.
VAGUE_TOPICS = ("out_of_scope", "goodbye", "greeting", "thanks")
UNKNOWN_OPTION = "guidance.refused"


def rules_of(action: TurnAction) -> Rules:
    return Rules(action.colleagues.library.policy, action.colleagues.today)


class ValidateCalculationForm(TurnAction):
    """Takes what was said for the running calculation; a turn that is not for it is let through."""

    NAME = "validate_calculation_form"

    async def act(self, turn: Turn) -> Outcome:
        asked, rules = Asked.of(turn, SUBJECTS), rules_of(self)
        if asked is None:
            return Outcome(slots={"requested_slot": None})
        if turn.comes_back_to(FORM):
            # another action has spoken in this turn: what it said and counted stays
            if asked.begun_by != turn.turn_id:
                asked = replace(asked, refused=None)
            return _kept(asked, {})
        if is_for_requests(self, turn):
            return Outcome(rejects_form=FORM)
        if is_about_answer(turn) and await followed(self, turn):
            return Outcome(rejects_form=FORM)
        if asked.chooses:
            with_loan = await chosen(self, turn, asked)
            if with_loan is not None:
                return _kept(with_loan, understood())
        wanted = asked.wants()
        reading = read(turn, asked.subject, asked.values, rules, wanted.name if wanted else None)
        if not (reading.is_answer or _is_for_form(turn, asked, bool(reading.said or reading.refused))):
            if wanted is None or not _is_unknown_option(turn, asked, wanted):
                return Outcome(rejects_form=FORM)
            reading = replace(reading, refused={wanted.name: Refusal(UNKNOWN_OPTION, {})})
        if reading.said:
            asked = replace(asked, chooses=False)  # figures of their own
        told = replace(asked.told(reading, rules), in_english=turn.stays_english(asked.in_english))
        return _kept(told, understood())


class AskCalculationInput(TurnAction):
    """Says what could not be used, and asks for the next missing field."""

    NAME = f"action_ask_{FORM}_{INPUT}"
    ASKS_FOR_FORM = True

    async def act(self, turn: Turn) -> Outcome:
        asked, rules = Asked.of(turn, SUBJECTS), rules_of(self)
        wanted = asked.wants() if asked else None
        is_clarified = turn.is_asked_back and asked is not None and asked.begun_by != turn.turn_id
        if asked is None or not asked.is_open or is_clarified:
            return Outcome()  # one question at a time: the form asks again once that one is settled
        if asked.chooses or wanted is None:
            return Outcome(await question(self, turn))
        refused = asked.refused or {}
        parts: list[ReplyPart] = [self.text(each.phrase, **each.values) for each in refused.values()]
        if wanted.name not in refused:
            parts.append(self._question(turn, asked, wanted, rules))
        choices = [
            (each.title, payload("inform", each.settles))
            for each in self._choices(asked, wanted, refused.get(wanted.name), rules)
        ]
        if wanted.name == "balance" and not asked.has_record:
            choices.append(
                (self.say("calculation.record_button"), payload("application_status", {FOR_IT: True}))
            )
        if choices:
            parts.append(buttons(*choices))
        return Outcome(tuple(parts))

    def _question(self, turn: Turn, asked: Asked, wanted: Field, rules: Rules) -> ReplyPart:
        """The subject's own question where it has one, that for the customer's group first, else the usual one.

        In English first where that is written.
        """
        subject, group = asked.subject.NAME, asked.values.raw(SEGMENT)
        usual = f"calculation.ask.{wanted.name}"
        own = (f"{subject}.ask_{group}.{wanted.name}", f"{subject}.ask.{wanted.name}")
        key = next((key for key in own if self.colleagues.library.phrases.has(key)), usual)
        named = wanted.asking(rules, asked.values) if wanted.asking else {}
        words = self.say(key, **named)
        english = f"english.calculation.ask.{wanted.name}"
        if turn.stays_english(asked.in_english) and self.colleagues.library.phrases.has(english):
            words = in_both(self.say(english, **named), words)
        return self.plain(words)

    def _choices(
        self, asked: Asked, wanted: Field, refused: Refusal | None, rules: Rules
    ) -> Sequence[Choice]:
        if refused and refused.phrase == "calculation.refused.range":
            return [
                Choice(self.say("calculation.amount_button", amount=amount), {wanted.name: int(amount)})
                for amount in (refused.values["low"], refused.values["high"])
            ]
        return wanted.choices(rules, asked.values, self.say) if wanted.choices else ()


def _kept(asked: Asked, slots: Mapping[str, Any]) -> Outcome:
    """The form stays open as long as something is wanted (Rasa reads that from the requested slot)."""
    wants = INPUT if asked.is_open else None
    return Outcome(slots={**slots, SLOT: asked.to_slot(), "requested_slot": wants})


def _is_unknown_option(turn: Turn, asked: Asked, wanted: Field) -> bool:
    """Whether a few words that ask for nothing else answer a choice in a way we do not know; the buttons help once."""
    is_choice = wanted.choices is not None and wanted.entity == wanted.name
    is_first = wanted.name not in (asked.refused or {})
    is_vague = turn.intent in SILENT_INTENTS or turn.understood.topic in VAGUE_TOPICS
    return bool(turn.text) and is_choice and is_first and is_vague and not asks(turn.text)


def _is_for_form(turn: Turn, asked: Asked, says_something: bool) -> bool:
    if turn.intent in OWN_INTENTS:
        return True
    if turn.understood.topic == CALCULATION and subject_of(turn) in (None, asked.subject):
        return True  # 「帮我算一下」 in the middle of it
    if not says_something:
        return False
    return turn.intent in SILENT_INTENTS or (
        turn.intent in asked.subject.TOPICS and subject_of(turn) in (None, asked.subject)
    )
