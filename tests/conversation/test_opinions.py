"""A thumb on an answer: only on the bot's, the latest counts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.conversation.errors import MessageNotFound
from bot.conversation.model import Sender
from bot.conversation.opinions import Opinions
from bot.conversation.store import Log
from bot.servicing.store import AuditEventRow
from bot.store.engine import Sessions

SAID = ({"kind": "text", "text": "您好", "detail": None},)


@pytest.fixture
async def conversation_id(sessions: Sessions, clock: FixedClock) -> str:
    """The customer spoke first, the bot answered second."""
    async with sessions.begin() as session:
        log = Log(session)
        conversation = await log.open("web", "somebody", clock.now())
        for sender in (Sender.CUSTOMER, Sender.BOT):
            await log.append(conversation, sender, SAID, at=clock.now())
    return conversation.id


async def test_the_latest_thumb_counts_and_a_repeated_one_is_one(
    sessions: Sessions, clock: FixedClock, conversation_id: str
):
    counted: list[bool] = []
    opinions = Opinions(sessions, clock, observe=counted.append)
    for is_helpful in (True, True, False):
        await opinions.take(conversation_id, 2, is_helpful=is_helpful)
    assert await opinions.of(conversation_id) == {2: False}
    assert counted == [True, False]
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(AuditEventRow)) == 2


@pytest.mark.parametrize("seq", [1, 3])
async def test_nothing_but_an_answer_of_the_bots_takes_one(
    sessions: Sessions, clock: FixedClock, conversation_id: str, seq: int
):
    opinions = Opinions(sessions, clock)
    with pytest.raises(MessageNotFound):
        await opinions.take(conversation_id, seq, is_helpful=True)
    with pytest.raises(MessageNotFound):
        await opinions.take("c_other", 2, is_helpful=True)
    assert await opinions.of(conversation_id) == {}
