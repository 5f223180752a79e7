"""A customer's loan in words: the answer to the question first, then the figures it stands among."""

from __future__ import annotations

from datetime import date

from actions.base import TurnAction, buttons
from actions.calculations.model import payload
from actions.loan_questions import OwnLoan, Question, question_payload
from actions.reminders import ask_button
from bot.knowledge.formatting import day, money, percent
from bot.messages import Card, QuickReplies, ReplyPart, Row, TextPart
from bot.papers import HistoryLine, HistoryPaper
from bot.servicing.contact import NoticeKind
from bot.servicing.loan_view import LoanView, Paid, Repayment
from bot.servicing.model import LoanKind

SHOWN_LINES = 12
#: The steps offered after each answer, besides the one that was asked.
#: Of these one can be reminded.
_REMINDERS = {Question.NEXT: NoticeKind.REPAYMENT_DUE, Question.REPRICING: NoticeKind.REPRICING}
_NEXT: tuple[Question, ...] = (Question.NEXT, Question.RATE, Question.INTEREST, Question.HISTORY)


class LoanCards:
    """What is said and shown of one loan."""

    def __init__(self, action: TurnAction, view: LoanView, *, is_one_of_several: bool = False) -> None:
        self._action = action
        self._view = view
        self._is_one_of_several = is_one_of_several
        self._say = action.say

    def parts(self, asked: OwnLoan) -> tuple[ReplyPart, ...]:
        """The answer, a card, and what could be asked next. ``PolicyError`` when a fact is missing."""
        view = self._view
        if view.is_settled and asked.question not in (Question.INTEREST, Question.YEAR, Question.HISTORY):
            return (self._text("settled"), self._recorded("title", self._settled_rows()), self._steps(asked))
        match asked.question:
            case Question.RATE | Question.REPRICING:
                shown = self._rate(asked.question)
            case Question.INTEREST:
                shown = self._interest()
            case Question.YEAR:
                shown = self._year(asked.year or view.as_of.year)
            case Question.HISTORY:
                shown = self._history()
            case Question.BALANCE | Question.NEXT | Question.PERIODS:
                shown = (
                    self._text(asked.question.value, **self._values()),
                    self._card("title", self._rows()),
                )
        arrears = (
            self._text(
                "arrears", amount=view.arrears, since=view.arrears_since, tail=view.record.account_tail
            ),
        )
        return (*(arrears if view.arrears else ()), *shown, self._steps(asked))

    @property
    def has_history(self) -> bool:
        return bool(self._view.history)

    def paper(self) -> HistoryPaper:
        """All lines of the history, oldest first, to be kept."""
        record = self._view.record
        return HistoryPaper(
            number=record.loan_no or record.application_no,
            made_on=self._view.as_of,
            lines=tuple(
                HistoryLine(
                    kind=line.kind.value,
                    due_on=line.due_on,
                    paid_on=line.paid_on,
                    principal=line.principal,
                    interest=line.interest,
                    penalty=line.penalty,
                    balance=line.balance_after,
                )
                for line in reversed(self._view.history)
            ),
            known_from=self._view.paid.known_from,
        )

    def _values(self) -> dict[str, object]:
        view, coming = self._view, self._view.next_payment
        return {
            "balance": view.record.balance,
            "payment": coming.payment if coming else None,
            "principal": coming.principal if coming else None,
            "interest": coming.interest if coming else None,
            "due": coming.due_date if coming else None,
            "is_today": view.is_due_today,
            "tail": view.record.account_tail,
            "paid": view.paid_months,
            "left": view.remaining_months,
            "total": view.record.term_months,
            "ends_on": view.ends_on,
        }

    def _rows(self) -> tuple[Row, ...]:
        view, record, coming = self._view, self._view.record, self._view.next_payment
        rows = [self._row("balance", money(record.balance), emphasis=True)]
        if coming is not None and coming.due_date is not None:
            split = self._say("my_loan.value.split", principal=coming.principal, interest=coming.interest)
            rows += [
                self._row("due", day(coming.due_date)),
                self._row("payment", money(coming.payment), emphasis=True),
                self._row("split", split),
            ]
        rows += [
            self._row("periods", self._say("my_loan.value.periods", **self._values())),
            self._row("rate", percent(record.annual_rate)),
            self._row("method", self._say(f"papers.method.{record.method.value}")),
            self._row("account", record.account_tail),
        ]
        if view.ends_on is not None:
            rows.append(self._row("ends_on", day(view.ends_on)))
        return tuple(rows)

    def _settled_rows(self) -> tuple[Row, ...]:
        record = self._view.record
        last = next((line for line in self._view.history if line.paid_on is not None), None)
        rows = [self._row("borrowed", money(record.principal)), self._row("balance", money(record.balance))]
        if last is not None and last.paid_on is not None:
            rows.append(self._row("settled_on", day(last.paid_on)))
        return tuple(rows)

    def _rate(self, question: Question) -> tuple[ReplyPart, ...]:
        record, repricing = self._view.record, self._view.repricing
        rows = [self._row("rate", percent(record.annual_rate), emphasis=True)]
        if repricing is None:
            is_fund = record.kind is LoanKind.PROVIDENT_FUND
            kind = "fixed" if not record.is_floating else "fund" if is_fund else "unknown"
            values: dict[str, object] = {"rate": record.annual_rate}
            if kind == "fund":
                values["moves_on"] = self._fund_moves_on()
            return (self._text(f"rate_{kind}", **values), self._card("rate_title", tuple(rows)))
        rows += [
            self._row("made_of", self._say("my_loan.value.made_of", spread=repricing.spread_bp)),
            self._row("repricing", day(repricing.on)),
            self._row(
                "rate_then", self._say("my_loan.value.rate_then", rate=repricing.rate, lpr=repricing.lpr)
            ),
        ]
        if repricing.payment_before is not None and repricing.payment_after is not None:
            change = self._say(
                "my_loan.value.payment_then", before=repricing.payment_before, after=repricing.payment_after
            )
            rows.append(self._row("payment_then", change))
        text = self._text(
            question.value,
            rate=record.annual_rate,
            spread=repricing.spread_bp,
            on=repricing.on,
            lpr=repricing.lpr,
            then=repricing.rate,
            before=repricing.payment_before,
            after=repricing.payment_after,
        )
        return text, self._card("rate_title", tuple(rows), self._say("my_loan.note.repricing"))

    def _fund_moves_on(self) -> str:
        colleagues = self._action.colleagues
        fact = colleagues.library.policy.fact("provident_fund.existing_loans_move_on", colleagues.today)
        return fact.text

    def _interest(self) -> tuple[ReplyPart, ...]:
        paid = self._view.paid
        text = self._text("interest", interest=paid.interest, principal=paid.principal, **_known(paid))
        return text, self._recorded("interest_title", self._paid_rows(paid))

    def _year(self, year: int) -> tuple[ReplyPart, ...]:
        paid = self._view.paid_in(year)
        text = self._text(
            "year",
            year=year,
            is_this_year=year == self._view.as_of.year,
            interest=paid.interest,
            **_known(paid),
        )
        return text, self._recorded("year_title", self._paid_rows(paid), year=year)

    def _paid_rows(self, paid: Paid) -> tuple[Row, ...]:
        rows = [
            self._row("interest", money(paid.interest), emphasis=True),
            self._row("principal", money(paid.principal)),
        ]
        if paid.penalty:
            rows.append(self._row("penalty", money(paid.penalty)))
        return (*rows, self._row("n_lines", self._say("my_loan.value.n_lines", n=paid.n_lines)))

    def _history(self) -> tuple[ReplyPart, ...]:
        lines = self._view.history
        if not lines:
            return (self._text("no_history"),)
        shown = lines[:SHOWN_LINES]
        text = self._text("history", n_shown=len(shown), n_lines=len(lines), **_known(self._view.paid))
        rows = tuple(Row(day(line.due_on), self._line(line)) for line in shown)
        return text, self._recorded("history_title", rows)

    def _line(self, line: Repayment) -> str:
        return self._say(
            f"my_loan.line.{line.kind.value}",
            amount=line.amount,
            principal=line.principal,
            interest=line.interest,
            penalty=line.penalty,
            is_unpaid=line.paid_on is None,
            is_due=line.paid_on is None and line.due_on >= self._view.as_of,
            paid_late_on=line.paid_on if line.paid_on and line.paid_on > line.due_on else None,
        )

    def _steps(self, asked: OwnLoan) -> QuickReplies:
        record = self._view.record

        def ask(question: Question, year: int | None = None) -> tuple[str, str]:
            title = self._say(f"my_loan.step.{question.value}")
            return title, question_payload(question, year, str(record.ref))

        human = (self._say("handoff_reply.button"), "/human_agent")
        topics = self._action.colleagues.topics
        if self._view.arrears:
            return buttons(
                (self._say("my_loan.step.late_charge"), payload("calc_payment", {"subject": "overdue"})),
                (topics.title("overdue"), "/overdue"),
                (topics.title("extension_hardship"), "/extension_hardship"),
                ask(Question.HISTORY),
                human,
            )
        if self._view.is_settled:
            return buttons(
                (topics.title("certificate"), "/certificate"),
                (topics.title("mortgage_registration"), "/mortgage_registration"),
                ask(Question.HISTORY),
                human,
            )
        steps = [ask(question) for question in _NEXT if question is not asked.question]
        if asked.question is Question.INTEREST:
            steps.insert(0, ask(Question.YEAR, self._view.as_of.year))
        if asked.question is Question.YEAR:
            steps.insert(
                0,
                (
                    self._say("my_loan.step.deduction"),
                    payload("calc_payment", {"subject": "interest_deduction"}),
                ),
            )
        reminder = _REMINDERS.get(asked.question)
        if reminder is not None:
            steps.append(ask_button(self._action, reminder))
        return buttons(*steps)

    def _row(self, key: str, value: str, *, emphasis: bool = False) -> Row:
        return Row(self._say(f"my_loan.row.{key}"), value, emphasis)

    def _card(self, title: str, rows: tuple[Row, ...], *notes: str) -> Card:
        """Figures worked out from what is on record."""
        as_of = self._say("my_loan.note.as_of", on=self._view.as_of)
        return Card(self._title(title), rows, (*notes, as_of))

    def _recorded(self, title: str, rows: tuple[Row, ...], **values: object) -> Card:
        """Figures as they stand in the record."""
        note = self._say("my_loan.note.recorded", on=self._view.as_of)
        return Card(self._title(title, **values), rows, (note,))

    def _title(self, key: str, **values: object) -> str:
        record = self._view.record
        number = record.loan_no or record.application_no
        kind = self._say(f"servicing.product.{record.kind.value}") if self._is_one_of_several else ""
        return self._say(f"my_loan.{key}", kind=kind, number=number[-4:], **values)

    def _text(self, key: str, **values: object) -> TextPart:
        return self._action.text(f"my_loan.says.{key}", **values)


def _known(paid: Paid) -> dict[str, date | bool | None]:
    return {"known_from": paid.known_from, "is_unknown": paid.is_unknown}
