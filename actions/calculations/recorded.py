"""The verified customer's own loan as the figures of a calculation; of several the form asks which one first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import TurnAction, buttons
from actions.calculations.model import Source, Subject, Values, payload
from actions.calculations.state import LAST_SLOT, Asked
from actions.loan_choice import LOAN, Said, as_said, fitting, pointed, running, title_of
from actions.loan_questions import OWN_LOAN
from actions.turn import Turn
from bot.messages import ReplyPart
from bot.servicing.errors import NotVerified
from bot.servicing.loan_brief import LoanBrief
from bot.servicing.model import LoanOnRecord

NONE_OF_THEM = "none"  #: said by the button of somebody who wants other figures


async def with_record(action: TurnAction, turn: Turn, asked: Asked) -> Asked:
    """With what the record says of the loan that is meant, or of the only one; as it was when nobody is verified.

    Of several loans with none named it is marked that the form has to ask.
    """
    loans = await _running(action, turn)
    hint = _hint(turn)
    found = fitting(hint, loans) if hint else _as_before(turn, loans)
    if len(found) > 1:
        return replace(asked, chooses=True)
    return await _filled(action, turn, asked, found[0], loans) if found else asked


async def chosen(action: TurnAction, turn: Turn, asked: Asked) -> Asked | None:
    """The answer to the question which loan; None for a message that does not answer it."""
    if turn.value(LOAN) == NONE_OF_THEM:
        return replace(asked, chooses=False)
    loans = await _running(action, turn)
    hint = _hint(turn, is_asked=True)
    found = fitting(hint, loans) if hint else ()
    return await _filled(action, turn, asked, found[0], loans) if len(found) == 1 else None


async def question(action: TurnAction, turn: Turn) -> tuple[ReplyPart, ...]:
    """Which loan is meant, with a button for each."""
    loans = await _running(action, turn)
    options = [(title_of(action, loan), payload("inform", {LOAN: str(loan.ref)})) for loan in loans]
    other = (action.say("calculation.other_figures"), payload("inform", {LOAN: NONE_OF_THEM}))
    return (action.text("calculation.ask_loan", n=len(loans)), buttons(*options, other))


def _hint(turn: Turn, *, is_asked: bool = False) -> Said | None:
    pressed = turn.value(LOAN)
    if pressed:
        return str(pressed)
    hint, _ = pointed(turn.text, is_asked=is_asked)
    return as_said(hint) if hint else None


def _as_before(turn: Turn, loans: tuple[LoanBrief, ...]) -> tuple[LoanBrief, ...]:
    """The loan of the calculation before, else the one that was looked at, else all of them."""
    for slot in (LAST_SLOT, OWN_LOAN):
        said = (turn.slots.get(slot) or {}).get("loan")
        found = fitting(said, loans) if said else ()
        if len(found) == 1:
            return found
    return loans


async def _filled(
    action: TurnAction, turn: Turn, asked: Asked, loan: LoanBrief, loans: tuple[LoanBrief, ...]
) -> Asked:
    """With the record's figures, which count more than those that were said before."""
    on_record = await action.colleagues.servicing.loan_on_record(turn.conversation_id, loan.ref)
    if on_record is None:
        return replace(asked, chooses=False)
    recorded = Values().with_(Source.RECORD, _of_record(on_record, asked.subject))
    name = title_of(action, loan) if len(loans) > 1 else ""
    values = Values({**asked.values, **recorded})
    return replace(asked, values=values, chooses=False, loan=str(loan.ref), loan_name=name)


async def _running(action: TurnAction, turn: Turn) -> tuple[LoanBrief, ...]:
    try:
        return running(await action.colleagues.servicing.loans(turn.conversation_id))
    except NotVerified:
        return ()


def _of_record(loan: LoanOnRecord, subject: Subject) -> Mapping[str, Any]:
    known = {
        "balance": f"{loan.balance:f}",
        "annual_rate": f"{loan.annual_rate.normalize():f}",
        "remaining_months": loan.remaining_months,
        "method": loan.method,
        "paid_months": loan.paid_months,
        "principal": f"{loan.principal:f}",
        "term_months": loan.term_months,
        "old_day": loan.repayment_day,
        "product": loan.kind.value,
    }
    if loan.spread_bp is not None:
        known["spread_bp"] = loan.spread_bp
    names = {field.name for field in subject.FIELDS}
    return {name: value for name, value in known.items() if name in names}
