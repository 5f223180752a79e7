"""The press: makes a paper from its spec. It keeps none, since the spec is all that is needed to make one again."""

from __future__ import annotations

from pathlib import Path

from bot.papers.chart_png import chart_png
from bot.papers.document_pdf import document_pdf
from bot.papers.history_sheet import history_name, history_sheet
from bot.papers.model import Paper
from bot.papers.ports import Words
from bot.papers.record import HistoryPaper, StagesPaper
from bot.papers.schedule_sheet import schedule_name, schedule_sheet, sheet_document
from bot.papers.spec import ChartPaper, Format, SchedulePaper, Spec, SummaryPaper
from bot.papers.spreadsheet import sheet_xlsx
from bot.papers.stages_png import stages_png
from bot.papers.summary import summary_document, summary_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
PNG = "image/png"


def print_paper(spec: Spec, words: Words, cache: Path | None = None) -> Paper:
    """The finished file; some tenths of a second of work, so not for the event loop."""
    match spec:
        case ChartPaper(chart):
            return Paper(chart_png(chart, cache), PNG, f"{chart.title}.png", "chart")
        case SchedulePaper(format=Format.XLSX):
            name = f"{schedule_name(spec, words)}.xlsx"
            return Paper(schedule_xlsx(spec, words), XLSX, name, "schedule")
        case SchedulePaper(format=Format.PDF):
            return Paper(schedule_pdf(spec, words), PDF, f"{schedule_name(spec, words)}.pdf", "schedule")
        case HistoryPaper():
            made = sheet_xlsx(history_sheet(spec, words), words)
            return Paper(made, XLSX, f"{history_name(spec, words)}.xlsx", "history")
        case StagesPaper(stages):
            return Paper(stages_png(stages, cache), PNG, f"{stages.title}.png", "stages")
        case SummaryPaper():
            pdf = document_pdf(summary_document(spec, words, cache), words)
            return Paper(pdf, PDF, f"{summary_name(spec, words)}.pdf", "summary")
    raise AssertionError(spec)


def schedule_xlsx(paper: SchedulePaper, words: Words) -> bytes:
    """The schedule as a workbook."""
    return sheet_xlsx(schedule_sheet(paper, words), words)


def schedule_pdf(paper: SchedulePaper, words: Words) -> bytes:
    """The schedule as a document."""
    return document_pdf(sheet_document(schedule_sheet(paper, words), words), words)
