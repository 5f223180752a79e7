"""What the platform tells is written down once, on both databases, and forgotten when it is no longer asked about."""

from __future__ import annotations

import asyncio

from bot.channels.wechat.arrivals import Arrivals
from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.incoming import Incoming, Picture, Words

SAID = Incoming("o_kate", "gh_1", "o_kate:1", Words("你好"))
SENT = Incoming("o_kate", "gh_1", "o_kate:2", Picture("m-1"))


async def test_the_same_thing_told_three_times_at_once_is_new_once(sessions, clock):
    contacts = Contacts(sessions, clock)
    arrivals = Arrivals(sessions, clock, contacts)
    told = await asyncio.gather(*(arrivals.begin(SAID) for _ in range(3)))
    assert sorted(arrival.tries for arrival in told) == [1, 2, 3]
    await contacts.wrote_to("o_kate")
    await arrivals.begin(SAID)
    assert await contacts.left("o_kate") == 4  # a repeat opens no new window


async def test_only_the_first_to_finish_says_something(sessions, clock):
    arrivals = Arrivals(sessions, clock, Contacts(sessions, clock))
    await arrivals.begin(SAID)
    for expected in (True, False):
        async with sessions.begin() as session:
            assert await arrivals.is_first_to_finish(session, SAID.key) is expected


async def test_a_picture_waits_until_somebody_got_it(sessions, clock):
    arrivals = Arrivals(sessions, clock, Contacts(sessions, clock))
    await arrivals.begin(SENT)
    assert await arrivals.waiting_pictures() == []  # the request itself is getting it
    clock.advance(seconds=31)
    (waiting,) = await arrivals.waiting_pictures()
    assert (waiting.media_id, waiting.is_too_late) == ("m-1", False)
    assert await arrivals.waiting_pictures() == []
    clock.advance(days=4)
    await arrivals.tidy()
    assert (await arrivals.waiting_pictures())[0].is_too_late
    await arrivals.became(SENT.key, "m1")
    await arrivals.tidy()
    assert (await arrivals.begin(SENT)).tries == 1
