"""Hostile inputs of every kind: only results or named errors, never a traceback, never a figure that is no number."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lending.errors import InvalidInput
from bot.lending.face import KINDS, calculate
from bot.lending.inputs import Default

EXAMPLES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("published.jsonl").read_text(encoding="utf-8").splitlines()
]
MONEY = re.compile(r"-?\d+(\.\d+)?")

NASTY = st.sampled_from(
    [
        *("0", "-1", "0.01", "0.001", "1", "100000000", "1000000000000", "1000000000001", "36", "36.01"),
        *("NaN", "Infinity", "-Infinity", "1e5", "１２", "", " 1", "1 000", "9" * 400, "0x10", "--1"),
        *(0, -1, 1, 12, 13, 480, 481, 360.5, 10**30, -(10**30), 1e308, float("nan"), float("inf")),
        *(None, True, False, [], {}, [[]], [{}], {"a": {}}, "2026-02-29", "2028-02-29", "0000-00-00"),
        *("9999-12-31", "2026-11-22", "1964-12", "level", "equal_principal", "\ud800", "\x00"),
    ]
)
JUNK = st.recursive(
    NASTY | st.text(max_size=8) | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place within nested inputs."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, item in items for place in places(item, (*path, key))]


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], to)
    return copy


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, Any]:
    """A published example with one to three of its values replaced by something nasty."""
    example = draw(st.sampled_from(EXAMPLES))
    inputs: Any = example["inputs"]
    for _ in range(draw(st.integers(1, 3))):
        where = places(inputs)
        if where:
            inputs = changed(inputs, draw(st.sampled_from(where)), draw(JUNK))
    return example["kind"], inputs


def judge(kind: object, inputs: object, defaults: dict[str, Default]) -> None:
    try:
        result = calculate(kind, inputs, defaults)
    except InvalidInput as error:
        named = error
    else:
        json.dumps(result, allow_nan=False)
        figures = [value for name, value in result.items() if isinstance(value, str) and "_" in name]
        dates = ("next_due_date", "retirement_age", "retirement_month")
        assert all(MONEY.fullmatch(figure) for figure in figures if figure not in map(result.get, dates))
        return
    assert named.code
    assert isinstance(named.field, str)  # an unknown field may well be called ""
    assert named.message.endswith("。")


@settings(max_examples=1500, deadline=None)
@given(mutant=mutants())
def test_a_mutated_example_is_a_result_or_a_named_error(
    mutant: tuple[str, Any], defaults: dict[str, Default]
) -> None:
    judge(*mutant, defaults)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), inputs=st.dictionaries(st.text(max_size=12), JUNK, max_size=4))
def test_junk_is_a_result_or_a_named_error(
    kind: str, inputs: dict[str, Any], defaults: dict[str, Default]
) -> None:
    judge(kind, inputs, defaults)


EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["rate_change", "prepayment", "interest_only", "fixed_payment", "extension", "method_change",
                 "day_change", "x"]
            )
        },
        optional={
            "effective_period": st.integers(-1, 500),
            "after_period": st.integers(-1, 500),
            "annual_rate_pct": st.sampled_from(["0", "3", "36", "37"]),
            "amount": st.sampled_from(["0", "1", "1000", "999999", "100000000"]),
            "option": st.sampled_from(["shorten_keep_payment", "shorten_relevel", "lower_payment", "x"]),
            "months": st.integers(0, 481),
            "payment": st.sampled_from(["0", "1", "100000"]),
            "method": st.sampled_from(["level", "equal_principal"]),
            "new_day": st.integers(0, 32),
            "first_new_due": st.sampled_from(["same_month", "next_month"]),
        },
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(events=EVENTS, term=st.integers(1, 480), rate=st.sampled_from(["0", "3.5", "36"]))
def test_any_story_of_a_loan_is_a_schedule_or_a_named_error(
    events: list[dict[str, Any]], term: int, rate: str, defaults: dict[str, Default]
) -> None:
    """Fields that an event does not know are dropped first, so that some stories can be told."""
    known = {
        "rate_change": {"effective_period", "annual_rate_pct"},
        "prepayment": {"after_period", "amount", "option"},
        "interest_only": {"effective_period", "months"},
        "fixed_payment": {"effective_period", "months", "payment"},
        "extension": {"effective_period", "months"},
        "method_change": {"effective_period", "method"},
        "day_change": {"effective_period", "new_day", "first_new_due"},
    }
    told = [
        {name: value for name, value in event.items() if name in known.get(event["type"], set()) | {"type"}}
        for event in events
    ]
    inputs = {
        "principal": "1000000",
        "annual_rate_pct": rate,
        "term_months": term,
        "start_date": "2026-11-30",
        "events": told,
    }
    judge("schedule", inputs, defaults)
