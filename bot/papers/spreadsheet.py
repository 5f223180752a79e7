"""Sheets as XLSX: real numbers, so that customers can calculate on."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.papers.model import Cell, Fact, Form, Sheet, cell_text
from bot.papers.ports import Words

if TYPE_CHECKING:  # openpyxl is loaded with the first spreadsheet, not with the service
    from openpyxl.worksheet.worksheet import Worksheet

NUMBER_FORMATS = {
    Form.COUNT: "0",
    Form.MONEY: "#,##0.00",
    Form.RATE: "0.00%",
    Form.DATE: "yyyy-mm-dd",
}
BRAND, TINT, LINE = "0F6B5C", "E7F0EF", "D5DEDB"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def sheet_xlsx(sheet: Sheet, words: Words) -> bytes:
    """A workbook of two leaves: the table under a frozen header, and the facts with the notes.

    The same sheet gives the same bytes.
    """
    from openpyxl import Workbook

    book = Workbook()
    leaf = book.active
    assert leaf is not None  # a new workbook has one leaf
    leaf.title = sheet.leaf or words.say("papers.leaf.table")
    _write_table(leaf, sheet, words)
    _write_facts(book.create_sheet(words.say("papers.leaf.facts")), sheet, words)
    book.properties.title = sheet.title
    book.properties.creator = words.say("papers.maker")
    saved = io.BytesIO()
    book.save(saved)
    return _dated(saved.getvalue(), sheet.made_on)


def _write_table(leaf: Worksheet, sheet: Sheet, words: Words) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    columns, width = sheet.table.columns, len(sheet.table.columns)
    header = 3
    _across(leaf, 1, width, sheet.title, Font(size=16, bold=True, color=BRAND))
    _across(leaf, 2, width, sheet.summary, Font(size=11, color="54626E"))
    thin = Side(style="thin", color=LINE)
    fill, bold = PatternFill("solid", fgColor=TINT), Font(bold=True, color=BRAND)
    for number, column in enumerate(columns, start=1):
        cell = _put(leaf, header, number, column.title, Form.TEXT)
        cell.font, cell.fill = bold, fill
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(bottom=Side(style="medium", color=BRAND))
    below = Border(bottom=thin)
    for row, line in enumerate(sheet.table.lines, start=header + 1):
        for number, (value, column) in enumerate(zip(line, columns, strict=True), start=1):
            _put(leaf, row, number, value, column.form).border = below
    last = header + len(sheet.table.lines)
    if sheet.table.totals:
        last += 1
        for number, (value, column) in enumerate(zip(sheet.table.totals, columns, strict=True), start=1):
            cell = _put(leaf, last, number, value, column.form)
            cell.font, cell.fill, cell.border = bold, fill, Border(top=Side(style="medium", color=BRAND))
    _write_notes(leaf, last + 2, width, sheet, words)
    for number, column in enumerate(columns):
        longest = max(
            [_width(column.title), *(_width(cell_text(line[number], column.form)) for line in _ends(sheet))]
        )
        leaf.column_dimensions[get_column_letter(number + 1)].width = max(8, longest + 3)
    leaf.freeze_panes = f"A{header + 1}"
    leaf.row_dimensions[1].height = 28
    leaf.row_dimensions[header].height = 22
    leaf.print_title_rows = f"{header}:{header}"
    leaf.page_setup.paperSize = 9  # A4
    leaf.page_setup.orientation = "portrait" if width <= 6 else "landscape"
    leaf.page_setup.fitToWidth, leaf.page_setup.fitToHeight = 1, 0
    leaf.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    leaf.print_options.horizontalCentered = True
    leaf.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]


def _write_facts(leaf: Worksheet, sheet: Sheet, words: Words) -> None:
    from openpyxl.styles import Font

    _across(leaf, 1, 2, sheet.title, Font(size=16, bold=True, color=BRAND))
    row = 3
    facts = (*sheet.facts, Fact(words.say("papers.fact.made_on"), sheet.made_on, Form.DATE))
    for row, fact in enumerate(facts, start=3):
        _put(leaf, row, 1, fact.label, Form.TEXT).font = Font(color="54626E")
        _put(leaf, row, 2, fact.value, fact.form)
    leaf.column_dimensions["A"].width = 4 + max(_width(fact.label) for fact in facts)
    leaf.column_dimensions["B"].width = 60
    leaf.page_setup.paperSize = 9
    _write_notes(leaf, row + 2, 2, sheet, words)


def _write_notes(leaf: Worksheet, row: int, width: int, sheet: Sheet, words: Words) -> None:
    from openpyxl.styles import Font

    if not sheet.notes:
        return
    _put(leaf, row, 1, words.say("papers.notes"), Form.TEXT).font = Font(bold=True, color=BRAND)
    room = 76  # half-width characters: about what the columns above hold
    for number, note in enumerate(sheet.notes, start=1):
        _across(leaf, row + number, width, f"{number}. {note}", Font(size=10, color="54626E"))
        leaf.row_dimensions[row + number].height = 15.0 * -(-_width(note) // room)


def _across(leaf: Worksheet, row: int, width: int, text: str, font: Any) -> None:
    from openpyxl.styles import Alignment

    leaf.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    cell = _put(leaf, row, 1, text, Form.TEXT)
    cell.font = font
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _put(leaf: Worksheet, row: int, column: int, value: Cell, form: Form) -> Any:
    from openpyxl.styles import Alignment

    cell = leaf.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    elif value is not None:
        cell.number_format = NUMBER_FORMATS[form]
    is_centred = form in (Form.COUNT, Form.DATE) or (form is Form.TEXT and column == 1)
    side = "center" if is_centred and leaf.max_column > 2 else "right" if form is Form.MONEY else "left"
    cell.alignment = Alignment(horizontal=side, vertical="center")
    return cell


def _ends(sheet: Sheet) -> tuple[tuple[Cell, ...], ...]:
    """The lines with the longest figures: the first, the last and the totals."""
    lines = sheet.table.lines
    return (*lines[:1], *lines[-1:], *([sheet.table.totals] if sheet.table.totals else []))


def _width(text: str) -> int:
    """In half-width characters: a Chinese one takes two."""
    return sum(1 if character.isascii() else 2 for character in text)


def _dated(saved: bytes, on: date) -> bytes:
    """The same workbook with ``on`` for every time in it; openpyxl writes the time of day into three places."""
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(saved)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                moment = f"{on.isoformat()}T00:00:00Z".encode()
                content = MODIFIED.sub(rb"\g<1>" + moment, content)
                content = re.sub(rb"(<dcterms:created[^>]*>)[^<]*", rb"\g<1>" + moment, content)
            info = ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, content)
    return packed.getvalue()
