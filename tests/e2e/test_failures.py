"""What dies is told, nothing that was acknowledged is lost, and the supervisor brings it back."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import Stack
from tests.e2e.pages import LONG, ChatPage, DeskPage

pytestmark = pytest.mark.e2e


def freeze(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@pytest.mark.browser
def test_rasa_killed_in_mid_turn_puts_the_customer_in_the_queue_and_loses_nothing(
    stack: Stack, phone: BrowserContext, office: BrowserContext
):
    chat = ChatPage.alone(phone)
    chat.say("你好")
    expect(chat.messages("bot").first).to_be_visible(timeout=LONG)
    pid = stack.pid_of("rasa")
    freeze(pid)  # the turn is under way and gets no answer …
    chat.say("利率现在是多少")
    expect(chat.by("typing")).to_be_visible(timeout=5000)
    kill(pid)  # … and then the process is gone
    chat.expect_mode("queued")
    expect(chat.messages("bot").last).to_contain_text("转给人工")
    desk = DeskPage.logged_in(office, "xiaozhou", stack.logins["xiaozhou"])
    desk.open_ticket("利率现在是多少")
    expect(desk.by("transcript")).to_contain_text("利率现在是多少")
    stack.wait_until_ready()
    assert stack.pid_of("rasa") != pid
    chat.by("leave-queue").click()
    chat.expect_mode("bot")
    chat.say("提前还款要违约金吗")
    chat.hears("违约金")
    assert chat.numbers() == sorted(set(chat.numbers()))


def test_a_form_goes_on_after_rasa_was_killed(stack: Stack):
    """Slots and forms live in the tracker store, not in the process."""
    name = "form-survives"
    stack.ask("算一下月供，贷款90万", name)
    kill(stack.pid_of("rasa"))
    time.sleep(0.5)
    stack.wait_until_ready()
    asked = stack.ask("25年", name)
    assert asked["mode"] == "bot"
    assert "利率" in str(asked["replies"])
    assert "90万" not in str(asked["replies"])


def test_a_dead_action_server_is_no_silence(stack: Stack):
    """Rasa swallows it and answers nothing; our channel says 502 and the service tells the customer."""
    stack.supervisor("stop", "actions")
    try:
        turn = stack.ask("提前还款要违约金吗", "actions-dead")
        assert turn["outcome"] == "failed"
        assert turn["ticket"]["reason"] == "bot_unavailable"
        assert "转给人工" in str(turn["replies"])
        direct = stack.rasa.post("/webhooks/fangxin/webhook", json=request("actions-dead-direct"))
        assert direct.status_code == 502
        assert direct.json()["error"]["code"] in ("action_failed", "no_reply")
    finally:
        stack.supervisor("start", "actions")
    stack.wait_until_ready()
    for _ in range(100):
        if stack.ask("提前还款要违约金吗", f"back-{time.monotonic_ns()}")["outcome"] == "answered":
            return
        time.sleep(0.2)
    raise AssertionError("the action server did not come back")


def test_an_answer_after_the_deadline_is_not_shown_and_the_bot_is_not_stuck(stack: Stack):
    name = "late"
    stack.ask("你好", name)
    pid = stack.pid_of("rasa")
    threading.Timer(9.5, os.kill, (pid, signal.SIGCONT)).start()
    freeze(pid)
    late = stack.ask("首付最低几成", name)
    assert (late["outcome"], late["mode"]) == ("failed", "queued")
    time.sleep(4)  # Rasa finishes the turn now, and nobody may see it
    log = stack.http.get(f"/channels/console/{name}/messages").json()["messages"]
    assert log[-1]["seq"] == late["last_seq"]
    stack.wait_until_ready()
    stack.ask("", name, payload="/leave_queue", title="先不等了")
    assert stack.ask("提前还款要违约金吗", name)["outcome"] == "answered"


def test_the_service_killed_in_mid_turn_answers_after_its_restart(stack: Stack):
    name = "service-killed"
    stack.ask("你好", name)
    rasa = stack.pid_of("rasa")
    freeze(rasa)
    asking = threading.Thread(target=lambda: _ignore_errors(stack, "提前还款要违约金吗", name))
    asking.start()
    time.sleep(1)
    kill(stack.pid_of("service"))
    os.kill(rasa, signal.SIGCONT)
    asking.join()
    stack.wait_until_ready()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        log = stack.http.get(f"/channels/console/{name}/messages").json()["messages"]
        if "违约金" in str(log[-1]["parts"]) and log[-1]["sender"] == "bot":
            break
        time.sleep(0.3)
    assert [one["sender"] for one in log] == ["customer", "bot", "customer", "bot"]


def _ignore_errors(stack: Stack, text: str, name: str) -> None:
    with contextlib.suppress(httpx.HTTPError, AssertionError):  # the service is killed while it answers
        stack.ask(text, name)


def request(conversation: str, text: str = "提前还款要违约金吗") -> dict[str, str]:
    return {
        "turn_id": f"u_{conversation}",
        "conversation_id": conversation,
        "channel": "test",
        "text": text,
        "now": "2026-11-24T10:00:00+08:00",
    }
