"""``POST /api/calc/{kind}``: the same results and errors as the command, over HTTP."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.desk.calculator import calculator_routes
from bot.lending.inputs import Default

MILLION = {"principal": "1000000", "annual_rate_pct": "3.5", "term_months": 360}


@pytest.fixture
def http() -> TestClient:
    app = FastAPI()
    app.include_router(calculator_routes(lambda: {"annual_rate_pct": Default("3.05", "今天的利率。")}))
    return TestClient(app)


def test_a_result_comes_back(http: TestClient) -> None:
    answer = http.post("/api/calc/level_payment", json=MILLION)
    assert (answer.status_code, answer.json()["monthly_payment"]) == (200, "4490.45")


def test_the_policy_of_the_day_stands_in(http: TestClient) -> None:
    answer = http.post("/api/calc/level_payment", json={"principal": "1000000", "term_months": 360}).json()
    assert answer["monthly_payment"] == "4243.05"
    assert "今天的利率。" in answer["assumptions"]


def test_an_invalid_input_is_422_with_its_field(http: TestClient) -> None:
    answer = http.post("/api/calc/level_payment", json=MILLION | {"term_months": 481})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "term_months"


def test_an_unknown_kind_is_404(http: TestClient) -> None:
    assert http.post("/api/calc/nothing", json={}).status_code == 404


def test_no_inputs_at_all_are_named(http: TestClient) -> None:
    assert http.post("/api/calc/level_payment").status_code == 422
