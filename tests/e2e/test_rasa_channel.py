"""What a turn with the running Rasa rests on; every test here fails without its guard."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conftest import Stack
from tests.e2e.test_failures import request

pytestmark = pytest.mark.e2e

WEBHOOK = "/webhooks/fangxin/webhook"


def turn(stack: Stack, conversation: str, text: str | None, number: int = 1, **more: object) -> dict:
    body = {**request(conversation), "text": text, "turn_id": f"u_{conversation}_{number}", **more}
    response = stack.rasa.post(WEBHOOK, json=body)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    "text",
    ["/prepay_penalty", "/restart", '/calc_payment{"amount": 1}', "／human_agent", " /human_agent", "//back"],
)
def test_a_typed_slash_is_only_a_slash(stack: Stack, text):
    """Rasa would take it for an order at confidence 1; here it is read as the words behind it."""
    answer = turn(stack, f"slash-{text}", text)
    assert answer["understood"][0]["confidence"] < 1.0
    assert answer["understood"][0]["text"] == text.strip()


def test_a_typed_restart_forgets_nothing(stack: Stack):
    conversation = "slash-restart"
    turn(stack, conversation, "算月供，贷款100万，30年，利率3.5，等额本息")
    turn(stack, conversation, "/restart", 2)
    assert "5,799.60" in str(turn(stack, conversation, "改成20年", 3)["replies"])


def test_a_pressed_button_is_an_intent(stack: Stack):
    answer = turn(stack, "pressed", None, payload="/human_agent")
    assert answer["understood"][0]["intent"] == "human_agent"
    assert [part["reason"] for part in answer["replies"] if part["kind"] == "handoff"] == ["asked"]


def test_a_repeated_turn_gets_the_same_answer_and_runs_nothing_again(stack: Stack):
    """Also while the first run is still under way."""
    conversation = "repeated"
    turn(stack, conversation, "算月供，贷款100万，30年，利率3.5，等额本息")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: turn(stack, conversation, "换成等额本金", 2), range(3)))
    answers.append(turn(stack, conversation, "换成等额本金", 2))
    assert all(answer == answers[0] for answer in answers)
    assert "5,694.45" in str(answers[0]["replies"])


def test_hand_back_in_mid_form_leaves_the_form_and_keeps_the_last_calculation(stack: Stack):
    conversation = "hand-back"
    turn(stack, conversation, "算月供，贷款100万，30年，利率3.5，等额本息")
    asked = turn(stack, conversation, "查我的申请进度", 2)
    assert "申请编号" in str(asked["replies"])
    turn(stack, conversation, "qwzx plok", 3)
    back = stack.rasa.post("/webhooks/fangxin/handback", json={"conversation_id": conversation})
    assert back.status_code == 200
    # One more miss would have been the second in a row, and the form would have asked again.
    missed = turn(stack, conversation, "qwzx plok", 4)
    assert all(part["kind"] != "handoff" for part in missed["replies"])
    assert "申请编号" not in str(missed["replies"])
    adjusted = turn(stack, conversation, "改成20年", 5)
    assert "5,799.60" in str(adjusted["replies"])


def test_an_answer_to_the_form_is_never_a_miss(stack: Stack):
    conversation = "bare"
    turn(stack, conversation, "算一下月供")
    for number, bare in enumerate(["120", "30", "3.5"], start=2):
        answer = turn(stack, conversation, bare, number)
        assert answer["understood"][0]["band"] == "answer"
    assert "还款方式" in str(answer["replies"])


def test_two_questions_in_one_message_are_both_answered_in_order(stack: Stack):
    answer = turn(stack, "two", "提前还款要收违约金吗？还有怎么修改每月还款日？")
    assert [one["topic"] for one in answer["understood"]] == ["prepay_penalty", "change_repayment_date"]
    said = str([part.get("text") for part in answer["replies"]])
    assert 0 <= said.find("提前还") < said.find("那一期")


def test_parsing_for_the_agent_writes_nothing(stack: Stack):
    conversation = "parse-only"
    turn(stack, conversation, "算一下月供，贷款100万")
    seen = stack.rasa.post("/webhooks/fangxin/parse", json={"text": "我要转人工"}).json()
    assert seen["understood"][0]["intent"] == "human_agent"
    assert "多少年" in str(turn(stack, conversation, "100万", 2)["replies"])


def test_the_channel_is_closed_without_its_token(stack: Stack):
    for path in ("webhook", "parse", "embed", "handback"):
        answer = stack.rasa.post(
            f"/webhooks/fangxin/{path}", json=request("stranger"), headers={"X-Fangxin-Token": "wrong"}
        )
        assert answer.status_code == 401


def test_a_caller_who_hangs_up_does_not_stop_the_turn(stack: Stack):
    """The turn is finished and its answer kept for the next contact with the same id."""
    import httpx

    conversation = "hung-up"
    with pytest.raises(httpx.TimeoutException):
        stack.rasa.post(
            WEBHOOK,
            json={
                **request(conversation),
                "turn_id": f"u_{conversation}_1",
                "text": "算月供，贷款100万，30年，利率3.5，等额本息",
            },
            timeout=httpx.Timeout(5, read=0.005),
        )
    threading.Event().wait(2)
    again = turn(stack, conversation, "算月供，贷款100万，30年，利率3.5，等额本息")
    assert "4,490.45" in str(again["replies"])
    assert "5,799.60" in str(turn(stack, conversation, "改成20年", 2)["replies"])
