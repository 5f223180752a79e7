"""Tells a verified customer what their own loan comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from actions.base import SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.handoffs import hand_over
from actions.loan_cards import LoanCards
from actions.loan_choice import ALL, Said, fitting, running, title_of
from actions.loan_overview import ANSWERED, LoanOverview
from actions.loan_questions import (
    ABOUT,
    OWN_LOAN,
    OwnLoan,
    Question,
    likely_question,
    own_question,
    pointed_question,
    question_payload,
)
from actions.progress_form import FORM
from actions.purposes import PURPOSE
from actions.turn import LISTEN, Turn
from bot.knowledge.errors import AnswerError, PolicyError
from bot.lending import LendingError
from bot.messages import Option, QuickReplies, ReplyPart, TextPart
from bot.servicing.errors import NotVerified, UnknownLoan
from bot.servicing.loan_brief import LoanBrief

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
        found, is_unknown = _chosen(loans, kept.loan)
        asked = replace(kept, loan=str(found[0].ref) if len(found) == 1 else None, turn=turn.message_id)
        try:
            parts = await self._parts(turn, asked, found, is_one_of_several=len(loans) > 1)
        except (PolicyError, LendingError, NotVerified, UnknownLoan) as exc:
            log.error("my_loan.unavailable", reason=str(exc))
            return hand_over(self, turn, "always_human")
        if is_unknown:
            parts = (self.text("my_loan.no_such"), *parts)
        if len(found) == 1 and len(loans) > 1:
            parts = (*parts, self._others(loans, found[0], asked))
        return Outcome(parts, understood(**{OWN_LOAN: asked.to_slot()}), next_action=afterwards)

    async def _parts(
        self, turn: Turn, asked: OwnLoan, loans: Sequence[LoanBrief], *, is_one_of_several: bool
    ) -> tuple[ReplyPart, ...]:
        """One loan in detail; several in one card where that answers, else the question which one."""
        if len(loans) > 1 and asked.question not in ANSWERED:
            return (self.text("my_loan.which", n_loans=len(loans)), self._choice(loans, asked))
        servicing = self.colleagues.servicing
        views = [await servicing.loan_view(turn.conversation_id, loan.ref) for loan in loans]
        if len(views) == 1:
            return await self._told(LoanCards(self, views[0], is_one_of_several=is_one_of_several), asked)
        parts = LoanOverview(self, views, self.colleagues.today).parts(asked)
        if asked.question is Question.YEAR:
            parts = (*parts, *await self._deduction())
        return (*parts, self._choice(loans, asked, prompt=self.say("my_loan.overview.pick")))

    async def _told(self, cards: LoanCards, asked: OwnLoan) -> tuple[ReplyPart, ...]:
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
                (title_of(self, loan), question_payload(asked.question, asked.year, str(loan.ref)))
                for loan in loans
            ),
            prompt=prompt,
        )

    def _others(self, loans: Sequence[LoanBrief], shown: LoanBrief, asked: OwnLoan) -> QuickReplies:
        """The customer's other loans, and all together where that answers the question."""
        row = self._choice(
            [loan for loan in loans if loan is not shown], asked, prompt=self.say("my_loan.others")
        )
        if asked.question not in ANSWERED:
            return row
        everything = Option(self.say("my_loan.others_all"), question_payload(asked.question, asked.year, ALL))
        return replace(row, options=(*row.options, everything))


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


def pointed_to_loan(turn: Turn) -> Outcome | None:
    """The way to the loan that a message points at, after one's own loans were told: 「公积金那笔呢」."""
    asked = pointed_question(turn)
    if asked is None or turn.active_loop is not None:
        return None
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


def _chosen(loans: tuple[LoanBrief, ...], said: Said | None) -> tuple[tuple[LoanBrief, ...], bool]:
    """The loans to tell of: what was said, else those that still run, else all; and whether none fits the words."""
    still = running(loans) or loans
    if said is None:
        return still, False
    found = fitting(said, loans)
    return (found, False) if found else (still, not isinstance(said, str))
