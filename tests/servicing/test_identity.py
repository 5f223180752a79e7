"""The identity check: what opens it, what locks it, and what it never tells."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.servicing import Servicing
from bot.servicing.errors import (
    CodeExpired,
    CodeNotSent,
    IdentityRefused,
    KeyReused,
    NotVerified,
    ServicingError,
    VerificationLocked,
    WrongCode,
)
from bot.servicing.store import AuditEventRow, VerificationAttemptRow, VerificationRow
from bot.store.engine import Sessions
from tests.servicing.conftest import CHAT, KNOWN, LAST4, NO, RememberedCodes

OTHER_NO = "FX2026110002"
OTHER_LAST4 = KNOWN[OTHER_NO].id_last4
UNKNOWN_NO = "FX2099999999"


async def outcomes(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        rows = await session.scalars(select(VerificationAttemptRow).order_by(VerificationAttemptRow.id))
        return [row.outcome for row in rows]


async def verify(
    servicing: Servicing, codes: RememberedCodes, number: str, last4: str, chat: str, tag: str
) -> None:
    await servicing.begin_verification(chat, number, last4, f"{tag}-begin")
    await servicing.confirm_code(chat, number, codes.last, f"{tag}-confirm")


async def refuse(servicing: Servicing, number: str, chat: str, tag: str) -> ServicingError:
    with pytest.raises((IdentityRefused, VerificationLocked)) as caught:
        await servicing.begin_verification(chat, number, "0000", tag)
    return caught.value


async def test_digits_and_code_open_the_application(servicing: Servicing, codes: RememberedCodes) -> None:
    assert not await servicing.is_verified(CHAT, NO)
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    assert not await servicing.is_verified(CHAT, NO)
    number, phone, code = codes.sent[0]
    assert number == NO
    assert phone.startswith("100****")
    assert len(code) == 6
    assert code.isdigit()
    await servicing.confirm_code(CHAT, NO, code, "t2")
    assert await servicing.is_verified(CHAT, NO)


async def test_number_and_digits_are_read_in_any_width_and_case(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await servicing.begin_verification(CHAT, " ｆｘ２０２６ 110001", "123x", "t1")
    await servicing.confirm_code(CHAT, NO, f" {codes.last[:3]} {codes.last[3:]}", "t2")
    assert await servicing.is_verified(CHAT, "fx2026110001")


async def test_verification_holds_for_its_conversation_and_application_only(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    assert not await servicing.is_verified("conversation-2", NO)
    assert not await servicing.is_verified(CHAT, OTHER_NO)
    with pytest.raises(NotVerified):
        await servicing.progress("conversation-2", NO)
    with pytest.raises(NotVerified):
        await servicing.progress(CHAT, OTHER_NO)


async def test_verification_ends_after_its_minutes(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    clock.advance(minutes=29)
    assert await servicing.is_verified(CHAT, NO)
    clock.advance(minutes=1)
    assert not await servicing.is_verified(CHAT, NO)


async def test_an_unknown_number_is_refused_like_wrong_digits(
    servicing: Servicing, sessions: Sessions, codes: RememberedCodes
) -> None:
    wrong = await refuse(servicing, NO, "c1", "t1")
    unknown = await refuse(servicing, UNKNOWN_NO, "c2", "t2")
    assert (type(wrong), str(wrong)) == (type(unknown), str(unknown))
    assert await outcomes(sessions) == ["refused", "refused"]
    assert codes.sent == []


async def test_an_unknown_number_is_locked_like_a_known_one(servicing: Servicing) -> None:
    """Five failures from five conversations lock the number, whether it exists or not."""
    for number in (NO, UNKNOWN_NO):
        for n in range(4):
            assert isinstance(
                await refuse(servicing, number, f"{number}-{n}", f"{number}-{n}"), IdentityRefused
            )
        assert isinstance(await refuse(servicing, number, f"{number}-4", f"{number}-4"), VerificationLocked)
        assert isinstance(await refuse(servicing, number, f"{number}-5", f"{number}-5"), VerificationLocked)


async def test_locks_grow_and_the_right_digits_do_not_open_them(
    servicing: Servicing, clock: FixedClock, codes: RememberedCodes
) -> None:
    for turn, minutes in enumerate((15, 60, 1440, 1440)):
        for n in range(4):
            assert isinstance(await refuse(servicing, NO, CHAT, f"{turn}-{n}"), IdentityRefused)
        locked = await refuse(servicing, NO, CHAT, f"{turn}-4")
        assert isinstance(locked, VerificationLocked)
        assert locked.until == clock.now() + timedelta(minutes=minutes)
        clock.advance(minutes=minutes - 1)
        with pytest.raises(VerificationLocked):
            await servicing.begin_verification(CHAT, NO, LAST4, f"{turn}-right")
        clock.advance(minutes=1)
    await verify(servicing, codes, NO, LAST4, CHAT, "after")


async def test_wrong_digits_unknown_numbers_and_wrong_codes_count_alike(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await refuse(servicing, UNKNOWN_NO, CHAT, "t1")
    await refuse(servicing, NO, CHAT, "t2")
    await servicing.begin_verification(CHAT, NO, LAST4, "t3")
    for left, tag in ((2, "t4"), (1, "t5")):
        with pytest.raises(WrongCode) as wrong:
            await servicing.confirm_code(CHAT, NO, codes.wrong, tag)
        assert wrong.value.left == left
    with pytest.raises(VerificationLocked):
        await servicing.confirm_code(CHAT, NO, codes.wrong, "t6")
    with pytest.raises(VerificationLocked):
        await servicing.confirm_code(CHAT, NO, codes.last, "t7")


async def test_a_code_works_once(servicing: Servicing, codes: RememberedCodes, clock: FixedClock) -> None:
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    clock.advance(minutes=31)
    with pytest.raises(WrongCode):
        await servicing.confirm_code(CHAT, NO, codes.last, "again")
    assert not await servicing.is_verified(CHAT, NO)


async def test_a_code_from_another_conversation_fails(servicing: Servicing, codes: RememberedCodes) -> None:
    await servicing.begin_verification("c1", NO, LAST4, "t1")
    with pytest.raises(WrongCode):
        await servicing.confirm_code("c2", NO, codes.last, "t2")
    assert not await servicing.is_verified("c2", NO)
    await servicing.confirm_code("c1", NO, codes.last, "t3")


async def test_a_code_for_another_application_fails(servicing: Servicing, codes: RememberedCodes) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    code = codes.last
    await servicing.begin_verification(CHAT, OTHER_NO, OTHER_LAST4, "t2")
    if codes.last != code:
        with pytest.raises(WrongCode):
            await servicing.confirm_code(CHAT, OTHER_NO, code, "t3")
    assert not await servicing.is_verified(CHAT, OTHER_NO)


async def test_only_the_latest_code_works(servicing: Servicing, codes: RememberedCodes) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    first = codes.last
    await servicing.begin_verification(CHAT, NO, LAST4, "t2")
    if codes.last != first:
        with pytest.raises(WrongCode):
            await servicing.confirm_code(CHAT, NO, first, "t3")
    await servicing.confirm_code(CHAT, NO, codes.last, "t4")


async def test_an_old_code_is_expired_and_not_held_against_the_customer(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    clock.advance(minutes=5)
    for n in range(7):
        with pytest.raises(CodeExpired):
            await servicing.confirm_code(CHAT, NO, codes.last, f"old-{n}")
    await verify(servicing, codes, NO, LAST4, CHAT, "new")


async def test_success_forgives_the_failures_on_this_application_only(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await refuse(servicing, UNKNOWN_NO, CHAT, "u1")
    for n in range(3):
        await refuse(servicing, NO, CHAT, f"n{n}")
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    for n in range(3):  # one failure on the unknown number still weighs: 1 + 3 = 4
        assert isinstance(await refuse(servicing, NO, CHAT, f"m{n}"), IdentityRefused)
    assert isinstance(await refuse(servicing, NO, CHAT, "m3"), VerificationLocked)


async def test_guessing_at_others_between_own_successes_is_locked(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    for n in range(4):
        assert isinstance(await refuse(servicing, OTHER_NO, CHAT, f"g{n}"), IdentityRefused)
    await verify(servicing, codes, NO, LAST4, CHAT, "own")
    assert isinstance(await refuse(servicing, "FX2026110003", CHAT, "g4"), VerificationLocked)


async def test_old_failures_are_forgotten(servicing: Servicing, clock: FixedClock) -> None:
    for n in range(4):
        await refuse(servicing, NO, CHAT, f"a{n}")
    clock.advance(hours=24, seconds=1)
    for n in range(4):
        assert isinstance(await refuse(servicing, NO, CHAT, f"b{n}"), IdentityRefused)


async def test_a_repeated_turn_finds_its_own_answer(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    """The same key neither sends a second code nor counts a second failure."""
    for _ in range(3):
        await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    assert len(codes.sent) == 1
    for _ in range(3):
        with pytest.raises(WrongCode) as wrong:
            await servicing.confirm_code(CHAT, NO, codes.wrong, "t2")
        assert wrong.value.left == 4
    for _ in range(3):
        await servicing.confirm_code(CHAT, NO, codes.last, "t3")
    assert await outcomes(sessions) == ["code_sent", "wrong_code", "verified"]


async def test_a_key_of_another_conversation_opens_nothing(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    with pytest.raises(KeyReused):
        await servicing.confirm_code("conversation-2", NO, codes.last, "a-confirm")
    assert not await servicing.is_verified("conversation-2", NO)


async def test_concurrent_failures_are_all_counted(servicing: Servicing, sessions: Sessions) -> None:
    """Twelve guesses at once: five are looked at, the fifth locks, the rest meet the lock."""
    caught = await asyncio.gather(
        *(servicing.begin_verification(f"c{n}", NO, "0000", f"t{n}") for n in range(12)),
        return_exceptions=True,
    )
    kinds = [type(error) for error in caught]
    assert kinds.count(IdentityRefused) == 4
    assert kinds.count(VerificationLocked) == 8
    assert sorted(await outcomes(sessions)) == ["locked"] * 7 + ["refused"] * 5


async def test_one_code_confirmed_twice_at_once_counts_once(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    caught = await asyncio.gather(
        *(servicing.confirm_code(CHAT, NO, codes.last, f"x{n}") for n in range(3)), return_exceptions=True
    )
    assert sorted(type(error).__name__ for error in caught) == ["NoneType", "WrongCode", "WrongCode"]
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(VerificationRow)) == 1


async def test_one_turn_delivered_twice_at_once_sends_one_code(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await asyncio.gather(*(servicing.begin_verification(CHAT, NO, LAST4, "t1") for _ in range(4)))
    assert len(codes.sent) == 1


async def test_only_so_many_codes_are_sent_in_an_hour(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    begun = clock.now()
    for n in range(5):
        await servicing.begin_verification(f"c{n}", NO, LAST4, f"t{n}")
        clock.advance(minutes=1)
    with pytest.raises(VerificationLocked) as locked:
        await servicing.begin_verification(CHAT, NO, LAST4, "t5")
    assert locked.value.until == begun + timedelta(hours=1)
    assert len(codes.sent) == 5


async def test_a_code_that_could_not_be_sent_is_void_and_free(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    codes.is_broken = True
    for _ in range(2):
        with pytest.raises(CodeNotSent):
            await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    codes.is_broken = False
    assert await outcomes(sessions) == ["not_sent"]
    await verify(servicing, codes, NO, LAST4, CHAT, "a")


async def test_every_attempt_leaves_an_audit_event(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await refuse(servicing, UNKNOWN_NO, CHAT, "t0")
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    await servicing.progress(CHAT, NO)
    async with sessions() as session:
        events = list(await session.scalars(select(AuditEventRow).order_by(AuditEventRow.id)))
    assert [event.action for event in events] == [
        "verification.refused",
        "verification.code_sent",
        "verification.verified",
        "application.progress_read",
    ]
    assert {event.actor for event in events} == {f"conversation:{CHAT}"}


async def test_neither_code_nor_digits_are_stored_in_the_clear(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "t1")
    async with sessions() as session:
        row = await session.scalar(select(VerificationRow))
        attempt = await session.scalar(select(VerificationAttemptRow))
    assert row is not None
    assert attempt is not None
    stored = [str(value) for value in (*vars(row).values(), *vars(attempt).values())]
    assert not any(value == codes.last or LAST4 in value for value in stored)
