"""Promises to a customer, made and kept at the desk: a call back, a written plan."""

from __future__ import annotations

import structlog

from bot.clock import Clock
from bot.conversation.handover import Change, Handover
from bot.handoff.clocks import Promise
from bot.handoff.model import Agent
from bot.handoff.store import Promised
from bot.servicing.store import AuditEventRow

log = structlog.get_logger()

MOST_LISTED = 200
#: What an agent may promise by hand; the other clocks start by themselves.
BY_HAND = frozenset({Promise.CALL_BACK, Promise.WRITTEN_PLAN})


class Promising:
    """What the desk promises; each promise is audited when it is made and when it is kept."""

    def __init__(self, handover: Handover, clock: Clock) -> None:
        self._handover = handover
        self._clock = clock

    async def make(self, conversation_id: str, agent: Agent, kind: Promise, note: str) -> Promised:
        """Promise it; while the same is promised already, that promise stands."""
        if kind not in BY_HAND:
            raise ValueError(f"{kind.value} is not promised by hand")
        async with self._handover.change() as work:
            await work.log.get(conversation_id)
            is_new = not await work.promises.has_open(conversation_id, kind)
            promised = await work.promises.make(
                conversation_id, kind, f"agent:{agent.id}", note, self._clock.now()
            )
            if is_new:
                self._audit(work, agent, "promise.made", promised)
        return promised

    async def keep(self, promise_id: str, agent: Agent, note: str) -> Promised:
        """The contact was made, the plan was sent; the note says how."""
        async with self._handover.change() as work:
            kept = await work.promises.keep(promise_id, f"agent:{agent.id}", note, self._clock.now())
            self._audit(work, agent, "promise.kept", kept)
        return kept

    async def of(self, conversation_id: str) -> list[Promised]:
        """A conversation's promises, oldest first."""
        async with self._handover.change() as work:
            await work.log.get(conversation_id)
            return list(await work.promises.of(conversation_id))

    async def open(self) -> list[Promised]:
        """What is yet to be kept, oldest first."""
        async with self._handover.change() as work:
            return list(await work.promises.open(MOST_LISTED))

    def _audit(self, work: Change, agent: Agent, action: str, promised: Promised) -> None:
        detail = {"kind": promised.kind.value, "conversation": promised.conversation_id}
        work.session.add(
            AuditEventRow(
                at=self._clock.now(),
                actor=f"agent:{agent.id}",
                action=action,
                subject=f"promise:{promised.id}",
                detail=detail,
            )
        )
        log.info(action, promise=promised.id, agent=agent.id, kind=promised.kind.value)
