"""What happened in conversations, as the dashboard reads it from the record."""

from __future__ import annotations

from datetime import date

from bot.dialogue.ports import TurnAnswer
from bot.dialogue.scripted import understood
from bot.insight.numbers import CaseBook, Period
from bot.messages import TextPart
from tests.conversation.test_dispatch import online, queued
from tests.conversation.test_ending import score_buttons

PERIOD = Period(date(2026, 11, 23), date(2026, 11, 24))


async def test_cases_are_read_from_the_record(sessions, make_room) -> None:
    """A conversation with the bot, and one that a person ended and the customer rated."""
    room = make_room()
    talked = await room.open("talked")
    await room.say(talked, "提前还款要违约金吗")
    agent = await online(room)
    served = await queued(room, "served")
    await room.say(served.conversation_id, "有人吗")
    room.clock.advance(minutes=4)
    await room.work.claim(served.id, agent)
    room.clock.advance(minutes=1)
    await room.work.says(served.conversation_id, agent, "1", "您好")
    room.clock.advance(hours=1)
    await room.work.close(served.id, agent)
    payloads = await score_buttons(room, served.conversation_id)
    await room.say(served.conversation_id, "很满意", payload=payloads[4])
    book = CaseBook(sessions, room.clock)
    cases = {case.conversation_id: case for case in await book.cases(PERIOD)}
    assert cases[talked].turns == 1
    assert cases[served.conversation_id].scores == (5,)
    (told,) = cases[served.conversation_id].tickets
    assert (told.waited, told.first_reply, told.is_breached) == (240.0, 300.0, False)
    again = await queued(room, "again")
    await room.work.claim(again.id, agent)
    room.clock.advance(minutes=30)
    (load,) = await book.load(PERIOD)
    assert (load.tickets, round(load.hours, 4), load.scores) == (2, round(91 / 60, 4), (5,))


async def test_a_pressed_button_is_of_no_topic(sessions, make_room) -> None:
    """What it says is understood without one; the topics that are counted all have a name."""
    pressed = {**understood("/inform"), "topic": None}
    answer = TurnAnswer((TextPart("好"),), (pressed, understood("要违约金吗", "prepayment_penalty")))
    room = make_room(script={"确认": answer})
    await room.say(await room.open("talked"), "确认")
    (case,) = await CaseBook(sessions, room.clock).cases(PERIOD)
    assert case.topics == ("prepayment_penalty",)
