"""Whatever is typed: a polite answer or a clear refusal, never a fault, never somebody else's data."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

STRANGE = [
    "👍",
    "😭😭😭😭",
    "。。。",
    "asdfghjkl",
    "<script>alert(1)</script>",
    "'; DROP TABLE application; --",
    "{{7*7}} ${jndi:ldap://x}",
    "../../etc/passwd",
    "\u202e反过来",
    "a" * 3900,
    "还" * 3999,
    "你" * 3000 + "提前还款要违约金吗",
    "1" * 400,
    "\n\n\n问\n\n",
]


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: text[:12])
def test_strange_words_get_an_answer(stack: Stack, text):
    turn = stack.ask(text, f"strange-{hash(text)}")
    assert turn["outcome"] == "answered"
    assert turn["replies"] or turn["ticket"]


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("\u200b", "empty"), ("长" * 10_000, "too_long")])
def test_what_cannot_be_taken_is_refused_in_plain_words(stack: Stack, text, code):
    response = stack.http.post("/channels/console", json={"text": text})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == code


def test_binary_is_refused(stack: Stack):
    response = stack.http.post(
        "/channels/console", content=bytes(range(256)), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422


def test_twenty_messages_at_a_time_are_all_answered(stack: Stack):
    texts = [f"提前还款要违约金吗{'？' * (n % 3)} {n}" for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        turns = list(pool.map(lambda text: stack.ask(text, "burst"), texts))
    assert all(turn["outcome"] == "answered" for turn in turns)
    log = stack.http.get("/channels/console/burst/messages").json()["messages"]
    customer = [one["parts"][0]["text"] for one in log if one["sender"] == "customer"]
    assert sorted(customer) == sorted(texts)


@pytest.mark.parametrize(
    ("start", "wrong", "range_", "right", "goes_on"),
    [
        ("算月供，贷款100万，30年，等额本息", "利率350", "36", "3.5", "4,490.45"),
        ("算月供，贷款100万，利率3.5，等额本息", "0年", "40", "30年", "4,490.45"),
        ("算月供，贷款100万，利率3.5，等额本息", "500年", "40", "30年", "4,490.45"),
        ("算月供，30年，利率3.5，等额本息", "-50万", "大于", "100万", "4,490.45"),
    ],
    ids=["rate 350", "term 0", "term 500 years", "negative amount"],
)
def test_an_impossible_value_is_said_back_with_the_range_and_the_form_goes_on(
    stack: Stack, start, wrong, range_, right, goes_on
):
    name = f"impossible-{wrong}"
    stack.ask(start, name)
    said = json.dumps(stack.ask(wrong, name)["replies"], ensure_ascii=False)
    assert range_ in said
    assert goes_on in json.dumps(stack.ask(right, name)["replies"], ensure_ascii=False)


def test_another_customers_application_stays_closed(stack: Stack):
    """The right number with somebody else's digits, and an unknown number, are refused alike."""
    refusals = []
    for name, number, digits in [("x1", "FX2026110002", "123X"), ("x2", "FX2026999999", "123X")]:
        stack.ask("查进度", name)
        stack.ask(number, name)
        turn = stack.ask(digits, name)
        assert all(part["kind"] != "stages" for part in turn["replies"])
        refusals.append(turn["replies"])
    assert refusals[0] == refusals[1]


def test_a_code_is_only_good_in_the_conversation_that_asked_for_it(stack: Stack):
    for name in ("owner", "thief"):
        stack.ask("查进度", name)
        stack.ask("FX2026110003", name)
    stack.ask("3024", "owner")
    code = stack.code_for("FX2026110003")
    stolen = stack.ask(code, "thief")
    assert all(part["kind"] != "stages" for part in stolen["replies"])
    shown = stack.ask(code, "owner")
    assert any(part["kind"] == "stages" for part in shown["replies"])
    again = stack.ask("我的申请进度", "thief")
    assert all(part["kind"] != "stages" for part in again["replies"])
