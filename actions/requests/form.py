"""The request form: asks for what is missing, tells the rules, shows the summary and waits for a yes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import structlog

from actions.base import Outcome, TurnAction, buttons, understood
from actions.calculations.rules import Rules
from actions.handoffs import hand_over
from actions.loan_choice import LOAN, means_all
from actions.requests.begin import heard, wished
from actions.requests.catalogue import FORMS
from actions.requests.kinds.account_change import CARD_NUMBER
from actions.requests.kinds.complaint import NAME as COMPLAINT
from actions.requests.model import Asking, Choice, Item, Row, payload, shown, typed
from actions.requests.refusals import instead, refusal_parts
from actions.requests.state import (
    CANCEL,
    CHANGE,
    CONFIRM,
    DRAFT,
    FORM,
    INPUT,
    MODIFY,
    SLOT,
    STEP,
    Asked,
)
from actions.requests.which_loan import (
    choices as choices_of_loan,
)
from actions.requests.which_loan import is_one_of_several, loan_words, ref_of, with_loan
from actions.turn import Turn
from bot.knowledge.errors import PolicyError
from bot.lending import DueDates, InvalidInput, LendingError, Loan, Method
from bot.messages import Card, File, ReplyPart
from bot.messages import Row as CardRow
from bot.papers import Format, PlannedLoan
from bot.servicing.errors import NotVerified
from bot.servicing.model import LoanKind
from bot.servicing.requests import (
    Draft,
    Reason,
    RequestKind,
    RequestRefused,
    WishIncomplete,
)
from bot.servicing.requests.shown import Shown

log = structlog.get_logger(__name__)

OWN_INTENTS = ("inform", "adjust_last")
SILENT_INTENTS = ("unsure", "not_understood", "out_of_scope")
#: Reasons after which nobody but a person can help.
FOR_A_PERSON = (Reason.ROWS_MISSING, Reason.FUND_CENTRE)
_CONFIRMS = re.compile(
    r"^(?:嗯+|好+的?|对的?|是的?|行|可以|没问题|没错|没有问题|就这样|同意|ok|OK|确认|确定|提交|办吧|那就)+[，,。.!！]*"
    r"(?:请|帮我)?(?:确认|确定|提交|办理|办|吧|了|的|就这样|没问题)*[。.!！~]*$"
)
_MODIFIES = re.compile(r"^(?:我想|我要|要|想)?(?:修改|改一?下|更改|改改|重新填|重填|不对)[。.!！]*$")
_CANCELS = re.compile(
    r"^(?:算了|取消|不办了?|不用了?|不要了?|先不办|放弃|不提交)(?:吧|了|，?不办了?|，?先不办了?|，?不用了?)*[。.!！]*$"
)
_ASKS = re.compile(r"[?？]|吗|呢$|怎么|如何|多少|为什么|什么|哪|能不能|是否")


class ValidateRequestForm(TurnAction):
    """Takes what was said for the running request; a turn that is not for it is let through."""

    NAME = "validate_request_form"

    async def act(self, turn: Turn) -> Outcome:
        asked = Asked.of(turn, FORMS)
        if asked is None:
            return Outcome(slots={"requested_slot": None})
        if turn.comes_back_to(FORM):
            if asked.begun_by == turn.turn_id:
                return await self._ahead(turn, asked, ())
            return _kept(asked)  # another action has spoken in this turn: what it said stays
        step = turn.value(STEP) if turn.is_pressed else _step_said(turn, asked)
        if step in (CONFIRM, MODIFY, CANCEL):
            return await self._stepped(turn, asked, str(step))
        if turn.is_pressed and turn.value(CHANGE) is not None:
            return await self._ahead(turn, _without(asked, str(turn.value(CHANGE))), ())
        if asked.wanted == LOAN and means_all(turn.text):
            return _kept(asked, understood(), (self.text("request.one_by_one"),))
        other = wished(self, turn)
        said = heard(self, turn, asked.form, asked.values, asked.wanted)
        if (other is not None and other is not asked.form) or not self._is_for_form(turn, asked, said):
            return Outcome(rejects_form=FORM)
        warned = self._warned(turn, asked)
        values = {name: value for name, value in {**asked.values, **said}.items() if value is not None}
        told = replace(asked, values=values, choices=(), is_modified=False)
        return await self._ahead(turn, told, warned)

    async def _stepped(self, turn: Turn, asked: Asked, step: str) -> Outcome:
        if step == CANCEL:
            title = self.say(f"request.title.{asked.form.name}")
            return Outcome(
                (self.text("request.cancelled", title=title),),
                understood(**{SLOT: None, "requested_slot": None}),
            )
        if step == MODIFY:
            changeable = _changeable(asked)
            if not changeable:
                return _kept(asked, understood(), (self.text("request.nothing_to_change"),))
            if len(changeable) == 1:
                return await self._ahead(turn, _without(asked, changeable[0].name), ())
            return _kept(replace(asked, is_modified=True), understood())
        is_old = turn.is_pressed and asked.draft is not None and turn.value(DRAFT) != asked.draft.digest
        if asked.wants() is not None or is_old:
            return await self._ahead(turn, replace(asked, begun_by=turn.turn_id), ())
        if asked.form.needs_customer and asked.draft is None:
            return await self._ahead(turn, asked, ())
        return _ended(replace(asked, is_confirmed=True, is_modified=False))

    def _is_for_form(self, turn: Turn, asked: Asked, said: dict[str, Any]) -> bool:
        if turn.is_pressed:
            return bool(said)
        if turn.intent in ("cancel", "human_agent"):
            return False
        if asked.form.name == COMPLAINT:
            return bool(said) and not (turn.intent == "complaint" and asked.wanted != "story")
        if CARD_NUMBER.search(turn.text) and asked.wanted == "new_tail":
            return True
        if turn.intent in OWN_INTENTS:
            return True
        if not said:
            return False
        if LOAN in said:
            return not _ASKS.search(turn.text)
        if turn.intent in SILENT_INTENTS or asked.wanted in said:
            return not _ASKS.search(turn.text) or turn.intent in SILENT_INTENTS
        return not _ASKS.search(turn.text) and turn.understood.topic in self._topics(asked)

    def _topics(self, asked: Asked) -> frozenset[str]:
        kinds = self.colleagues.markers.kinds
        return kinds[asked.form.name].topics if asked.form.name in kinds else frozenset()

    def _warned(self, turn: Turn, asked: Asked) -> tuple[ReplyPart, ...]:
        """A card number in the chat is not taken, and is said to be none of ours to ask for."""
        if asked.form.name == "account_change" and CARD_NUMBER.search(turn.text):
            return (self.text("request.card_number"),)
        return ()

    async def _ahead(self, turn: Turn, asked: Asked, parts: tuple[ReplyPart, ...]) -> Outcome:
        """As far as what is known allows: the draft, or why it cannot be."""
        if asked.form.needs_customer:
            try:
                loans = await self.colleagues.requests.loans(turn.conversation_id)
            except NotVerified:
                return _ended(replace(asked, is_unverified=True))
            asked, is_unknown = with_loan(asked, loans)
            parts = (*parts, self.text("request.no_such_loan")) if is_unknown else parts
            if asked.wanted == LOAN:
                return _kept(replace(asked, draft=None), understood(), parts)
        kind = asked.form.kind_of(asked.values)
        if kind is None or not asked.form.needs_customer:
            if asked.form.name == COMPLAINT and asked.wants() is None and turn.intent == "complaint":
                return _ended(replace(asked, is_confirmed=True))
            return _kept(replace(asked, draft=None), understood(), parts)
        try:
            draft = await self.colleagues.requests.prepare(
                turn.conversation_id, kind, asked.form.wish_of(asked.values), ref_of(asked)
            )
        except WishIncomplete as exc:
            return _kept(replace(_without(asked, exc.field), draft=None), understood(), parts)
        except NotVerified:
            return _ended(replace(asked, is_unverified=True))
        except (PolicyError, LendingError, InvalidInput) as exc:
            log.error("request.unavailable", kind=kind.value, reason=str(exc))
            return hand_over(self, turn, "always_human")
        except RequestRefused as exc:
            return self._refused(turn, asked, kind, exc, parts)
        return _kept(replace(asked, draft=draft, choices=()), understood(), parts)

    def _refused(
        self,
        turn: Turn,
        asked: Asked,
        kind: RequestKind,
        refused: RequestRefused,
        parts: tuple[ReplyPart, ...],
    ) -> Outcome:
        log.info("request.refused", kind=kind.value, reason=refused.reason.value)
        said = (*parts, *refusal_parts(self, kind, refused))
        if refused.reason in FOR_A_PERSON:
            handed_over = hand_over(self, turn, "always_human")
            return replace(handed_over, parts=(*said, *handed_over.parts))
        names = [item.name for item in asked.form.items if item.name == refused.field]
        without = _without(asked, *names)
        if not names or without.wants() is None:
            return Outcome(said, understood(**{SLOT: None, "requested_slot": None}))
        again = replace(without, draft=None, choices=instead(self, refused))
        return _kept(replace(again, is_told=True), understood(), said)


class AskRequestInput(TurnAction):
    """Tells the rules once, asks for the next item, or shows what would be submitted."""

    NAME = f"action_ask_{FORM}_{INPUT}"
    ASKS_FOR_FORM = True

    async def act(self, turn: Turn) -> Outcome:
        asked = Asked.of(turn, FORMS)
        if asked is None or (turn.is_asked_back and asked.begun_by != turn.turn_id):
            return Outcome()  # one question at a time: the form asks again once that one is settled
        is_back = turn.comes_back_to(FORM) and asked.begun_by != turn.turn_id
        parts: list[ReplyPart] = []
        item = asked.wants()
        is_which = item is not None and item.name == LOAN
        if not asked.is_told and asked.form.rules is not None and item is not None and not is_which:
            parts.append(self.text(f"request.rules.{asked.form.name}", **asked.form.rules(self._rules())))
        if asked.is_modified:
            parts.append(self._which(asked))
        elif item is not None:
            parts += await self._question(turn, asked, item, is_back)
        elif is_back:
            parts += [self.text("request.still_open", title=self._title(asked)), self._steps(asked)]
        else:
            parts += await self._summary(turn, asked)
        return Outcome(tuple(parts), {SLOT: replace(asked, is_told=asked.is_told or not is_which).to_slot()})

    def _rules(self) -> Rules:
        return Rules(self.colleagues.library.policy, self.colleagues.today)

    def _title(self, asked: Asked) -> str:
        return self.say(f"request.title.{asked.form.name}")

    async def _question(self, turn: Turn, asked: Asked, item: Item, is_back: bool) -> list[ReplyPart]:
        parts: list[ReplyPart] = []
        if item.shows_figures and asked.draft is not None and not is_back:
            parts.append(self._card(asked, asked.draft))
        if item.name == LOAN:
            loans = await self.colleagues.requests.loans(turn.conversation_id)
            ways = choices_of_loan(self, asked, loans)
            parts.append(self.text("request.ask.loan", n=len(ways), title=self._title(asked)))
            return [*parts, buttons(*((each.title, payload("inform", each.settles)) for each in ways))]
        parts.append(self.text(f"request.ask.{asked.form.name}.{item.name}"))
        choices = asked.choices or (await self._choices(turn, asked, item))
        if choices:
            parts.append(buttons(*((each.title, payload("inform", each.settles)) for each in choices)))
        return parts

    async def _choices(self, turn: Turn, asked: Asked, item: Item) -> tuple[Choice, ...]:
        if item.choices is None:
            return ()
        loan = None
        if asked.form.needs_customer:
            loan = await self.colleagues.servicing.loan_on_record(turn.conversation_id, ref_of(asked))
        asking = Asking(asked.values, self._rules(), loan, self.say, self.colleagues.today)
        return tuple(item.choices(asking))

    def _which(self, asked: Asked) -> ReplyPart:
        """What is to be changed."""
        options = [
            (self._item(asked, name), payload("inform", {CHANGE: name}))
            for name in (item.name for item in _changeable(asked))
        ]
        return buttons(*options, prompt=self.say("request.change_which"))

    def _item(self, asked: Asked, name: str) -> str:
        return self.say("request.item.loan" if name == LOAN else f"request.item.{asked.form.name}.{name}")

    async def _summary(self, turn: Turn, asked: Asked) -> list[ReplyPart]:
        draft = asked.draft
        if draft is None:
            rows = tuple(
                CardRow(self.say(f"request.item.{asked.form.name}.{item.name}"), self._told(asked, item.name))
                for item in asked.form.items
            )
            card = Card(self._title(asked), rows, (self.say("request.complaint.note"),))
            return [self.text("request.complaint.check"), card, self._steps(asked)]
        parts: list[ReplyPart] = [
            self.text(f"request.summary.{draft.kind.value}", **self._values(draft)),
            self._card(asked, draft),
        ]
        if draft.kind is RequestKind.METHOD_CHANGE:
            parts += await self._schedule(turn, draft)
        return [*parts, self._steps(asked)]

    def _told(self, asked: Asked, name: str) -> str:
        value = str(asked.values.get(name) or "")
        return self.say(f"request.complaint.cause.{value}") if name == "cause" else value

    def _values(self, draft: Draft) -> dict[str, Any]:
        return {
            **typed({**draft.wish, **draft.figures}),
            "promised": draft.promised_at,
            "is_fund": draft.loan_kind is LoanKind.PROVIDENT_FUND,
        }

    def _card(self, asked: Asked, draft: Draft) -> Card:
        """The draft's own figures: what is stored is what is shown."""
        known = {**draft.wish, **draft.figures}
        rows = [
            self._row(draft, row, known)
            for row in asked.form.rows[draft.kind]
            if known.get(row.name) is not None
        ]
        if is_one_of_several(asked.values):
            rows.insert(0, CardRow(self.say("request.row.loan"), loan_words(self, draft)))
        notes = self.say(f"request.note.{draft.kind.value}", **self._values(draft)).splitlines()
        if draft.promised_at is not None:
            rows.append(
                CardRow(
                    self.say("request.row.promised"),
                    self.say("request.promised", kind=draft.kind.value, promised=draft.promised_at),
                )
            )
        title = self.say(
            "request.card_title",
            kind=self.say(f"request.kind.{draft.kind.value}"),
            number=draft.application_no,
        )
        return Card(title, tuple(rows), tuple(notes))

    def _row(self, draft: Draft, row: Row, known: dict[str, Any]) -> CardRow:
        own = f"request.row.{draft.kind.value}.{row.name}"
        key = own if self.colleagues.library.phrases.has(own) else f"request.row.{row.name}"
        is_sum = row.form is Shown.MONEY and Decimal(str(known[row.name])) < 0
        label = self.say(f"{key}_less") if is_sum else self.say(key)
        value = abs(Decimal(str(known[row.name]))) if is_sum else known[row.name]
        return CardRow(label, shown(row.form, row.name, value, self.say), row.is_emphasised)

    def _steps(self, asked: Asked) -> ReplyPart:
        digest = asked.draft.digest if asked.draft else None
        return buttons(
            (self.say("request.button.confirm"), payload("inform", {STEP: CONFIRM, DRAFT: digest})),
            (self.say("request.button.modify"), payload("inform", {STEP: MODIFY})),
            (self.say("request.button.cancel"), payload("inform", {STEP: CANCEL})),
        )

    async def _schedule(self, turn: Turn, draft: Draft) -> list[File]:
        """The new schedule as a file."""
        loan = await self.colleagues.servicing.loan_on_record(turn.conversation_id, draft.loan)
        if loan is None:
            return []
        planned = PlannedLoan(
            Loan(
                loan.balance, loan.annual_rate, loan.remaining_months, Method(str(draft.wish["new_method"]))
            ),
            DueDates(date.fromisoformat(draft.figures["from_due"]), loan.repayment_day),
        )
        made = await asyncio.to_thread(
            self.colleagues.papers.schedule, [planned], Format.PDF, self.colleagues.today
        )
        return [made]


def _step_said(turn: Turn, asked: Asked) -> str | None:
    """Yes, change or no, in words."""
    text = turn.text.strip()
    if asked.wants() is None and _CONFIRMS.match(text):
        return CONFIRM
    if asked.wants() is None and _MODIFIES.match(text):
        return MODIFY
    return CANCEL if _CANCELS.match(text) else None


def _changeable(asked: Asked) -> list[Item]:
    """The items whose answer could be another one."""
    known = asked.values
    return [item for item in asked.form.items if known.get(item.name) is not None and item.is_needed(known)]


def _without(asked: Asked, *names: str) -> Asked:
    values = {name: value for name, value in asked.values.items() if name not in names}
    return replace(asked, values=values, draft=None, choices=(), is_modified=False)


def _kept(asked: Asked, slots: dict[str, Any] | None = None, parts: tuple[ReplyPart, ...] = ()) -> Outcome:
    """The form stays open until it is confirmed or given up (Rasa reads that from the requested slot)."""
    return Outcome(parts, {**(slots or {}), SLOT: asked.to_slot(), "requested_slot": INPUT})


def _ended(asked: Asked) -> Outcome:
    return Outcome(slots=understood(**{SLOT: asked.to_slot(), "requested_slot": None}))
