"""Every limit of the identity check: that it holds, and when it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.conversation.store import ConversationRow, Log
from bot.servicing import Servicing
from bot.servicing.errors import CodeExpired, CodeNotSent, IdentityRefused, NotSentReason, VerificationLocked
from bot.servicing.store import AuditEventRow, VerificationAttemptRow
from bot.store.engine import Sessions
from tests.servicing.conftest import CHAT, KNOWN, LAST4, NO, RememberedCodes

OTHER_NO = "FX2026110002"
OTHER_LAST4 = KNOWN[OTHER_NO].id_last4


async def locked_until(servicing: Servicing, number: str, last4: str, chat: str, tag: str) -> datetime:
    with pytest.raises(VerificationLocked) as caught:
        await servicing.begin_verification(chat, number, last4, tag)
    return caught.value.until


async def at_address(sessions: Sessions, clock: FixedClock, name: str, address: str) -> str:
    """A conversation of a web visitor, seen at an address."""
    async with sessions.begin() as session:
        conversation = await Log(session).open("web", name, clock.now())
        await Log(session).came_from(conversation.id, address)
    return conversation.id


async def test_a_customer_gets_ten_codes_in_a_day(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    """Five an hour at most, so the eleventh meets the day's limit, and may come a day after the first."""
    begun = clock.now()
    for n in range(10):
        await servicing.begin_verification(f"c{n}", NO, LAST4, f"t{n}")
        clock.advance(minutes=20)
    assert await locked_until(servicing, NO, LAST4, CHAT, "t10") == begun + timedelta(hours=24)
    clock.at = begun + timedelta(hours=24, seconds=-1)
    await locked_until(servicing, NO, LAST4, CHAT, "t11")
    clock.advance(seconds=1)
    await servicing.begin_verification(CHAT, NO, LAST4, "t12")
    assert len(codes.sent) == 11


async def test_the_codes_of_a_customer_are_counted_over_all_that_names_them(
    servicing: Servicing, codes: RememberedCodes, phone_of_customer: str
) -> None:
    for n in range(5):
        await servicing.begin_verification(f"c{n}", (NO, phone_of_customer)[n % 2], LAST4, f"t{n}")
    await locked_until(servicing, phone_of_customer, LAST4, CHAT, "t5")
    assert len(codes.sent) == 5


async def test_a_claim_is_looked_at_thirty_times_in_a_day(servicing: Servicing, clock: FixedClock) -> None:
    """Expired codes are no failures, and still are attempts; a number that nobody has meets the same limit."""
    begun = clock.now()
    await servicing.begin_verification(CHAT, NO, LAST4, "t0")
    clock.advance(minutes=5)
    for n in range(29):
        with pytest.raises(CodeExpired):
            await servicing.confirm_code(CHAT, NO, "000000", f"old{n}")
    assert await locked_until(servicing, NO, LAST4, "c2", "t1") == begun + timedelta(hours=24)
    clock.at = begun + timedelta(hours=24)
    await servicing.begin_verification("c2", NO, LAST4, "t2")


async def test_twenty_failures_from_one_address_lock_it_whatever_was_tried(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes
) -> None:
    """Each guess from a new browser at another number; the right digits from elsewhere are not held up."""
    for n in range(19):
        chat = await at_address(sessions, clock, f"visitor{n}", "office")
        with pytest.raises(IdentityRefused):
            await servicing.begin_verification(chat, f"FX20990000{n:02d}", "0000", f"t{n}")
    last = await at_address(sessions, clock, "visitor19", "office")
    until = await locked_until(servicing, "FX2099000019", "0000", last, "t19")
    assert until == clock.now() + timedelta(minutes=15)
    same_office = await at_address(sessions, clock, "visitor20", "office")
    await locked_until(servicing, NO, LAST4, same_office, "t20")
    home = await at_address(sessions, clock, "visitor21", "home")
    await servicing.begin_verification(home, NO, LAST4, "t21")
    clock.advance(minutes=15)
    await servicing.begin_verification(same_office, NO, LAST4, "t22")
    assert len(codes.sent) == 2


