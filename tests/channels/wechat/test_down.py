"""The platform's API is down for an hour: what was answered meanwhile arrives, once and in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.channels.wechat.conftest import LATE, PATIENCE, Thinking

SEND = "/cgi-bin/message/custom/send"
STEP = timedelta(minutes=10)


async def test_nothing_is_lost_and_nothing_comes_twice(pair_up, words):
    pair = await pair_up(thinking := Thinking(), **LATE)
    customers = ("o_kate", "o_lin")
    for text in ("甲", "乙"):
        shown = await asyncio.gather(*(pair.platform.say(customer, text) for customer in customers))
        assert shown == ["", ""]
    pair.platform.is_down = True
    thinking.may_answer.set()
    async with asyncio.timeout(PATIENCE):
        while len(await pair.states()) < 4:
            await asyncio.sleep(0.05)
    began = pair.platform.refused
    for passed in range(1, 7):
        pair.clock.ahead = passed * STEP
        await pair.until(lambda before=pair.platform.refused: pair.platform.refused > before)
    assert pair.platform.refused >= began + 6
    assert pair.platform.screens == {}
    pair.platform.is_down = False
    pair.clock.ahead += STEP
    for customer in customers:
        await pair.screen(customer, 2)
    await pair.settled()
    for customer in customers:
        shown = "".join(pair.platform.screens[customer])
        for text in ("甲", "乙"):
            shown = shown.replace(words.say("wechat.late_answer", asked=text), "")
        assert shown.replace("\n", "") == "「甲」「乙」"
