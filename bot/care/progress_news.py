"""Tells conversations that follow an application when it has moved on; each change is told once.

What is still to be told is read from the rows, and the message is stored in the transaction that notes it as told:
a process that dies loses nothing and says nothing twice.
"""

from __future__ import annotations

import json

import structlog
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversation.errors import ConversationNotFound
from bot.conversation.model import Message, Sender
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.messages import Option, QuickReplies, ReplyPart, TextPart, part_to_wire
from bot.servicing.model import ApplicationState
from bot.servicing.store import ApplicationRow, ProgressSubscriptionRow, StageEventRow
from bot.store.engine import Sessions

log = structlog.get_logger()

BATCH = 50
NUMBER_TAIL = 4  #: digits of the application number that are said


class ProgressNews:
    """Looks for changes that nobody was told yet, in the order in which they were stored."""

    def __init__(self, sessions: Sessions, clock: Clock, words: Words, notifier: Notifier) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._notifier = notifier

    async def tell_due(self) -> int:
        """Tell every change that is not told yet; how many conversations heard of one."""
        async with self._sessions() as session:
            due = (await session.scalars(_due().limit(BATCH))).all()
        return sum([await self.tell_progress(subscription_id) for subscription_id in due])

    async def tell_progress(self, subscription_id: int) -> bool:
        """Tell one conversation where the application has come to; False when there is nothing new to tell."""
        async with self._sessions.begin() as session:
            subscription = await session.get(
                ProgressSubscriptionRow, subscription_id, with_for_update=True, populate_existing=True
            )
            if subscription is None or subscription.ended_at is not None:
                return False
            told_at = await session.scalar(
                select(StageEventRow.at).where(StageEventRow.id == subscription.told_event_id)
            )
            events = (
                await session.scalars(
                    select(StageEventRow).where(
                        StageEventRow.application_id == subscription.application_id,
                        StageEventRow.id > subscription.told_event_id,
                    )
                )
            ).all()
            if not events:
                return False
            subscription.told_event_id = max(event.id for event in events)
            newest = max(events, key=lambda event: (event.at, event.id))
            if told_at is not None and newest.at < told_at:
                return False  # came late: what followed it was told already
            application = await session.get_one(ApplicationRow, subscription.application_id)
            if application.state != ApplicationState.IN_PROGRESS:
                subscription.ended_at = self._clock.now()  # nothing more will come
            message = await self._say(session, subscription, application, newest)
        if message is None:
            return False
        log.info(
            "progress_news.told",
            conversation=subscription.conversation_id,
            application=application.application_no,
            event_id=newest.id,
        )
        await self._notifier.message(message)
        return True

    async def _say(
        self,
        session: AsyncSession,
        subscription: ProgressSubscriptionRow,
        application: ApplicationRow,
        newest: StageEventRow,
    ) -> Message | None:
        """The message in the conversation; None when that conversation is gone, which is noted."""
        entries = Log(session)
        try:
            conversation = await entries.get(subscription.conversation_id)
        except ConversationNotFound:
            log.error("progress_news.no_conversation", conversation=subscription.conversation_id)
            subscription.ended_at = self._clock.now()
            return None
        number = application.application_no
        payload = json.dumps({"application_no": number}, ensure_ascii=False)
        parts: tuple[ReplyPart, ...] = (
            TextPart(
                self._words.say(
                    f"progress.news.{application.state}",
                    number=number[-NUMBER_TAIL:],
                    passed=self._words.say(f"progress.stage.{newest.stage}"),
                    stage=self._words.say(f"progress.stage.{application.stage}"),
                )
            ),
            QuickReplies((Option(self._words.say("progress.news.button"), f"/application_status{payload}"),)),
        )
        return await entries.append(
            conversation,
            Sender.SYSTEM,
            tuple(part_to_wire(part) for part in parts),
            at=self._clock.now(),
        )


def _due() -> Select[int]:
    """Subscriptions with a stage event newer than the last that was told."""
    is_newer = (
        select(StageEventRow.id)
        .where(
            StageEventRow.application_id == ProgressSubscriptionRow.application_id,
            StageEventRow.id > ProgressSubscriptionRow.told_event_id,
        )
        .exists()
    )
    return (
        select(ProgressSubscriptionRow.id)
        .where(ProgressSubscriptionRow.ended_at.is_(None), is_newer)
        .order_by(ProgressSubscriptionRow.id)
    )
