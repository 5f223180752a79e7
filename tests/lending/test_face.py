"""The machine-readable face: published examples to the fen, and a named error for everything else."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lending.errors import InvalidInput, UnknownKind
from bot.lending.face import KINDS, calculate
from bot.lending.inputs import Default

MILLION = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}

EXAMPLES = [
    (
        "level_payment",
        {
            "monthly_payment": "4490.45",
            "first_interest": "2916.67",
            "first_principal": "1573.78",
            "final_payment": "4488.52",
            "n_payments": 360,
            "total_interest": "616560.07",
            "total_payment": "1616560.07",
            "total_interest_formula": "616560.88",
        },
    ),
    (
        "equal_principal",
        {
            "monthly_principal": "2777.78",
            "first_payment": "5694.45",
            "last_payment": "2785.08",
            "total_interest": "526457.92",
            "total_interest_formula": "526458.33",
            "n_payments": 360,
            "second_payment": "5686.34",
            "payment_60": "5216.44",
        },
    ),
    (
        "compare_methods",
        {
            "level_payment": "4490.45",
            "ep_first_payment": "5694.45",
            "ep_last_payment": "2785.08",
            "interest_difference": "90102.15",
            "ep_cheaper_from_period": 150,
        },
    ),
]


def without_assumptions(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != "assumptions"}


@pytest.mark.parametrize(("kind", "expected"), EXAMPLES, ids=[kind for kind, _ in EXAMPLES])
def test_the_published_examples_come_out_to_the_fen(kind: str, expected: dict[str, Any]) -> None:
    assert without_assumptions(calculate(kind, MILLION)) == expected


def test_total_interest_at_4_9_is_of_the_schedule_and_of_the_formula() -> None:
    result = calculate("level_payment", MILLION | {"annual_rate_pct": "4.9"})
    assert (result["total_interest"], result["total_interest_formula"]) == ("910615.12", "910616.19")


def test_the_assumptions_name_method_rate_and_rounding() -> None:
    said = "".join(calculate("level_payment", MILLION)["assumptions"])
    assert "等额本息" in said
    assert "3.5%" in said
    assert "四舍五入到分" in said
    assert "逐期" in said


def test_a_zero_rate_divides_the_principal() -> None:
    """1,200 over 12 months is 100 a month and not a fen of interest."""
    result = calculate("level_payment", {"principal": "1200", "annual_rate_pct": "0", "term_months": 12})
    assert (result["monthly_payment"], result["total_interest"]) == ("100.00", "0.00")


def test_payments_a_short_loan_never_reaches_are_null() -> None:
    result = calculate("equal_principal", MILLION | {"term_months": 1})
    assert (result["second_payment"], result["payment_60"], result["n_payments"]) == (None, None, 1)


def test_equal_principal_is_never_cheaper_without_interest() -> None:
    assert calculate("compare_methods", MILLION | {"annual_rate_pct": "0"})["ep_cheaper_from_period"] is None


def test_a_loan_too_small_for_its_term_ends_with_the_payment_that_clears_it() -> None:
    """1.50 over 300 months is half a fen a month, paid as one fen: cleared after 150 payments."""
    result = calculate("level_payment", {"principal": "1.50", "annual_rate_pct": "0", "term_months": 300})
    assert (result["n_payments"], result["total_payment"]) == (150, "1.50")


INVALID = [
    ("principal", "0", "not_positive"),
    ("principal", "-1", "not_positive"),
    ("principal", "1000000000001", "not_positive"),
    ("principal", "100.001", "too_precise"),
    ("principal", "NaN", "not_a_number"),
    ("principal", "Infinity", "not_a_number"),
    ("principal", "1e999999999", "not_a_number"),
    ("principal", "1_000", "not_a_number"),
    ("principal", "一百万", "not_a_number"),
    ("principal", "１００", "not_a_number"),
    ("principal", "", "not_a_number"),
    ("principal", "9" * 5000, "not_a_number"),
    ("principal", 10**30, "not_a_number"),
    ("principal", True, "not_a_number"),
    ("principal", float("nan"), "not_a_number"),
    ("principal", [["1"]], "not_a_number"),
    ("principal", {"value": {"deep": []}}, "not_a_number"),
    ("principal", None, "missing"),
    ("annual_rate_pct", "-0.01", "out_of_range"),
    ("annual_rate_pct", "36.01", "out_of_range"),
    ("annual_rate_pct", "350", "out_of_range"),
    ("annual_rate_pct", "3.5%", "not_a_number"),
    ("annual_rate_pct", False, "not_a_number"),
    ("annual_rate_pct", "3.00000000001", "too_precise"),
    ("term_months", 0, "out_of_range"),
    ("term_months", -12, "out_of_range"),
    ("term_months", 481, "out_of_range"),
    ("term_months", 360.5, "not_an_integer"),
    ("term_months", "360", "not_an_integer"),
    ("term_months", True, "not_an_integer"),
    ("term_months", float("inf"), "not_an_integer"),
    ("term_months", None, "missing"),
]


@pytest.mark.parametrize("kind", [kind for kind, _ in EXAMPLES])
@pytest.mark.parametrize(("field", "value", "code"), INVALID)
def test_an_invalid_input_is_named_with_its_field_and_a_chinese_message(
    kind: str, field: str, value: object, code: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        calculate(kind, MILLION | {field: value})
    assert (caught.value.field, caught.value.code) == (field, code)
    assert caught.value.message[0] > "\u4e00"
    assert caught.value.message.endswith("。")


def test_a_range_error_says_the_range() -> None:
    with pytest.raises(InvalidInput) as caught:
        calculate("level_payment", MILLION | {"annual_rate_pct": "350"})
    assert caught.value.message == "年利率要在 0 到 36 之间。"


def test_a_misspelt_field_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        calculate("level_payment", MILLION | {"term_month": 12})
    assert (caught.value.code, caught.value.field) == ("unknown_field", "term_month")


@pytest.mark.parametrize("inputs", [None, [], "1000000", 5, True])
def test_inputs_that_are_no_object_are_refused(inputs: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        calculate("level_payment", inputs)
    assert (caught.value.code, caught.value.field) == ("not_an_object", "inputs")


@pytest.mark.parametrize("kind", ["", "nothing", None, 5, ["level_payment"], {"kind": 1}])
def test_an_unknown_kind_is_refused(kind: object) -> None:
    with pytest.raises(UnknownKind) as caught:
        calculate(kind, MILLION)
    assert caught.value.field == "kind"


def test_a_rate_left_out_takes_the_default_of_the_day_and_says_so() -> None:
    default = Default("3.05", "利率按 2026-11-22 首套示例 3.05%。")
    result = calculate(
        "level_payment", {"principal": "700000", "term_months": 360}, {"annual_rate_pct": default}
    )
    assert result["monthly_payment"] == "2970.14"
    assert default.note in result["assumptions"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(principal=JUNK, rate=JUNK, term=JUNK)
def test_junk_is_an_error_of_the_family_and_never_a_traceback(
    principal: object, rate: object, term: object
) -> None:
    inputs = {"principal": principal, "annual_rate_pct": rate, "term_months": term}
    for kind in KINDS:
        with contextlib.suppress(InvalidInput):  # anything else that is raised fails the test
            calculate(kind, inputs)