async def test_one_address_gets_two_hundred_attempts_in_a_day(
    servicing: Servicing, sessions: Sessions, clock: FixedClock
) -> None:
    begun = clock.now()
    chat = await at_address(sessions, clock, "visitor", "office")
    async with sessions.begin() as session:
        for n in range(200):
            session.add(
                VerificationAttemptRow(
                    key=f"k{n}",
                    conversation_id=f"c{n}",
                    claim=f"FX20990{n:05d}",
                    address_hash="office",
                    step="begin",
                    outcome="code_sent",
                    attempts_left=5,
                    at=begun,
                )
            )
    assert await locked_until(servicing, NO, LAST4, chat, "t0") == begun + timedelta(hours=24)
    clock.advance(hours=24)
    await servicing.begin_verification(chat, NO, LAST4, "t1")


async def test_success_does_not_wash_an_address_clean(
    servicing: Servicing, sessions: Sessions, clock: FixedClock, codes: RememberedCodes
) -> None:
    """Between guesses at others somebody proves themselves: the twentieth guess locks all the same."""
    for n in range(19):
        chat = await at_address(sessions, clock, f"visitor{n}", "office")
        with pytest.raises(IdentityRefused):
            await servicing.begin_verification(chat, f"FX20990000{n:02d}", "0000", f"t{n}")
    own = await at_address(sessions, clock, "own", "office")
    await servicing.begin_verification(own, NO, LAST4, "own-begin")
    await servicing.confirm_code(own, NO, codes.last, "own-confirm")
    chat = await at_address(sessions, clock, "visitor19", "office")
    await locked_until(servicing, "FX2099000019", "0000", chat, "t19")


async def test_a_customer_is_locked_over_all_that_names_them_and_only_the_right_digits_learn_of_it(
    servicing: Servicing, clock: FixedClock, phone_of_customer: str
) -> None:
    """Three failures by number and two by phone lock the customer; whoever guesses on is refused as ever."""
    for n in range(3):
        with pytest.raises(IdentityRefused):
            await servicing.begin_verification(f"a{n}", NO, "0000", f"a{n}")
    for n in range(2):
        with pytest.raises(IdentityRefused):
            await servicing.begin_verification(f"b{n}", phone_of_customer, "0000", f"b{n}")
    with pytest.raises(IdentityRefused):
        await servicing.begin_verification("c", NO, "0001", "c")
    until = await locked_until(servicing, NO, LAST4, "d", "d")
    assert until == clock.now() + timedelta(minutes=15)
    clock.advance(minutes=15)
    await servicing.begin_verification("d", NO, LAST4, "e")


async def test_a_conversation_without_an_address_is_counted_by_itself(
    servicing: Servicing, sessions: Sessions, clock: FixedClock
) -> None:
    """A platform that knows no address has one conversation an account, so the account is what is counted."""
    async with sessions.begin() as session:
        chat = (await Log(session).open("telegram", "77", clock.now())).id
        row = await session.get_one(ConversationRow, chat)
        assert row.address_hash is None
    for n in range(4):
        with pytest.raises(IdentityRefused):
            await servicing.begin_verification(chat, f"FX209900000{n}", "0000", f"t{n}")
    await locked_until(servicing, "FX2099000009", "0000", chat, "t4")
    async with sessions.begin() as session:
        assert (await Log(session).open("telegram", "77", clock.now())).id == chat


async def test_a_message_that_may_have_gone_out_is_void_and_counts(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    """No answer from the gateway: the customer may hold a code, which must not work, and costs one of five."""
    codes.is_broken, codes.broken_by = True, NotSentReason.NO_ANSWER
    for n in range(5):
        with pytest.raises(CodeNotSent) as failed:
            await servicing.begin_verification(f"c{n}", NO, LAST4, f"t{n}")
        assert failed.value.reason is NotSentReason.NO_ANSWER
    codes.is_broken = False
    await locked_until(servicing, NO, LAST4, CHAT, "t5")


async def test_a_failed_sending_is_audited_with_its_reason(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    codes.is_broken, codes.broken_by = True, NotSentReason.NO_BALANCE
    with pytest.raises(CodeNotSent):
        await servicing.begin_verification(CHAT, NO, LAST4, "t")
    async with sessions() as session:
        events = (await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id))).all()
    assert [(event.action, event.detail) for event in events] == [
        ("verification.code_sent", {}),
        ("verification.not_sent", {"reason": "no_balance"}),
    ]
