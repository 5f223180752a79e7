"""Calculates a payment, and changes the last one at a word."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal

from actions.base import PAYMENT_SLOTS, SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.payment_card import Quote, payment_card
from actions.payment_form import FORM, names_both_methods, rules_of
from actions.payment_terms import BOTH, ENTITIES, PaymentTerms, Refusal
from actions.turn import LISTEN, Turn
from bot.lending import Method
from bot.messages import QuickReplies, ReplyPart

#: A rate named by its distance from the LPR, 「LPR减30个基点」; without the LPR it is a change of the last rate.
OVER_LPR = re.compile(r"lpr\s*(?:的?基础上)?\s*(?:再)?(?:减|加|上浮|下浮|[-+－＋])", re.IGNORECASE)
#: Terms offered for comparison, in months: the first that is not the one just calculated.
OTHER_TERMS = (240, 360)


class BeginPaymentAction(TurnAction):
    """Starts afresh, unless the message only names a change to the calculation just made."""

    NAME = "action_begin_payment"

    async def act(self, turn: Turn) -> Outcome:
        names_change = any(
            turn.value(ENTITIES[slot]) is not None for slot in ("annual_rate", "term_months", "method")
        )
        if turn.slots.get("last_calculation") and names_change and turn.value("amount") is None:
            return Outcome(
                slots=understood(), next_action="action_adjust_last", ends_form=_in_other_form(turn)
            )
        return Outcome(
            slots=understood(**empty(PAYMENT_SLOTS), **empty(SECRET_SLOTS)), ends_form=_in_other_form(turn)
        )


class PaymentAction(TurnAction):
    """Shows the payment of a filled form."""

    NAME = "action_payment"

    async def act(self, turn: Turn) -> Outcome:
        if any(turn.slots.get(slot) is None for slot in ENTITIES):
            return Outcome()  # the form was left without its values: whoever ended it has spoken
        terms = PaymentTerms.from_slots(turn.slots)
        card = payment_card(terms, rules_of(self), self.say)
        return Outcome(
            (card, _next_steps(self, terms)),
            understood(**empty(PAYMENT_SLOTS), last_calculation=terms.as_last()),
        )


class AdjustLastAction(TurnAction):
    """Changes one or more values of the last calculation and shows what that does."""

    NAME = "action_adjust_last"

    async def act(self, turn: Turn) -> Outcome:
        last = turn.slots.get("last_calculation")
        if not last:
            return Outcome(slots=understood(), next_action=FORM, ends_form=_in_other_form(turn))
        before = PaymentTerms.from_last(last)
        after, refusals = self._changed(before, turn)
        after_listening = LISTEN if turn.intent not in ("adjust_last", "inform") else turn.active_loop
        if refusals:
            parts: tuple[ReplyPart, ...] = tuple(self.text(r.phrase, **r.values) for r in refusals)
            return Outcome(parts, understood(), next_action=after_listening)
        if after == before:
            return Outcome(
                (self.text("adjust.what"), _next_steps(self, before)),
                understood(),
                next_action=after_listening,
            )
        card = payment_card(after, rules_of(self), self.say)
        return Outcome(
            (self._what_changed(before, after), card, _next_steps(self, after)),
            understood(last_calculation=after.as_last()),
            next_action=after_listening,
        )

    def _changed(self, before: PaymentTerms, turn: Turn) -> tuple[PaymentTerms, list[Refusal]]:
        rules = rules_of(self)
        said = {slot: turn.value(entity) for slot, entity in ENTITIES.items()}
        if names_both_methods(turn):
            said["method"] = BOTH
        spread_bp = turn.value("rate_spread_bp")
        if said["annual_rate"] is None and isinstance(spread_bp, int):
            if OVER_LPR.search(turn.text):
                term = int(said["term_months"] or before.term_months)
                said["annual_rate"] = rules.with_spread(term, spread_bp)
            else:
                said["annual_rate"] = before.annual_rate + Decimal(spread_bp) / 10000
        said = {slot: value for slot, value in said.items() if value is not None}
        refusals = [refusal for slot, value in said.items() if (refusal := rules.judge(slot, value))]
        if refusals:
            return before, refusals
        after = before
        if "principal" in said:
            after = replace(after, principal=Decimal(str(said["principal"])))
        if "annual_rate" in said:
            after = replace(after, annual_rate=Decimal(str(said["annual_rate"])))
        if "term_months" in said:
            after = replace(after, term_months=int(said["term_months"]))
        if "method" in said:
            after = replace(after, method=None if said["method"] == BOTH else Method(said["method"]))
        return after, []

    def _what_changed(self, before: PaymentTerms, after: PaymentTerms) -> ReplyPart:
        if after.method is None and before.method is not None:
            return self.text("adjust.side_by_side")
        if before.loans[0] == after.loans[0]:
            return self.text("adjust.one_of_both")
        old, new = Quote.of(before.loans[0]), Quote.of(after.loans[0])
        falls = Method.EQUAL_PRINCIPAL in (old.loan.method, new.loan.method)
        return self.text(
            "adjust.first_payment" if falls else "adjust.payment",
            before=old.first_payment,
            after=new.first_payment,
            interest=abs(new.sums.interest - old.sums.interest),
            costs_more=new.sums.interest >= old.sums.interest,
        )


def _next_steps(action: TurnAction, terms: PaymentTerms) -> QuickReplies:
    """Natural next questions, as buttons."""
    term = next(months for months in OTHER_TERMS if months != terms.term_months)
    other = Method.EQUAL_PRINCIPAL if terms.method is not Method.EQUAL_PRINCIPAL else Method.EQUAL_INSTALMENT
    return buttons(
        (action.say("adjust.term_button", term=term), _payload(term_months=term)),
        (
            action.say("adjust.method_button", name=action.say(f"payment.method.{other.value}")),
            _payload(method=other.value),
        ),
        (action.say("adjust.prepay_button"), "/prepay_process"),
    )


def _payload(**entities: object) -> str:
    return "/adjust_last" + json.dumps(entities)


def _in_other_form(turn: Turn) -> bool:
    return turn.active_loop not in (None, FORM)
