"""Puts the proactive messages together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.care.delivery import Delivery
from bot.care.progress_news import ProgressNews
from bot.care.record import NoticeRecord
from bot.care.reminders import Reminders
from bot.care.request_news import RequestNews
from bot.care.rounds import tell_for_ever
from bot.care.service import Care
from bot.clock import Clock
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.reach import Reachable, Templates
from bot.handoff.ports import Policy
from bot.store.engine import Sessions


@dataclass(frozen=True)
class CareWork:
    """The made collaborators, each with its own round."""

    care: Care
    progress_news: ProgressNews
    request_news: RequestNews
    reminders: Reminders
    delivery: Delivery
    record: NoticeRecord  #: for the desk

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as rounds:
            for news in (self.progress_news, self.request_news, self.reminders, self.delivery):
                rounds.create_task(tell_for_ever(news))


def make_care(
    sessions: Sessions,
    clock: Clock,
    policy: Policy,
    words: Words,
    notifier: Notifier,
    platforms: Mapping[str, Reachable],
    templates: Mapping[str, Templates],
) -> CareWork:
    """``platforms``: the channels with rules of their own; ``templates``: those that send filled-in forms."""
    care = Care(clock)
    return CareWork(
        care=care,
        progress_news=ProgressNews(sessions, clock, care),
        request_news=RequestNews(sessions, care),
        reminders=Reminders(sessions, clock, policy, care),
        delivery=Delivery(sessions, clock, policy, words, notifier, platforms, templates),
        record=NoticeRecord(words),
    )
