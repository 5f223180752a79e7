"""The bank's core over HTTP."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.routes import example_of
from bot.core.scopes import Scope
from bot.servicing.intake import MAX_WORDS, WORDS, Resource
from tests.core.conftest import application, customer, loan, stage


async def test_good_items_go_in_and_bad_ones_are_named(core):
    answer = await core.tell(
        "customers", customer(1), customer(2, phone="12"), customer(3, id_number="990000199003070011"), "x"
    )
    body = answer.json()
    assert answer.status_code == 200
    assert [body[name] for name in ("accepted", "unchanged", "held", "rejected")] == [1, 0, 0, 3]
    assert [result["status"] for result in body["results"]] == ["accepted"] + ["rejected"] * 3
    assert body["results"][0]["record"] == "customer:KH000001"
    assert [result["problems"][0]["field"] for result in body["results"][1:]] == ["phone", "id_number", ""]
    assert all(result["problems"][0]["reason"] for result in body["results"][1:])


async def test_what_comes_too_early_is_held_and_then_taken(core):
    early = [
        await core.tell(
            "repayments",
            {
                "loan_no": "DK2026120101",
                "due_on": "2026-11-15",
                "paid_on": "2026-11-15",
                "principal": "2041.00",
                "interest": "3050.00",
            },
        ),
        await core.tell("loans", loan()),
        await core.tell("stages", stage("credit_enquiry", 5), stage("document_check", 4)),
        await core.tell("applications", application()),
    ]
    assert [answer.json()["held"] for answer in early] == [1, 1, 2, 1]
    assert (await core.tell("customers", customer())).json()["accepted"] == 1
    again = await core.tell("stages", stage("credit_enquiry", 5), stage("document_check", 4))
    assert again.json()["unchanged"] == 2
    assert (await core.tell("loans", loan())).json()["unchanged"] == 1


async def test_the_same_call_is_answered_the_same_and_another_one_under_its_key_is_refused(core):
    first = await core.tell("customers", customer(), **{"Idempotency-Key": "k-1"})
    second = await core.tell("customers", customer(), **{"Idempotency-Key": "k-1"})
    other = await core.tell("customers", customer(2), **{"Idempotency-Key": "k-1"})
    elsewhere = await core.tell("applications", application(), **{"Idempotency-Key": "k-1"})
    assert first.json() == second.json()
    assert first.json()["accepted"] == 1
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "core_idempotency_reused"
    assert elsewhere.status_code == 200


async def test_only_a_good_key_with_the_scope_gets_in(core, live):
    narrow = await core.keys.add("narrow", [Scope.STAGES], actor="test")
    gone = await core.keys.add("gone", list(Scope), actor="test")
    await core.keys.revoke("gone", actor="test")
    body = {"items": [customer()]}
    async with httpx.AsyncClient(base_url=live.url) as http:

        async def status(resource: str, key: str | None) -> int:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            return (await http.post(f"/api/core/{resource}", json=body, headers=headers)).status_code

        assert await status("customers", None) == 401
        assert await status("customers", gone) == 401
        assert await status("customers", narrow[:-1] + ("A" if narrow[-1] != "A" else "B")) == 401
        assert await status("customers", "fxk_0_0") == 401
        assert await status("customers", narrow) == 403
        assert await status("rates", narrow) == 403
        assert await status("stages", narrow) == 200


async def test_published_rates_need_their_own_scope_and_become_facts(core, live):
    plain = await core.keys.add("plain", [Scope.RATES], actor="test")
    word = {"lpr": "over_5y", "effective_on": "2026-10-20", "annual_rate_pct": "3.40"}
    async with httpx.AsyncClient(base_url=live.url, headers={"Authorization": f"Bearer {plain}"}) as http:
        assert (await http.post("/api/core/rates", json={"items": [word]})).status_code == 403
    assert (await core.tell("rates", word)).json()["accepted"] == 1
    assert (await core.tell("rates", word)).json()["unchanged"] == 1
    other = (await core.tell("rates", {**word, "annual_rate_pct": "3.45"})).json()
    assert other["results"][0]["problems"][0]["code"] == "contradicts"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"not json", 422),
        (b"[]", 422),
        (b'{"items": []}', 422),
        (b'{"items": 1}', 422),
        (b'{"items": [{}], "more": 1}', 422),
        (b'{"items": [NaN]}', 422),
        (b'{"items": [1' + b"1" * 5000 + b"]}", 422),
        (b'{"items": ' + b"[" * 100_000, 422),
        (b"\xff\xfe", 422),
        (json.dumps({"items": [{}] * (MAX_WORDS + 1)}).encode(), 413),
        (b'{"items": ["' + b"x" * 4_100_000 + b'"]}', 413),
    ],
)
async def test_a_call_that_cannot_be_read_has_one_shape_of_answer(core, body, status):
    answer = await core.http.post("/api/core/customers", content=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_an_idempotency_key_must_be_usable(core, key):
    answer = await core.http.post(
        "/api/core/customers", json={"items": [customer()]}, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "core_idempotency_key"


async def test_the_description_has_an_example_for_every_route_that_is_taken(core):
    paths = (await core.http.get("/openapi.json")).json()["paths"]
    for resource in Resource:
        described = paths[f"/api/core/{resource.value}"]["post"]
        example = described["requestBody"]["content"]["application/json"]["example"]
        assert {"401", "403", "409", "413", "422"} <= set(described["responses"])
        answer = await core.http.post(f"/api/core/{resource.value}", json=example)
        statuses = {result["status"] for result in answer.json()["results"]}
        assert statuses <= {"accepted", "held"}, answer.text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ODD = st.sampled_from(
    ["", " ", "\x00", "\ud800", "1e400000", "-0", "9" * 400, "2026-02-30", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-12:00", "20261105", 1e308, -1, 2**70, "١٢٣٤", "NaN", "Infinity", True, [], {}]
)  # fmt: skip


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_no_input_makes_the_service_fail(core, data):
    """Whole bodies of anything, and good items with one field that is odd."""
    resource = data.draw(st.sampled_from(list(Resource)))
    if data.draw(st.booleans()):
        item = dict(example_of(WORDS[resource]))
        item[data.draw(st.sampled_from(sorted(WORDS[resource].model_fields)))] = data.draw(ODD | ANYTHING)
        body = {"items": [item]}
    else:
        body = data.draw(ANYTHING)
    answer = await core.http.post(f"/api/core/{resource.value}", content=json.dumps(body))
    assert answer.status_code < 500, (resource, body)
    assert answer.json()
