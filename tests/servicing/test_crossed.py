"""A conversation can never read another customer's record: crossed numbers, replayed codes, guessing."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from bot.clock import FixedClock
from bot.conversation.store import Log
from bot.servicing import Servicing
from bot.servicing.errors import (
    CodeExpired,
    IdentityRefused,
    NotVerified,
    ServicingError,
    VerificationLocked,
    WrongCode,
)
from bot.servicing.identity import id_last4_hash
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    CustomerRow,
    VerificationAttemptRow,
    VerificationGuardRow,
    VerificationRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault
from tests.servicing.conftest import CHAT, KNOWN, LAST4, NO, RememberedCodes

OTHER_NO = "FX2026110002"
OTHER_LAST4 = KNOWN[OTHER_NO].id_last4
UNKNOWN_PHONE, UNKNOWN_NO = "10099999999", "FX2099999999"


async def verify(
    servicing: Servicing, codes: RememberedCodes, named: str, last4: str, chat: str, tag: str
) -> None:
    await servicing.begin_verification(chat, named, last4, f"{tag}-begin")
    await servicing.confirm_code(chat, named, codes.last, f"{tag}-confirm")


async def refused(servicing: Servicing, named: str, last4: str, chat: str, tag: str) -> tuple[type, str]:
    with pytest.raises(ServicingError) as caught:
        await servicing.begin_verification(chat, named, last4, tag)
    return type(caught.value), str(caught.value)


async def two_applications(sessions: Sessions) -> tuple[list[str], CustomerRow]:
    """A customer with more than one application, and their numbers."""
    async with sessions() as session:
        several = await session.scalar(
            select(ApplicationRow.customer_id)
            .group_by(ApplicationRow.customer_id)
            .having(func.count() > 1)
            .limit(1)
        )
        numbers = await session.scalars(
            select(ApplicationRow.application_no).where(ApplicationRow.customer_id == several)
        )
        return sorted(numbers), await session.get_one(CustomerRow, several)


async def test_phone_and_digits_open_every_application_of_the_customer_and_no_other(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions, vault: Vault
) -> None:
    numbers, customer = await two_applications(sessions)
    phone = vault.decrypt(customer.phone_encrypted)
    last4 = vault.decrypt(customer.id_number_encrypted)[-4:]
    await verify(servicing, codes, f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}", last4, CHAT, "a")
    assert sorted(await servicing.own_applications(CHAT)) == numbers
    for number in numbers:
        assert await servicing.is_verified(CHAT, number)
        assert (await servicing.progress(CHAT, number)).application_no == number
    assert not await servicing.is_verified(CHAT, NO)
    with pytest.raises(NotVerified):
        await servicing.progress(CHAT, NO)


async def test_one_application_proved_opens_the_customers_others(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions, vault: Vault
) -> None:
    numbers, customer = await two_applications(sessions)
    last4 = vault.decrypt(customer.id_number_encrypted)[-4:]
    await verify(servicing, codes, numbers[0], last4, CHAT, "a")
    assert await servicing.is_verified(CHAT, numbers[1])


async def test_wrong_digits_unknown_phone_and_unknown_number_are_told_and_counted_alike(
    servicing: Servicing, sessions: Sessions, phone_of_customer: str, codes: RememberedCodes
) -> None:
    """Each four times from new conversations, then a fifth that locks: no answer tells one from another."""
    told = {}
    for which, claim in enumerate((NO, UNKNOWN_NO, phone_of_customer, UNKNOWN_PHONE)):
        answers = [
            await refused(servicing, claim, "0000", f"c{which}-{n}", f"t{which}-{n}") for n in range(6)
        ]
        told[claim] = [(kind, words) for kind, words in answers]
        assert [kind for kind, _ in answers] == [IdentityRefused] * 4 + [VerificationLocked] * 2
    assert len({tuple(answers) for answers in told.values()}) == 1
    assert codes.sent == []
    async with sessions() as session:
        rows = (await session.scalars(select(VerificationAttemptRow))).all()
        audited = (await session.scalars(select(AuditEventRow))).all()
        guards = (await session.scalars(select(VerificationGuardRow.subject))).all()
    assert len(rows) == len(audited) == 24
    kept = [*(row.claim for row in rows), *(each.subject for each in audited), *guards]
    assert not any(phone_of_customer in text or UNKNOWN_PHONE in text for text in kept)


async def test_an_unknown_claim_costs_as_many_statements_as_a_known_one(
    servicing: Servicing, sessions: Sessions, phone_of_customer: str, clock: FixedClock
) -> None:
    """The same work is the same time, as far as a program can promise it."""
    seen: list[str] = []
    engine = sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2].split(" ")[0]))
    work = []
    for n, claim in enumerate((NO, UNKNOWN_NO, phone_of_customer, UNKNOWN_PHONE)):
        clock.advance(minutes=1)
        seen.clear()
        await refused(servicing, claim, "0000", f"c{n}", f"t{n}")
        work.append(list(seen))
    assert work[0] == work[1]
    assert work[2] == work[3]


async def test_numbers_and_phone_cannot_be_crossed(
    servicing: Servicing, codes: RememberedCodes, phone_of_customer: str
) -> None:
    """A's number with B's digits, A's phone with B's digits, A's code for B's number."""
    assert (await refused(servicing, NO, OTHER_LAST4, CHAT, "a"))[0] is IdentityRefused
    assert (await refused(servicing, phone_of_customer, OTHER_LAST4, CHAT, "b"))[0] is IdentityRefused
    await servicing.begin_verification(CHAT, NO, LAST4, "c")
    with pytest.raises(WrongCode):
        await servicing.confirm_code(CHAT, OTHER_NO, codes.last, "d")
    assert await servicing.own_applications(CHAT) == ()


async def test_whoever_proves_somebody_else_is_no_longer_the_first(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    """A couple at one phone: a conversation speaks for one customer at a time."""
    await verify(servicing, codes, NO, LAST4, CHAT, "a")
    clock.advance(minutes=1)
    await verify(servicing, codes, OTHER_NO, OTHER_LAST4, CHAT, "b")
    assert await servicing.is_verified(CHAT, OTHER_NO)
    assert not await servicing.is_verified(CHAT, NO)


async def test_a_couple_with_one_phone_are_told_apart_by_their_digits(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions, vault: Vault, phone_of_customer: str
) -> None:
    async with sessions.begin() as session:
        partner = await session.scalar(
            select(CustomerRow)
            .join(ApplicationRow, ApplicationRow.customer_id == CustomerRow.id)
            .where(ApplicationRow.application_no == OTHER_NO)
        )
        assert partner is not None
        partner.phone_hash = vault.keyed_hash(phone_of_customer)
        partner.phone_encrypted = vault.encrypt(phone_of_customer)
    await verify(servicing, codes, phone_of_customer, OTHER_LAST4, CHAT, "a")
    assert await servicing.own_applications(CHAT) == (OTHER_NO,)
    assert not await servicing.is_verified(CHAT, NO)


async def test_two_with_one_phone_and_the_same_digits_prove_nobody(
    servicing: Servicing, sessions: Sessions, vault: Vault, phone_of_customer: str
) -> None:
    async with sessions.begin() as session:
        twin = await session.scalar(
            select(CustomerRow)
            .join(ApplicationRow, ApplicationRow.customer_id == CustomerRow.id)
            .where(ApplicationRow.application_no == OTHER_NO)
        )
        assert twin is not None
        twin.phone_hash = vault.keyed_hash(phone_of_customer)
        twin.id_last4_hash = id_last4_hash(vault, twin.id_number_hash, LAST4)
    assert (await refused(servicing, phone_of_customer, LAST4, CHAT, "a"))[0] is IdentityRefused


async def test_a_code_is_good_for_its_conversation_claim_and_once(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock, phone_of_customer: str
) -> None:
    """Somebody else's conversation, the same customer's other claim, a second time, and after a newer code."""
    await servicing.begin_verification("mine", NO, LAST4, "a")
    first = codes.last
    for n, (chat, claim) in enumerate((("thief", NO), ("mine", phone_of_customer))):
        with pytest.raises(WrongCode):
            await servicing.confirm_code(chat, claim, first, f"b{n}")
    await servicing.begin_verification("mine", phone_of_customer, LAST4, "c")
    with pytest.raises(WrongCode):  # the newer code, though for another claim, ended the older one
        await servicing.confirm_code("mine", NO, first, "d")
    await servicing.confirm_code("mine", phone_of_customer, codes.last, "e")
    with pytest.raises(WrongCode):
        await servicing.confirm_code("mine", phone_of_customer, codes.last, "f")
    assert not await servicing.is_verified("thief", NO)


async def test_codes_cannot_be_guessed(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    """Five wrong codes lock; when the lock ends the code has expired."""
    await servicing.begin_verification(CHAT, NO, LAST4, "a")
    for n in range(4):
        with pytest.raises(WrongCode) as wrong:
            await servicing.confirm_code(CHAT, NO, codes.wrong, f"b{n}")
        assert wrong.value.left == 4 - n
    with pytest.raises(VerificationLocked):
        await servicing.confirm_code(CHAT, NO, codes.wrong, "b4")
    clock.advance(minutes=15)
    with pytest.raises(CodeExpired):
        await servicing.confirm_code(CHAT, NO, codes.last, "c")


async def test_a_code_guessed_at_from_many_conversations_locks_the_customer(
    servicing: Servicing, codes: RememberedCodes, phone_of_customer: str
) -> None:
    """Knowing the digits, somebody begins anew in five conversations and by both claims: five guesses in all."""
    for n in range(5):
        claim = (NO, phone_of_customer)[n % 2]
        await servicing.begin_verification(f"c{n}", claim, LAST4, f"a{n}")
        with pytest.raises((WrongCode, VerificationLocked)):
            await servicing.confirm_code(f"c{n}", claim, codes.wrong, f"b{n}")
    with pytest.raises(VerificationLocked):
        await servicing.begin_verification("c9", NO, LAST4, "c")


async def test_guessing_until_the_lock_ends_what_was_proved(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions, clock: FixedClock
) -> None:
    async with sessions.begin() as session:
        chat = (await Log(session).open("telegram", "77", clock.now())).id
    await verify(servicing, codes, NO, LAST4, chat, "a")
    for n in range(5):
        await refused(servicing, UNKNOWN_NO, "0000", chat, f"b{n}")
    assert not await servicing.is_verified(chat, NO)
    with pytest.raises(NotVerified):
        await servicing.progress(chat, NO)


@pytest.mark.parametrize(
    "named",
    [
        "' OR 1=1 --",
        "FX2026110001' --",
        "%",
        "*",
        "FX202611000_",
        "",
        "phone:",
        "phone:" + "0" * 64,
        "FX" * 500,
    ],
)
async def test_nothing_written_in_place_of_a_number_finds_anybody(
    servicing: Servicing, codes: RememberedCodes, named: str
) -> None:
    assert (await refused(servicing, named, LAST4, CHAT, "a"))[0] is IdentityRefused
    assert not await servicing.is_verified(CHAT, named)
    assert codes.sent == []


@pytest.mark.parametrize("digits", ["", "%", "____", "123", "123XX", "１２３", "0" * 64])
async def test_nothing_written_in_place_of_the_digits_matches(servicing: Servicing, digits: str) -> None:
    assert (await refused(servicing, NO, digits, CHAT, "a"))[0] is IdentityRefused


@pytest.mark.parametrize("code", ["", "0" * 64, "000000000000", "None", "%"])
async def test_nothing_written_in_place_of_the_code_matches(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions, code: str
) -> None:
    await servicing.begin_verification(CHAT, NO, LAST4, "a")
    with pytest.raises(WrongCode):
        await servicing.confirm_code(CHAT, NO, code, "b")
    async with sessions() as session:
        assert await session.scalar(select(VerificationRow.code_used_at)) is None
