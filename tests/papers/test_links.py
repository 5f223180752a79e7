"""Addresses of papers: they carry all that is needed, and nobody can make one up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.lending import DueDates, Loan, YearBasis
from bot.messages import Chart
from bot.papers import Format, PaperImpossible, PlannedLoan, Section, SummaryPaper, UnknownPaper
from bot.papers.spec import ChartPaper, SchedulePaper, spec_from_wire, spec_to_wire
from tests.papers.conftest import COMMERCIAL, FUND, LONGEST, TODAY, UNDATED

CHART = Chart("bars", "对比", ("甲", "乙"), {"利息": ("1.00", "2.50")})
ODD = PlannedLoan(
    Loan(Decimal("123456.78"), Decimal("0.0405"), 7),
    DueDates(date(2027, 2, 28), 31, start=date(2027, 1, 3), basis=YearBasis.ACTUAL_365, is_daily=True),
    "名字",
)
SUMMARY = SummaryPaper(
    "方案对比",
    TODAY,
    "先看第一个。",
    (
        Section("情况", facts=(("收入", "20,000.00元"),), paragraphs=("一段话。",)),
        Section("对比", table=(("方案", "月供"), ("甲", "4,490.45元"))),
    ),
    ("注一",),
    CHART,
)
SPECS = [
    ChartPaper(CHART),
    SUMMARY,
    SummaryPaper("只有一句", TODAY, "都齐了。", ()),
    SchedulePaper((LONGEST,), Format.PDF, TODAY),
    SchedulePaper((UNDATED,), Format.XLSX, TODAY, ("注一", "注二")),
    SchedulePaper((FUND, COMMERCIAL, ODD), Format.XLSX, TODAY),
]


@pytest.mark.parametrize("spec", SPECS)
def test_a_spec_survives_its_wire(spec):
    assert spec_from_wire(spec_to_wire(spec)) == spec


def test_an_address_says_what_it_was_made_for(links):
    assert links.spec(links.chart(CHART)) == ChartPaper(CHART)
    file = links.schedule([FUND, COMMERCIAL], Format.PDF, TODAY)
    assert links.spec(file.url) == SchedulePaper((FUND, COMMERCIAL), Format.PDF, TODAY)
    assert file.name == "还款计划表-180万元-2笔合并-2026-11-24.pdf"


def test_a_summary_is_a_document_with_its_words_and_figures(links):
    file = links.summary(SUMMARY)
    assert links.spec(file.url) == SUMMARY
    assert file.name == "方案对比-2026-11-24.pdf"
    paper = links.paper(file.url)
    assert len(paper.content) == file.size
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    for words in ("先看第一个。", "20,000.00元", "4,490.45元", "一段话。", "注一"):
        assert words in text


def test_a_table_with_lines_of_different_length_is_refused():
    with pytest.raises(PaperImpossible):
        Section("对比", table=(("方案", "月供"), ("甲",)))


def test_the_web_gets_addresses_on_its_own_site_and_platforms_whole_ones(links, elsewhere):
    assert links.chart(CHART).startswith("/papers/")
    assert elsewhere.chart(CHART).startswith("https://chat.bank.example/papers/")
    assert elsewhere.absolute("/papers/x") == "https://chat.bank.example/papers/x"
    assert elsewhere.absolute("https://example.test/papers/x") == "https://example.test/papers/x"


def test_a_whole_address_and_a_bare_token_mean_the_same_paper(elsewhere):
    address = elsewhere.chart(CHART)
    token = address.rpartition("/")[2]
    assert elsewhere.spec(address) == elsewhere.spec(token) == ChartPaper(CHART)


def test_one_changed_character_anywhere_makes_it_unknown(links):
    token = links.chart(CHART).rpartition("/")[2]
    for position, character in enumerate(token):
        changed = token[:position] + ("A" if character != "A" else "B") + token[position + 1 :]
        with pytest.raises(UnknownPaper):
            links.spec(changed)


@pytest.mark.parametrize(
    "address", ["", "x", "a.b", "/papers/", "/papers/a.b", "http://[", "/other/thing", "。"]
)
def test_what_is_no_address_of_ours_is_unknown(links, address):
    with pytest.raises(UnknownPaper):
        links.paper(address)


def test_another_copys_address_is_unknown(links, elsewhere):
    with pytest.raises(UnknownPaper):
        links.paper(elsewhere.chart(CHART))


@pytest.mark.parametrize(
    "spec",
    [
        lambda: SchedulePaper((), Format.PDF, TODAY),
        lambda: SchedulePaper((LONGEST, UNDATED), Format.PDF, TODAY),
        lambda: ChartPaper(replace(CHART, series={})),
        lambda: ChartPaper(replace(CHART, series={"利息": ("1",)})),
        lambda: ChartPaper(replace(CHART, series={"利息": ("1", "NaN")})),
        lambda: ChartPaper(replace(CHART, type="pie")),
    ],
)
def test_what_cannot_be_printed_is_refused_before_it_is_signed(spec):
    with pytest.raises(PaperImpossible):
        spec()


@pytest.mark.parametrize(
    "wire",
    [
        None,
        [],
        {},
        {"kind": "poem"},
        {"kind": "chart"},
        {"kind": "schedule", "format": "doc", "made_on": "2026-11-24", "loans": []},
        {"kind": "schedule", "format": "pdf", "made_on": "2026-11-24", "loans": [{"principal": "-1"}]},
        {
            "kind": "schedule",
            "format": "pdf",
            "made_on": "2026-11-24",
            "loans": [
                {"principal": "1e9", "annual_rate": "0.5", "term_months": 12, "method": "equal_principal"}
            ],
        },
    ],
)
def test_what_is_no_spec_is_refused(wire):
    with pytest.raises(PaperImpossible):
        spec_from_wire(wire)
