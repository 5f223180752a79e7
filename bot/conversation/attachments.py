"""Pictures and files from customers: kept, shown in the conversation, and read before the bot's turn begins."""

from __future__ import annotations

import asyncio
import json

import structlog
from sqlalchemy import update

from bot.clock import Clock
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Conversation, Mode, Received, Sender
from bot.conversation.ports import Words
from bot.conversation.store import Log, MessageRow
from bot.conversation.turns import Turns
from bot.messages import Attachment, File, Image, Inbound, TextPart, part_to_wire
from bot.servicing.errors import FileError
from bot.servicing.file_links import FileLinks
from bot.servicing.files import Files, StoredFile
from bot.servicing.reading import Reader, Reading
from bot.servicing.reading.model import NOT_READ
from bot.servicing.sent_documents import SentDocuments
from bot.store.engine import Sessions

log = structlog.get_logger()

DOCUMENT_SENT = "document_sent"


class Attachments:
    """Where every channel puts the files that it received.

    With the bot, a file is read first and the customer told so; only then its turn begins, like that of a pressed
    button. Words written meanwhile are answered before it. With a person, or in the queue, the file is simply shown.
    """

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        files: Files,
        reader: Reader,
        inbox: Inbox,
        handover: Handover,
        turns: Turns,
        words: Words,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._files = files
        self._reader = reader
        self._inbox = inbox
        self._handover = handover
        self._turns = turns
        self._words = words
        self._sent = SentDocuments(sessions, clock)
        self._reading: dict[asyncio.Task[None], str] = {}  #: with the conversation of each

    async def receive(
        self, channel: str, conversation_id: str, client_id: str, name: str, content: bytes
    ) -> Received:
        """Keep a file and put it into the conversation; the same ``client_id`` again is the same message.

        ``FileRefused`` says why a file is not taken; then nothing was stored.
        """
        conversation, _ahead = await self._handover.standing(conversation_id)
        file = await self._files.keep(
            conversation_id, client_id, name, content, sent_by=f"conversation:{conversation_id}"
        )
        received = await self._inbox.receive(
            Inbound(
                channel=channel,
                conversation_id=conversation_id,
                message_id=client_id,
                content=Attachment(self._part(file), self._payload(file)),
                received_at=self._clock.now(),
            )
        )
        if conversation.mode in (Mode.BOT, Mode.CLOSED):
            await self._begin(conversation, file, received)
        return received

    async def recover(self) -> int:
        """Read what an earlier process left unread; how many files that is."""
        left = await self._sent.being_read()
        for public_id in left:
            self._read_soon(await self._files.find(public_id))
        return len(left)

    async def settle(self) -> None:
        """Return when nothing is being read any more."""
        while self._reading:
            await asyncio.wait(list(self._reading))

    async def close(self) -> None:
        """Stop reading; what was not read is read after the next start."""
        tasks = list(self._reading)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._reader.close()

    async def _begin(self, conversation: Conversation, file: StoredFile, received: Received) -> None:
        is_first = conversation.id not in self._reading.values()
        async with self._handover.change() as work:
            is_new = await self._sent.begin(work.session, file.id, conversation.id, received.message.id)
            if is_new and is_first:
                looking = TextPart(self._words.say("documents.looking"))
                message = await work.log.append(
                    await work.log.get(conversation.id),
                    Sender.BOT,
                    (part_to_wire(looking),),
                    at=self._clock.now(),
                )
                work.messages.append(message)
        if is_new:
            self._read_soon(file)

    def _read_soon(self, file: StoredFile) -> None:
        task = asyncio.create_task(self._read(file))
        self._reading[task] = file.conversation_id
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._reading[task]
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("document.turn_not_begun", error=repr(fault))  # read again after the next start

    async def _read(self, file: StoredFile) -> None:
        """Read the file and let its turn begin, whatever came of the reading."""
        try:
            reading = await self._reader.read(file.media_type, await self._files.content(file))
        except FileError as exc:
            log.error("document.content_lost", file=file.public_id, error=str(exc))
            reading = NOT_READ
        await self._let_begin(file, reading)
        log.info("document.read", file=file.public_id, legibility=reading.legibility.value)

    async def _let_begin(self, file: StoredFile, reading: Reading) -> None:
        async with self._sessions.begin() as session:
            message_id = await self._sent.end(session, file.id, reading)
            if message_id is None:
                return
            await session.execute(
                update(MessageRow).where(MessageRow.id == message_id).values(awaits_turn=True)
            )
            conversation = await Log(session).get(file.conversation_id)
        self._turns.wake(conversation.id, at_once=True)

    def _part(self, file: StoredFile) -> Image | File:
        """How the transcript shows it; the sender's name for it stays sealed."""
        url = FileLinks.unsigned(file.public_id)
        if file.media_type.is_picture:
            return Image(url, self._words.say("documents.picture"))
        return File(url, self._words.say("documents.file_name", ending=file.media_type.ending), file.size)

    @staticmethod
    def _payload(file: StoredFile) -> str:
        return f"/{DOCUMENT_SENT}{json.dumps({'file': file.public_id})}"
