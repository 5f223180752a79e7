"""What a customer can keep: schedules as XLSX and PDF, summaries as PDF, charts as pictures.

A paper is made when it is fetched, from a spec that its signed address carries; nothing is stored.
"""

from bot.papers.errors import PaperError, PaperImpossible, TypefaceMissing, UnknownPaper
from bot.papers.links import PaperLinks
from bot.papers.model import Paper
from bot.papers.spec import Format, PlannedLoan, Section, SummaryPaper

__all__ = [
    "Format",
    "Paper",
    "PaperError",
    "PaperImpossible",
    "PaperLinks",
    "PlannedLoan",
    "Section",
    "SummaryPaper",
    "TypefaceMissing",
    "UnknownPaper",
]
