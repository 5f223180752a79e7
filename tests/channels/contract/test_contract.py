"""What every channel does, whatever its platform can show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.ports import Malformed, NotVerified
from bot.dialogue.ports import TurnAnswer
from bot.messages import Option, QuickReplies, Text, TextPart
from tests.channels.contract.subjects import SUBJECTS, Subject, customers_messages, subject
from tests.channels.test_degrade import SAMPLES

OFFER = TurnAnswer(
    (QuickReplies((Option("违约金", "/penalty"), Option("流程", "/process")), "您想问的是？"),)
)


@pytest.fixture(params=SUBJECTS)
async def customer(request, tmp_path: Path) -> AsyncIterator[Subject]:
    async with subject(request.param, tmp_path) as one:
        yield one


async def test_a_text_is_answered(customer):
    await customer.say("提前还款", 1)
    assert "「提前还款」" in await customer.shown("「提前还款」")


async def test_a_repeat_is_no_second_turn(customer):
    await customer.say("提前还款", 1)
    await customer.shown("「提前还款」")
    await customer.say("提前还款", 1)
    await customer.say("再见", 2)
    shown = await customer.shown("「再见」")
    assert shown.count("「提前还款」") == 1
    assert [one.text for one in customer.service.dialogue.asked] == ["提前还款", "再见"]


async def test_a_button_comes_back_as_its_payload(customer):
    customer.service.dialogue.script = {"提前还款": OFFER}
    await customer.say("提前还款", 1)
    await customer.shown("违约金")
    await customer.press("违约金", "/penalty", 2)
    await customer.shown("「/penalty」")
    assert customer.service.dialogue.asked[-1].payload == "/penalty"


async def test_what_was_never_offered_is_refused_in_words_and_not_kept(customer):
    assert "失效" in await customer.press_unknown()
    assert await customers_messages(customer.service) == 0


async def test_a_text_that_is_too_long_is_refused_in_words_and_not_kept(customer):
    assert "太长" in await customer.say_too_much()
    assert await customers_messages(customer.service) == 0


async def test_what_the_channel_cannot_read_asks_the_bot_nothing(customer):
    await customer.send_unsupported()
    await customer.say("你好", 1)
    await customer.shown("「你好」")
    assert [one.text for one in customer.service.dialogue.asked] == ["你好"]


async def test_what_is_said_arrives_in_order(customer):
    parts = tuple(TextPart(f"第{number}句。") for number in range(3))
    customer.service.dialogue.script = {"说": TurnAnswer(parts)}
    await customer.say("说", 1)
    await customer.shown("第2句")
    await customer.say("好", 2)
    shown = await customer.shown("「好」")
    places = [shown.index(words) for words in ("第0句", "第1句", "第2句", "「好」")]
    assert places == sorted(places)


async def test_every_kind_of_reply_arrives_with_all_its_words(customer):
    """But for the figures of a chart, which are in its picture where the platform shows pictures."""
    parts = tuple(part for part, _ in SAMPLES)
    customer.service.dialogue.script = {"全部": TurnAnswer(parts)}
    await customer.say("全部", 1)
    shown = await customer.shown("还款计划.pdf")
    words = [word for _, words in SAMPLES for word in words]
    in_the_picture = set() if customer.capabilities.has_charts else {"第2年", "2.00"}
    if not customer.capabilities.has_captions:
        in_the_picture.add("每年还款")
    assert [word for word in words if word not in shown and word not in in_the_picture] == []


async def test_the_adapter_believes_a_proof_and_reads_what_it_covers(customer, request):
    name = request.node.callspec.params["customer"]
    adapter = customer.service.channels[name]
    proved, unproved, nonsense = customer.requests()
    (arrival,) = adapter.parse(adapter.verify(proved))
    assert isinstance(arrival.content, Text)
    assert arrival.content.text == "你好"
    assert arrival.external_id
    assert arrival.message_id
    with pytest.raises(NotVerified):
        adapter.verify(unproved)
    with pytest.raises(Malformed):
        adapter.parse(adapter.verify(nonsense))
    assert adapter.name == name
    assert adapter.capabilities == customer.capabilities


async def test_messages_of_many_at_once_are_all_kept(customer):
    await asyncio.gather(*(customer.say(f"{number}", number) for number in range(1, 6)))
    async with asyncio.timeout(20):
        while await customers_messages(customer.service) < 5:
            await asyncio.sleep(0.05)
