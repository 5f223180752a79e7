"""Schedules as XLSX: true figures, in cells that can be calculated with."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from bot.papers import Format
from tests.papers.conftest import COMMERCIAL, FUND, LONGEST, TODAY, UNDATED
from tests.papers.plain import plain_rows, plain_sums

HEADER = 3


def opened(links, loans, notes=()):
    file = links.schedule(loans, Format.XLSX, TODAY, notes)
    content = links.paper(file.url).content
    assert file.size == len(content)
    return load_workbook(io.BytesIO(content))


def figures(cells) -> tuple[Decimal, ...]:
    return tuple(Decimal(repr(cell.value)).quantize(Decimal("0.01")) for cell in cells)


def line_of(leaf, label):
    return next(row for row in leaf.iter_rows() if row[0].value == label)


@pytest.mark.parametrize(("planned", "first"), [(LONGEST, 2), (UNDATED, 1)])
def test_every_line_and_the_totals_are_those_of_a_plain_loop(links, planned, first):
    leaf = opened(links, [planned]).worksheets[0]
    expected = plain_rows(planned.loan)
    lines = list(leaf.iter_rows(min_row=HEADER + 1, max_row=HEADER + len(expected)))
    assert [line[0].value for line in lines] == list(range(1, planned.loan.term_months + 1))
    assert [figures(line[first : first + 4]) for line in lines] == expected
    assert figures(line_of(leaf, "合计")[first : first + 3]) == plain_sums(planned.loan)


def test_due_dates_are_dates(links):
    leaf = opened(links, [LONGEST]).worksheets[0]
    days = [leaf.cell(HEADER + number, 2).value.date().isoformat() for number in (1, 2, 3, 480)]
    assert days == ["2027-01-31", "2027-02-28", "2027-03-31", "2066-12-31"]


def test_several_loans_share_one_calendar(links):
    leaf = opened(links, [FUND, COMMERCIAL]).worksheets[0]
    titles = [cell.value for cell in leaf[HEADER]]
    assert titles == [
        "期数",
        "还款日",
        "公积金贷款还款",
        "商业贷款还款",
        "合计还款",
        "本金",
        "利息",
        "剩余本金",
    ]
    fund, commercial = plain_rows(FUND.loan), plain_rows(COMMERCIAL.loan)
    first, second = leaf[HEADER + 1], leaf[HEADER + 2]
    assert (first[1].value.day, first[2].value, second[1].value.day, second[3].value) == (15, None, 20, None)
    assert figures((first[3], first[4])) == (commercial[0][0],) * 2
    assert figures((second[2], second[7])) == (fund[0][0], fund[0][3] + commercial[0][3])
    payment, principal, interest = plain_sums(FUND.loan, COMMERCIAL.loan)
    assert figures(line_of(leaf, "合计")[4:7]) == (payment, principal, interest)
    assert figures(line_of(leaf, "合计")[2:4]) == (
        plain_sums(FUND.loan)[0],
        plain_sums(COMMERCIAL.loan)[0],
    )


def test_the_header_stays_in_sight_and_money_reads_as_money(links):
    leaf = opened(links, [LONGEST]).worksheets[0]
    assert (leaf.freeze_panes, leaf.print_title_rows) == (f"A{HEADER + 1}", f"${HEADER}:${HEADER}")
    assert {leaf.cell(row, column).number_format for row in (4, 483, 484) for column in (3, 4, 5)} == {
        "#,##0.00"
    }
    for column in "ABCDEF":
        shown = (
            max(len(f"{cell.value:,.2f}") for cell in leaf[column][3:484] if isinstance(cell.value, float))
            if column > "B"
            else 0
        )
        assert leaf.column_dimensions[column].width >= max(8, shown)


def test_the_terms_and_what_they_rest_on_are_there(links):
    book = opened(links, [LONGEST], ["年利率按 LPR 3.50% 计算。"])
    facts = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows(min_row=3)}
    assert (facts["贷款金额"], facts["年利率"], facts["还款方式"]) == (1_200_000, 0.035, "等额本息")
    assert Decimal(repr(facts["总利息"])).quantize(Decimal("0.01")) == plain_sums(LONGEST.loan)[2]
    for leaf in book.worksheets:
        assert any("年利率按 LPR 3.50% 计算。" in str(row[0].value) for row in leaf.iter_rows())


def test_words_are_never_taken_for_a_formula(links):
    book = opened(links, [LONGEST], ["=1+1"])
    assert {cell.data_type for leaf in book for row in leaf.iter_rows() for cell in row} <= {"s", "n", "d"}
    named = [FUND.__class__(FUND.loan, FUND.due, "=HYPERLINK(1)"), COMMERCIAL]
    book = opened(links, named)
    assert {cell.data_type for leaf in book for row in leaf.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_the_same_schedule_is_the_same_file(links):
    url = links.schedule([LONGEST], Format.XLSX, TODAY).url
    assert links.paper(url).content == links.paper(url).content
