"""Has customers told what became of their requests; each step of the bank once."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from bot.care.model import RequestChanged
from bot.care.service import Care
from bot.servicing.store import ServiceRequestEventRow, ServiceRequestRow
from bot.store.engine import Sessions

log = structlog.get_logger()

BATCH = 50


class RequestNews:
    """Looks for steps that nobody was told yet; notice and mark are stored in one transaction."""

    def __init__(self, sessions: Sessions, care: Care) -> None:
        self._sessions = sessions
        self._care = care

    async def tell_due(self) -> int:
        """Have every step told that is not told yet, in their order; how many there were."""
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
            notice = RequestChanged(
                event_id=event.id,
                request_no=request.request_no,
                request_kind=request.kind,
                state=event.state,
                note=event.note,
                at=event.at,
            )
            await self._care.tell(session, request.customer_id, notice, request.conversation_id)
        log.info("request_news.noted", request=request.request_no, state=event.state)
        return True
