"""Begins a calculation, shows its result, and changes the last one at a word."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from actions.answering import LAST_ANSWER
from actions.base import SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.calculations.catalogue import PAYMENT, SUBJECTS
from actions.calculations.form import rules_of
from actions.calculations.guidance import SEGMENT
from actions.calculations.model import Case, Figure, Result, Source, Subject, Values, payload
from actions.calculations.reading import read
from actions.calculations.recorded import with_record
from actions.calculations.route import is_change_of, other_subject_of, planned_subject_of, subject_of
from actions.calculations.state import ADJUST_LAST, FORM, LAST_SLOT, PAPER, SLOT, Asked
from actions.context import followed
from actions.handoffs import hand_over
from actions.my_loan import pointed_to_loan
from actions.requests.begin import request_for
from actions.requests.state import BEGIN
from actions.segments import Segments
from actions.turn import LISTEN, Turn
from bot.knowledge.errors import PolicyError
from bot.lending import InvalidInput
from bot.messages import ReplyPart
from bot.papers import SummaryPaper

log = structlog.get_logger(__name__)


class ResultAction(TurnAction):
    """An action that works something out; where a fact of the day is missing, a person takes over."""

    async def act(self, turn: Turn) -> Outcome:
        try:
            return await self.show(turn)
        except PolicyError as exc:
            log.error("calculation.unavailable", action=self.NAME, reason=str(exc))
            return hand_over(self, turn, "always_human")

    @abstractmethod
    async def show(self, turn: Turn) -> Outcome:
        """What to say and remember. `PolicyError` when a fact is missing."""


class CalculationAction(ResultAction):
    """Shows the result of a filled form."""

    NAME = "action_calculate"

    async def show(self, turn: Turn) -> Outcome:
        asked = Asked.of(turn, SUBJECTS)
        if asked is None or asked.is_open:
            return Outcome()  # the form was left without its values: whoever ended it has spoken
        try:
            result = work_out(self, asked)
        except InvalidInput as exc:
            return _asked_again(self, asked, exc)
        return Outcome(
            (*parts_of(self, asked, result), *_buttons(self, asked, result)),
            understood(**{SLOT: None, **_as_last(asked, result)}),
        )


class AdjustLastAction(ResultAction):
    """Changes one or more values of the last calculation and shows what that does."""

    NAME = ADJUST_LAST

    async def show(self, turn: Turn) -> Outcome:
        request = await request_for(self, turn) or pointed_to_loan(turn)
        if request is not None:
            return request
        about_answer = None if turn.is_pressed else await followed(self, turn)
        if about_answer is not None:
            return about_answer
        last, rules = Asked.of(turn, SUBJECTS, LAST_SLOT), rules_of(self)
        if last is None:
            return replace(await begin(self, turn, subject_of(turn) or PAYMENT), next_action=FORM)
        other = other_subject_of(turn, last.subject)
        if other is not None:
            return replace(await begin(self, turn, other), next_action=FORM)
        reading = read(turn, last.subject, last.values, rules)
        afterwards = LISTEN if turn.intent not in ("adjust_last", "inform") else turn.active_loop
        if reading.refused:
            refusals = tuple(self.text(each.phrase, **each.values) for each in reading.refused.values())
            return Outcome(refusals, understood(), next_action=afterwards)
        before = work_out(self, last)
        asked = last.told(reading, rules)
        if asked.wants() is not None:  # the change needs something that did not matter before
            return Outcome(
                slots=understood(**{SLOT: replace(asked, begun_by=turn.turn_id).to_slot()}), next_action=FORM
            )
        if asked.complete(rules).to_raw() == last.complete(rules).to_raw():
            meant = planned_subject_of(turn, last.subject)
            if meant is not None:
                return replace(await begin(self, turn, meant), next_action=FORM)
            return Outcome(
                (self.text("adjust.what"), *_buttons(self, last, before)),
                understood(),
                next_action=afterwards,
            )
        try:
            after = work_out(self, asked)
        except InvalidInput as exc:
            return Outcome(
                (self.text("calculation.not_possible", why=exc.message),), understood(), afterwards
            )
        shown = parts_of(self, asked, after) if after.is_refused else _shown_again(self, asked, before, after)
        return Outcome(
            (*shown, *_buttons(self, asked, after)),
            understood(**_as_last(asked, after)),
            next_action=afterwards,
        )


def change_of_last(turn: Turn) -> Outcome | None:
    """Leads a message that only changes the last calculation there; None for any other message."""
    last = Asked.of(turn, SUBJECTS, LAST_SLOT)
    if last is None or not is_change_of(turn, last.subject):
        return None
    return Outcome(slots=understood(), next_action=AdjustLastAction.NAME)


async def begin(action: TurnAction, turn: Turn, subject: Subject) -> Outcome:
    """Opens a subject with everything that is known of it; the form asks for the rest."""
    rules = rules_of(action)
    last = Asked.of(turn, SUBJECTS, LAST_SLOT)
    begun = Asked(subject, begun_by=turn.turn_id, in_english=turn.is_english)
    if subject.IS_OWN_LOAN:
        begun = await with_record(action, turn, begun)
    known = begun.values
    if last is not None and (subject is not last.subject or subject.IS_OWN_LOAN):
        carried = _carried(turn, last, subject)
        known = known.with_(Source.CARRIED, {name: v for name, v in carried.items() if name not in known})
    group = Segments.of(turn).met
    if group is not None and any(field.name == SEGMENT for field in subject.FIELDS):
        known = known.with_(Source.CARRIED, {SEGMENT: group})
    asked = replace(begun, values=known).told(read(turn, subject, known, rules), rules)
    return Outcome(
        slots=understood(**{SLOT: asked.to_slot()}, **empty(SECRET_SLOTS)), ends_form=in_other_form(turn)
    )


def work_out(action: TurnAction, asked: Asked) -> Result:
    """The result, with defaults for what was left open. `InvalidInput` when the values do not go together."""
    rules = rules_of(action)
    return asked.subject.work_out(Case(asked.complete(rules), rules, action.say, action.colleagues.today))


def parts_of(action: TurnAction, asked: Asked, result: Result) -> tuple[ReplyPart, ...]:
    """What is said and shown; the card's small print names what was assumed and what came from the record."""
    parts: list[ReplyPart] = [action.plain(words) for words in (result.says, result.caution) if words]
    if result.card:
        parts.append(replace(result.card, notes=(*result.card.notes, *_assumed(action, asked))))
    return tuple(parts)


