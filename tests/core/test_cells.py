"""Cells as people fill them in."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.core.cells import CellUnreadable, Given, read_cell
from bot.core.columns import Columns, plain
from bot.core.errors import FileUnreadable
from bot.servicing.intake import WORDS, Resource
from bot.settings import ROOT

COLUMNS = Columns.load(ROOT / "data" / "core" / "columns.yml")
KINDS = sorted(set(COLUMNS.given["cells"]) | {"text"})


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("amount", "1,200,000.00", Decimal("1200000.00")),
        ("amount", "￥１２０万元", Decimal(1_200_000)),
        ("amount", "12.5万", Decimal(125_000)),
        ("amount", 0.1 + 0.2, Decimal("0.3")),
        ("amount", 1_200_000, Decimal(1_200_000)),
        ("rate", "3.05%", Decimal("3.05")),
        ("rate", "3.05", Decimal("3.05")),
        ("rate", 3.05, Decimal("3.05")),
        ("day", "2026-11-05", date(2026, 11, 5)),
        ("day", "2026/11/5", date(2026, 11, 5)),
        ("day", "2026.11.5", date(2026, 11, 5)),
        ("day", "2026年11月5日", date(2026, 11, 5)),
        ("day", "20261105", date(2026, 11, 5)),
        ("day", 46331, date(2026, 11, 5)),
        ("day", datetime(2026, 11, 5, 9, 30), date(2026, 11, 5)),  # noqa: DTZ001 - as a spreadsheet gives it
        ("time", "2026-11-05 9:30", datetime(2026, 11, 5, 9, 30, tzinfo=CHINA)),
        ("time", "2026-11-05T09:30:00Z", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("time", 46331.5, datetime(2026, 11, 5, 12, tzinfo=CHINA)),
        ("time", "2026年11月5日", datetime(2026, 11, 5, tzinfo=CHINA)),
        ("months", "30年", 360),
        ("months", "2年6个月", 30),
        ("months", 240.0, 240),
        ("digits", 42, "0042"),
        ("digits", "0042", "0042"),
        ("whole", "-45BP", "-45"),
        ("whole", "15日", "15"),
        ("number", "'007", "007"),
        ("number", '="007"', "007"),
        ("number", 13812345678.0, "13812345678"),
        ("number", "11010119900307123x", "11010119900307123x"),
    ],
)
def test_a_cell_is_read_as_it_was_meant(kind, cell, value):
    assert read_cell(kind, Given(cell)) == value


def test_a_percentage_is_what_the_spreadsheet_shows():
    assert read_cell("rate", Given(0.0305, is_percent=True)) == Decimal("3.05")


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("amount", "一百二十万", "amount_cell"),
        ("amount", "12O0", "amount_cell"),
        ("amount", "#VALUE!", "broken_cell"),
        ("rate", "0.0305", "rate_fraction"),
        ("rate", "LPR-45", "rate_cell"),
        ("day", "11/5/2026", "ambiguous_date"),
        ("day", "5-11-26", "ambiguous_date"),
        ("day", "2026-02-30", "date_cell"),
        ("day", "下周三", "date_cell"),
        ("day", "2026-11-05 下午", "date_cell"),
        ("months", "三十年", "months_cell"),
        ("number", "1.10101E+17", "lost_digits"),
        ("number", 110101199003071234, "lost_digits"),
        ("number", 1.10101199003071e17, "lost_digits"),
    ],
)
def test_what_could_mean_anything_is_refused(kind, cell, code):
    with pytest.raises(CellUnreadable, match=f"^{code}$"):
        read_cell(kind, Given(cell))


@given(
    st.sampled_from(KINDS),
    st.text() | st.integers() | st.floats() | st.booleans() | st.datetimes() | st.dates() | st.times(),
)
def test_a_cell_is_read_or_refused_and_nothing_else(kind, cell):
    with suppress(CellUnreadable):
        assert read_cell(kind, Given(cell)) is not None


@pytest.mark.parametrize("kind", list(Resource))
def test_every_field_has_a_column_and_its_own_templates_are_recognised(kind):
    assert set(COLUMNS.given["kinds"][kind.value]) == set(WORDS[kind].model_fields)
    assert COLUMNS.kind_of([COLUMNS.title(kind, field) for field in WORDS[kind].model_fields]) is kind
    assert COLUMNS.kind_of(list(WORDS[kind].model_fields)) is kind


@pytest.mark.parametrize("kind", list(Resource))
def test_no_column_name_means_two_fields(kind):
    names = [plain(name) for names in COLUMNS.given["kinds"][kind.value].values() for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(COLUMNS.given["values"]))
def test_no_word_in_a_cell_means_two_values(name):
    words = [plain(word) for words in COLUMNS.given["values"][name].values() for word in words]
    assert len(words) == len(set(words))


def test_a_header_that_says_nothing_is_not_guessed():
    with pytest.raises(FileUnreadable):
        COLUMNS.kind_of(["日期", "金额", "备注"])
