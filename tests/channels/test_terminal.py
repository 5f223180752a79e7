"""What a terminal shows."""

from __future__ import annotations

import io
import json

import httpx
import pytest
from rich.console import Console as Screen

from bot.channels.console.client import ConsoleClient, ServiceRefused, ServiceUnreachable
from bot.channels.console.terminal import Chat, show
from bot.messages import (
    Card,
    Chart,
    File,
    Handoff,
    Image,
    Option,
    QuickReplies,
    Row,
    Stage,
    Stages,
    TextPart,
    part_to_wire,
)


def screen() -> Screen:
    return Screen(file=io.StringIO(), width=100)


def shown(target: Screen) -> str:
    assert isinstance(target.file, io.StringIO)
    return target.file.getvalue()


def test_every_kind_of_reply_is_shown_and_buttons_are_numbered():
    target = screen()
    chart = Chart("stacked_area", "每年", ("第1年", "第2年"), {"本金": ("1", "2")})
    options = show(
        target,
        [
            TextPart("短[答]", "长"),
            Card("试算", (Row("月供", "4,490.45元", True),), ("注",), chart),
            Stages("进度", (Stage("审批", "current", "今天"),)),
            Image("u", "图"),
            File("f", "计划.pdf", 1),
            Handoff("asked", "before_loan", "内部"),
            QuickReplies((Option("是", "/yes"), Option("否", "/no")), "吗"),
        ],
    )
    said = shown(target)
    for word in ("短[答]", "长", "4,490.45元", "注", "审批", "计划.pdf", "1 是", "2 否"):
        assert word in said
    assert "内部" not in said
    assert [option.payload for option in options] == ["/yes", "/no"]


def test_a_number_presses_the_button_of_that_number():
    asked: list[dict] = []
    log: list[dict] = []

    def service(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            since = int(request.url.params["since"])
            return httpx.Response(200, json={"messages": [one for one in log if one["seq"] > since]})
        asked.append(json.loads(request.content))
        part = QuickReplies((Option("改成20年", '/adjust_last{"term_months":240}'),))
        entry = {"seq": len(log) + 1, "sender": "bot", "author_name": None, "parts": [part_to_wire(part)]}
        log.append(entry)
        return httpx.Response(200, json={})

    client = ConsoleClient(
        httpx.Client(transport=httpx.MockTransport(service), base_url="http://service.test")
    )
    chat = Chat(client, screen(), "walk")
    lines = iter(["算月供", "1"])
    chat._read = lambda prompt: next(lines, None)  # type: ignore[method-assign]
    chat.run("您好", "> ")
    assert asked[0]["text"] == "算月供"
    assert (asked[1]["payload"], asked[1]["title"]) == ('/adjust_last{"term_months":240}', "改成20年")


def test_a_refusal_keeps_its_words_and_a_dead_service_has_a_name():
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json={"error": {"code": "too_long", "message": "太长了"}})

    def die(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    for handler, error in ((refuse, ServiceRefused), (die, ServiceUnreachable)):
        http = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://service.test")
        with pytest.raises(error):
            ConsoleClient(http).ask(None, "你好")
