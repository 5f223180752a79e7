"""The desk's numbers for ``/metrics``: what happened since the start is counted, what stands is looked up."""

from __future__ import annotations

from collections import Counter as Tally

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import func, select

from bot.clock import Clock
from bot.handoff.agents import SIGN_LASTS
from bot.handoff.model import Happening, Presence, Skill, TicketStatus
from bot.handoff.store import AgentRow, TicketRow
from bot.store.engine import Sessions

BUCKETS = (5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 4 * 3600, 24 * 3600)
QUEUED = (TicketStatus.WAITING.value, TicketStatus.OFFERED.value)
#: What may become of an offer, as the ticket's history calls it.
OFFER_OUTCOMES = ("accepted", "refused", "expired", "agent_gone")


class DeskMetrics:
    """Each process counts what it did itself, so that the sum over replicas is right."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._queue = Gauge(
            "fangxin_queue_tickets", "Customers who wait for a person", ["skill"], registry=registry
        )
        self._online = Gauge("fangxin_agents_online", "Agents who take new customers", registry=registry)
        self._waits = Histogram(
            "fangxin_queue_wait_seconds",
            "From the hand-over until an agent took the customer",
            buckets=BUCKETS,
            registry=registry,
        )
        self._first_replies = Histogram(
            "fangxin_first_reply_seconds",
            "From the hand-over until the agent's first words",
            buckets=BUCKETS,
            registry=registry,
        )
        self._offers = Counter(
            "fangxin_offers", "What became of offers to agents", ["outcome"], registry=registry
        )
        self._breaches = Counter(
            "fangxin_clock_breaches", "Promises broken, by their clock", ["clock"], registry=registry
        )
        self._ratings = Counter("fangxin_ratings", "Scores that customers gave", ["score"], registry=registry)

    def happened(self, happening: Happening) -> None:
        """Count one happening; those that are not counted are passed over."""
        kind, detail = happening.kind, happening.detail
        if kind in OFFER_OUTCOMES and (kind == "refused" or detail.get("was_offered")):
            self._offers.labels(kind).inc()
        if kind == "accepted" and "waited" in detail:
            self._waits.observe(detail["waited"])
        if kind == "first_reply":
            self._first_replies.observe(detail["waited"])
        if kind == "rang" and detail["is_breach"]:
            self._breaches.labels(detail["promise"].value).inc()
        if kind == "rated":
            self._ratings.labels(str(detail["score"])).inc()

    async def look(self, sessions: Sessions, clock: Clock) -> None:
        """How long the queue is now, and how many agents are there."""
        is_there = (
            AgentRow.is_enabled,
            AgentRow.presence == Presence.ONLINE.value,
            AgentRow.seen_at > clock.now() - SIGN_LASTS,
        )
        async with sessions() as session:
            queued = await session.scalars(select(TicketRow.skill).where(TicketRow.status.in_(QUEUED)))
            lengths = Tally(queued)
            online = await session.scalar(select(func.count()).select_from(AgentRow).where(*is_there))
        for skill in Skill:
            self._queue.labels(skill.value).set(lengths[skill.value])
        self._online.set(online or 0)
