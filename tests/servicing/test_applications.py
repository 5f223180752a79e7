"""What a verified customer may see: their own applications, what is wanted for them, and who has to act."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.servicing import Servicing, Stage
from bot.servicing.applications import wanted_documents
from bot.servicing.errors import NotVerified
from bot.servicing.following import Followed
from bot.servicing.model import ApplicationState, DocumentKind, Lack, Outcome, Party, Refusal, WantedDocument
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    DocumentRow,
    ProgressSubscriptionRow,
    StageEventRow,
)
from bot.store.engine import Sessions
from tests.servicing.conftest import CHAT, LAST4, NO, RememberedCodes

TODAY = date(2026, 11, 24)
TWO = ("FX2026110102", "9764", "FX2026110103")  #: a customer with two applications
STRANGER = "FX2026110002"


async def verify(servicing: Servicing, codes: RememberedCodes, no: str, last4: str, chat: str = CHAT) -> None:
    await servicing.begin_verification(chat, no, last4, f"{chat}{no}1")
    await servicing.confirm_code(chat, no, codes.last, f"{chat}{no}2")


def document(kind: DocumentKind, state: str, **more: object) -> DocumentRow:
    return DocumentRow(kind=kind.value, state=state, **{"is_required": True, **more})


def test_missing_refused_and_expired_documents_are_wanted() -> None:
    rows = [
        document(DocumentKind.STATEMENT, "missing"),
        document(DocumentKind.PROOF, "refused", reason="没有盖章"),
        document(DocumentKind.IDENTITY, "accepted", valid_until=date(2026, 11, 23)),
        document(DocumentKind.HOUSEHOLD_BOOK, "accepted", valid_until=TODAY),
        document(DocumentKind.MARRIAGE, "received"),
        document(DocumentKind.BUSINESS, "missing", is_required=False),
    ]
    assert wanted_documents(rows, TODAY) == (
        WantedDocument(DocumentKind.STATEMENT, Lack.MISSING),
        WantedDocument(DocumentKind.PROOF, Lack.REFUSED, "没有盖章"),
        WantedDocument(DocumentKind.IDENTITY, Lack.EXPIRED, expired_on=date(2026, 11, 23)),
    )


def test_a_new_copy_settles_the_refused_one() -> None:
    rows = [document(DocumentKind.PROOF, "refused"), document(DocumentKind.PROOF, "received")]
    assert wanted_documents(rows, TODAY) == ()


async def test_wanted_documents_are_told_and_the_customer_has_to_act(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    await verify(servicing, codes, "FX2026110002", "2016")
    told = await servicing.progress(CHAT, "FX2026110002")
    assert told.wanted == (
        WantedDocument(DocumentKind.STATEMENT, Lack.MISSING),
        WantedDocument(DocumentKind.PROOF, Lack.REFUSED),
    )
    assert told.waits_for is Party.CUSTOMER


@pytest.mark.parametrize(
    ("number", "last4", "party"),
    [(NO, LAST4, Party.BANK), ("FX2026110004", "4032", Party.CUSTOMER), ("FX2026100001", "5040", None)],
)
async def test_without_such_documents_the_stage_says_who_acts(
    servicing: Servicing, codes: RememberedCodes, number: str, last4: str, party: Party | None
) -> None:
    """The contract is the customer's to sign; an ended application waits for nobody."""
    await verify(servicing, codes, number, last4)
    assert (await servicing.progress(CHAT, number)).waits_for is party


async def test_a_rejection_comes_with_its_reason(servicing: Servicing, codes: RememberedCodes) -> None:
    await verify(servicing, codes, "FX2026100002", "6058")
    told = await servicing.progress(CHAT, "FX2026100002")
    assert (told.state, told.refusal) == (ApplicationState.REJECTED, Refusal.INCOME_TOO_LOW)


