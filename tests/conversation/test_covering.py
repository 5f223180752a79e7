"""What a customer proved with is needed for its turn, and covered wherever it was written once that is over."""

from __future__ import annotations

import asyncio
import json

from sqlalchemy import select

from bot.conversation.model import Sender
from bot.conversation.store import MessageRow, TurnRow
from bot.desk.views import Views
from bot.dialogue.ports import TurnAnswer, TurnRequest
from bot.dialogue.scripted import ScriptedDialogue, understood
from bot.handoff.store import TicketRow
from bot.messages import Handoff, TextPart
from bot.servicing.file_links import FileLinks

DIGITS = [{"type": "id_last4", "value": "123X", "text": "123x", "start": 13, "end": 17}]


def proved(words: str = "验证码已发送。") -> TurnAnswer:
    read = {**understood("FX2026110001 123x", "application_status"), "entities": DIGITS}
    return TurnAnswer((TextPart(words),), (read,), secrets=("123X", "123x"))


async def stored(room) -> str:
    """Everything that the tables of the conversation hold of what was written."""
    async with room.sessions() as session:
        messages = [row.parts for row in await session.scalars(select(MessageRow))]
        turns = [(row.text, row.understood) for row in await session.scalars(select(TurnRow))]
        tickets = [(row.summary, row.note) for row in await session.scalars(select(TicketRow))]
    return json.dumps([messages, turns, tickets], ensure_ascii=False)


async def test_used_digits_are_covered_in_the_log_the_turn_and_the_transcript(make_room):
    room = make_room(script={"FX2026110001 123x": proved()})
    conversation = await room.open()
    await room.say(conversation, "FX2026110001 123x")
    assert await room.said(conversation, Sender.CUSTOMER) == ["FX2026110001 ●●●●"]
    assert "123x" not in (await stored(room)).lower()
    transcript = await Views(room.sessions, room.clock, room.words, FileLinks("secret")).conversation(
        conversation
    )
    assert "123x" not in json.dumps(transcript, ensure_ascii=False).lower()
    assert room.dialogue.asked[0].text == "FX2026110001 123x"


async def test_each_message_of_a_merged_turn_is_covered(make_room):
    answer = TurnAnswer((TextPart("好"),), (understood("x"),), secrets=("246810",))
    room = make_room(script={"验证码是\n246810\n24681012": answer})
    conversation = await room.open()
    for text in ("验证码是", "246810", "24681012"):
        await room.receive(conversation, text)
    room.turns.wake(conversation)
    await room.turns.settle(conversation)
    assert await room.said(conversation, Sender.CUSTOMER) == ["验证码是", "●●●●", "24681012"]


async def test_the_summary_for_an_agent_is_covered(make_room):
    handed = TurnAnswer(
        (TextPart("转人工"), Handoff("always_human", "application", "客户问：FX2026110001 123X")),
        (understood("x"),),
        secrets=("123X",),
    )
    room = make_room(script={"FX2026110001 123X": handed})
    conversation = await room.open()
    await room.say(conversation, "FX2026110001 123X")
    assert "客户问：FX2026110001 ●●●●" in await stored(room)
    assert "123X" not in await stored(room)


async def test_a_turn_that_a_dead_process_left_is_asked_again_with_the_words_in_the_clear(make_room):
    """Covered only with the answer: what waits for its turn is still needed."""
    room = make_room(script={"FX2026110001 123x": proved()}, delay_seconds=0.2)
    conversation = await room.open()
    await room.receive(conversation, "FX2026110001 123x")
    room.turns.wake(conversation, at_once=True)
    await asyncio.sleep(0.1)
    await room.turns.close()
    assert await room.said(conversation, Sender.CUSTOMER) == ["FX2026110001 123x"]
    after = ScriptedDialogue(script={"FX2026110001 123x": proved()})
    turns = room.new_turns(after)
    assert await turns.recover() == 1
    await turns.settle(conversation)
    assert [request.text for request in after.asked] == ["FX2026110001 123x"]
    assert await room.said(conversation, Sender.CUSTOMER) == ["FX2026110001 ●●●●"]


async def test_the_same_message_sent_again_is_still_known_after_it_was_covered(make_room):
    room = make_room(script={"FX2026110001 123x": proved()})
    conversation = await room.open()
    first = await room.receive(conversation, "FX2026110001 123x", "m-1")
    room.turns.wake(conversation, at_once=True)
    await room.turns.settle(conversation)
    again = await room.receive(conversation, "FX2026110001 123x", "m-1")
    assert (again.is_repeat, again.message.seq) == (True, first.message.seq)


async def test_what_is_no_secret_stays_as_it_was_written(make_room):
    def echo(request: TurnRequest) -> TurnAnswer:
        return TurnAnswer((TextPart("好"),), (understood(request.text or ""),))

    room = make_room(script={"我的电话13812345678，贷款100万": echo})
    conversation = await room.open()
    await room.say(conversation, "我的电话13812345678，贷款100万")
    assert await room.said(conversation, Sender.CUSTOMER) == ["我的电话13812345678，贷款100万"]
