"""Tells a verified customer what their own loan comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from actions.base import SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.handoffs import hand_over
from actions.loan_cards import LoanCards
from actions.loan_questions import (
    ABOUT,
    OWN_LOAN,
    OwnLoan,
    Question,
    likely_question,
    own_question,
    question_payload,
)
from actions.progress_form import FORM
from actions.purposes import PURPOSE
from actions.turn import LISTEN, Turn
from bot.knowledge.errors import AnswerError, PolicyError
from bot.lending import LendingError
from bot.messages import Option, QuickReplies, ReplyPart, TextPart
from bot.servicing.errors import NotVerified, UnknownLoan
from bot.servicing.loans import LoanBrief

log = structlog.get_logger(__name__)

NAME = "action_my_loan"
FOR_LOAN = "loan"  #: the purpose of the identity check


class MyLoanAction(TurnAction):
    """Answers what was asked of the loan; who is not verified is asked who they are, and then answered."""

    NAME = NAME

    async def act(self, turn: Turn) -> Outcome:
        kept = OwnLoan.of(turn) or OwnLoan(Question.BALANCE)
        try:
            loans = await self.colleagues.servicing.loans(turn.conversation_id)
        except NotVerified:
            return Outcome(
                (self.text("my_loan.verify"),),
                understood(**empty(SECRET_SLOTS), **{PURPOSE: FOR_LOAN, OWN_LOAN: kept.to_slot()}),
                next_action=FORM,
            )
        afterwards = turn.active_loop or LISTEN
        if not loans:
            return Outcome(
                (
                    self.text("my_loan.none"),
                    buttons((self.colleagues.topics.title("application_status"), "/application_status")),
                ),
                understood(**{OWN_LOAN: None}),
                next_action=afterwards,
            )
        chosen = _chosen(loans, kept.loan)
        if chosen is None:
            return Outcome(
                (self.text("my_loan.which", n_loans=len(loans)), self._choice(loans, kept)),
                understood(**{OWN_LOAN: replace(kept, loan=None).to_slot()}),
                next_action=afterwards,
            )
        asked = replace(kept, loan=chosen.application_no)
        try:
            view = await self.colleagues.servicing.loan_view(turn.conversation_id, chosen.application_no)
            parts = await self._told(LoanCards(self, view), asked, turn)
        except (PolicyError, LendingError, NotVerified, UnknownLoan) as exc:
            log.error("my_loan.unavailable", reason=str(exc))
            return hand_over(self, turn, "always_human")
        others = [brief for brief in loans if brief is not chosen]
        if others:
            parts = (*parts, self._choice(others, asked, prompt=self.say("my_loan.others")))
        return Outcome(parts, understood(**{OWN_LOAN: asked.to_slot()}), next_action=afterwards)

    async def _told(self, cards: LoanCards, asked: OwnLoan, turn: Turn) -> tuple[ReplyPart, ...]:
        """The cards, with the file of the history, or with what the year's interest means for the income tax."""
        *parts, steps = cards.parts(asked)
        if asked.question is Question.HISTORY and cards.has_history:
            parts.append(await asyncio.to_thread(self.colleagues.papers.history, cards.paper()))
        if asked.question is Question.YEAR:
            parts += await self._deduction()
        return (*parts, steps)

    async def _deduction(self) -> list[ReplyPart]:
        library = self.colleagues.library
        try:
            answer = await library.answers.pick(
                "fees_tax", self.say("my_loan.deduction_asked"), self.colleagues.embed
            )
            rendered = library.answers.render(answer, library.policy, self.colleagues.today)
        except (PolicyError, AnswerError) as exc:
            log.warning("my_loan.deduction_unavailable", reason=str(exc))
            return []
        return [TextPart(rendered.text, rendered.detail)]

    def _choice(self, loans: Sequence[LoanBrief], asked: OwnLoan, prompt: str | None = None) -> QuickReplies:
        return buttons(
            *(
                (
                    self.say(
                        "my_loan.choice",
                        product=self.say(f"servicing.product.{brief.product.value}"),
                        principal=brief.principal,
                        tail=brief.account_tail,
                        is_settled=brief.is_settled,
                    ),
                    question_payload(asked.question, asked.year, brief.application_no),
                )
                for brief in loans
            ),
            prompt=prompt,
        )


async def led_to_loan(action: TurnAction, turn: Turn, *, is_sure: bool = True) -> Outcome | None:
    """The way to the customer's own figures, where a message asks for them and the customer is verified.

    A pressed button leads there in any case; words of somebody not verified are answered from the book.
    """
    year = action.colleagues.today.year
    asked = own_question(turn, year) if is_sure else likely_question(turn, year)
    if asked is None:
        return None
    if turn.value(ABOUT) is None and not await is_customer(action, turn):
        return None
    before = OwnLoan.of(turn)
    if asked.loan is None and before is not None:
        asked = replace(asked, loan=before.loan)
    return Outcome(slots=understood(**{OWN_LOAN: asked.to_slot()}), next_action=NAME)


async def is_customer(action: TurnAction, turn: Turn) -> bool:
    """Whether this conversation has proved whose loans it may see."""
    try:
        await action.colleagues.servicing.loans(turn.conversation_id)
    except NotVerified:
        return False
    return True


async def with_way_to_loan(action: TurnAction, turn: Turn, answer: Outcome, *, is_wanted: bool) -> Outcome:
    """The answer of the book with a button that leads to the own figures, where they were asked for."""
    asked = own_question(turn, action.colleagues.today.year)
    if turn.active_loop is not None or not (asked or is_wanted):
        return answer
    asked = asked or OwnLoan(Question.BALANCE)
    title = "my_loan.button_verified" if await is_customer(action, turn) else "my_loan.button"
    option = Option(action.say(title), question_payload(asked.question, asked.year))
    rows = [part for part in answer.parts if isinstance(part, QuickReplies)]
    if not rows:
        return replace(answer, parts=(*answer.parts, QuickReplies((option,))))
    first = replace(rows[0], options=(option, *rows[0].options))
    return replace(answer, parts=tuple(first if part is rows[0] else part for part in answer.parts))


def _chosen(loans: tuple[LoanBrief, ...], wanted: str | None) -> LoanBrief | None:
    """The loan that was named, the only one, or the only one that still runs; None when it has to be asked."""
    named = next((brief for brief in loans if brief.application_no == wanted), None)
    if named is not None or len(loans) == 1:
        return named or loans[0]
    running = [brief for brief in loans if not brief.is_settled]
    return running[0] if len(running) == 1 else None
