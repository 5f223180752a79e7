"""Who somebody is on a channel stays proved for a set time, and ends on a word."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.conversation.store import ConversationRow, Log
from bot.messages.ids import new_id
from bot.servicing import Servicing
from bot.servicing.errors import NotVerified
from bot.servicing.identity_rules import ProvedBy
from bot.servicing.store import ApplicationRow, AuditEventRow, ChannelIdentityRow
from bot.store.engine import Sessions
from tests.servicing.conftest import LAST4, NO, RememberedCodes

OTHER_NO = "FX2026110002"


async def opened(sessions: Sessions, clock: FixedClock, channel: str, name: str) -> str:
    async with sessions.begin() as session:
        return (await Log(session).open(channel, name, clock.now())).id


async def verify(servicing: Servicing, codes: RememberedCodes, chat: str, tag: str = "a") -> None:
    await servicing.begin_verification(chat, NO, LAST4, f"{tag}-begin")
    await servicing.confirm_code(chat, NO, codes.last, f"{tag}-confirm")


async def owner_of(sessions: Sessions, number: str) -> int:
    async with sessions() as session:
        owner = await session.scalar(
            select(ApplicationRow.customer_id).where(ApplicationRow.application_no == number)
        )
    assert owner is not None
    return owner


async def test_an_account_stays_verified_for_thirty_days(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes
) -> None:
    chat = await opened(sessions, clock, "telegram", "77")
    await verify(servicing, codes, chat)
    clock.advance(days=30, seconds=-1)
    assert await servicing.is_verified(chat, NO)
    clock.advance(seconds=1)
    assert not await servicing.is_verified(chat, NO)
    with pytest.raises(NotVerified):
        await servicing.progress(chat, NO)


async def test_a_new_conversation_of_the_same_account_needs_no_code(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes
) -> None:
    """The conversation's row was lost or archived; the account is the same person."""
    old = await opened(sessions, clock, "wechat", "openid-1")
    await verify(servicing, codes, old)
    async with sessions.begin() as session:
        (await session.get_one(ConversationRow, old)).external_id = "archived"
        session.add(
            ConversationRow(id=new_id("c"), channel="wechat", external_id="openid-1", created_at=clock.now())
        )
    async with sessions() as session:
        new = await session.scalar(
            select(ConversationRow.id).where(ConversationRow.external_id == "openid-1")
        )
    assert new is not None
    assert await servicing.is_verified(new, NO)


async def test_neither_another_account_nor_another_channel_is_verified(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes
) -> None:
    await verify(servicing, codes, await opened(sessions, clock, "telegram", "77"))
    for channel, name in (("telegram", "78"), ("wechat", "77")):
        assert not await servicing.is_verified(await opened(sessions, clock, channel, name), NO)


async def test_a_browser_is_remembered_no_longer_than_a_conversation(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes
) -> None:
    chat = await opened(sessions, clock, "web", "visitor")
    await verify(servicing, codes, chat)
    clock.advance(minutes=30, seconds=-1)
    assert await servicing.is_verified(chat, NO)
    clock.advance(seconds=1)
    assert not await servicing.is_verified(chat, NO)


async def test_prove_makes_an_account_speak_for_one_customer_at_a_time(
    servicing: Servicing, sessions: Sessions, clock: FixedClock
) -> None:
    chat = await opened(sessions, clock, "wechat", "openid-1")
    for number, other in ((NO, OTHER_NO), (OTHER_NO, NO)):
        await servicing.prove("wechat", "openid-1", await owner_of(sessions, number), ProvedBy.OAUTH)
        assert await servicing.own_applications(chat) == (number,)
        assert not await servicing.is_verified(chat, other)
    async with sessions() as session:
        rows = (await session.scalars(select(ChannelIdentityRow))).all()
        events = (await session.scalars(select(AuditEventRow.action))).all()
    assert [(row.proved_by, row.valid_until) for row in rows] == [("oauth", rows[0].valid_until)]
    assert list(events) == ["identity.proved", "identity.proved"]


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_the_customer_can_be_forgotten_and_prove_themselves_again(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes, channel: str
) -> None:
    chat = await opened(sessions, clock, channel, "77")
    assert not await servicing.forget_identity(chat)
    await verify(servicing, codes, chat)
    assert await servicing.forget_identity(chat)
    assert not await servicing.is_verified(chat, NO)
    assert await servicing.loan_on_record(chat) is None
    assert not await servicing.forget_identity(chat)
    clock.advance(minutes=1)
    await verify(servicing, codes, chat, "again")
    assert await servicing.is_verified(chat, NO)


async def test_a_forgotten_customer_needs_a_code_that_was_not_used(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    """Also where no channel opened the conversation."""
    await verify(servicing, codes, "console")
    assert await servicing.forget_identity("console")
    assert await servicing.own_applications("console") == ()
