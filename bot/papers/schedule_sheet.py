"""The repayment schedule of one loan, or the common calendar of several, as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from bot.lending import Instalment, Loan, Schedule, build
from bot.lending.money import NOTHING, exact
from bot.papers.model import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Form,
    Heading,
    Paragraph,
    Sheet,
    Table,
)
from bot.papers.ports import Words
from bot.papers.spec import PlannedLoan, SchedulePaper


def schedule_sheet(paper: SchedulePaper, words: Words) -> Sheet:
    """Every instalment with what it is made of, what they add up to, and what the figures rest on."""
    schedules = [build(planned.loan, planned.due) for planned in paper.loans]
    names = _names(paper.loans, words)
    is_dated = paper.loans[0].due is not None
    if len(schedules) == 1:
        facts, table = _facts(schedules[0], words), _table(schedules[0], words)
    else:
        facts = _common_facts(schedules, names, words)
        table = _calendar(schedules, names, words)
    return Sheet(
        title=words.say("papers.schedule.title"),
        summary=_summary(paper.loans, words),
        facts=facts,
        table=table,
        notes=(
            *paper.notes,
            words.say("papers.schedule.rounding"),
            *([words.say("papers.schedule.dates")] if is_dated else []),
            words.say("papers.schedule.contract"),
        ),
        made_on=paper.made_on,
    )


def sheet_document(sheet: Sheet, words: Words) -> Document:
    """The sheet as something to print."""
    notes: list[Block] = [
        Heading(words.say("papers.notes")),
        *(Paragraph(note, is_small=True) for note in sheet.notes),
    ]
    return Document(
        sheet.title, (Facts(sheet.facts), sheet.table, *notes), sheet.made_on, summary=sheet.summary
    )


def schedule_name(paper: SchedulePaper, words: Words) -> str:
    """The name of the file, without its ending."""
    return words.say(
        "papers.schedule.name", principal=_principal(paper.loans), n_loans=len(paper.loans), on=paper.made_on
    )


def _principal(loans: Sequence[PlannedLoan]) -> Decimal:
    with exact():
        return sum((planned.loan.principal for planned in loans), Decimal(0))


def _summary(loans: Sequence[PlannedLoan], words: Words) -> str:
    if len(loans) == 1:
        return _terms(loans[0].loan, words)
    return words.say("papers.schedule.several", principal=_principal(loans), n_loans=len(loans))


def _terms(loan: Loan, words: Words) -> str:
    return words.say(
        "papers.schedule.terms",
        principal=loan.principal,
        rate=loan.annual_rate,
        months=loan.term_months,
        method=words.say(f"papers.method.{loan.method.value}"),
    )


def _names(loans: Sequence[PlannedLoan], words: Words) -> list[str]:
    return [
        planned.name or words.say("papers.schedule.unnamed", number=number)
        for number, planned in enumerate(loans, start=1)
    ]


def _facts(schedule: Schedule, words: Words) -> tuple[Fact, ...]:
    loan, sums = schedule.loan, schedule.totals
    dates = (sums.first.due_date, sums.last.due_date)
    return (
        Fact(words.say("papers.fact.principal"), loan.principal, Form.MONEY),
        Fact(words.say("papers.fact.rate"), loan.annual_rate, Form.RATE),
        Fact(words.say("papers.fact.term"), words.say("papers.schedule.months", months=loan.term_months)),
        Fact(words.say("papers.fact.method"), words.say(f"papers.method.{loan.method.value}")),
        *(
            Fact(words.say(f"papers.fact.{which}_due"), on, Form.DATE)
            for which, on in zip(("first", "last"), dates, strict=True)
            if on is not None
        ),
        Fact(words.say("papers.fact.first_payment"), sums.first.payment, Form.MONEY),
        Fact(words.say("papers.fact.last_payment"), sums.last.payment, Form.MONEY),
        Fact(words.say("papers.fact.interest"), sums.interest, Form.MONEY),
        Fact(words.say("papers.fact.paid"), sums.payment, Form.MONEY),
    )


def _common_facts(schedules: Sequence[Schedule], names: Sequence[str], words: Words) -> tuple[Fact, ...]:
    with exact():
        interest = sum((schedule.totals.interest for schedule in schedules), NOTHING)
        paid = sum((schedule.totals.payment for schedule in schedules), NOTHING)
    return (
        *(Fact(name, _terms(schedule.loan, words)) for name, schedule in zip(names, schedules, strict=True)),
        Fact(words.say("papers.fact.interest"), interest, Form.MONEY),
        Fact(words.say("papers.fact.paid"), paid, Form.MONEY),
    )


def _table(schedule: Schedule, words: Words) -> Table:
    sums = schedule.totals
    is_dated = sums.first.due_date is not None
    lines = tuple((row.period, *((row.due_date,) if is_dated else ()), *row[1:5]) for row in schedule.rows)
    with exact():
        principal = sum((row.principal for row in schedule.rows), NOTHING)
    return Table(
        columns=_columns((), words, is_dated=is_dated),
        lines=lines,
        totals=_totals((sums.payment, principal, sums.interest), words, is_dated=is_dated),
    )


def _calendar(schedules: Sequence[Schedule], names: Sequence[str], words: Words) -> Table:
    """What falls due on each day (of loans without dates: in each month) for all loans together."""
    is_dated = schedules[0].rows[0].due_date is not None
    paid_in_all = [schedule.totals.payment for schedule in schedules]
    balances = [schedule.loan.principal for schedule in schedules]
    lines: list[tuple[Cell, ...]] = []
    with exact():
        for number, due in enumerate(_by_day(schedules), start=1):
            paid: list[Decimal | None] = [None] * len(schedules)  # nothing falls due on that loan
            for index, row in due:
                paid[index] = row.payment
                balances[index] = row.balance
            lines.append(
                (
                    number,
                    *((due[0][1].due_date,) if is_dated else ()),
                    *paid,
                    sum((row.payment for _, row in due), NOTHING),
                    sum((row.principal for _, row in due), NOTHING),
                    sum((row.interest for _, row in due), NOTHING),
                    sum(balances, NOTHING),
                )
            )
        principal = sum((row.principal for schedule in schedules for row in schedule.rows), NOTHING)
        interest = sum((schedule.totals.interest for schedule in schedules), NOTHING)
        sums = (*paid_in_all, sum(paid_in_all, NOTHING), principal, interest)
    return Table(
        columns=_columns(names, words, is_dated=is_dated),
        lines=tuple(lines),
        totals=_totals(sums, words, is_dated=is_dated),
    )


def _by_day(schedules: Sequence[Schedule]) -> Iterator[list[tuple[int, Instalment]]]:
    """The instalments that fall together, in order of time, each with the number of its loan."""

    def when(entry: tuple[int, Instalment]) -> tuple[date, int]:
        row = entry[1]
        return (row.due_date, 0) if row.due_date is not None else (date.min, row.period)

    entries = [(index, row) for index, schedule in enumerate(schedules) for row in schedule.rows]
    for _, together in groupby(sorted(entries, key=when), key=when):
        yield list(together)


def _columns(names: Sequence[str], words: Words, *, is_dated: bool) -> tuple[Column, ...]:
    def column(key: str, form: Form = Form.MONEY) -> Column:
        return Column(words.say(f"papers.column.{key}"), form)

    return (
        column("period", Form.COUNT),
        *([column("due_date", Form.DATE)] if is_dated else []),
        *(Column(words.say("papers.column.payment_of", name=name), Form.MONEY) for name in names),
        column("common_payment" if names else "payment"),
        column("principal"),
        column("interest"),
        column("balance"),
    )


def _totals(sums: Sequence[Decimal], words: Words, *, is_dated: bool) -> tuple[Cell, ...]:
    return (words.say("papers.column.total"), *((None,) if is_dated else ()), *sums, None)
