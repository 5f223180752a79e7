"""Runs the queue: offers tickets to agents, takes them back from those who do not react, and rings the clocks.

Everything it works on is rows, and one process at a time holds the lease: a dead one is followed by another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, or_, select, update

from bot.clock import Clock
from bot.conversation.handover import Change, Handover
from bot.conversation.model import Mode, Sender
from bot.conversation.ports import Words
from bot.conversation.store import MessageRow
from bot.handoff.agents import SIGN_LASTS
from bot.handoff.assignment import DeskRules, Place, choose
from bot.handoff.complaints import ComplaintDesk
from bot.handoff.errors import HandoffError
from bot.handoff.model import Happening, Presence, Priority, Ticket, TicketStatus
from bot.handoff.request_desk import RequestDesk
from bot.handoff.store import AgentRow, Ring, Subject
from bot.knowledge.errors import PolicyError
from bot.messages import TextPart
from bot.messages.ids import new_id
from bot.store.leases import take_lease

log = structlog.get_logger()

EVERY_SECONDS = 1.0
LEASE = timedelta(seconds=10)


async def _nobody(ring: Ring) -> None:
    """Nobody is told."""


class Dispatcher:
    """The queue's own hand."""

    def __init__(
        self,
        handover: Handover,
        complaints: ComplaintDesk,
        requests: RequestDesk,
        clock: Clock,
        words: Words,
        *,
        tell: Callable[[Ring], Awaitable[None]] = _nobody,
    ) -> None:
        self._handover = handover
        self._complaints = complaints
        self._requests = requests
        self._clock = clock
        self._words = words
        self._tell = tell
        self._name = new_id("d")

    async def run(self) -> None:
        """Look after the queue until cancelled; a fault is logged and the next look comes all the same."""
        while True:
            try:
                await self.look()
            except (HandoffError, PolicyError) as exc:
                log.error("dispatch.left_undone", error=str(exc))
            except Exception:
                log.exception("dispatch.fault")
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """One look at the queue, if no other process is at it."""
        async with self._handover.change() as work:
            if not await take_lease(work.session, "dispatch", self._name, LEASE):
                return
        rules = self._handover.rules()
        async with self._handover.change() as work:
            await self._take_back(work, rules)
        async with self._handover.change() as work:
            await self._offer(work, rules)
        async with self._handover.change() as work:
            rings = await self._ring(work)
        await self._complaints.adopt()
        await self._requests.adopt()
        for ring in rings:
            await self._tell(ring)

    async def _take_back(self, work: Change, rules: DeskRules) -> None:
        """Offers that ran out, customers whose agent is gone or silent, and holds whose time is over."""
        now = self._clock.now()
        statuses = (TicketStatus.OFFERED, TicketStatus.ACTIVE, TicketStatus.ON_HOLD)
        for ticket in await work.queue.listed(statuses):
            why = await self._why_back(work, ticket, rules, now)
            if why == "hold_over":
                await self._handover.go_on(work, ticket)
            elif why is not None:
                await self._return(work, ticket, why)

    async def _why_back(self, work: Change, ticket: Ticket, rules: DeskRules, now: datetime) -> str | None:
        agent = await work.session.get(AgentRow, ticket.agent_id, populate_existing=True)
        silent_for = now - agent.seen_at if agent and agent.seen_at else None
        is_away = silent_for is None or silent_for > SIGN_LASTS
        match ticket.status:
            case TicketStatus.OFFERED:
                has_expired = ticket.offer_expires_at is not None and ticket.offer_expires_at <= now
                return "expired" if has_expired else "agent_gone" if is_away else None
            case TicketStatus.ON_HOLD:
                return "hold_over" if ticket.hold_until is not None and ticket.hold_until <= now else None
            case _:
                if is_away and (silent_for is None or silent_for > rules.absence):
                    return "agent_gone"
                waits_since = await _waits_since(work, ticket)
                is_silent = waits_since is not None and now - waits_since > rules.silence
                return "silent" if is_silent else None

    async def _return(self, work: Change, ticket: Ticket, why: str) -> None:
        """Back to the head of the queue; an agent who let an offer run out takes no new ones until they say so."""
        now = self._clock.now()
        back = await work.save(ticket.returned(now))
        was_offered = ticket.status is TicketStatus.OFFERED
        work.queue.note_event(ticket.id, why, now, ticket.agent_id, was_offered=was_offered)
        if why in ("expired", "silent"):
            await work.session.execute(
                update(AgentRow).where(AgentRow.id == ticket.agent_id).values(presence=Presence.AWAY.value)
            )
        if ticket.is_held:
            await work.queue.end_assignment(ticket.id, now)
            conversation = await work.log.get(ticket.conversation_id)
            await work.log.own(conversation.id, Mode.QUEUED, at=now, why=why, ticket_id=ticket.id)
            told = TextPart(self._words.say("conversation.returned"))
            await self._handover.say(work, conversation, told)
            work.moved.add(conversation.id)
        log.info("handoff.returned", ticket=back.id, agent=ticket.agent_id, why=why)

    async def _offer(self, work: Change, rules: DeskRules) -> None:
        """Put waiting tickets to agents, in the queue's order."""
        waiting = await work.queue.listed((TicketStatus.WAITING,))
        if not waiting:
            return
        now = self._clock.now()
        places = await self._places(work, now)
        for ticket in waiting:
            agent = choose(ticket, places.values(), await work.queue.last_agent_of(ticket))
            if agent is None:
                continue
            await work.save(ticket.offered_to(agent, now + rules.offer))
            work.queue.note_event(ticket.id, "offered", now, agent.id)
            place = places[agent.id]
            places[agent.id] = replace(place, load=place.load + 1, idle_since=now)
            await work.session.execute(update(AgentRow).where(AgentRow.id == agent.id).values(idle_since=now))

    async def _places(self, work: Change, now: datetime) -> dict[str, Place]:
        """Who may be offered customers now: online, and within their hours."""
        rows = await work.session.scalars(
            select(AgentRow).where(
                AgentRow.is_enabled,
                AgentRow.presence == Presence.ONLINE.value,
                AgentRow.seen_at > now - SIGN_LASTS,
            )
        )
        staffed = work.levels.staffed
        is_open = staffed is None or staffed.is_open(now)
        online = [row for row in rows if row.as_agent().is_at_work(now, desk_is_open=is_open)]
        load = await work.queue.load_of(row.id for row in online)
        return {row.id: Place(row.as_agent(), load.get(row.id, 0), row.idle_since) for row in online}

    async def _ring(self, work: Change) -> list[Ring]:
        """Mark warnings and breaches; a breached ticket goes to the front of its queue."""
        rings = await work.clocks.ring(self._clock.now())
        for ring in rings:
            work.happened.append(Happening("rang", {"promise": ring.promise, "is_breach": ring.is_breach}))
            log.warning(
                "clock.breached" if ring.is_breach else "clock.warning",
                subject=ring.subject.value,
                id=ring.subject_id,
                promise=ring.promise.value,
            )
            ticket = await self._ticket_of(work, ring)
            if ticket is None:
                continue
            kind = "breached" if ring.is_breach else "warned"
            work.queue.note_event(ticket.id, kind, self._clock.now(), promise=ring.promise.value)
            if ring.is_breach and ticket.is_open:
                await work.save(replace(ticket, priority=Priority.URGENT))
            else:
                work.tickets.append(ticket)
        return rings

    async def _ticket_of(self, work: Change, ring: Ring) -> Ticket | None:
        """The ticket whose customer was promised something; a promise may outlive its ticket."""
        match ring.subject:
            case Subject.TICKET:
                return await work.queue.get(ring.subject_id)
            case Subject.PROMISE:
                promised = await work.promises.get(ring.subject_id)
                return await work.queue.open_for(promised.conversation_id)
            case _:
                return None


async def _waits_since(work: Change, ticket: Ticket) -> datetime | None:
    """Since when the customer's words are unanswered by the agent who holds the ticket; none when they are not."""
    taken_at = await work.queue.held_since(ticket.id)
    spoke = await work.session.scalar(
        select(func.max(MessageRow.seq)).where(
            MessageRow.conversation_id == ticket.conversation_id,
            or_(MessageRow.sender == Sender.AGENT.value, MessageRow.created_at < taken_at),
        )
    )
    return await work.session.scalar(
        select(func.min(MessageRow.created_at)).where(
            MessageRow.conversation_id == ticket.conversation_id,
            MessageRow.sender == Sender.CUSTOMER.value,
            MessageRow.seq > (spoke or 0),
        )
    )