def _assumed(action: TurnAction, asked: Asked) -> list[str]:
    values = asked.complete(rules_of(action))
    notes = []
    for name, given in values.items():
        key = f"calculation.assumed.{name}"
        if given.source is Source.DEFAULT and action.colleagues.library.phrases.has(key):
            notes.append(action.say(key, value=given.value, values=values.to_raw()))
    if asked.has_record:
        notes.append(action.say("calculation.from_record", loan=asked.loan_name))
    return notes


def _buttons(action: TurnAction, asked: Asked, result: Result) -> tuple[ReplyPart, ...]:
    steps = [(step.title, step.payload) for step in result.steps]
    request = action.colleagues.markers.offered_after(asked.subject.NAME)
    if request is not None and result.card is not None and not result.is_refused:
        steps.insert(0, (action.say("request.begin_button"), payload("calc_payment", {BEGIN: request})))
    if result.loans:
        steps.append((action.say("calculation.paper_button"), payload("calc_payment", {PAPER: True})))
    if result.summary:
        steps.append((action.say("calculation.summary_button"), payload("calc_payment", {PAPER: True})))
    return (buttons(*steps),) if steps else ()


def _as_last(asked: Asked, result: Result) -> dict[str, Any]:
    """The slots: a calculation shown is what words like 「那公积金的呢」 mean from now on."""
    kept = {**asked.to_slot(), "carries": dict(result.carries)}
    if result.summary:
        kept["brief"] = _brief(result.summary)
    return {LAST_SLOT: kept, LAST_ANSWER: None}


def _brief(summary: SummaryPaper) -> str:
    """A summary in one paragraph, for the agent who takes over."""
    facts = [f"{label}：{value}" for section in summary.sections for label, value in section.facts]
    return "；".join((f"{summary.title}：{summary.says}", *facts))


def _carried(turn: Turn, last: Asked, subject: Subject) -> Mapping[str, Any]:
    """What the last calculation knew or found, of the fields that this subject has."""
    kept = turn.slots.get(LAST_SLOT) or {}
    said = last.values.from_others_than(Source.DERIVED).to_raw()
    found = {**said, **(kept.get("carries") or {})}
    names = {field.name for field in subject.FIELDS}
    return {name: value for name, value in found.items() if name in names}


def _asked_again(action: TurnAction, asked: Asked, exc: InvalidInput) -> Outcome:
    """The core refuses the values together: the field it names is emptied and asked for anew."""
    blamed = exc.field.removesuffix("_pct")
    names = [field.name for field in asked.subject.FIELDS if field.name == blamed]
    kept = asked.values.without(*names) if names else Values()
    again = Asked(asked.subject, kept, begun_by=asked.begun_by, in_english=asked.in_english)
    return Outcome(
        (action.text("calculation.not_possible", why=exc.message),),
        understood(**{SLOT: again.to_slot()}),
        next_action=FORM,
    )


def _shown_again(action: TurnAction, asked: Asked, before: Result, after: Result) -> tuple[ReplyPart, ...]:
    """What a change did; a result whose figure stays, is none, or means a loss is told anew."""
    old, new = before.figure, after.figure
    is_same = old == new and before.interest == after.interest
    became_possible = before.card is None or after.card is None  # or ceased to be
    if old is None or new is None or is_same or became_possible or min(old.amount, new.amount) < 0:
        return parts_of(action, asked, after)
    what_changed = _what_changed(action, before, old, after, new)
    return (what_changed, *parts_of(action, asked, replace(after, says=None)))


def _what_changed(action: TurnAction, before: Result, old: Figure, after: Result, new: Figure) -> ReplyPart:
    interest = None
    if before.interest is not None and after.interest is not None:
        interest = after.interest - before.interest
    return action.text(
        "adjust.changed",
        before_label=old.label,
        after_label=new.label,
        before=old.amount,
        after=new.amount,
        interest=interest,
    )


def in_other_form(turn: Turn) -> bool:
    return turn.active_loop not in (None, FORM)
