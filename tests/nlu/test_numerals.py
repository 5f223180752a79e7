"""Chinese and Arabic numerals against literal values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.nlu.numerals import numbers, read_number

TABLE = {
    "120": "120", "一百二十万": "1200000", "120w": "1200000", "1.2百万": "1200000", "壹佰贰拾万": "1200000",
    "两万五": "25000", "30w": "300000", "3万2": "32000", "三点五": "3.5", "三点八五": "3.85", "十五": "15", "三十": "30",
    "一百二十来万": "1200000", "100多万": "1000000", "十几万": "100000", "两百六": "260", "一百零五": "105",
    "三千零五": "3005", "三千零五十": "3050", "1,200,000": "1200000", "12万5": "125000", "3万2千": "32000",
    "3万2000": "32000", "二零二六": "2026", "两百八十五万": "2850000", "一千二百三十四": "1234", "五十五万五": "555000",
    "3点5": "3.5", "一点二百万": "1200000", "十万零五百": "100500", "两百来万": "2000000", "三千二": "3200",
    "一万二千五百": "12500", "5k": "5000", "百万": "1000000", "2百8十万": "2800000", "三百五十六万七千八百": "3567800",
    "零": "0", "1亿": "100000000", "一亿二千万": "120000000",
    "1亿零五十万": "100500000", "两亿三千万五": "230005000", "1 million": "1000000", "2m": "2000000", "0.035": "0.035",
}  # fmt: skip


@pytest.mark.parametrize(("said", "value"), TABLE.items())
def test_a_number_is_read_as_said(said: str, value: str) -> None:
    number = read_number(said)
    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize("text", ["一百二十万三十年", "120万30年", "一百二十万三点五%", "120万5年"])
def test_a_number_ends_before_what_another_unit_counts(text: str) -> None:
    number = read_number(text)
    assert number is not None
    assert number.value == 1200000


def test_two_neighbouring_digits_before_a_unit_are_a_range() -> None:
    assert [(number.value, number.high) for number in numbers("一两百万，七八十万")] == [
        (1000000, 2000000),
        (700000, 800000),
    ]


@pytest.mark.parametrize("text", ["", "万", "点五", "年", "abc"])
def test_no_number_begins_here(text: str) -> None:
    assert read_number(text) is None
