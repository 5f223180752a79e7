"""Has customers told when an application that they follow has moved on; each change once.

What is still to be told is read from the rows, and the notice is stored in the transaction that notes it as told:
a process that dies loses nothing and says nothing twice.
"""

from __future__ import annotations

import structlog
from sqlalchemy import Select, select

from bot.care.model import StageChanged
from bot.care.service import Care
from bot.clock import Clock
from bot.servicing.model import ApplicationState, Stage
from bot.servicing.store import ApplicationRow, ProgressSubscriptionRow, StageEventRow
from bot.store.engine import Sessions

log = structlog.get_logger()

BATCH = 50


class ProgressNews:
    """Looks for changes that nobody was told yet, in the order in which they were stored."""

    def __init__(self, sessions: Sessions, clock: Clock, care: Care) -> None:
        self._sessions = sessions
        self._clock = clock
        self._care = care

    async def tell_due(self) -> int:
        """Have every change told that is not told yet; how many there were."""
        async with self._sessions() as session:
            due = (await session.scalars(_due().limit(BATCH))).all()
        return sum([await self.tell_progress(subscription_id) for subscription_id in due])

    async def tell_progress(self, subscription_id: int) -> bool:
        """Have one follower told where the application has come to; False when there is nothing new to tell."""
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
            notice = StageChanged(
                application_no=application.application_no,
                event_id=newest.id,
                state=ApplicationState(application.state),
                passed=Stage(newest.stage),
                stage=Stage(application.stage),
                at=newest.at,
            )
            is_new = await self._care.tell(
                session, application.customer_id, notice, subscription.conversation_id
            )
        log.info("progress_news.noted", application=application.application_no, event_id=newest.id)
        return is_new


def _due() -> Select[int]:
    """Subscriptions with a stage event newer than the last that was told, those begun last first.

    A customer who follows an application in several conversations hears of it once.
    """
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
        .order_by(ProgressSubscriptionRow.created_at.desc(), ProgressSubscriptionRow.id.desc())
    )