async def test_a_customer_sees_all_their_applications_and_nobody_elses(
    servicing: Servicing, codes: RememberedCodes
) -> None:
    first, last4, second = TWO
    with pytest.raises(NotVerified):
        await servicing.applications(CHAT)
    await verify(servicing, codes, first, last4)
    assert {brief.application_no for brief in await servicing.applications(CHAT)} == {first, second}
    told = await servicing.progress(CHAT, first)
    assert [brief.application_no for brief in told.others] == [second]
    assert (await servicing.progress(CHAT, second)).current is Stage.MORTGAGE_REGISTRATION
    assert await servicing.is_verified(CHAT, second)
    assert not await servicing.is_verified(CHAT, STRANGER)
    for number in (STRANGER, "FX2099999999", ""):
        with pytest.raises(NotVerified):
            await servicing.progress(CHAT, number)
    with pytest.raises(NotVerified):
        await servicing.progress("conversation-2", second)


async def test_the_others_are_forgotten_with_the_proof(
    servicing: Servicing, codes: RememberedCodes, clock: FixedClock
) -> None:
    first, last4, second = TWO
    await verify(servicing, codes, first, last4)
    clock.advance(minutes=31)
    for asked in (
        servicing.progress(CHAT, second),
        servicing.applications(CHAT),
        servicing.follow(CHAT, first),
    ):
        with pytest.raises(NotVerified):
            await asked


async def subscriptions(sessions: Sessions) -> list[ProgressSubscriptionRow]:
    async with sessions() as session:
        return list(await session.scalars(select(ProgressSubscriptionRow)))


async def test_following_is_one_row_however_often_it_is_wished(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, NO, LAST4)
    assert not (await servicing.progress(CHAT, NO)).is_followed
    assert await servicing.follow(CHAT, NO) is Followed.BEGUN
    assert await servicing.follow(CHAT, NO.lower()) is Followed.ALREADY
    assert (await servicing.progress(CHAT, NO)).is_followed
    (row,) = await subscriptions(sessions)
    async with sessions() as session:
        newest = await session.scalar(
            select(func.max(StageEventRow.id))
            .join(ApplicationRow, ApplicationRow.id == StageEventRow.application_id)
            .where(ApplicationRow.application_no == NO)
        )
    assert row.told_event_id == newest  # what came before is not news
    assert await servicing.unfollow(CHAT) == 1
    assert await servicing.unfollow(CHAT) == 0
    assert not (await servicing.progress(CHAT, NO)).is_followed
    assert await servicing.follow(CHAT, NO) is Followed.BEGUN
    assert len(await subscriptions(sessions)) == 1


async def test_somebody_elses_application_cannot_be_followed(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, NO, LAST4)
    with pytest.raises(NotVerified):
        await servicing.follow(CHAT, STRANGER)
    assert await subscriptions(sessions) == []


async def test_what_has_ended_is_not_followed(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, "FX2026100002", "6058")
    assert await servicing.follow(CHAT, "FX2026100002") is Followed.ENDED
    assert await subscriptions(sessions) == []


async def test_following_again_after_an_end_leaves_out_what_happened_between(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions, clock: FixedClock
) -> None:
    await verify(servicing, codes, NO, LAST4)
    await servicing.follow(CHAT, NO)
    await servicing.unfollow(CHAT)
    (before,) = await subscriptions(sessions)
    await servicing.record_stage(NO, Stage.APPROVAL, Outcome.PASSED, clock.now())
    await servicing.follow(CHAT, NO)
    (after,) = await subscriptions(sessions)
    assert after.told_event_id > before.told_event_id


async def test_every_reading_is_noted(
    servicing: Servicing, codes: RememberedCodes, sessions: Sessions
) -> None:
    await verify(servicing, codes, NO, LAST4)
    await servicing.progress(CHAT, NO)
    await servicing.applications(CHAT)
    await servicing.follow(CHAT, NO)
    async with sessions() as session:
        noted = list(
            await session.scalars(
                select(AuditEventRow.action).where(AuditEventRow.actor == f"conversation:{CHAT}")
            )
        )
    assert noted[-4:] == [
        "application.progress_read",
        "customer.applications_read",
        "application.followed",
        "contact.ask",
    ]
