"""Requests at the desk: the bank's steps, the customer told once, and the clock of a method change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.care.wiring import make_care
from bot.clock import FixedClock
from bot.conversation.notify import Notifier
from bot.conversation.store import Log
from bot.handoff.agents import Agents
from bot.handoff.clocks import Promise, ServiceLevels
from bot.handoff.model import Role
from bot.handoff.request_desk import RequestDesk
from bot.handoff.store import Clocks, Promised, Promises, Subject
from bot.servicing.requests import IllegalStep, RequestKind, Requests
from bot.servicing.requests.model import Step
from bot.store.engine import Sessions


@pytest.fixture
async def submitted(sessions: Sessions, clock: FixedClock, bank, requests: Requests) -> tuple[str, str]:
    """The conversation and the number of a method change that waits for the bank."""
    async with sessions.begin() as session:
        conversation = await Log(session).open("web", "visitor", clock.now())
    await bank.loan()
    await bank.verify(conversation.id)
    draft = await requests.prepare(conversation.id, RequestKind.METHOD_CHANGE, {})
    request = await requests.submit(conversation.id, draft, "turn-1")
    return conversation.id, request.request_no


async def test_each_step_of_the_bank_is_told_once(
    sessions, clock, policy, words, requests, submitted
) -> None:
    conversation_id, number = submitted
    desk = RequestDesk(sessions, clock, policy, requests)
    work = make_care(sessions, clock, policy, words, Notifier(), {}, {})
    news = work.request_news
    agent = await Agents(sessions, clock).set_password("lin", "林晓", Role.AGENT, "correct horse")
    assert [case.request_no for case in await desk.listed(is_open=True)] == [number]
    assert await news.tell_due() == 0  # the customer's own step is no news
    await desk.take(number, agent, Step.ACCEPT, None)
    await desk.take(number, agent, Step.COMPLETE, "下一期起按新方式扣款。")
    assert await news.tell_due() == 2
    assert await news.tell_due() == 0
    assert await work.delivery.tell_due() == 2
    async with sessions() as session:
        told = [message.text for message in await Log(session).since(conversation_id, 0)]
    assert told == [
        f"您申请的改还款方式（编号{number}）已经受理。",
        f"您申请的改还款方式（编号{number}）已经办好。下一期起按新方式扣款。",
    ]
    assert await desk.listed(is_open=True) == []
    with pytest.raises(IllegalStep):
        await desk.take(number, agent, Step.REFUSE, None)


async def test_a_method_change_is_promised_in_24_hours_from_its_submission(
    sessions, clock, policy, requests, submitted
) -> None:
    _conversation_id, number = submitted
    desk = RequestDesk(sessions, clock, policy, requests)
    began = clock.now()
    clock.advance(minutes=20)
    await desk.adopt()
    levels = ServiceLevels.of(policy, began.date())
    async with sessions() as session:
        (kept,) = await Clocks(session, levels).of(Subject.REQUEST, number)
    assert kept.due_at(levels.hours(kept.runs)) == began + timedelta(hours=24)
    await requests.withdraw(_conversation_id, number)
    await desk.adopt()
    async with sessions() as session:
        (kept,) = await Clocks(session, levels).of(Subject.REQUEST, number)
    assert kept.stopped_at is not None


async def test_who_asks_for_relief_is_promised_a_written_plan_once(
    sessions, clock, policy, bank, requests
) -> None:
    """Three staffed hours from the submission; withdrawing ends it, and so does sending it, for good."""
    async with sessions.begin() as session:
        conversation_id = (await Log(session).open("web", "visitor", clock.now())).id
    await bank.loan()
    await bank.verify(conversation_id)
    wish = {"months": 12, "cause": "illness"}
    desk = RequestDesk(sessions, clock, policy, requests)
    began = clock.now()
    draft = await requests.prepare(conversation_id, RequestKind.RELIEF, wish)
    first = await requests.submit(conversation_id, draft, "turn-1")
    clock.advance(minutes=20)
    await desk.adopt()
    await desk.adopt()
    levels = ServiceLevels.of(policy, began.date())
    (promised,) = await _promised(sessions, levels, conversation_id)
    assert (promised.kind, promised.request_no) == (Promise.WRITTEN_PLAN, first.request_no)
    assert promised.clock is not None
    hours = levels.hours(promised.clock.runs)
    assert promised.clock.due_at(hours) == hours.add(began, timedelta(hours=3))
    withdrawn = await requests.withdraw(conversation_id, first.request_no)
    await desk.adopt()
    (kept,) = await _promised(sessions, levels, conversation_id)
    assert kept.kept_at == withdrawn.ended_at

    clock.advance(minutes=5)
    draft = await requests.prepare(conversation_id, RequestKind.RELIEF, wish)
    second = await requests.submit(conversation_id, draft, "turn-2")
    await desk.adopt()
    async with sessions.begin() as session:
        promises = Promises(session, Clocks(session, levels))
        await promises.keep(second.request_no, "agent:lin", "方案已发", clock.now())
    await desk.adopt()
    assert [one.kept_at is None for one in await _promised(sessions, levels, conversation_id)] == [
        False,
        False,
    ]


async def _promised(sessions: Sessions, levels: ServiceLevels, conversation_id: str) -> list[Promised]:
    async with sessions() as session:
        return list(await Promises(session, Clocks(session, levels)).of(conversation_id))
