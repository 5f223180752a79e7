"""Documents as PDF on A4: the page furniture, the blocks from top to bottom, and the typeface inside the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from bot.papers.model import (
    Document,
    Facts,
    Form,
    Heading,
    Paragraph,
    Picture,
    Table,
    cell_text,
)
from bot.papers.ports import Words
from bot.papers.typeface import Typeface, slim_typeface

if TYPE_CHECKING:  # reportlab is loaded with the first document, not with the service
    from reportlab.pdfgen.canvas import Canvas

Colour = tuple[float, float, float]

ASCII = frozenset(map(chr, range(0x20, 0x7F)))
INK, SOFT, BRAND = (0.11, 0.16, 0.20), (0.33, 0.38, 0.43), (0.06, 0.42, 0.36)
TINT, ZEBRA, LINE = (0.91, 0.94, 0.94), (0.97, 0.98, 0.98), (0.84, 0.87, 0.86)
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 210.0, 297.0, 15.0  # mm
WIDTH = PAGE_WIDTH - 2 * MARGIN
TOP, BOTTOM = 20.0, PAGE_HEIGHT - 18.0
ROW, HEADER_ROW, CELL_PADDING = 5.6, 7.0, 1.6
MM_PER_POINT = 25.4 / 72
POINTS = 72 / 25.4  #: in a mm
LARGEST, SMALLEST = 9.0, 4.0  #: type sizes of a table, in points
NO_TIME = b"D:20000101000000+00'00'"  #: what reportlab writes when the same input is to give the same bytes
NEVER_FIRST = frozenset("，。、；：？！）》」』”’…%,.;:?!)")
NEVER_LAST = frozenset("（《「『“‘(")


@dataclass(frozen=True)
class _Grid:
    """A table in words."""

    titles: tuple[str, ...]
    forms: tuple[Form, ...]
    lines: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]

    @classmethod
    def of(cls, table: Table) -> _Grid:
        forms = tuple(column.form for column in table.columns)

        def texts(line: Sequence[object]) -> tuple[str, ...]:
            return tuple(map(cell_text, line, forms))  # type: ignore[arg-type]

        return cls(
            tuple(column.title for column in table.columns),
            forms,
            tuple(map(texts, table.lines)),
            texts(table.totals),
        )

    @property
    def texts(self) -> Iterator[str]:
        yield from self.titles
        yield from self.totals
        for line in self.lines:
            yield from line


_printing = Lock()

_Laid = Heading | Paragraph | Facts | Picture | _Grid


def document_pdf(document: Document, words: Words) -> bytes:
    """The document with page numbers, the table's header on each page, and its typeface embedded.

    The same document gives the same bytes. A character that the typeface lacks is left out.
    """
    blocks = [_Grid.of(block) if isinstance(block, Table) else block for block in document.blocks]
    made_on = words.say("papers.made_on", on=document.made_on)
    texts = [document.title, document.summary, made_on, words.say("papers.page", page="0", pages="0")]
    for block in blocks:
        texts.extend(_texts(block))
    typeface = slim_typeface(frozenset("".join(texts)) | ASCII)
    layout = _Layout(document, made_on, typeface)
    for block in blocks:
        layout.put(block)
    return _printed(layout.finished(words), document, typeface, words.say("papers.maker"))


def _texts(block: _Laid) -> Iterator[str]:
    match block:
        case Heading(text) | Paragraph(text):
            yield text
        case Facts(facts):
            for fact in facts:
                yield fact.label
                yield cell_text(fact.value, fact.form)
        case Picture(_, alt):
            yield alt
        case _Grid():
            yield from block.texts


@dataclass(frozen=True)
class _Text:
    x: float
    base: float
    text: str
    size: float  #: points
    colour: Colour


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass(frozen=True)
class _Png:
    x: float
    y: float
    width: float
    height: float
    png: bytes


_Mark = _Text | _Box | _Png  #: in mm from the top left corner


class _Layout:
    """Puts blocks on pages: it knows how far down the page it is, and how wide a text will be."""

    def __init__(self, document: Document, made_on: str, typeface: Typeface) -> None:
        self._title = document.title
        self._widths = typeface.widths
        self._pages: list[list[_Mark]] = []
        self._y = TOP
        self._turn_page()
        self._write(MARGIN, self._y + 4, document.title, 18, BRAND)
        self._right(made_on, self._y + 4, 9, SOFT)
        self._y += 9
        if document.summary:
            self._paragraph(document.summary, 10.5, SOFT)
        self._rule(self._y + 1)
        self._y += 4

    def put(self, block: _Laid) -> None:
        match block:
            case Heading(text):
                self._need(20)
                self._y += 4
                self._write(MARGIN, self._y + 4, text, 11, BRAND)
                self._y += 7
            case Paragraph(text, is_small):
                self._paragraph(text, *((8.5, SOFT) if is_small else (10.5, INK)))
            case Facts():
                self._facts(block)
            case Picture():
                self._picture(block)
            case _Grid():
                self._table(block)

    def finished(self, words: Words) -> list[list[_Mark]]:
        """The pages with their feet, now that it is known how many there are."""
        pages = self._pages
        for number, page in enumerate(pages, start=1):
            self._pages = [page]
            self._rule(PAGE_HEIGHT - 14)
            self._write(MARGIN, PAGE_HEIGHT - 9, self._title, 8, SOFT)
            self._right(words.say("papers.page", page=number, pages=len(pages)), PAGE_HEIGHT - 9, 8, SOFT)
        return pages

    def _turn_page(self) -> None:
        self._pages.append([])
        self._y = TOP

    def _need(self, height: float) -> bool:
        """Begin a new page unless ``height`` is left on this one; whether it did."""
        if self._y + height <= BOTTOM:
            return False
        self._turn_page()
        return True

    def _facts(self, block: Facts) -> None:
        """Two to a line where both fit into their halves, else one."""
        half, label_width = WIDTH / 2, 30.0
        pending = False
        for fact in block.facts:
            text = cell_text(fact.value, fact.form)
            size = 10.0
            is_wide = self._width(text, size) > half - label_width - 4
            if pending and is_wide:
                self._y += 7
                pending = False
            if not pending:
                self._need(8)
            left = MARGIN + (half if pending else 0)
            self._write(left, self._y + 5, fact.label, 9, SOFT)
            indent = max(label_width, self._width(fact.label, 9) + 4)
            pieces = self._lines_of(text, size, WIDTH - indent if is_wide else half - indent)
            for number, piece in enumerate(pieces):
                self._write(left + indent, self._y + 5, piece, size, INK)
                if number < len(pieces) - 1:
                    self._y += 6
            if is_wide or pending:
                self._y += 7
                pending = False
            else:
                pending = True
        self._y += 7 + 3 if pending else 3

    def _paragraph(self, text: str, size: float, colour: Colour) -> None:
        height = size * MM_PER_POINT * 1.6
        for paragraph in text.splitlines():
            for piece in self._lines_of(paragraph, size, WIDTH):
                self._need(height)
                self._write(MARGIN, self._y + height * 0.7, piece, size, colour)
                self._y += height
        self._y += 1

    def _picture(self, block: Picture) -> None:
        dots_wide, dots_high = png_size(block.png)
        caption = 7.0
        width = min(WIDTH, (BOTTOM - TOP - caption) * dots_wide / dots_high)
        height = width * dots_high / dots_wide
        self._need(height + caption)
        self._put(_Png(MARGIN + (WIDTH - width) / 2, self._y, width, height, block.png))
        self._y += height
        self._write(MARGIN, self._y + 4, block.alt, 8.5, SOFT)
        self._y += caption

    def _table(self, grid: _Grid) -> None:
        size, widths = self._fitted(grid)
        edges = [MARGIN]
        for width in widths:
            edges.append(edges[-1] + width)
        self._need(HEADER_ROW + 3 * ROW)
        self._header(grid, edges, size)
        for number, line in enumerate(grid.lines):
            if self._need(ROW):
                self._header(grid, edges, size)
            if number % 2:
                self._fill(ROW, ZEBRA)
            self._line(line, grid.forms, edges, size, INK, ROW)
        if grid.totals:
            if self._need(HEADER_ROW):
                self._header(grid, edges, size)
            self._fill(HEADER_ROW, TINT)
            self._line(grid.totals, grid.forms, edges, size, BRAND, HEADER_ROW)
        self._rule(self._y)
        self._y += 2

    def _header(self, grid: _Grid, edges: Sequence[float], size: float) -> None:
        self._fill(HEADER_ROW, TINT)
        self._line(grid.titles, grid.forms, edges, size, BRAND, HEADER_ROW)

    def _line(
        self,
        texts: Sequence[str],
        forms: Sequence[Form],
        edges: Sequence[float],
        size: float,
        colour: Colour,
        height: float,
    ) -> None:
        base = self._y + height / 2 + size * MM_PER_POINT * 0.36
        for text, form, left, right in zip(texts, forms, edges, edges[1:], strict=False):
            if not text:
                continue
            match form:
                case Form.MONEY | Form.RATE:
                    x = right - CELL_PADDING - self._width(text, size)
                case Form.COUNT | Form.DATE:
                    x = (left + right - self._width(text, size)) / 2
                case Form.TEXT:
                    x = left + CELL_PADDING
            self._write(x, base, text, size, colour)
        self._y += height

    def _fitted(self, grid: _Grid) -> tuple[float, list[float]]:
        """The largest type with which every column fits beside the others, and the widths to fill the page."""
        rows = (grid.titles, *grid.lines, *([grid.totals] if grid.totals else []))
        longest = [max(column, key=len) for column in zip(*rows, strict=True)]
        columns = [
            max(self._width(text, 1.0) for text in {title, total, body})
            for title, total, body in zip(grid.titles, grid.totals or grid.titles, longest, strict=True)
        ]
        room = WIDTH - 2 * CELL_PADDING * len(columns)
        size = max(SMALLEST, min(LARGEST, room / sum(columns)))
        widths = [column * size + 2 * CELL_PADDING for column in columns]
        spare = (WIDTH - sum(widths)) / len(widths)
        return size, [width + spare for width in widths]

    def _lines_of(self, text: str, size: float, room: float) -> list[str]:
        """``text`` cut into lines: between Chinese characters, never within a word or a figure."""
        lines, line = [], ""
        for piece in _unbreakable(text):
            if line and self._width(line + piece, size) > room:
                lines.append(line)
                line = piece.lstrip()
            else:
                line += piece
        return [*lines, line]

    def _width(self, text: str, size: float) -> float:
        """In mm."""
        widths = self._widths
        return sum([widths.get(character, 0.0) for character in text]) * size * MM_PER_POINT

    def _put(self, mark: _Mark) -> None:
        self._pages[-1].append(mark)

    def _write(self, x: float, base: float, text: str, size: float, colour: Colour) -> None:
        widths = self._widths
        self._put(_Text(x, base, "".join([each for each in text if each in widths]), size, colour))

    def _right(self, text: str, base: float, size: float, colour: Colour) -> None:
        self._write(PAGE_WIDTH - MARGIN - self._width(text, size), base, text, size, colour)

    def _fill(self, height: float, colour: Colour) -> None:
        self._put(_Box(MARGIN, self._y, WIDTH, height, colour))

    def _rule(self, y: float) -> None:
        self._put(_Box(MARGIN, y, WIDTH, 0.2, LINE))


def _printed(pages: Sequence[Sequence[_Mark]], document: Document, typeface: Typeface, maker: str) -> bytes:
    """The pages as a file."""
    from reportlab.pdfbase.pdfmetrics import registerFont  # loaded with the first document
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    file, a4 = BytesIO(), (PAGE_WIDTH * POINTS, PAGE_HEIGHT * POINTS)
    with _printing:  # reportlab keeps its typefaces in one book for all threads
        font = TTFont(typeface.name, BytesIO(typeface.truetype))
        registerFont(font)
        try:
            _draw(
                Canvas(file, a4, invariant=1, lang="zh-CN", initialFontName=typeface.name),
                typeface.name,
                pages,
                document,
                maker,
            )
        finally:
            font.unregister()  # else it would be kept for ever, and be taken for the next of its name
    return file.getvalue().replace(NO_TIME, f"D:{document.made_on:%Y%m%d}000000+08'00'".encode())


def _draw(
    canvas: Canvas, font: str, pages: Sequence[Sequence[_Mark]], document: Document, maker: str
) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.setTitle(document.title)
    canvas.setSubject(document.summary)
    canvas.setAuthor(maker)
    canvas.setCreator(maker)
    canvas.setProducer(maker)
    for page in pages:
        for mark in page:
            match mark:
                case _Text(x, base, text, size, colour):
                    canvas.setFont(font, size)
                    canvas.setFillColorRGB(*colour)
                    canvas.drawString(x * POINTS, (PAGE_HEIGHT - base) * POINTS, text)
                case _Box(x, y, width, height, colour):
                    canvas.setFillColorRGB(*colour)
                    bottom = (PAGE_HEIGHT - y - height) * POINTS
                    canvas.rect(x * POINTS, bottom, width * POINTS, height * POINTS, stroke=0, fill=1)
                case _Png(x, y, width, height, png):
                    bottom = (PAGE_HEIGHT - y - height) * POINTS
                    picture = ImageReader(BytesIO(png))
                    canvas.drawImage(picture, x * POINTS, bottom, width * POINTS, height * POINTS)
        canvas.showPage()
    canvas.save()


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in dots, which stand in the first bytes of every PNG."""
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def _unbreakable(text: str) -> Iterator[str]:
    """The pieces between which a line may end."""
    piece = ""
    for character in text:
        is_joined = (
            (character.isascii() and piece[-1:].isascii() and not character.isspace())
            or character in NEVER_FIRST
            or piece[-1:] in NEVER_LAST
        )
        if piece and not is_joined:
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece
