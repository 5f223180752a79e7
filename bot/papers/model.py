"""Papers as values: what is on them and in what order, before any file format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from bot.knowledge.formatting import day, percent
from bot.lending.money import to_fen

Cell = str | int | Decimal | date | None


class Form(str, Enum):
    """What a cell holds, and so how it is written and on which side it stands."""

    TEXT = "text"
    COUNT = "count"  #: a whole number
    MONEY = "money"  #: yuan
    RATE = "rate"  #: a fraction, shown as a per cent
    DATE = "date"


def cell_text(cell: Cell, form: Form) -> str:
    """A cell as it is read: ``4,490.45``, ``3.50%``, ``2027-01-20``; an empty one is empty."""
    match cell:
        case None:
            return ""
        case Decimal() if form is Form.MONEY:
            return f"{to_fen(cell):,}"
        case Decimal() if form is Form.RATE:
            return percent(cell)
        case date():
            return cell.isoformat() if form is Form.DATE else day(cell)
        case _:
            return str(cell)


@dataclass(frozen=True)
class Fact:
    """A labelled value."""

    label: str
    value: Cell
    form: Form = Form.TEXT


@dataclass(frozen=True)
class Column:
    title: str
    form: Form = Form.TEXT


@dataclass(frozen=True)
class Table:
    """Lines of cells, one for each column; ``totals`` is the last line, or empty."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_small: bool = False  #: the small print


@dataclass(frozen=True)
class Facts:
    """Labels with their values, two to a line."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Picture:
    """A picture across the page; ``alt`` says in words what it shows."""

    png: bytes
    alt: str


Block = Heading | Paragraph | Facts | Table | Picture


@dataclass(frozen=True)
class Document:
    """Something to be printed: blocks from top to bottom."""

    title: str
    blocks: tuple[Block, ...]
    made_on: date
    summary: str = ""  #: one line under the title


@dataclass(frozen=True)
class Sheet:
    """A table with what it is about: made into a spreadsheet, or into a document of its own."""

    title: str
    summary: str
    facts: tuple[Fact, ...]
    table: Table
    notes: tuple[str, ...]
    made_on: date
    leaf: str = ""  #: the name of the table's leaf in a workbook; that of a schedule when left out


@dataclass(frozen=True)
class Paper:
    """A finished file."""

    content: bytes
    media_type: str
    name: str
    plain_name: str  #: without its ending, in ASCII, for those who cannot read the other
