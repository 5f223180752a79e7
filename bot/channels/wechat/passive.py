"""Answers in the platform's own request: it waits five seconds, and asks up to three times about one message.

What is handed out stays queued under a lease until the whole response was written to a platform that was still
there; then it counts as shown. If the platform asks again for the same message, it did not get it and gets the same
text; it shows the customer one response to a message, however often it asked. If it was gone before the response was
written, everything goes back to the queue.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.channels.ports import RemoteFile
from bot.channels.wechat.arrivals import Arrival, Arrivals
from bot.channels.wechat.contents import Contents
from bot.channels.wechat.incoming import Action, Incoming, NoticeFinished, Unreadable
from bot.channels.wechat.limits import PLATFORM_SECONDS, PLATFORM_TRIES
from bot.channels.wechat.pictures import Pictures
from bot.channels.wechat.rendering import Rendering
from bot.clock import Clock
from bot.conversation.errors import ConversationError
from bot.conversation.fetching import Fetching
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Conversation, Message, Mode, Sender
from bot.conversation.ports import Words as Phrases
from bot.conversation.turns import Turns
from bot.handoff.model import Ticket
from bot.messages import Inbound, TextPart, part_to_wire

log = structlog.get_logger()

CHANNEL = "wechat"
LOOK_AGAIN_SECONDS = 0.25  #: another replica may be having the turn
SOON_SECONDS = 0.05


@dataclass(frozen=True)
class Answer:
    """What the platform gets, and what is to be done once it is known whether it got it."""

    text: str | None  #: None: nothing to be shown now
    written: Callable[[], Awaitable[None]] | None = None
    lost: Callable[[], Awaitable[None]] | None = None


NOTHING = Answer(None)


class PassiveReplies:
    """Takes in what the platform tells, and answers it in time."""

    def __init__(
        self,
        arrivals: Arrivals,
        rendering: Rendering,
        pictures: Pictures,
        contents: Contents,
        inbox: Inbox,
        turns: Turns,
        handover: Handover,
        fetching: Fetching,
        clock: Clock,
        words: Phrases,
        *,
        hold_seconds: float,
        has_api: bool,
        bind_link: str | None,
    ) -> None:
        self._arrivals = arrivals
        self._rendering = rendering
        self._pictures = pictures
        self._contents = contents
        self._inbox = inbox
        self._turns = turns
        self._handover = handover
        self._fetching = fetching
        self._clock = clock
        self._words = words
        self._hold_seconds = hold_seconds
        self._has_api = has_api
        self._bind_link = bind_link
        self._holding: Counter[str] = Counter()  #: requests of this process that wait, by conversation
        self._bells: dict[str, asyncio.Event] = {}
        self._changing_holds = asyncio.Lock()

    async def message_stored(self, message: Message) -> None:
        if (bell := self._bells.get(message.conversation_id)) is not None:
            bell.set()

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        if (bell := self._bells.get(conversation.id)) is not None:
            bell.set()

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        """Nothing to show."""

    async def ticket_changed(self, ticket: Ticket) -> None:
        """Nothing to show."""

    async def answer(self, incoming: Incoming, arrived: float) -> Answer:
        """Take it in, once, and give the answer that is ready in time; ``arrived`` in the loop's time."""
        arrival = await self._arrivals.begin(incoming)
        if arrival.reply is not None:
            log.info("wechat.asked_again", tries=arrival.tries)
            return Answer(arrival.reply)
        if incoming.content in (Action.UNSUBSCRIBED, Action.NOTHING):
            return NOTHING
        if isinstance(incoming.content, NoticeFinished):
            return NOTHING
        conversation = await self._inbox.open(CHANNEL, incoming.open_id)
        async with self._held(conversation.id):
            try:
                message_id = await self._take_in(arrival, conversation)
            except ConversationError as exc:
                log.info("wechat.not_taken", conversation=conversation.id, code=exc.code)
                return Answer(self._words.say(f"refused.{exc.code}"))
            until = arrived + self._hold_seconds
            is_ready = await self._is_ready(conversation.id, message_id, until)
            handed = await self._handed_in_time(arrival, conversation.id, until)
            if handed.text is not None or is_ready or self._has_api:
                return handed
            return await self._come_again(arrival, arrived)

    async def _take_in(self, arrival: Arrival, conversation: Conversation) -> str | None:
        """Bring it into the conversation; the log's entry that waits for an answer, if it is one."""
        incoming = arrival.incoming
        with_the_bot = conversation.mode in (Mode.BOT, Mode.CLOSED)
        match incoming.content:
            case Action():
                await self._say_once(arrival, conversation, "wechat.welcome")
                return None
            case Unreadable() if with_the_bot:
                await self._say_once(arrival, conversation, "wechat.please_type")
                return None
        if self._bind_link and with_the_bot and self._contents.asks_to_bind(incoming.content):
            await self._say_once(arrival, conversation, "wechat.bind.link", link=self._bind_link)
            return None
        content = self._contents.of(incoming.content)
        if content is None:
            return None
        if isinstance(content, RemoteFile):
            return await self._pictures.take(arrival, content.reference)
        inbound = Inbound(
            channel=CHANNEL,
            conversation_id=conversation.id,
            message_id=incoming.key,
            content=content,
            received_at=self._clock.now(),
        )
        received = await self._inbox.receive(inbound)
        await self._arrivals.became(incoming.key, received.message.id)
        self._turns.wake(conversation.id)
        return received.message.id

    async def _say_once(
        self, arrival: Arrival, conversation: Conversation, phrase: str, **values: str
    ) -> None:
        async with self._handover.change() as work:
            if not await self._arrivals.is_first_to_finish(work.session, arrival.incoming.key):
                return
            said = part_to_wire(TextPart(self._words.say(phrase, **values)))
            work.messages.append(
                await work.log.append(conversation, Sender.BOT, (said,), at=self._clock.now())
            )

    async def _is_ready(self, conversation_id: str, message_id: str | None, until: float) -> bool:
        """Wait until nobody is thinking about the message any more, or the time is over."""
        if message_id is None:
            return True
        loop = asyncio.get_running_loop()
        bell = self._bells[conversation_id]
        while True:
            bell.clear()
            if await self._fetching.is_settled(message_id):
                return True
            left = until - loop.time()
            if left <= 0:
                return False
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), min(left, LOOK_AGAIN_SECONDS))

    async def _handed_in_time(self, arrival: Arrival, conversation_id: str, until: float) -> Answer:
        """What is queued, also what the request before is just writing, or losing."""
        while True:
            is_being_shown = await self._fetching.is_being_shown(
                conversation_id
            )  # before: it may end in between
            handed = await self._hand_out(arrival, conversation_id)
            is_late = asyncio.get_running_loop().time() >= until
            if handed.text is not None or is_late or not is_being_shown:
                return handed
            await asyncio.sleep(SOON_SECONDS)

    async def _hand_out(self, arrival: Arrival, conversation_id: str) -> Answer:
        claimed = await self._fetching.claim(conversation_id)
        if not claimed:
            return NOTHING
        handed = await self._rendering.in_one_text(claimed)
        key, whole = arrival.incoming.key, list(handed.whole)
        rest = list(handed.untouched) + ([handed.begun[0]] if handed.begun else [])
        everything = [message.id for message in claimed]
        if not handed.text:
            await self._fetching.shown(whole)  # nothing in them can be seen
            await self._fetching.put_back(rest)
            return NOTHING
        await self._arrivals.answered(key, handed.text)

        async def written() -> None:
            if handed.begun:
                await self._rendering.show_from(*handed.begun)
            await self._fetching.shown(whole)
            for message_id in whole:
                await self._rendering.show_from(message_id, 0)
            await self._fetching.put_back(rest, in_seconds=1.0)  # so that it comes after this

        async def lost() -> None:
            log.warning("wechat.platform_gone", conversation=conversation_id)
            await self._arrivals.answered(key, None)
            await self._fetching.put_back(everything)

        return Answer(handed.text, written, lost)

    async def _come_again(self, arrival: Arrival, arrived: float) -> Answer:
        """Without the API: let the platform ask again, and at the last time tell the customer how to get it."""
        if arrival.tries >= PLATFORM_TRIES:
            return Answer(self._words.say("wechat.still_thinking"))
        scale = self._hold_seconds / 4.2
        gone = arrived + (PLATFORM_SECONDS + 0.4) * scale
        await asyncio.sleep(max(0.0, gone - asyncio.get_running_loop().time()))
        return NOTHING

    def _held(self, conversation_id: str) -> _Hold:
        return _Hold(self, conversation_id)


class _Hold:
    """While a request waits, the outbox leaves its conversation alone."""

    def __init__(self, replies: PassiveReplies, conversation_id: str) -> None:
        self._replies = replies
        self._id = conversation_id

    async def __aenter__(self) -> None:
        replies = self._replies
        replies._bells.setdefault(self._id, asyncio.Event())
        replies._holding[self._id] += 1
        async with replies._changing_holds:  # so that the end of one does not undo the beginning of the next
            await replies._fetching.hold(self._id, 2 * replies._hold_seconds)

    async def __aexit__(self, *_exception: object) -> None:
        replies = self._replies
        async with replies._changing_holds:
            replies._holding[self._id] -= 1
            if replies._holding[self._id]:
                return
            del replies._holding[self._id], replies._bells[self._id]
            await replies._fetching.let_go(self._id)
