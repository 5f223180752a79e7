"""What each kind of update leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.channels.ports import Arrival, RemoteFile
from bot.channels.reception import Reception
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import Refused, TelegramCalls
from bot.channels.telegram.store import GroupRow
from bot.channels.telegram.updates import Chat, Update
from bot.clock import Clock
from bot.conversation.errors import PayloadNotOffered
from bot.conversation.inbox import readable
from bot.conversation.ports import DeliveryFailed, DeliveryRefused, Words
from bot.conversation.store import Log
from bot.messages import Choice, Text
from bot.servicing.content import MEGABYTE
from bot.servicing.errors import FileTooLarge
from bot.store.engine import Sessions

log = structlog.get_logger()

TOO_BIG = "file is too big"  #: Telegram hands out 20 MB at most and need not tell the size before
REFUSED_FOR = timedelta(days=1)  #: a group that brings the bot back sooner is left without another word


class NotFetched(Exception):
    """Telegram did not hand out a file that a customer sent; ``is_final`` when it never will."""

    def __init__(self, arrival: Arrival, *, is_final: bool) -> None:
        super().__init__(arrival.message_id)
        self.arrival = arrival
        self.is_final = is_final


class Takes:
    """Every way through here can be gone twice: what is done already is not done again."""

    def __init__(
        self,
        bot_id: int,
        sessions: Sessions,
        reception: Reception,
        calls: TelegramCalls,
        buttons: Buttons,
        clock: Clock,
        words: Words,
    ) -> None:
        self._bot_id = bot_id
        self._sessions = sessions
        self._reception = reception
        self._calls = calls
        self._buttons = buttons
        self._clock = clock
        self._words = words

    async def take(self, update: Update) -> None:
        if update.chat is not None and not update.chat.is_private:
            if update.calls_us or update.query_id:
                await self._refuse_group(update.chat)
            return
        for arrival in update.arrivals:
            await self._take_arrival(update, arrival)
        if update.query_id and not update.arrivals:
            await self._answer_press(update.query_id, self._words.say("refused.payload_not_offered"))

    async def give_up_file(self, not_fetched: NotFetched) -> None:
        """The customer is asked to send it again."""
        log.error("telegram.file_not_fetched", message=not_fetched.arrival.message_id)
        await self._reception.tell(not_fetched.arrival, self._words.say("telegram.not_fetched"))

    async def _take_arrival(self, update: Update, arrival: Arrival) -> None:
        if update.corrects is not None:
            corrected = await self._corrected(arrival, update.corrects)
            if corrected is not None:
                await self._reception.take(corrected, self._no_file)
            return
        if not isinstance(arrival.content, Choice) or update.query_id is None:
            await self._reception.take(arrival, lambda file: self._fetch(arrival, file))
            return
        option = await self._buttons.pressed(arrival.content.payload)
        said = None
        try:
            if option is None:
                raise PayloadNotOffered(arrival.external_id)
            pressed = replace(arrival, content=Choice(option.payload, option.title))
            await self._reception.take(pressed, self._no_file)
        except PayloadNotOffered:
            said = self._words.say("refused.payload_not_offered")
        await self._answer_press(update.query_id, said)

    async def _corrected(self, arrival: Arrival, message_id: str) -> Arrival | None:
        """The correction as a message of its own that says what it corrects; None when the words are the same."""
        assert isinstance(arrival.content, Text)
        conversation_id = await self._reception.conversation_with(arrival.external_id)
        async with self._sessions() as session:
            before = await Log(session).last_version(CHANNEL, conversation_id, message_id)
        if before is None:
            note = self._words.say("telegram.corrected_unknown")
        elif before.text == readable(arrival.content.text):
            return None
        else:
            note = self._words.say("telegram.corrected", before=before.text)
        return replace(arrival, content=replace(arrival.content, note=note))

    async def _fetch(self, arrival: Arrival, file: RemoteFile) -> bytes:
        try:
            return await self._calls.content(file.reference)
        except (DeliveryFailed, DeliveryRefused) as exc:
            log.warning("telegram.file_failed", message=arrival.message_id, error=str(exc))
            if TOO_BIG in str(exc).lower():
                raise FileTooLarge(self._reception.largest_file // MEGABYTE) from exc
            raise NotFetched(arrival, is_final=isinstance(exc, DeliveryRefused)) from exc

    async def _no_file(self, _file: RemoteFile) -> bytes:
        raise AssertionError("only messages carry files")

    async def _answer_press(self, query_id: str, said: str | None) -> None:
        """Without an answer the button only keeps its waiting mark; after some minutes Telegram takes none."""
        try:
            await self._calls.answer_press(query_id, said)
        except (DeliveryFailed, DeliveryRefused) as exc:
            log.info("telegram.press_not_answered", error=str(exc))

    async def _refuse_group(self, chat: Chat) -> None:
        now = self._clock.now()
        async with self._sessions.begin() as session:
            known = await session.get(GroupRow, (self._bot_id, chat.id))
            was_told = known is not None and now - known.refused_at < REFUSED_FOR
            if not was_told:
                await session.merge(GroupRow(bot_id=self._bot_id, chat_id=chat.id, refused_at=now))
        log.info("telegram.group_refused", was_told=was_told)
        try:
            if not was_told and not chat.is_broadcast:
                await self._calls.may_send(chat.id)
                await self._calls.say(chat.id, self._words.say("telegram.private_only"))
        except DeliveryRefused as exc:  # nobody may write there, or we are out already
            log.info("telegram.group_not_told", error=str(exc))
        except DeliveryFailed as exc:  # told once at most: leaving matters more
            log.warning("telegram.group_not_told", error=str(exc))
        try:
            await self._calls.leave(chat.id)
        except (Refused, DeliveryRefused) as exc:
            log.info("telegram.group_left_already", error=str(exc))
