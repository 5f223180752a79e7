"""What a customer can keep: schedules as XLSX and PDF, the record of repayments as XLSX, summaries as PDF, and charts
and the stations of an application as pictures.

A paper is made when it is fetched, from a spec that its signed address carries; nothing is stored.
A certificate's address carries only whose it is; its facts are fetched from the record.
"""

from bot.papers.certificates import Certificates
from bot.papers.errors import PaperError, PaperImpossible, TypefaceMissing, UnknownPaper
from bot.papers.links import PaperLinks
from bot.papers.model import Paper
from bot.papers.record import HistoryLine, HistoryPaper
from bot.papers.spec import Format, PlannedLoan, Section, SummaryPaper

__all__ = [
    "Certificates",
    "Format",
    "HistoryLine",
    "HistoryPaper",
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
