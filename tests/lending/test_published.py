"""Every worked example of the interface, to the fen, and every kind and field that its table names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.lending.errors import InvalidInput
from bot.lending.face import KINDS, calculate
from bot.lending.inputs import Default

EXAMPLES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("published.jsonl").read_text(encoding="utf-8").splitlines()
]
BEYOND_THE_TABLE = {
    "biweekly",
    "combination_calendar",
    "fund_conversion",
    "method_change",
    "rate_bands",
    "schedule",
    "yearly_interest",
}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["kind"] for example in EXAMPLES])
def test_a_published_example_comes_out_to_the_fen(
    example: dict[str, Any], defaults: dict[str, Default]
) -> None:
    result = calculate(example["kind"], example["inputs"], defaults)
    assert {name: result[name] for name in example["result"]} == example["result"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["kind"] for example in EXAMPLES])
def test_every_result_says_in_chinese_what_it_rests_on(
    example: dict[str, Any], defaults: dict[str, Default]
) -> None:
    said = calculate(example["kind"], example["inputs"], defaults)["assumptions"]
    assert said
    assert all(sentence.endswith("。") and sentence[0] >= "1" for sentence in said)


def test_every_kind_of_the_table_is_there() -> None:
    assert set(KINDS) == {example["kind"] for example in EXAMPLES} | BEYOND_THE_TABLE


LEFT_OUT = [(example, name) for example in EXAMPLES for name in example["inputs"]]


@pytest.mark.parametrize(
    ("example", "name"), LEFT_OUT, ids=[f"{example['kind']}-{name}" for example, name in LEFT_OUT]
)
def test_a_field_left_out_is_named_or_stood_in_for(
    example: dict[str, Any], name: str, defaults: dict[str, Default]
) -> None:
    """By the policy of the day or a plain assumption; otherwise the error names a field that is missing."""
    inputs = {field: value for field, value in example["inputs"].items() if field != name}
    try:
        result = calculate(example["kind"], inputs, defaults)
    except InvalidInput as exc:
        refusal = exc
    else:
        assert result["assumptions"]
        return
    assert refusal.message.endswith("。")
    assert refusal.field == name or (refusal.code, name) == ("missing", "base_pct")
