"""Tells customers what became of their requests; each step of the bank is told once, in the conversation it came from."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from bot.clock import Clock
from bot.conversation.errors import ConversationNotFound
from bot.conversation.model import Message, Sender
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.messages import TextPart, part_to_wire
from bot.servicing.store import ServiceRequestEventRow, ServiceRequestRow
from bot.store.engine import Sessions

log = structlog.get_logger()

BATCH = 50


class RequestNews:
    """Looks for steps that nobody was told yet; message and mark are stored in one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock, words: Words, notifier: Notifier) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._notifier = notifier

    async def tell_due(self) -> int:
        """Tell every step that is not told yet, in their order; how many were told."""
        async with self._sessions() as session:
            due = await session.scalars(
                select(ServiceRequestEventRow.id)
                .where(ServiceRequestEventRow.is_untold)
                .order_by(ServiceRequestEventRow.id)
                .limit(BATCH)
            )
            ids = list(due)
        return sum([await self._tell(event_id) for event_id in ids])

    async def _tell(self, event_id: int) -> bool:
        async with self._sessions.begin() as session:
            event = await session.get(
                ServiceRequestEventRow, event_id, with_for_update=True, populate_existing=True
            )
            if event is None or not event.is_untold:
                return False
            event.is_untold = False
            request = await session.get_one(ServiceRequestRow, event.request_id)
            entries = Log(session)
            try:
                conversation = await entries.get(request.conversation_id)
            except ConversationNotFound:
                log.error("request_news.no_conversation", request=request.request_no)
                return False
            words = self._words.say(
                f"request.news.{event.state}",
                kind=self._words.say(f"request.kind.{request.kind}"),
                request_no=request.request_no,
                note=event.note,
            )
            message: Message = await entries.append(
                conversation, Sender.SYSTEM, (part_to_wire(TextPart(words)),), at=self._clock.now()
            )
        log.info("request_news.told", request=request.request_no, state=event.state)
        await self._notifier.message(message)
        return True
