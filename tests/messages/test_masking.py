"""Masks show enough to recognise one's own number and too little to use it."""

from __future__ import annotations

import pytest

from bot.messages.masking import mask_card, mask_id_number, mask_name, mask_phone, mask_text


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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我电话13812345678", "我电话138****5678"),
        ("138 1234 5678打给我", "138****5678打给我"),
        ("身份证110101199003071234", "身份证110***********1234"),
        ("卡号6222021234567890123", "卡号***************0123"),
        ("卡号 6222 0212 3456 7890", "卡号 ************7890"),
        ("申请FX2026110001，贷120万，1200000元", "申请FX2026110001，贷120万，1200000元"),
        ("2026年11月22日 14:05", "2026年11月22日 14:05"),
    ],
)
def test_in_running_text_only_what_identifies_a_person_is_masked(said, shown):
    assert mask_text(said) == shown
