"""``fangxin calc`` as other programs use it: order, ids, exit codes, and what it may import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
MILLION = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}


def fangxin(*arguments: str, given: bytes) -> tuple[int, list[Any]]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "FANGXIN_NOW": "2026-11-22T12:00:00",
        "FANGXIN_ENVIRONMENT": "development",
        "PYTHONIOENCODING": "ascii",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "calc", *arguments],
        input=given,
        capture_output=True,
        env=environment,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


def lines(*requests: object) -> bytes:
    return "".join(json.dumps(request) + "\n" for request in requests).encode()


def test_answers_come_in_the_order_of_the_questions_with_their_ids() -> None:
    code, answers = fangxin(
        "--jsonl",
        given=lines(
            {"id": "b", "kind": "level_payment", "inputs": MILLION},
            {"id": 7, "kind": "level_payment", "inputs": MILLION | {"term_months": 0}},
            {"id": None, "kind": "nothing", "inputs": {}},
            {"kind": "level_payment", "inputs": []},
            {"id": [1], "kind": "level_payment", "inputs": MILLION},
        ),
    )
    assert code == 0
    assert [answer["id"] for answer in answers] == ["b", 7, None, None, [1]]
    assert answers[0]["result"]["monthly_payment"] == "4490.45"
    assert answers[1]["error"] == {
        "code": "out_of_range",
        "field": "term_months",
        "message": "贷款期限（月）要在 1 到 480 之间。",
    }
    assert (answers[2]["error"]["code"], answers[3]["error"]["field"]) == ("unknown_kind", "inputs")


@pytest.mark.parametrize("bad", [b"nope", b"{", b"\xff\xfe", b"[" * 100_000, b'{"id": 1,}'])
def test_a_line_that_is_not_json_is_answered_and_the_run_goes_on(bad: bytes) -> None:
    request = lines({"id": 2, "kind": "level_payment", "inputs": MILLION})
    code, answers = fangxin("--jsonl", given=bad + b"\n" + request)
    assert code == 2
    assert (answers[0]["id"], answers[0]["error"]["code"]) == (None, "not_json")
    assert answers[1]["id"] == 2
    assert "result" in answers[1]


def test_numbers_without_end_and_half_characters_are_named_errors() -> None:
    digits = b"9" * 6000
    given = b'{"id": 1, "kind": "level_payment", "inputs": {"principal": ' + digits + b"}}\n"
    given += b'{"id": 2, "kind": "level_payment", "inputs": {"\\ud800": 1}}\n'
    given += b'{"id": NaN, "kind": "level_payment", "inputs": {"principal": Infinity}}\n'
    code, answers = fangxin("--jsonl", given=given)
    assert code == 0
    assert [answer["error"]["field"] for answer in answers] == ["principal", "principal", "principal"]


def test_nothing_in_nothing_out() -> None:
    assert fangxin("--jsonl", given=b"") == (0, [])


def test_one_calculation_takes_the_rate_of_the_day() -> None:
    code, answers = fangxin("level_payment", given=b'{"principal": "1000000", "term_months": 360}')
    assert code == 0
    assert answers[0]["monthly_payment"] == "4243.05"
    assert "3.05%" in answers[0]["assumptions"][0]


def test_one_calculation_that_is_refused_ends_2() -> None:
    code, answers = fangxin("level_payment", given=b'{"principal": "-1"}')
    assert code == 2
    assert answers[0]["error"]["field"] == "principal"


def test_it_starts_without_the_service() -> None:
    """Importing the web, the database or the channels would make every calculation wait for them."""
    program = (
        "import sys, bot.cli, bot.calculation;"
        "print([name for name in ('fastapi', 'sqlalchemy', 'socketio', 'httpx', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
