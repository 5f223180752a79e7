"""Masks show enough to recognise one's own number and too little to use it."""

from __future__ import annotations

import pytest

from bot.servicing.masking import mask_card, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        (mask_phone("13812345678"), "138****5678"),
        (mask_phone("138-1234-5678"), "138****5678"),
        (mask_phone("12345"), "*****"),
        (mask_id_number("99000019800101123X"), "990***********123X"),
        (mask_card("6222 0212 3456 7890 123"), "***************0123"),
        (mask_card("1234"), "****"),
        (mask_name("王小明"), "王**"),
        (mask_name("李"), "李*"),
        (mask_name(""), ""),
    ],
)
def test_masks(masked: str, expected: str) -> None:
    assert masked == expected
