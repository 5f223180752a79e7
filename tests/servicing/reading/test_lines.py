"""From lines to dates: what stands there is taken, nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest

from bot.servicing.model import DocumentKind
from bot.servicing.reading.lines import Line, reading_of
from bot.servicing.reading.model import Legibility, Reading, Side


def of(*texts: str) -> Reading:
    return reading_of([Line(text, 0.99) for text in texts])


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("有效期限 2015.03.01-2035.03.01", date(2035, 3, 1)),
        ("有效期限2015.03.01-2035.03.01", date(2035, 3, 1)),
        ("有效期限 2015.03.01 — 2035.03.01", date(2035, 3, 1)),
        ("有效期限：2006年3月1日至2026年3月1日", date(2026, 3, 1)),
        ("有效期限 20150301-20350301", date(2035, 3, 1)),
        ("有效期限 2015.03.01-2035.02.30", None),  # no calendar has that day
        ("有效期限 2035.03.01-2015.03.01", None),  # it cannot end before it begins
        ("有效期限 2015.03.01-", None),
    ],
)
def test_the_validity_as_it_is_printed(line: str, until: date | None) -> None:
    found = of("居民身份证", "签发机关 示范市公安局", line)
    assert (found.kind, found.side, found.valid_until) == (DocumentKind.IDENTITY, Side.BACK, until)


def test_both_sides_on_one_picture() -> None:
    found = of("公民身份号码 990000199003071234", "居民身份证", "有效期限 2015.03.01-长期")
    assert (found.side, found.is_long_term) == (None, True)


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("起止日期：2026-05-01 至 2026-10-31", date(2026, 5, 1), date(2026, 10, 31)),
        ("查询时间段 20260501-20261031", date(2026, 5, 1), date(2026, 10, 31)),
        ("交易期间：2026年05月01日—2026年10月31日", date(2026, 5, 1), date(2026, 10, 31)),
        ("打印 2026/11/20", date(2026, 11, 20), date(2026, 11, 20)),
        ("账号 6222020260501123456", None, None),  # digits of an account are no day
    ],
)
def test_what_a_statement_covers(line: str, first: date | None, last: date | None) -> None:
    found = of("账户交易明细", line)
    assert (found.kind, found.covered_from, found.covered_to) == (DocumentKind.STATEMENT, first, last)


def test_a_label_and_its_period_may_be_read_apart() -> None:
    found = of("银行流水", "起止日期", "2026-05-01至2026-10-31", "2020-01-01 开户")
    assert (found.covered_from, found.covered_to) == (date(2026, 5, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("居民户口簿", DocumentKind.HOUSEHOLD_BOOK),
        ("结 婚 证", DocumentKind.MARRIAGE),
        ("单位收入证明", DocumentKind.PROOF),
        ("营业执照", DocumentKind.BUSINESS),
        ("商品房买卖合同", DocumentKind.PURCHASE),
        ("首付款收据", DocumentKind.PURCHASE),
        ("不动产权证书", DocumentKind.VALUATION),
    ],
)
def test_a_document_is_known_by_its_title(title: str, kind: DocumentKind) -> None:
    assert of(title, "编号 12345 示范市").kind is kind


def test_of_two_titles_the_upper_one_counts() -> None:
    """A household book carries ID numbers, a contract names the seller's licence."""
    assert of("常住人口登记卡", "公民身份号码 990000199003071234").kind is DocumentKind.HOUSEHOLD_BOOK
    assert of("房屋买卖合同", "统一社会信用代码 91").kind is DocumentKind.PURCHASE


def test_lines_that_the_engine_guessed_count_for_nothing() -> None:
    found = reading_of([Line("居民身份证", 0.4), Line("有效期限 2015.03.01-2035.03.01", 0.3)])
    assert found == Reading(legibility=Legibility.UNCLEAR)


def test_a_reading_crosses_the_wire_unchanged() -> None:
    found = of("居民身份证", "有效期限 2015.03.01-2035.03.01")
    assert Reading.from_wire(found.to_wire()) == found
    assert "居民" not in str(found.to_wire())
