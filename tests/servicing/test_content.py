"""What a file is, its bytes say; what cannot be opened safely is refused by name."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from bot.servicing.content import Limits, MediaType, inspected
from bot.servicing.errors import (
    FileBroken,
    FileEmpty,
    FileEncrypted,
    FileRefused,
    FileTooLarge,
    FileTypeUnknown,
    PictureTooLarge,
    TooManyPages,
)

LIMITS = Limits(bytes=200_000, pixels=1_000_000, pages=3, files_an_hour=5)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def pdf(pages: int = 1, password: str | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None)
    for number in range(pages):
        canvas.drawString(100, 700, f"page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises this many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (picture("PNG"), MediaType.PNG),
        (picture("JPEG"), MediaType.JPEG),
        (picture("WEBP"), MediaType.WEBP),
        (pdf(3), MediaType.PDF),
    ],
)
def test_the_type_is_that_of_the_bytes(content: bytes, expected: MediaType) -> None:
    assert inspected(content, LIMITS) is expected


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty),
        (b"\xff\xd8\xff" + b"x" * 200_000, FileTooLarge),
        (b"MZ\x90\x00 a program", FileTypeUnknown),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", FileTypeUnknown),
        (b"GIF89a....", FileTypeUnknown),
        (b" %PDF-1.7", FileTypeUnknown),  # a reader might forgive the blank, we do not
        (b"<html>" + pdf(), FileTypeUnknown),
        (picture()[:40], FileBroken),
        (picture("JPEG")[:200], FileBroken),
        (b"%PDF-1.7\nnothing more", FileBroken),
        (bomb(50_000, 50_000), PictureTooLarge),
        (bomb(2_000, 501), PictureTooLarge),
        (pdf(4), TooManyPages),
        (pdf(1, "secret"), FileEncrypted),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_name(content: bytes, refusal: type[FileRefused]) -> None:
    with pytest.raises(FileRefused) as refused:
        inspected(content, LIMITS)
    assert type(refused.value) is refusal


def test_a_refusal_names_the_limit() -> None:
    limits = Limits(bytes=2 * 1024 * 1024, pixels=3_000_000, pages=3, files_an_hour=5)
    for content, limit in ((b"\xff\xd8\xff" + b"x" * 2**21, 2), (bomb(2_000, 2_000), 3), (pdf(4), 3)):
        with pytest.raises(FileRefused) as refused:
            inspected(content, limits)
        assert refused.value.limit == limit
