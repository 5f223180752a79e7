"""Reads photographs and PDFs of documents: which one it is, and the dates on it. The text itself is never kept."""

from bot.servicing.reading.model import Legibility, Reading
from bot.servicing.reading.reader import DocumentReader, Reader

__all__ = ["DocumentReader", "Legibility", "Reader", "Reading"]
