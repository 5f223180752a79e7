"""What can be wrong with a paper.

PaperError
├── UnknownPaper
├── PaperImpossible
└── TypefaceMissing
"""

from __future__ import annotations


class PaperError(Exception):
    """Base of this room's errors."""


class UnknownPaper(PaperError):
    """The address is none that we gave out, or it was changed on the way."""


class PaperImpossible(PaperError, ValueError):
    """What was asked for cannot be put on a paper; the text names what is wrong."""


class TypefaceMissing(PaperError):
    """The package that brings the Chinese typeface is not installed."""
