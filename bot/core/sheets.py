"""Rows of CSV and XLSX files, whatever program wrote them."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.cells import Given
from bot.core.errors import FileUnreadable

DELIMITERS = (",", "\t", ";", "，")
MAX_CELL = 10_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Line:
    """A row and where it stands in the file, counted from 1."""

    number: int
    cells: tuple[Given, ...]

    @property
    def is_empty(self) -> bool:
        return all(cell.value is None or str(cell.value).strip() == "" for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    header: tuple[str, ...]
    lines: Iterator[Line]  #: one after the other, empty ones left out
    expected: int | None  #: how many lines there may be, where that is known beforehand


def open_sheet(file: Path) -> Sheet:
    """The first sheet of a file; ``FileUnreadable`` when it is none or has no header."""
    lines, expected = _workbook_lines(file) if _is_workbook(file) else _text_lines(file)
    filled = (line for line in lines if not line.is_empty)
    first = next(filled, None)
    if first is None:
        raise FileUnreadable("empty")
    return Sheet(tuple(cell.text for cell in first.cells), filled, expected)


def _is_workbook(file: Path) -> bool:
    """By its first bytes: a workbook that somebody named .csv is still one."""
    with file.open("rb") as handle:
        start = handle.read(4)
    if start == b"\xd0\xcf\x11\xe0":
        raise FileUnreadable("format", "xls")
    return start == b"PK\x03\x04"


def _text_lines(file: Path) -> tuple[Iterator[Line], int]:
    text = _decoded(file.read_bytes())
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(MAX_CELL)

    def lines() -> Iterator[Line]:
        while True:
            number = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as exc:
                raise FileUnreadable("format", f"{number}: {exc}") from exc
            yield Line(number, tuple(Given(cell) for cell in row))

    return lines(), text.count("\n")


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 with its mark, UTF-8 without, else GB18030, which Chinese spreadsheets write."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _with(encoding, content)
    if b"\x00" in content:
        raise FileUnreadable("encoding")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _with("gb18030", content)


def _with(encoding: str, content: bytes) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as exc:
        raise FileUnreadable("encoding") from exc


def _workbook_lines(file: Path) -> tuple[Iterator[Line], int | None]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        expected = sheet.max_row
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, EOFError, OSError, TypeError) as exc:
        raise FileUnreadable("format", "xlsx") from exc

    def lines() -> Iterator[Line]:
        try:
            for number, row in enumerate(sheet.iter_rows(), start=1):
                cells = [Given(cell.value, "%" in (cell.number_format or "")) for cell in row]
                while cells and cells[-1].value is None:
                    cells.pop()
                yield Line(number, tuple(cells))
        except (zipfile.BadZipFile, KeyError, ValueError, EOFError, SyntaxError) as exc:
            raise FileUnreadable("format", "xlsx") from exc
        finally:
            book.close()

    return lines(), expected
