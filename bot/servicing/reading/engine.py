"""Pictures and PDF pages to lines: by the text that a PDF carries, else by optical recognition."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from PIL import Image, ImageOps, ImageStat

from bot.servicing.content import MediaType, pdfium_lock
from bot.servicing.reading.lines import Line, reading_of
from bot.servicing.reading.model import Legibility, Reading

LONGEST_SIDE = 2400  #: pixels; more only costs time
PAGES_LOOKED_AT = 6  #: of a scanned PDF: its first and its last ones
TEXT_LAYER_CHARACTERS = 20  #: a page with fewer carries no text of its own
EVEN = 6.0  #: standard deviation of the grey values below which nothing is on a page


def read(media_type: MediaType, content: bytes) -> Reading:
    """Read a file that was inspected before. Takes a second a page, three seconds more at the first call."""
    if media_type.is_picture:
        with Image.open(io.BytesIO(content)) as picture:
            return _read_pages([_upright(picture)], pages=1)
    return _read_pdf(content)


def _read_pdf(content: bytes) -> Reading:
    import pypdfium2

    with pdfium_lock:
        document = pypdfium2.PdfDocument(content)
        try:
            lines = [Line(line, 1.0) for line in _text_layer(document)]
            if lines:
                return reading_of(lines, pages=len(document), pages_read=len(document))
            return _read_pages(_rendered(document), pages=len(document))
        finally:
            document.close()


def _text_layer(document: Any) -> Iterator[str]:
    """The text of a PDF that was written rather than scanned."""
    for page in document:
        text = page.get_textpage().get_text_range()
        if len(text.strip()) >= TEXT_LAYER_CHARACTERS:
            yield from text.splitlines()


def _rendered(document: Any) -> Iterator[Image.Image]:
    pages = list(range(len(document)))
    if len(pages) > PAGES_LOOKED_AT:
        half = PAGES_LOOKED_AT // 2
        pages = [*pages[:half], *pages[-half:]]
    for number in pages:
        page = document[number]
        # a page may be of any size: 5 m wide, or nothing at all
        scale = LONGEST_SIDE / max(page.get_size()[0], page.get_size()[1], 1.0)
        yield page.render(scale=scale).to_pil().convert("RGB")


def _read_pages(pictures: Any, *, pages: int) -> Reading:
    lines: list[Line] = []
    looked_at, blank = 0, 0
    for picture in pictures:
        looked_at += 1
        found = _lines(picture)
        lines += found
        blank += not found and _is_even(picture)
    if looked_at == blank:
        return Reading(legibility=Legibility.BLANK, pages=pages, pages_read=looked_at)
    return reading_of(lines, pages=pages, pages_read=looked_at)


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera held it, no larger than is of use, and on white where it is transparent."""
    if picture.format == "JPEG":
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(picture)
    if turned.mode in ("RGBA", "LA", "PA", "P"):
        layer = turned.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        turned = Image.alpha_composite(white, layer)
    plain = turned.convert("RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return plain


def _is_even(picture: Image.Image) -> bool:
    return ImageStat.Stat(picture.convert("L")).stddev[0] < EVEN


def _lines(picture: Image.Image) -> list[Line]:
    import numpy

    bgr = numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])
    found = _engine()(bgr)
    if found.txts is None:
        return []
    return [Line(text, float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    made = RapidOCR(params={"Global.log_level": "error"})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return cast(Any, made)
