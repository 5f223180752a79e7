"""Takes what an adapter parsed into the conversation, and tells the customer in words what was not taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.channels.ports import Arrival, RemoteFile
from bot.clock import Clock
from bot.conversation.attachments import Attachments
from bot.conversation.errors import ConversationError, PayloadNotOffered
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Sender
from bot.conversation.ports import Words
from bot.conversation.turns import Turns
from bot.messages import Inbound, TextPart, part_to_wire
from bot.servicing.content import MEGABYTE
from bot.servicing.errors import FileRefused, FileTooLarge
from bot.servicing.files import Files

log = structlog.get_logger()

Fetch = Callable[[RemoteFile], Awaitable[bytes]]


class Reception:
    """The way in for platforms that are told nothing but "taken": refusals go out as messages."""

    def __init__(
        self,
        channel: str,
        inbox: Inbox,
        attachments: Attachments,
        files: Files,
        handover: Handover,
        turns: Turns,
        clock: Clock,
        words: Words,
    ) -> None:
        self._channel = channel
        self._inbox = inbox
        self._attachments = attachments
        self._files = files
        self._handover = handover
        self._turns = turns
        self._clock = clock
        self._words = words

    @property
    def largest_file(self) -> int:
        """Bytes."""
        return self._files.limits().bytes

    async def conversation_with(self, external_id: str) -> str:
        """The id of the conversation with this customer, started now if there was none."""
        return (await self._inbox.open(self._channel, external_id)).id

    async def take(self, arrival: Arrival, fetch: Fetch) -> None:
        """Store one arrival and let its turn begin; the same one again changes nothing.

        Raises ``PayloadNotOffered``, which a platform may tell in a way of its own, and what ``fetch`` raises.
        Every other refusal is told in the conversation.
        """
        conversation_id = await self.conversation_with(arrival.external_id)
        try:
            if isinstance(arrival.content, RemoteFile):
                await self._take_file(conversation_id, arrival, arrival.content, fetch)
            else:
                inbound = Inbound(
                    channel=self._channel,
                    conversation_id=conversation_id,
                    message_id=arrival.message_id,
                    content=arrival.content,
                    received_at=self._clock.now(),
                )
                await self._inbox.receive(inbound)
                self._turns.wake(
                    conversation_id
                )  # also for a repeat: the first may have died before this line
        except PayloadNotOffered:
            raise
        except ConversationError as exc:
            await self.tell(arrival, self._words.say(f"refused.{exc.code}"))
        except FileRefused as exc:
            log.info("reception.file_refused", conversation=conversation_id, code=exc.code)
            await self.tell(arrival, self._words.say(f"refused.{exc.code}", limit=exc.limit))

    async def tell(self, arrival: Arrival, said: str) -> None:
        """Say this about the arrival in its conversation, once."""
        conversation_id = await self.conversation_with(arrival.external_id)
        told_id = f"{conversation_id}:about:{arrival.message_id}"
        async with self._handover.change() as work:
            if await work.log.find_by_platform_id(self._channel, told_id) is not None:
                return
            message = await work.log.append(
                await work.log.get(conversation_id),
                Sender.BOT,
                (part_to_wire(TextPart(said)),),
                at=self._clock.now(),
                platform_message_id=told_id,
            )
            work.messages.append(message)

    async def _take_file(
        self, conversation_id: str, arrival: Arrival, file: RemoteFile, fetch: Fetch
    ) -> None:
        most = self.largest_file
        if file.size is not None and file.size > most:
            raise FileTooLarge(most // MEGABYTE)
        content = await fetch(file)
        await self._attachments.receive(
            self._channel, conversation_id, arrival.message_id, file.name, content
        )
