"""The day's round: what comes up for those who asked or follow, each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.care.reminders import JOB, ROUND_LEASE, Reminders
from bot.care.service import Care
from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.clock import FixedClock, china_date
from bot.conversation.store import Log
from bot.knowledge import PolicyBook
from bot.servicing import demo
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.contact import ContactWish, ContactWishes, NoticeKind, Wish
from bot.servicing.identity_rules import ProvedBy
from bot.servicing.model import DocumentState
from bot.servicing.store import ApplicationRow, DocumentRow, LoanRow, ProgressSubscriptionRow
from bot.store.engine import Sessions
from bot.store.leases import LeaseRow
from bot.store.vault import Vault

LOAN = "FX2024050001"
OPEN = "FX2026110002"  #: some of its documents are missing


@dataclass
class Bank:
    """The demonstration records, and the round."""

    sessions: Sessions
    clock: FixedClock
    policy: PolicyBook
    reminders: Reminders

    async def conversation(self, application_no: str) -> str:
        """One that is proved to be this application's customer's."""
        async with self.sessions.begin() as session:
            conversation = await Log(session).open("telegram", application_no, self.clock.now())
            customer = await session.scalar(
                select(ApplicationRow.customer_id).where(ApplicationRow.application_no == application_no)
            )
            assert customer is not None
            identities = ChannelIdentities(self.clock, self.policy)
            await identities.prove(session, "telegram", application_no, customer, ProvedBy.CODE)
        return conversation.id

    async def asks(self, kind: NoticeKind) -> None:
        conversation = await self.conversation(LOAN)
        async with self.sessions.begin() as session:
            wishes = ContactWishes(self.clock, self.policy)
            await wishes.note(session, conversation, ContactWish(Wish.ASK, kind))

    async def follows(self) -> None:
        conversation = await self.conversation(OPEN)
        async with self.sessions.begin() as session:
            found = await session.scalar(
                select(ApplicationRow.id).where(ApplicationRow.application_no == OPEN)
            )
            session.add(
                ProgressSubscriptionRow(
                    application_id=found,
                    conversation_id=conversation,
                    created_at=self.clock.now(),
                    told_event_id=10_000,
                )
            )

    async def loan(self) -> LoanRow:
        async with self.sessions() as session:
            found = await session.scalar(
                select(LoanRow)
                .join(ApplicationRow, ApplicationRow.id == LoanRow.application_id)
                .where(ApplicationRow.application_no == LOAN)
            )
        assert found is not None
        return found

    async def day(self, day: date) -> list[dict]:
        """What the round of a day has told that was not told before."""
        before = len(await self.told())
        self.clock.at += timedelta(days=(day - china_date(self.clock)).days)
        assert await self.reminders.tell_due() == len(await self.told()) - before
        return (await self.told())[before:]

    async def told(self) -> list[dict]:
        async with self.sessions() as session:
            return [row.body for row in await session.scalars(select(NoticeRow).order_by(NoticeRow.id))]


@pytest.fixture
async def bank(sessions: Sessions, clock: FixedClock, policy: PolicyBook) -> Bank:
    await demo.seed(sessions, clock, Vault("secret"), policy)
    return Bank(sessions, clock, policy, Reminders(sessions, clock, policy, Care(clock)))


async def test_nobody_is_reminded_who_did_not_ask(bank: Bank) -> None:
    for number in range(1, 32, 5):
        assert await bank.day(date(2026, 12, number)) == []


async def test_an_instalment_is_told_five_three_and_one_day_ahead(bank: Bank) -> None:
    await bank.asks(NoticeKind.REPAYMENT_DUE)
    loan = await bank.loan()
    due = date(2026, 12, loan.repayment_day)
    told = {left: await bank.day(due - timedelta(days=left)) for left in range(6, -1, -1)}
    assert {left: len(notices) for left, notices in told.items()} == {
        6: 0,
        5: 1,
        4: 0,
        3: 1,
        2: 0,
        1: 1,
        0: 0,
    }
    (first,) = told[5]
    assert (first["kind"], first["due_on"], first["loan_id"]) == ("repayment_due", due.isoformat(), loan.id)
    (next_month,) = await bank.day(date(2027, 1, loan.repayment_day) - timedelta(days=5))
    assert next_month["due_on"] == date(2027, 1, loan.repayment_day).isoformat()


async def test_a_round_that_was_missed_is_made_up_for(bank: Bank) -> None:
    await bank.asks(NoticeKind.REPAYMENT_DUE)
    due = date(2026, 12, (await bank.loan()).repayment_day)
    (told,) = await bank.day(due - timedelta(days=2))
    assert told["days_before"] == 3


async def test_the_repricing_date_is_told_ahead(bank: Bank) -> None:
    await bank.asks(NoticeKind.REPRICING)
    loan = await bank.loan()
    assert loan.repricing_month is not None
    assert loan.repricing_day is not None
    year = 2026 if (loan.repricing_month, loan.repricing_day) > (12, 4) else 2027
    on = date(year, loan.repricing_month, loan.repricing_day)
    assert await bank.day(on - timedelta(days=11)) == []
    (told,) = await bank.day(on - timedelta(days=10))
    assert (told["kind"], told["repricing_date"]) == ("repricing", on.isoformat())


async def test_followers_hear_of_what_is_missing_and_of_what_runs_out(bank: Bank) -> None:
    await bank.follows()
    today = china_date(bank.clock)
    async with bank.sessions.begin() as session:
        documents = await session.scalars(
            select(DocumentRow).join(ApplicationRow).where(ApplicationRow.application_no == OPEN)
        )
        for document in documents:
            document.changed_at = bank.clock.now()
            document.valid_until = None
            if document.state == DocumentState.ACCEPTED and document.kind == "identity":
                document.valid_until = today + timedelta(days=17)
    assert await bank.day(today + timedelta(days=1)) == []
    missing, expiring = await bank.day(today + timedelta(days=2))
    assert (missing["kind"], set(missing["documents"])) == ("documents_wanted", {"statement", "proof"})
    assert (expiring["document"], expiring["until"]) == (
        "identity",
        (today + timedelta(days=17)).isoformat(),
    )
    assert await bank.day(today + timedelta(days=3)) == []


async def test_two_replicas_tell_once(bank: Bank) -> None:
    await bank.asks(NoticeKind.REPAYMENT_DUE)
    other = Reminders(bank.sessions, bank.clock, bank.policy, Care(bank.clock))
    due = date(2026, 12, (await bank.loan()).repayment_day)
    assert len(await bank.day(due - timedelta(days=2))) == 1
    assert await other.tell_due() == 0


async def test_a_round_that_was_cut_off_is_made_by_another(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bank.asks(NoticeKind.REPAYMENT_DUE)
    due = date(2026, 12, (await bank.loan()).repayment_day)
    bank.clock.at += timedelta(days=(due - china_date(bank.clock)).days - 2)

    async def dies(*args: object) -> int:
        raise ConnectionError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(bank.reminders, "remind", dies)
        with pytest.raises(ConnectionError):
            await bank.reminders.tell_due()
    other = Reminders(bank.sessions, bank.clock, bank.policy, Care(bank.clock))
    assert await other.tell_due() == 0
    async with bank.sessions.begin() as session:
        lease = await session.get_one(LeaseRow, JOB)
        lease.until -= ROUND_LEASE
    assert await other.tell_due() == 1


async def test_what_was_told_long_ago_is_forgotten(bank: Bank) -> None:
    await bank.asks(NoticeKind.REPAYMENT_DUE)
    loan = await bank.loan()
    await bank.day(date(2026, 12, loan.repayment_day) - timedelta(days=2))
    async with bank.sessions.begin() as session:
        (notice,) = await session.scalars(select(NoticeRow))
        notice.state, notice.settled_at = "told", bank.clock.now()
        way = {"channel": "telegram", "external_id": "7", "manner": "message", "state": "sent"}
        session.add(NoticeAttemptRow(notice_id=notice.id, at=bank.clock.now(), **way))
    kept = bank.policy.fact("retention.message_days", date(2026, 12, 1)).whole
    bank.clock.advance(days=kept - 1)
    await bank.reminders.tell_due()
    assert "2026-12" in (await bank.told())[0]["due_on"]
    bank.clock.advance(days=2)
    await bank.reminders.tell_due()
    assert not any("2026-12" in told["due_on"] for told in await bank.told())
