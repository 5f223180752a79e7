"""Stores what a customer sent, once, before anybody is told 'ok'."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversation.errors import EmptyMessage, MessageTooLong, PayloadNotOffered
from bot.conversation.model import (
    MAX_TEXT_CHARACTERS,
    STANDING_PAYLOADS,
    Conversation,
    Message,
    Mode,
    Received,
    Sender,
)
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.messages import Attachment, Choice, Inbound, Text, TextPart, Unsupported, part_to_wire
from bot.store.engine import Sessions

log = structlog.get_logger()

#: Joins emoji (👨‍👩‍👧); the other format characters are invisible and are dropped with the control characters.
ZERO_WIDTH_JOINER = "\u200d"


#: 「2」, 「２」, 「2.」 or 「(2)」, after width and shape of the digits are made one.
NUMBER = re.compile(r"\(?([0-9]{1,2})[).。、]?")


def readable(text: str) -> str:
    """The text without control characters, lone surrogates and invisible ones, trimmed.

    >>> readable("  提前\\x00还款\\u200b\\n吗 ")
    '提前还款\\n吗'
    """
    kept = (
        char
        for char in text
        if char in "\n\t" or char == ZERO_WIDTH_JOINER or unicodedata.category(char)[0] != "C"
    )
    return "".join(kept).strip()


class Inbox:
    """Where every channel puts what it received."""

    def __init__(self, sessions: Sessions, clock: Clock, words: Words, notifier: Notifier) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._notifier = notifier

    async def open(self, channel: str, external_id: str) -> Conversation:
        """The conversation with this other side; two first messages at once make one conversation."""
        try:
            async with self._sessions.begin() as session:
                return await Log(session).open(channel, external_id, self._clock.now())
        except IntegrityError:
            async with self._sessions.begin() as session:
                return await Log(session).open(channel, external_id, self._clock.now())

    async def came_from(self, conversation_id: str, address_hash: str) -> None:
        """The conversation's other side was seen at this network address, of which only a keyed hash is kept."""
        async with self._sessions.begin() as session:
            await Log(session).came_from(conversation_id, address_hash)

    async def receive(self, inbound: Inbound) -> Received:
        """Store one message; a repeat of a known one changes nothing and says so.

        Raises ``EmptyMessage``, ``MessageTooLong``, ``PayloadNotOffered`` or ``ConversationNotFound``;
        then nothing was stored.
        """
        platform_id = f"{inbound.conversation_id}:{inbound.message_id}"
        part, payload = self._part_of(inbound)
        try:
            received = await self._store(inbound, platform_id, part, payload)
        except IntegrityError:  # the same message came twice at the same time, and the other was first
            received = await self._store(inbound, platform_id, part, payload)
        if not received.is_repeat:
            await self._notifier.message(received.message)
            if received.answer is not None:
                await self._notifier.message(received.answer)
        return received

    async def _store(
        self, inbound: Inbound, platform_id: str, part: dict[str, Any], payload: str | None
    ) -> Received:
        async with self._sessions.begin() as session:
            entries = Log(session)
            known = await entries.find_by_platform_id(inbound.channel, platform_id)
            if known is not None:
                return Received(known, is_repeat=True)
            conversation = await entries.get(inbound.conversation_id)
            is_unread = isinstance(inbound.content, Unsupported) and conversation.mode in (
                Mode.BOT,
                Mode.CLOSED,
            )
            attached = inbound.content if isinstance(inbound.content, Attachment) else None
            is_vouched = attached is not None or (
                isinstance(inbound.content, Choice) and inbound.content.is_vouched
            )
            if payload is not None and payload not in STANDING_PAYLOADS and not is_vouched:
                if not await entries.was_offered(conversation.id, payload):
                    log.warning("inbox.payload_not_offered", conversation=conversation.id)
                    raise PayloadNotOffered(conversation.id)
            if payload is None and isinstance(inbound.content, Text):  # a button's words typed are its press
                is_waiting = conversation.mode is Mode.QUEUED
                payload = await self._pressed_in_words(entries, inbound, str(part["text"]), is_waiting)
            message = await entries.append(
                conversation,
                Sender.CUSTOMER,
                (part,),
                at=self._clock.now(),
                client_id=inbound.message_id,
                platform_message_id=platform_id,
                payload=payload,
                awaits_turn=not is_unread and (attached is None or attached.awaits_turn),
            )
            answer = await self._cannot_read(entries, conversation, inbound) if is_unread else None
        return Received(message, is_repeat=False, answer=answer)

    async def _pressed_in_words(
        self, entries: Log, inbound: Inbound, text: str, is_waiting: bool
    ) -> str | None:
        """The payload of the button whose words, or whose number where buttons are numbered, was typed."""
        payload = await entries.payload_titled(inbound.conversation_id, text, is_waiting=is_waiting)
        if payload is None and isinstance(inbound.content, Text) and inbound.content.picks_by_number:
            if (number := NUMBER.fullmatch(unicodedata.normalize("NFKC", text))) is not None:
                payload = await entries.payload_numbered(
                    inbound.conversation_id, int(number[1]), is_waiting=is_waiting
                )
        return payload

    async def _cannot_read(self, entries: Log, conversation: Conversation, inbound: Inbound) -> Message:
        """The word that says so, stored with what it answers; the bot gets no turn for it."""
        assert isinstance(inbound.content, Unsupported)
        said = self._words.say("conversation.cannot_read", what=inbound.content.what)
        return await entries.append(
            conversation, Sender.BOT, (part_to_wire(TextPart(said)),), at=self._clock.now()
        )

    def _part_of(self, inbound: Inbound) -> tuple[dict[str, Any], str | None]:
        note: str | None = None
        match inbound.content:
            case Text(text, note):
                shown, payload = readable(text), None
            case Choice(payload=payload, title=title):
                shown, payload = readable(title) or payload, payload
            case Attachment(part, payload):
                return part_to_wire(part), payload
            case Unsupported(what):
                shown, payload = self._words.say("conversation.unsupported", what=what), None
        if not shown:
            raise EmptyMessage(inbound.conversation_id)
        if len(shown) > MAX_TEXT_CHARACTERS or len(payload or "") > MAX_TEXT_CHARACTERS:
            raise MessageTooLong(inbound.conversation_id)
        return {"kind": "text", "text": shown, "detail": note}, payload
