"""Whoever follows an application hears of each change once, in their conversation, whatever dies between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.progress_news import ProgressNews
from bot.care.service import Care
from bot.care.wiring import CareWork, make_care
from bot.channels.profile import WEB
from bot.channels.recording import RecordingChannel
from bot.clock import FixedClock
from bot.conversation.notify import Notifier
from bot.conversation.outbox import Outbox
from bot.conversation.store import Log, MessageRow
from bot.knowledge import Phrases, PolicyBook
from bot.messages import QuickReplies, TextPart
from bot.servicing import Servicing, Stage, demo
from bot.servicing.model import Outcome
from bot.servicing.store import ApplicationRow, ProgressSubscriptionRow, StageEventRow
from bot.settings import ROOT
from bot.store.engine import Sessions
from bot.store.vault import Vault

NO, LAST4 = "FX2026110001", "123X"


class Codes:
    """Keeps the last code."""

    last = ""

    async def send(self, *, application_no: str, phone: str, phone_masked: str, code: str) -> None:
        self.last = code


@dataclass
class Room:
    """Servicing beside a conversation that follows the first demonstration application."""

    sessions: Sessions
    clock: FixedClock
    servicing: Servicing
    work: CareWork
    outbox: Outbox
    channel: RecordingChannel
    conversation: str
    codes: Codes

    async def told(self) -> int:
        """Every change is noted and brought; how many were new."""
        noted = await self.work.progress_news.tell_due()
        await self.work.delivery.tell_due()
        return noted

    async def said(self) -> list[str]:
        async with self.sessions() as session:
            rows = await session.scalars(
                select(MessageRow)
                .where(MessageRow.conversation_id == self.conversation)
                .order_by(MessageRow.seq)
            )
            return [part["text"] for row in rows for part in row.parts if part["kind"] == "text"]

    async def passes(self, stage: Stage, outcome: Outcome = Outcome.PASSED) -> None:
        self.clock.advance(minutes=1)
        await self.servicing.record_stage(NO, stage, outcome, self.clock.now())


@pytest.fixture
async def room(sessions: Sessions, clock: FixedClock, words: Phrases) -> Room:
    policy, vault, codes = PolicyBook.load(ROOT / "data" / "knowledge" / "policy"), Vault("secret"), Codes()
    await demo.seed(sessions, clock, vault, policy)
    servicing = Servicing(sessions, clock, vault, codes, None, policy)
    channel = RecordingChannel(WEB, words)
    outbox, notifier = Outbox(sessions, clock, {"web": channel}), Notifier()
    notifier.add(outbox)
    async with sessions.begin() as session:
        conversation = (await Log(session).open("web", "kate", clock.now())).id
    await servicing.begin_verification(conversation, NO, LAST4, "t1")
    await servicing.confirm_code(conversation, NO, codes.last, "t2")
    await servicing.follow(conversation, NO)
    work = make_care(sessions, clock, policy, words, notifier, {}, {})
    return Room(sessions, clock, servicing, work, outbox, channel, conversation, codes)


async def test_nothing_is_told_before_something_happens(room: Room) -> None:
    assert await room.told() == 0
    assert await room.said() == []


async def test_a_stage_that_passed_is_told_once_and_reaches_the_platform(room: Room) -> None:
    await room.passes(Stage.APPROVAL)
    assert await room.told() == 1
    assert await room.told() == 0
    words = "您关注的申请（尾号0001）有新进展：“贷款审批”完成了，现在到了“结果通知”这一步。"
    assert await room.said() == [words]
    while await room.outbox.deliver_due():
        pass
    ((to, parts),) = room.channel.sent
    assert (to, parts[0]) == ("kate", TextPart(words))
    assert isinstance(parts[1], QuickReplies)
    payload = parts[1].options[0].payload
    assert json.loads(payload.removeprefix("/application_status")) == {"application_no": NO}
    async with room.sessions() as session:
        assert await Log(session).was_offered(room.conversation, payload)


async def test_the_same_event_again_is_no_news(room: Room) -> None:
    await room.passes(Stage.APPROVAL)
    await room.told()
    await room.servicing.record_stage(NO, Stage.APPROVAL, Outcome.PASSED, room.clock.now())
    assert await room.told() == 0


async def test_two_steps_at_once_are_told_by_where_they_led(room: Room) -> None:
    await room.passes(Stage.APPROVAL)
    await room.passes(Stage.NOTICE)
    assert await room.told() == 1
    (told,) = await room.said()
    assert "“结果通知”完成了，现在到了“签订合同”" in told


async def test_a_process_that_dies_before_the_commit_has_noted_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.passes(Stage.APPROVAL)

    async def dies(*args: object, **kwargs: object) -> None:
        raise ConnectionError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(Care, "tell", dies)
        with pytest.raises(ConnectionError):
            await room.told()
    assert await room.told() == 1
    assert len(await room.said()) == 1


async def test_two_processes_tell_it_once(room: Room) -> None:
    await room.passes(Stage.APPROVAL)
    other = ProgressNews(room.sessions, room.clock, Care(room.clock))
    async with room.sessions() as session:
        due = await session.scalar(select(ProgressSubscriptionRow.id))
    assert due is not None
    assert await room.work.progress_news.tell_progress(due)
    assert not await other.tell_progress(due)
    assert await room.work.delivery.tell_due() == 1
    assert len(await room.said()) == 1


async def test_who_follows_it_in_two_conversations_hears_of_it_once(room: Room) -> None:
    async with room.sessions.begin() as session:
        second = (await Log(session).open("web", "kate-at-work", room.clock.now())).id
    await room.servicing.begin_verification(second, NO, LAST4, "t3")
    await room.servicing.confirm_code(second, NO, room.codes.last, "t4")
    await room.servicing.follow(second, NO)
    await room.passes(Stage.APPROVAL)
    assert await room.told() == 1
    async with room.sessions() as session:
        said = await session.scalars(select(MessageRow.conversation_id))
    assert list(said) == [second]


@pytest.mark.parametrize(
    ("outcome", "told"), [(Outcome.REJECTED, "这次没有通过"), (Outcome.WITHDRAWN, "已经撤回")]
)
async def test_an_end_is_told_and_ends_the_following(room: Room, outcome: Outcome, told: str) -> None:
    await room.passes(Stage.APPROVAL, outcome)
    assert await room.told() == 1
    assert told in (await room.said())[0]
    async with room.sessions() as session:
        (row,) = await session.scalars(select(ProgressSubscriptionRow))
    assert row.ended_at == room.clock.now()
    assert await room.servicing.unfollow(room.conversation) == 0


async def test_who_follows_no_more_hears_no_more(room: Room) -> None:
    await room.servicing.unfollow(room.conversation)
    await room.passes(Stage.APPROVAL)
    assert await room.told() == 0


async def test_disbursement_is_good_news(room: Room) -> None:
    for stage in list(Stage)[3:]:
        await room.passes(stage)
    assert await room.told() == 1
    assert "已经放款" in (await room.said())[0]


async def test_where_the_conversation_is_gone_another_of_the_customer_is_told(room: Room) -> None:
    await room.servicing.begin_verification("c_gone", NO, LAST4, "t3")
    await room.servicing.confirm_code("c_gone", NO, room.codes.last, "t4")
    await room.servicing.unfollow(room.conversation)
    await room.servicing.follow("c_gone", NO)
    await room.passes(Stage.APPROVAL)
    assert await room.told() == 1
    assert await room.told() == 0
    assert len(await room.said()) == 1


async def test_a_stage_that_is_reported_late_is_no_news(room: Room) -> None:
    """What followed it was told before."""
    await room.passes(Stage.APPROVAL)
    await room.told()
    async with room.sessions.begin() as session:
        application = await session.scalar(
            select(ApplicationRow.id).where(ApplicationRow.application_no == NO)
        )
        late = StageEventRow(
            application_id=application,
            stage=Stage.VALUATION.value,
            outcome=Outcome.PASSED.value,
            at=room.clock.now() - timedelta(days=3),
        )
        session.add(late)
    assert await room.told() == 0
    assert len(await room.said()) == 1
    await room.passes(Stage.NOTICE)
    assert await room.told() == 1
