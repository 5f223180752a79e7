"""A summary of a conversation as a document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.papers.chart_png import chart_png
from bot.papers.model import Block, Column, Document, Fact, Facts, Heading, Paragraph, Picture, Table
from bot.papers.ports import Words
from bot.papers.spec import Section, SummaryPaper


def summary_document(paper: SummaryPaper, words: Words, cache: Path | None = None) -> Document:
    """The sections in their order, then the picture and the small print."""
    blocks: list[Block] = [Paragraph(paper.says)]
    for section in paper.sections:
        blocks.extend(_blocks(section))
    if paper.chart:
        blocks.append(Picture(chart_png(paper.chart, cache), paper.chart.title))
    if paper.notes:
        blocks.append(Heading(words.say("papers.notes")))
        blocks.extend(Paragraph(note, is_small=True) for note in paper.notes)
    return Document(paper.title, tuple(blocks), paper.made_on)


def summary_name(paper: SummaryPaper, words: Words) -> str:
    """The file's name without its ending."""
    return words.say("papers.summary.name", title=paper.title, on=paper.made_on)


def _blocks(section: Section) -> Iterator[Block]:
    yield Heading(section.heading)
    if section.facts:
        yield Facts(tuple(Fact(label, value) for label, value in section.facts))
    if section.table:
        titles, *lines = section.table
        yield Table(tuple(map(Column, titles)), tuple(lines))
    for paragraph in section.paragraphs:
        yield Paragraph(paragraph)
