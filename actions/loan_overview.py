"""All loans of a customer in one reply: each in a line, and what they come to together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.base import TurnAction
from actions.loan_questions import OwnLoan, Question
from bot.knowledge.formatting import money
from bot.messages import Card, ReplyPart, Row, TextPart
from bot.servicing.loan_sums import interest_of, principal_of, sums_of
from bot.servicing.loan_view import LoanView, Paid
from bot.servicing.model import LoanKind

#: Questions that are answered for all loans at once; the others need one loan.
ANSWERED = frozenset(Question) - {Question.HISTORY}


class LoanOverview:
    """What is said and shown of several loans."""

    def __init__(self, action: TurnAction, views: Sequence[LoanView], today: date) -> None:
        self._action = action
        self._views = views
        self._today = today

    def parts(self, asked: OwnLoan) -> tuple[ReplyPart, ...]:
        """The answer with its sums, and a card with a line for each loan."""
        late = tuple(self._late(view) for view in self._views if view.arrears)
        is_settled = all(view.is_settled for view in self._views)
        match asked.question:
            case Question.RATE | Question.REPRICING if not is_settled:
                shown = self._rates()
            case Question.INTEREST:
                shown = self._paid([view.paid for view in self._views])
            case Question.YEAR:
                year = asked.year or self._today.year
                shown = self._paid([view.paid_in(year) for view in self._views], year)
            case _:
                shown = self._standing()
        return (*late, *shown)

    def _standing(self) -> tuple[ReplyPart, ...]:
        sums = sums_of(self._views)
        text = self._text(
            "standing",
            n=len(self._views),
            n_running=sums.n_running,
            balance=sums.balance,
            payment=sums.payment or None,
        )
        rows = [Row(self._name(view), self._owed(view)) for view in self._views]
        rows.append(Row(self._say("sum_balance"), money(sums.balance), emphasis=True))
        if sums.payment:
            rows.append(Row(self._say("sum_payment"), money(sums.payment), emphasis=True))
        return text, self._card("title", rows, "as_of")

    def _owed(self, view: LoanView) -> str:
        if view.is_settled:
            return self._say("settled")
        coming = view.next_payment
        return self._say(
            "owed",
            balance=view.record.balance,
            due=coming.due_date if coming else None,
            payment=coming.payment if coming else None,
            is_today=view.is_due_today,
            left=view.remaining_months,
        )

    def _rates(self) -> tuple[ReplyPart, ...]:
        running = [view for view in self._views if not view.is_settled]
        rows = [Row(self._name(view), self._rate(view)) for view in running]
        return self._text("rate", n_running=len(running)), self._card("rate_title", rows, "as_of")

    def _rate(self, view: LoanView) -> str:
        record = view.record
        return self._say(
            "rate_of",
            rate=record.annual_rate,
            on=view.repricing.on if view.repricing else None,
            is_fund=record.kind is LoanKind.PROVIDENT_FUND,
            is_fixed=not record.is_floating,
        )

    def _paid(self, paid: Sequence[Paid], year: int | None = None) -> tuple[ReplyPart, ...]:
        """Interest is counted a loan by itself: so a statement shows it, too."""
        interest, principal = interest_of(paid), principal_of(paid)
        rows = [
            Row(
                self._name(view),
                self._say(
                    "paid",
                    interest=one.interest,
                    principal=one.principal,
                    known_from=one.known_from,
                    is_unknown=one.is_unknown,
                ),
            )
            for view, one in zip(self._views, paid, strict=True)
        ]
        rows += [
            Row(self._say("sum_interest"), money(interest), emphasis=True),
            Row(self._say("sum_principal"), money(principal)),
        ]
        if year is None:
            text = self._text("interest", interest=interest, principal=principal)
            return text, self._card("interest_title", rows, "recorded")
        text = self._text("year", year=year, is_this_year=year == self._today.year, interest=interest)
        return (
            text,
            self._card("year_title", rows, "recorded", year=year),
            self._text("deduction"),
        )

    def _late(self, view: LoanView) -> TextPart:
        return self._text("arrears", name=self._name(view), amount=view.arrears, since=view.arrears_since)

    def _name(self, view: LoanView) -> str:
        product = self._action.say(f"servicing.product.{view.record.kind.value}")
        return self._say("name", product=product, tail=view.record.account_tail)

    def _card(self, title: str, rows: Sequence[Row], note: str, **values: object) -> Card:
        words = self._action.say(f"my_loan.note.{note}", on=self._today)
        return Card(self._say(title, n=len(self._views), **values), tuple(rows), (words,))

    def _say(self, key: str, **values: object) -> str:
        return self._action.say(f"my_loan.overview.{key}", **values)

    def _text(self, key: str, **values: object) -> TextPart:
        return TextPart(self._say(key, **values))
