"""The payment form: judges what was said for amount, term, rate and method, and asks for what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from actions.base import Outcome, TurnAction, buttons, understood
from actions.payment_terms import BOTH, ENTITIES, PaymentRules, Refusal
from actions.turn import Turn
from bot.lending import Method
from bot.messages import ReplyPart

FORM = "payment_form"
#: Intents that speak to the form itself; any other is a question of its own and goes first.
OWN_INTENTS = ("inform", "calc_payment", "adjust_last")
#: Intents that say nothing by themselves: then a value that fits the form is what was meant.
SILENT_INTENTS = ("unsure", "not_understood")

LONG_TERM_MONTHS = 360  #: a spread named before the term is put on the quote that nearly all home loans have


def rules_of(action: TurnAction) -> PaymentRules:
    return PaymentRules(action.colleagues.library.policy, action.colleagues.today)


def names_both_methods(turn: Turn) -> bool:
    """Whether both methods are named with neither taken back or changed into the other."""
    methods = {item["value"] for item in turn.entities if item.get("entity") == "method"}
    has_roles = any(item.get("role") for item in turn.entities if item.get("entity") == "method")
    return methods.issuperset(Method) and not has_roles


class ValidatePaymentForm(TurnAction):
    """Keeps the values that can be used and empties the others; what is wrong with them is said when asking.

    When the turn is not for the form, values that Rasa has filled on the way are put back.
    """

    NAME = "validate_payment_form"

    async def act(self, turn: Turn) -> Outcome:
        said = {
            slot: value for slot, value in turn.candidates.items() if slot in ENTITIES and value is not None
        }
        if not turn.comes_back_to(FORM) and not _is_for_form(turn, said):
            restored = {slot: turn.slots_before.get(slot) for slot in turn.candidates if slot in ENTITIES}
            return Outcome(slots=restored, rejects_form=FORM)
        rules = rules_of(self)
        if "method" in said and names_both_methods(turn):
            said["method"] = BOTH
        kept = {slot: None if rules.judge(slot, value) else value for slot, value in said.items()}
        spread = turn.value("rate_spread_bp")
        term = kept.get("term_months") or turn.slots.get("term_months")
        if isinstance(spread, int) and "annual_rate" not in kept:
            rate = rules.with_spread(int(term or LONG_TERM_MONTHS), spread)
            kept["annual_rate"] = None if rules.judge("annual_rate", rate) else f"{rate.normalize():f}"
        # a turn that another action has spoken in keeps the count of misses which that action has left
        return Outcome(slots=kept if turn.comes_back_to(FORM) else understood(**kept))


class AskPaymentSlot(TurnAction):
    """Asks for one slot, after saying what could not be used of what was just said."""

    def __init__(self, colleagues: Any, slot: str) -> None:
        super().__init__(colleagues)
        self.slot = slot

    def name(self) -> str:
        return f"action_ask_{FORM}_{self.slot}"

    async def act(self, turn: Turn) -> Outcome:
        if turn.has_run("action_clarify"):
            return Outcome()  # one question at a time: the form asks again once that one is settled
        refusals = dict(self._refusals(turn))
        parts: list[ReplyPart] = [
            self.text(refused.phrase, **refused.values) for refused in refusals.values()
        ]
        if self.slot not in refusals:
            parts.append(self._question(turn))
        choice = self._choice(turn, refusals.get(self.slot))
        if choice:
            parts.append(buttons(*choice))
        return Outcome(tuple(parts))

    def _refusals(self, turn: Turn) -> Iterable[tuple[str, Refusal]]:
        if turn.has_run("action_answer"):
            return  # what was named in a question was not said to the form
        rules = rules_of(self)
        for slot, entity in ENTITIES.items():
            value = turn.value(entity)
            if value is not None and turn.slots.get(slot) is None:
                refusal = rules.judge(slot, value)
                if refusal:
                    yield slot, refusal

    def _question(self, turn: Turn) -> ReplyPart:
        if self.slot != "annual_rate":
            return self.text(f"form.ask_{self.slot}")
        rules, term = rules_of(self), int(turn.slots["term_months"])
        if turn.slots.get("product") == "provident_fund":
            return self.text("form.ask_fund_rate", rate=rules.provident_fund_rate(term).fraction)
        quote = rules.quote(term)
        return self.text(
            "form.ask_annual_rate",
            lpr=quote.fraction,
            published=quote.verified_on,
            spread=rules.first_home_spread().whole,
            rate=rules.example_rate(term),
        )

    def _choice(self, turn: Turn, refused: Refusal | None) -> list[tuple[str, str]]:
        match self.slot:
            case "principal" if refused and refused.phrase == "form.which_amount":
                return [
                    (self.say("form.amount_button", amount=amount), _payload(amount=int(amount)))
                    for amount in (refused.values["low"], refused.values["high"])
                ]
            case "annual_rate":
                rules, term = rules_of(self), int(turn.slots["term_months"])
                if turn.slots.get("product") == "provident_fund":
                    rate = rules.provident_fund_rate(term).fraction
                else:
                    rate = rules.example_rate(term)
                return [(self.say("form.rate_button", rate=rate), _payload(rate=f"{rate.normalize():f}"))]
            case "method":
                return [
                    (self.say(f"payment.method.{method}"), _payload(method=method))
                    for method in ("equal_instalment", "equal_principal", "both")
                ]
            case _:
                return []


def _payload(**entities: object) -> str:
    return "/inform" + json.dumps(entities)


def _is_for_form(turn: Turn, said: Mapping[str, Any]) -> bool:
    if turn.intent in OWN_INTENTS:
        return True
    return turn.intent in SILENT_INTENTS and bool(said or turn.value("rate_spread_bp") is not None)
