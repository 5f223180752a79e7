"""What every channel does, whatever its platform can show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels.ports import Malformed, NotVerified
from bot.conversation.store import MessageRow
from bot.dialogue.ports import TurnAnswer, TurnRequest
from bot.messages import Option, QuickReplies, Text, TextPart
from tests.channels.contract.subjects import SUBJECTS, Newcomer, Subject, opened
from tests.channels.test_degrade import SAMPLES

OFFER = TurnAnswer(
    (QuickReplies((Option("违约金", "/penalty"), Option("流程", "/process")), "您想问的是？"),)
)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Visit:
    """One customer on a service that others used before."""

    subject: Subject
    before: frozenset[str]  #: the conversations that were there already

    def __getattr__(self, name: str) -> Any:
        return getattr(self.subject, name)

    def asked(self) -> list[TurnRequest]:
        """What the bot was asked by this customer."""
        asked = self.subject.service.dialogue.asked
        return [request for request in asked if request.conversation_id not in self.before]

    async def kept(self) -> int:
        """How many of this customer's messages are in the log."""
        async with self.subject.service.sessions() as session:
            rows = select(func.count()).where(
                MessageRow.sender == "customer", MessageRow.conversation_id.not_in(self.before)
            )
            return await session.scalar(rows) or 0


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=SUBJECTS)
async def newcomer(request, tmp_path_factory) -> AsyncIterator[Newcomer]:
    async with opened(request.param, tmp_path_factory.mktemp(request.param)) as one_after_the_other:
        yield one_after_the_other


@pytest_asyncio.fixture(loop_scope="module")
async def customer(newcomer) -> AsyncIterator[Visit]:
    async with newcomer() as one:
        service = one.service
        service.dialogue.script = {}
        async with service.sessions() as session:
            ids = frozenset(await session.scalars(select(MessageRow.conversation_id).distinct()))
        yield Visit(one, ids)


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
    assert [one.text for one in customer.asked()] == ["提前还款", "再见"]


async def test_a_button_comes_back_as_its_payload(customer):
    customer.service.dialogue.script = {"提前还款": OFFER}
    await customer.say("提前还款", 1)
    await customer.shown("违约金")
    await customer.press("违约金", "/penalty", 2)
    await customer.shown("「/penalty」")
    assert customer.asked()[-1].payload == "/penalty"


async def test_what_was_never_offered_is_refused_in_words_and_not_kept(customer):
    assert "失效" in await customer.press_unknown()
    assert await customer.kept() == 0


async def test_a_text_that_is_too_long_is_refused_in_words_and_not_kept(customer):
    assert "太长" in await customer.say_too_much()
    assert await customer.kept() == 0


async def test_what_the_channel_cannot_read_asks_the_bot_nothing(customer):
    await customer.send_unsupported()
    await customer.say("你好", 1)
    await customer.shown("「你好」")
    assert [one.text for one in customer.asked()] == ["你好"]


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
    name = request.node.callspec.params["newcomer"]
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
    async with asyncio.timeout(60):
        while await customer.kept() < 5:
            await asyncio.sleep(0.05)


def bodies_like(sample: bytes) -> list[bytes]:
    """Anything at all, and the sample with anything somewhere in it."""
    drawn: list[bytes] = []
    anything = st.one_of(st.binary(max_size=60), st.text(max_size=30).map(str.encode))
    places = st.integers(0, len(sample))

    @settings(max_examples=40, deadline=None, database=None, derandomize=True)
    @given(anything, places, places, st.booleans())
    def draw(body, begin, end, is_alone):
        drawn.append(body if is_alone else sample[:begin] + body + sample[max(begin, end) :])

    draw()
    return drawn


async def test_no_body_makes_it_stumble_and_nothing_unproved_is_kept(customer):
    """The last one here, for what is said in the platform's name may come to anything."""
    bodies = bodies_like(customer.sample())
    refused = {await customer.throw(body, is_proved=False) for body in (*bodies, customer.sample())}
    assert refused <= {400, 401, 403, 422}
    assert (await customer.kept(), customer.asked()) == (0, [])
    assert max([await customer.throw(body, is_proved=True) for body in bodies]) < 500
