"""The desk's numbers for Prometheus."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from bot.handoff.clocks import Promise
from bot.handoff.model import Happening
from bot.insight.desk_metrics import DeskMetrics
from tests.conversation.conftest import make_room, room  # noqa: F401 - fixtures
from tests.conversation.test_dispatch import clock, online, queued  # noqa: F401 - a morning in staffed hours


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def test_what_happened_is_counted_by_its_kind(registry) -> None:
    metrics = DeskMetrics(registry)
    for kind, detail in (
        ("rang", {"promise": Promise.FIRST_REPLY, "is_breach": False}),
        ("rang", {"promise": Promise.FIRST_REPLY, "is_breach": True}),
        ("rang", {"promise": Promise.CALL_BACK, "is_breach": True}),
        ("rated", {"score": 5}),
        ("agent_gone", {"was_offered": False}),  # it held the ticket: no offer
        ("expired", {"was_offered": True}),
        ("held", {"reason": "查系统"}),
    ):
        metrics.happened(Happening(kind, detail))
    count = registry.get_sample_value
    assert count("fangxin_clock_breaches_total", {"clock": "first_reply"}) == 1
    assert count("fangxin_clock_breaches_total", {"clock": "promised_call_back"}) == 1
    assert count("fangxin_ratings_total", {"score": "5"}) == 1
    assert count("fangxin_offers_total", {"outcome": "expired"}) == 1
    assert count("fangxin_offers_total", {"outcome": "agent_gone"}) is None


async def test_a_customer_from_the_queue_to_the_first_reply(room, registry) -> None:  # noqa: F811
    metrics = DeskMetrics(registry)
    room.handover._observe = metrics.happened
    count = registry.get_sample_value
    agent = await online(room)
    ticket = await queued(room)
    await queued(room, "second", skill="complaint")
    await metrics.look(room.sessions, room.clock)
    assert count("fangxin_queue_tickets", {"skill": "before_loan"}) == 1
    assert count("fangxin_queue_tickets", {"skill": "complaint"}) == 1
    assert count("fangxin_queue_tickets", {"skill": "after_loan"}) == 0
    assert count("fangxin_agents_online") == 1
    await room.dispatcher.look()
    room.clock.advance(seconds=20)
    await room.work.claim(ticket.id, agent)
    room.clock.advance(seconds=10)
    await room.work.says(ticket.conversation_id, agent, "1", "您好")
    await room.work.says(ticket.conversation_id, agent, "2", "请说")
    assert (count("fangxin_queue_wait_seconds_sum"), count("fangxin_first_reply_seconds_sum")) == (20, 30)
    assert count("fangxin_first_reply_seconds_count") == 1
    assert count("fangxin_offers_total", {"outcome": "accepted"}) == 1
    room.clock.advance(minutes=2)
    await metrics.look(room.sessions, room.clock)
    assert count("fangxin_agents_online") == 0
