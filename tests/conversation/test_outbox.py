"""Everything said reaches the platform, in order, also after failures and restarts."""

from __future__ import annotations

from bot.conversation.outbox import Outbox
from bot.conversation.ports import DeliveryFailed, DeliveryRefused
from bot.messages import TextPart


async def deliver_all(room) -> None:
    while await room.outbox.deliver_due():
        pass


async def test_the_bots_words_are_delivered_and_the_customers_are_not(room):
    await room.say(await room.open("kate"), "你好")
    await deliver_all(room)
    assert room.channel.sent == [("kate", [TextPart("「你好」")])]


async def test_a_failed_delivery_is_tried_again_later_and_nothing_overtakes_it(room):
    conversation = await room.open("kate")
    room.channel.failures = 1
    await room.say(conversation, "一")
    await room.say(conversation, "二")
    await deliver_all(room)
    assert room.channel.sent == []
    room.clock.advance(seconds=2)
    await deliver_all(room)
    assert [parts[0].text for _, parts in room.channel.sent] == ["「一」", "「二」"]


async def test_what_a_dead_process_had_claimed_is_sent_by_the_next(room):
    await room.say(await room.open("kate"), "你好")
    dead = Outbox(room.sessions, room.clock, {"web": room.channel})
    await dead._claim("web")  # and then it died
    assert await room.outbox.deliver_due() == 0
    room.clock.advance(seconds=61)
    assert await room.outbox.deliver_due() == 1
    assert len(room.channel.sent) == 1


async def test_a_platform_that_is_down_for_an_hour_loses_nothing(room):
    conversation = await room.open("kate")
    room.channel.failures = 10_000
    for text in ("一", "二", "三"):
        await room.say(conversation, text)
    for _ in range(60):
        await deliver_all(room)
        room.clock.advance(seconds=60)
    room.channel.failures = 0
    room.clock.advance(seconds=300)
    await deliver_all(room)
    assert [parts[0].text for _, parts in room.channel.sent] == ["「一」", "「二」", "「三」"]


async def test_a_message_that_fails_after_a_day_is_given_up_and_lets_the_next_through(room):
    conversation = await room.open("kate")
    room.channel.failures = 2
    await room.say(conversation, "一")
    await deliver_all(room)
    room.clock.advance(hours=24)
    await room.say(conversation, "二")
    await deliver_all(room)
    assert [parts[0].text for _, parts in room.channel.sent] == ["「二」"]


async def test_the_wait_that_a_platform_asks_for_is_kept(room):
    room.channel.send = _failing(DeliveryFailed("flood", retry_after=40))
    await room.say(await room.open("kate"), "你好")
    assert await room.outbox.deliver_due() == 1
    room.clock.advance(seconds=39)
    assert await room.outbox.deliver_due() == 0
    room.clock.advance(seconds=1)
    assert await room.outbox.deliver_due() == 1


def _failing(error):
    async def send(external_id, message):
        raise error

    return send


async def test_a_refused_message_is_not_tried_again(room):
    class Refusing:
        name = "web"
        tries = 0

        async def send(self, external_id, message):
            self.tries += 1
            raise DeliveryRefused("blocked by the customer")

    refusing = Refusing()
    outbox = Outbox(room.sessions, room.clock, {"web": refusing})
    await room.say(await room.open("kate"), "你好")
    await outbox.deliver_due()
    room.clock.advance(seconds=600)
    assert await outbox.deliver_due() == 0
    assert refusing.tries == 1
