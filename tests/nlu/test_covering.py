"""What is covered in the bot's memory, and what is not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.covering import covered, secrets_of
from bot.nlu.entities import extract_from, to_wire
from bot.nlu.rasa_entities import to_rasa

TODAY = date(2026, 11, 24)


def remembered(text: str, asked: str | None = None) -> str:
    """The text as the memory keeps it."""
    entities = to_rasa(to_wire(extract_from(text, TODAY, asked), text))
    return str(covered(text, secrets_of(entities, text, with_phones=True)))


@pytest.mark.parametrize(
    ("text", "asked", "kept"),
    [
        ("123X", "id_last4", "●●●●"),
        ("123x", "id_last4", "●●●●"),
        ("246810", "code", "●●●●"),
        ("246 810", "code", "●●●●"),
        ("２４６８１０", "code", "●●●●"),
        ("FX2026110001 身份证后四位5040", None, "FX2026110001 身份证后四位●●●●"),
        ("FX2026115040 5040", None, "FX2026115040 ●●●●"),
        ("身份证110101199003071234", None, "身份证●●●●"),
        ("110101 19900307 123X", None, "●●●●"),
        ("卡号6222021234567890123", None, "卡号●●●●"),
        ("6222 0212 3456 7890 123", None, "●●●●"),
        ("我手机13812345678", None, "我手机●●●●"),
        ("138-1234-5678", None, "●●●●"),
        ("手机号10000006377", None, "手机号●●●●"),
        ("贷款1200000元，利率3.85%，30年", None, "贷款1200000元，利率3.85%，30年"),
        ("2026-10-20 到 2026-11-20", None, "2026-10-20 到 2026-11-20"),
        ("申请FX2026110001到哪了", None, "申请FX2026110001到哪了"),
        ("月供6543，还了24期", None, "月供6543，还了24期"),
    ],
)
def test_secrets_are_covered_and_figures_are_not(text: str, asked: str | None, kept: str) -> None:
    assert remembered(text, asked) == kept


def test_every_text_of_an_event_is_covered_and_its_shape_stays() -> None:
    event = {
        "event": "user",
        "timestamp": 1795348589.0000000123,
        "text": "身份证后四位5040",
        "parse_data": {"entities": [{"entity": "id_last4", "value": "5040", "start": 6, "end": 10}]},
        "metadata": {"customer_text": "身份证后四位5040", "turn_id": "u_01a25040ff", "requested_slot": None},
    }
    assert covered(event, ["5040"]) == {
        "event": "user",
        "timestamp": 1795348589.0000000123,
        "text": "身份证后四位●●●●",
        "parse_data": {"entities": [{"entity": "id_last4", "value": "●●●●", "start": 6, "end": 10}]},
        "metadata": {"customer_text": "身份证后四位●●●●", "turn_id": "u_01a25040ff", "requested_slot": None},
    }


def test_a_phone_is_there_to_be_called_unless_it_proved_somebody() -> None:
    entities = [{"entity": "phone", "value": "13812345678", "text": "138-1234-5678"}]
    assert secrets_of(entities, "138-1234-5678", with_phones=False) == []
    assert secrets_of(entities, "138-1234-5678", with_phones=True) == ["138-1234-5678", "13812345678"]
