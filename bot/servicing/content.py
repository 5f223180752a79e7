"""What a file is by its bytes, and whether it may be opened: its name and what a browser says of it count nothing."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from threading import Lock

from bot.servicing.errors import (
    FileBroken,
    FileEmpty,
    FileEncrypted,
    FileTooLarge,
    FileTypeUnknown,
    PictureTooLarge,
    TooManyPages,
)
from bot.servicing.ports import Policy

MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000
PDF_NEEDS_PASSWORD = 4  #: pdfium's FPDF_ERR_PASSWORD

#: pdfium may be used by one thread at a time.
pdfium_lock = Lock()


class MediaType(StrEnum):
    """What is taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"

    @property
    def is_picture(self) -> bool:
        return self is not MediaType.PDF

    @property
    def ending(self) -> str:
        return {MediaType.JPEG: "jpg", MediaType.PDF: "pdf"}.get(self, self.value.partition("/")[2])


@dataclass(frozen=True)
class Limits:
    """How large a file may be, and how many one conversation may send."""

    bytes: int
    pixels: int
    pages: int
    files_an_hour: int

    @classmethod
    def of(cls, policy: Policy, on: date) -> Limits:
        return cls(
            bytes=policy.fact("documents.file_megabytes", on).whole * MEGABYTE,
            pixels=policy.fact("documents.picture_megapixels", on).whole * MEGAPIXEL,
            pages=policy.fact("documents.pdf_pages", on).whole,
            files_an_hour=policy.fact("documents.files_an_hour", on).whole,
        )


def media_type_of(content: bytes) -> MediaType:
    """The type that the first bytes tell; ``FileTypeUnknown`` for every other.

    >>> media_type_of(b"%PDF-1.7 ...").value
    'application/pdf'
    """
    if content.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return MediaType.WEBP
    if content.startswith(b"%PDF-"):
        return MediaType.PDF
    raise FileTypeUnknown


def inspected(content: bytes, limits: Limits) -> MediaType:
    """The type of a file that may be kept, else the ``FileRefused`` that says why not.

    A picture is decoded whole and a PDF is opened: call this in a thread.
    """
    if not content:
        raise FileEmpty
    if len(content) > limits.bytes:
        raise FileTooLarge(limits.bytes // MEGABYTE)
    media_type = media_type_of(content)
    if media_type.is_picture:
        _decode(content, media_type, limits.pixels)
    else:
        _open_pdf(content, limits.pages)
    return media_type


def _decode(content: bytes, media_type: MediaType, most_pixels: int) -> None:
    """Decode a picture whose header promises no more pixels than allowed."""
    from PIL import Image  # loaded with the first picture, not with the service

    formats = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # our own limit is the stricter one
            with Image.open(io.BytesIO(content), formats=[formats[media_type]]) as picture:
                if picture.width * picture.height > most_pixels:
                    raise PictureTooLarge(most_pixels // MEGAPIXEL)
                picture.load()
    except Image.DecompressionBombError as exc:
        raise PictureTooLarge(most_pixels // MEGAPIXEL) from exc
    except (OSError, ValueError, SyntaxError, MemoryError) as exc:
        raise FileBroken from exc


def _open_pdf(content: bytes, most_pages: int) -> None:
    import pypdfium2  # loaded with the first PDF, not with the service

    with pdfium_lock:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as exc:
            if getattr(exc, "err_code", None) == PDF_NEEDS_PASSWORD:
                raise FileEncrypted from exc
            raise FileBroken from exc
        try:
            pages = len(document)
        finally:
            document.close()
    if pages > most_pages:
        raise TooManyPages(most_pages)
    if pages == 0:
        raise FileBroken
