"""Documents as PDF: true figures, on numbered pages, in a typeface that the file brings along."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from pypdf import PdfReader

from bot.messages import Chart
from bot.papers import Format
from bot.papers.document_pdf import document_pdf
from bot.papers.model import Column, Document, Fact, Facts, Form, Heading, Paragraph, Picture, Table
from bot.papers.typeface import slim_typeface
from bot.settings import ROOT
from tests.papers.conftest import COMMERCIAL, FUND, LONGEST, TODAY, UNDATED
from tests.papers.plain import plain_rows, plain_sums


def opened(links, loans, notes=()) -> PdfReader:
    return PdfReader(io.BytesIO(links.paper(links.schedule(loans, Format.PDF, TODAY, notes).url).content))


def words_on(page) -> list[str]:
    """What stands on a page, text by text."""
    return [line.strip() for line in page.extract_text().splitlines() if line.strip()]


def flat(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize("planned", [LONGEST, UNDATED])
def test_every_figure_of_a_plain_loop_is_printed_in_order(links, planned):
    table = flat(opened(links, [planned])).partition("剩余本金")[2]
    printed = re.findall(r"\d[\d,]*\.\d\d(?!%)", table)
    expected = [f"{amount:,.2f}" for row in plain_rows(planned.loan) for amount in row]
    assert printed == [*expected, *(f"{amount:,.2f}" for amount in plain_sums(planned.loan))]


def test_the_totals_of_several_loans_are_theirs_together(links):
    text = flat(opened(links, [FUND, COMMERCIAL]))
    for amount in plain_sums(FUND.loan, COMMERCIAL.loan):
        assert f"{amount:,.2f}" in text


def test_every_page_is_a4_and_numbered_and_repeats_the_header(links):
    pdf = opened(links, [LONGEST])
    pages = len(pdf.pages)
    for number, page in enumerate(pdf.pages, start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        text = "".join(words_on(page))
        assert f"第 {number} 页 / 共 {pages} 页" in text
        has_lines = re.search(r"20\d\d-\d\d-\d\d", text) is not None
        assert has_lines == ("剩余本金" in text)
    assert "生成日期：2026年11月24日" in flat(pdf)


def test_the_typeface_is_in_the_file_and_the_file_is_small(links):
    file = links.schedule([LONGEST], Format.PDF, TODAY)
    pdf = PdfReader(io.BytesIO(links.paper(file.url).content))
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"]
        assert "NotoSansCJKsc" in font["/BaseFont"]
    assert file.size < 150_000


def test_every_character_that_we_say_is_in_the_typeface():
    """No empty box on a picture or a page, whichever phrase comes to stand there."""
    book = ROOT / "data" / "knowledge" / "phrases.yml"
    files = [book, *book.with_suffix("").glob("*.yml")]
    said = frozenset("".join(file.read_text(encoding="utf-8") for file in files)) - {"\n", "\r", "\t"}
    assert sorted(said - slim_typeface(said).widths.keys()) == []


def test_a_character_that_the_typeface_lacks_is_left_out_and_the_rest_stays(links):
    assert "请留意" in flat(opened(links, [LONGEST], ["请\U0001f600留意"]))


def test_the_same_document_is_the_same_file(links):
    url = links.schedule([FUND, COMMERCIAL], Format.PDF, TODAY).url
    assert links.paper(url).content == links.paper(url).content


def test_no_document_is_printed_with_the_letters_of_another(links):
    """Each brings its own few characters; several at once do not get in each other's way."""
    notes = [f"第{number}份：{text}" for number, text in enumerate("赵钱孙李周吴郑王")]

    def printed(note: str) -> str:
        return flat(opened(links, [UNDATED], [note]))

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(printed, notes))
    assert [note for note, text in zip(notes, together, strict=True) if note not in text] == []


def test_any_document_can_be_printed(links, words):
    """Headings, paragraphs, facts, tables and pictures, over as many pages as it takes."""
    chart = Chart("bars", "总利息对比", ("等额本息", "等额本金"), {"总利息": ("739861.23", "631750.00")})
    png = links.paper(links.chart(chart)).content
    paragraph = "利率由 LPR 和加点两部分组成，加点在合同期内不变。" * 30
    document = Document(
        "房贷小结",
        (
            Heading("您的情况"),
            Facts(
                (
                    Fact("贷款金额", Decimal(1_200_000), Form.MONEY),
                    Fact("说明", paragraph[:60]),
                    Fact("期限", "30年"),
                )
            ),
            Paragraph(paragraph),
            Table(
                (Column("费用"), Column("金额", Form.MONEY)), (("契税", Decimal("15000")), ("评估费", None))
            ),
            *(Picture(png, "总利息对比") for _ in range(3)),
        ),
        TODAY,
    )
    pdf = PdfReader(io.BytesIO(document_pdf(document, words)))
    text = flat(pdf).replace("\n", "")
    assert len(pdf.pages) >= 2
    assert sum(len(page.images) for page in pdf.pages) == 3
    for said in ("房贷小结", "您的情况", "1,200,000.00", paragraph[:40], "15,000.00", "评估费", "总利息对比"):
        assert said in text
