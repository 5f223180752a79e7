"""What the engine makes of pictures that look like documents; every date is the one that was drawn."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image, ImageFilter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.servicing.content import MediaType
from bot.servicing.model import DocumentKind
from bot.servicing.reading.engine import read
from bot.servicing.reading.model import Legibility, Side
from tests.servicing.reading.drawn import (
    as_bytes,
    drawn,
    identity_back,
    identity_front,
    proof,
    statement,
)

BACK = identity_back("2015.03.01-2035.03.01")
MONTHS = ["2026-06-10", "2026-07-10", "2026-08-10", "2026-09-10", "2026-10-10", "2026-11-10"]


def reading(picture: Image.Image):
    return read(MediaType.JPEG, as_bytes(picture, quality=90))


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 6])
def test_the_validity_of_a_card_however_it_lies(angle: int) -> None:
    found = reading(BACK.rotate(angle, expand=True, fillcolor="white"))
    assert (found.legibility, found.kind, found.side) == (
        Legibility.CLEAR,
        DocumentKind.IDENTITY,
        Side.BACK,
    )
    assert (found.valid_until, found.is_long_term) == (date(2035, 3, 1), False)


def test_a_card_that_is_valid_for_good() -> None:
    found = reading(identity_back("2015.03.01-长期"))
    assert (found.is_long_term, found.valid_until) == (True, None)


def test_the_front_of_a_card_says_nothing_about_validity() -> None:
    found = reading(identity_front())
    assert (found.kind, found.side, found.valid_until) == (DocumentKind.IDENTITY, Side.FRONT, None)


def test_a_photograph_is_turned_as_the_camera_held_it() -> None:
    turned = BACK.rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # the viewer turns it by 90 degrees clockwise
    found = read(MediaType.JPEG, as_bytes(turned, quality=90, exif=exif))
    assert found.valid_until == date(2035, 3, 1)


def test_the_period_that_a_statement_names() -> None:
    found = reading(statement("2026-05-01", "2026-10-31", MONTHS))
    assert found.kind is DocumentKind.STATEMENT
    assert (found.covered_from, found.covered_to) == (date(2026, 5, 1), date(2026, 10, 31))


def test_a_statement_without_a_period_goes_from_its_first_to_its_last_entry() -> None:
    found = reading(statement("", "", MONTHS))
    assert (found.covered_from, found.covered_to) == (date(2026, 6, 10), date(2026, 11, 10))


def test_the_day_on_which_a_proof_was_issued_is_not_that_of_the_entry_into_service() -> None:
    found = reading(proof("2026年11月3日"))
    assert (found.kind, found.issued_on) == (DocumentKind.PROOF, date(2026, 11, 3))


def test_an_empty_picture_is_blank() -> None:
    for colour in ("white", "black"):
        assert reading(Image.new("RGB", (800, 600), colour)).legibility is Legibility.BLANK


def test_a_blurred_picture_is_unclear() -> None:
    assert reading(BACK.filter(ImageFilter.GaussianBlur(10))).legibility is Legibility.UNCLEAR


def test_half_a_blur_makes_up_no_date() -> None:
    """The title can still be read, the validity cannot."""
    found = reading(BACK.filter(ImageFilter.GaussianBlur(5)))
    assert found.valid_until is None


def test_a_picture_of_something_else_is_no_document() -> None:
    found = reading(drawn([(100, 200, 60, "今天天气真好呀，出去玩吧")]))
    assert (found.legibility, found.kind) == (Legibility.CLEAR, None)


def test_a_scanned_pdf_is_read_like_pictures() -> None:
    out = io.BytesIO()
    pages = [statement("2026-05-01", "2026-07-31", MONTHS[:3]), statement("", "", MONTHS[3:])]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=120)
    found = read(MediaType.PDF, out.getvalue())
    assert (found.kind, found.pages, found.pages_read) == (DocumentKind.STATEMENT, 2, 2)
    assert (found.covered_from, found.covered_to) == (date(2026, 5, 1), date(2026, 7, 31))


def test_the_text_of_a_written_pdf_is_taken_as_it_is() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    for day in ("2026-06-03", "2026-11-18"):
        canvas.setFont("STSong-Light", 14)
        canvas.drawString(80, 760, "示范银行 账户交易明细")
        canvas.drawString(80, 720, f"{day} 工资 12,000.00")
        canvas.showPage()
    canvas.save()
    found = read(MediaType.PDF, out.getvalue())
    assert (found.covered_from, found.covered_to) == (date(2026, 6, 3), date(2026, 11, 18))


def test_a_transparent_picture_is_read_on_white() -> None:
    layer = Image.new("RGBA", BACK.size, (0, 0, 0, 0))
    ink = BACK.convert("L").point(lambda grey: 255 if grey < 128 else 0)
    layer.putalpha(ink)
    found = read(MediaType.PNG, as_bytes(layer, "PNG"))
    assert found.valid_until == date(2035, 3, 1)
