"""The first thing that a request asks of a customer who has several loans: which one it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.base import TurnAction
from actions.loan_choice import LOAN, Said, as_said, fitting, pointed, running, title_of
from actions.requests.model import LOANS, Choice, Heard, Item, Values
from actions.requests.state import Asked
from bot.servicing.loan_brief import LoanBrief, LoanRef
from bot.servicing.requests import Draft, RequestKind

CERTIFICATE = "certificate"  #: the form whose papers are of settled loans too


def read(heard: Heard) -> Said | None:
    """The loan that words point at; that they fit one is seen once the loans are known."""
    hint, _ = pointed(heard.turn.text, is_asked=heard.wanted == LOAN)
    return as_said(hint) if hint is not None else None


def is_one_of_several(values: Values) -> bool:
    return bool(values.get(LOANS))


WHICH_LOAN = Item(LOAN, read, is_needed=is_one_of_several)


def ref_of(asked: Asked) -> LoanRef | None:
    """The loan that was chosen."""
    said = asked.values.get(LOAN)
    return LoanRef.of(said) if isinstance(said, str) else None


def with_loan(asked: Asked, loans: Sequence[LoanBrief]) -> tuple[Asked, bool]:
    """The request with its loan, where one is meant or there is only one; and whether none fits what was said.

    Otherwise the loans in question stand beside it, for the form to ask.
    """
    possible = _possible(asked, loans)
    if possible is None:
        return asked, False
    said = asked.values.get(LOAN)
    found = fitting(said, possible) if said else tuple(possible)
    values = {name: value for name, value in asked.values.items() if name not in (LOAN, LOANS)}
    if len(found) == 1:
        values[LOAN] = str(found[0].ref)
    if len(possible) > 1 or (possible and not found):
        values[LOANS] = [str(loan.ref) for loan in (found if len(found) > 1 else possible)]
    is_same = said == values.get(LOAN)
    return replace(asked, values=values, draft=asked.draft if is_same else None), bool(said) and not found


def choices(action: TurnAction, asked: Asked, loans: Sequence[LoanBrief]) -> tuple[Choice, ...]:
    """A button for each loan in question."""
    named = asked.values.get(LOANS) or ()
    return tuple(
        Choice(title_of(action, loan), {LOAN: str(loan.ref)}) for loan in loans if str(loan.ref) in named
    )


def loan_words(action: TurnAction, draft: Draft) -> str:
    """The draft's loan as its summary names it."""
    product = action.say(f"servicing.product.{draft.loan_kind.value}")
    return action.say("my_loan.overview.name", product=product, tail=draft.account_tail)


def _possible(asked: Asked, loans: Sequence[LoanBrief]) -> tuple[LoanBrief, ...] | None:
    """The loans that a request of this kind can be about; None until the kind of paper is said."""
    kind = asked.form.kind_of(asked.values)
    if asked.form.name == CERTIFICATE:
        if kind is None:
            return None
        settled = tuple(loan for loan in loans if loan.is_settled)
        return (settled if kind is RequestKind.SETTLEMENT_CERTIFICATE else ()) or tuple(loans)
    return running(loans) or tuple(loans[:1])
