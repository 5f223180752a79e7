"""The repayments of a loan as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.lending.money import NOTHING, exact
from bot.papers.model import Cell, Column, Fact, Form, Sheet, Table
from bot.papers.ports import Words
from bot.papers.record import HistoryLine, HistoryPaper


def history_sheet(paper: HistoryPaper, words: Words) -> Sheet:
    """Every line with what it was made of, and what was paid in all; an unpaid instalment counts for nothing."""
    paid = [line for line in paper.lines if line.paid_on is not None]
    unpaid = [line for line in paper.lines if line.paid_on is None]
    facts = [
        Fact(words.say("papers.history.number"), paper.number),
        Fact(words.say("papers.history.principal"), _sum(paid, "principal"), Form.MONEY),
        Fact(words.say("papers.history.interest"), _sum(paid, "interest"), Form.MONEY),
    ]
    if _sum(paid, "penalty"):
        facts.append(Fact(words.say("papers.history.penalty"), _sum(paid, "penalty"), Form.MONEY))
    notes = [words.say("papers.history.source")]
    if paper.known_from is not None:
        notes.insert(0, words.say("papers.history.known_from", on=paper.known_from))
    if unpaid:
        notes.insert(0, words.say("papers.history.unpaid", n=len(unpaid)))
    return Sheet(
        title=words.say("papers.history.title"),
        summary=words.say(
            "papers.history.summary", number=paper.number, on=paper.made_on, n=len(paper.lines)
        ),
        facts=tuple(facts),
        table=Table(
            columns=_columns(words),
            lines=tuple(_line(line, words) for line in paper.lines),
            totals=(
                words.say("papers.column.total"),
                None,
                None,
                _total(paid),
                _sum(paid, "principal"),
                _sum(paid, "interest"),
                _sum(paid, "penalty"),
                None,
            ),
        ),
        notes=tuple(notes),
        made_on=paper.made_on,
        leaf=words.say("papers.history.title"),
    )


def history_name(paper: HistoryPaper, words: Words) -> str:
    """The name of the file, without its ending."""
    return words.say("papers.history.name", number=paper.number[-4:], on=paper.made_on)


def _columns(words: Words) -> tuple[Column, ...]:
    keys = (
        ("kind", Form.TEXT),
        ("due_on", Form.DATE),
        ("paid_on", Form.DATE),
        ("amount", Form.MONEY),
        ("principal", Form.MONEY),
        ("interest", Form.MONEY),
        ("penalty", Form.MONEY),
        ("balance", Form.MONEY),
    )
    return tuple(Column(words.say(f"papers.history.column.{key}"), form) for key, form in keys)


def _line(line: HistoryLine, words: Words) -> tuple[Cell, ...]:
    kind = words.say(f"papers.history.kind.{line.kind}", is_unpaid=line.paid_on is None)
    return (
        kind,
        line.due_on,
        line.paid_on,
        _total([line]),
        line.principal,
        line.interest,
        line.penalty,
        line.balance,
    )


def _sum(lines: Sequence[HistoryLine], part: str) -> Decimal:
    with exact():
        return sum((getattr(line, part) for line in lines), NOTHING)


def _total(lines: Sequence[HistoryLine]) -> Decimal:
    with exact():
        return sum((line.principal + line.interest + line.penalty for line in lines), NOTHING)
