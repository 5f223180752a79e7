"""Messages as the platform can show them: texts of its length and pictures, and nothing shown a second time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from bot.channels.degrade import fit
from bot.channels.profile import WECHAT
from bot.channels.wechat.limits import IMAGE_BYTES
from bot.channels.wechat.store import ProgressRow
from bot.conversation.model import Message, Sender
from bot.conversation.ports import Words
from bot.conversation.store import MessageRow
from bot.messages import Image, TextPart, part_from_wire
from bot.papers import PaperLinks
from bot.papers.errors import PaperError
from bot.servicing.errors import FileError
from bot.servicing.file_links import PATH, FileLinks
from bot.servicing.files import Files
from bot.store.engine import Sessions

BETWEEN = "\n\n"
LONGEST_QUOTE = 40
TYPES = {"image/png": "png", "image/jpeg": "jpg"}  #: the pictures that the platform takes

Piece = TextPart | Image


@dataclass(frozen=True)
class Handed:
    """What fits into one text, and how far that brings the messages."""

    text: str
    whole: tuple[str, ...]  #: messages that are shown with it to the end
    begun: tuple[str, int] | None  #: the message that it only begins, and how many pieces are shown then
    untouched: tuple[str, ...]


class Rendering:
    """Makes pieces of messages, the same ones each time."""

    def __init__(
        self,
        sessions: Sessions,
        words: Words,
        papers: PaperLinks,
        file_links: FileLinks,
        files: Files,
        *,
        base_url: str,
        has_api: bool,
    ) -> None:
        self._sessions = sessions
        self._words = words
        self._papers = papers
        self._file_links = file_links
        self._files = files
        self._base_url = base_url
        self.profile = replace(WECHAT, has_images=has_api)  #: only by the API can a picture be sent

    def pieces(self, message: Message) -> list[Piece]:
        """Texts as long as the platform takes them, and pictures."""
        wires = (self._file_links.for_conversation(part, message.conversation_id) for part in message.parts)
        parts = [part_from_wire(self._absolute(wire)) for wire in wires]
        pieces: list[Piece] = []
        for part in fit(parts, self.profile, self._words, self._papers):
            last = pieces[-1] if pieces else None
            if isinstance(part, TextPart) and isinstance(last, TextPart):
                if self.profile.fits(joined := f"{last.text}{BETWEEN}{part.text}"):
                    pieces[-1] = TextPart(joined)
                    continue
            if isinstance(part, TextPart | Image):
                pieces.append(part)
        return pieces

    async def lead(self, message: Message) -> str:
        """What a late answer begins with: the question, once the customer has written something else."""
        if message.turn_id is None:
            return ""
        async with self._sessions() as session:
            last = await session.scalar(
                select(func.max(MessageRow.seq)).where(
                    MessageRow.conversation_id == message.conversation_id,
                    MessageRow.sender == Sender.CUSTOMER.value,
                )
            )
            if last is None or last < message.seq:
                return ""
            asked = await session.scalars(
                select(MessageRow)
                .where(MessageRow.turn_id == message.turn_id, MessageRow.sender == Sender.CUSTOMER.value)
                .order_by(MessageRow.seq)
            )
            said = " ".join(row.as_message().text for row in asked)
        if not said:
            return ""
        short = said if len(said) <= LONGEST_QUOTE else f"{said[: LONGEST_QUOTE - 1]}…"
        return self._words.say("wechat.late_answer", asked=short.replace("\n", " "))

    async def shown(self, message_id: str) -> int:
        """How many pieces of a message were shown already."""
        async with self._sessions() as session:
            row = await session.get(ProgressRow, message_id)
        return row.pieces_shown if row else 0

    async def show_from(self, message_id: str, pieces_shown: int) -> None:
        """From now on so many pieces count as shown; zero forgets."""
        async with self._sessions.begin() as session:
            row = await session.get(ProgressRow, message_id)
            if pieces_shown and row is None:
                session.add(ProgressRow(message_id=message_id, pieces_shown=pieces_shown))
            elif pieces_shown and row is not None:
                row.pieces_shown = pieces_shown
            elif row is not None:
                await session.delete(row)

    async def in_one_text(self, messages: Iterable[Message]) -> Handed:
        """As much of the messages, in order, as one text can hold; it ends before a picture."""
        waiting = list(messages)
        text = ""
        whole: list[str] = []
        for position, message in enumerate(waiting):
            shown = start = await self.shown(message.id)
            pieces = self.pieces(message)
            lead = await self.lead(message) if start == 0 else ""
            for piece in pieces[start:]:
                if not isinstance(piece, TextPart):
                    break
                longer = self._longer(text, self.with_lead(lead, piece.text) if shown == 0 else piece.text)
                if longer is None:
                    break
                text, shown = longer, shown + 1
            if shown < len(pieces):
                begun = (message.id, shown) if shown > start else None
                rest = waiting[position + (begun is not None) :]
                return Handed(text, tuple(whole), begun, tuple(one.id for one in rest))
            whole.append(message.id)
        return Handed(text, tuple(whole), None, ())

    def with_lead(self, lead: str, text: str) -> str:
        """The text after its lead, or alone when both are too long for one message."""
        led = f"{lead}\n{text}" if lead else text
        return led if self.profile.fits(led) else text

    async def content(self, image: Image) -> tuple[str, bytes, str] | None:
        """Name, bytes and type of a picture of ours; None for one that can only be linked to."""
        try:
            if (file := self._own_file(image.url)) is not None:
                stored = await self._files.find(file)
                made = (await self._files.content(stored), stored.media_type.value)
            else:
                paper = await asyncio.to_thread(self._papers.paper, image.url)
                made = (paper.content, paper.media_type)
        except (PaperError, FileError):
            return None
        content, media_type = made
        if media_type not in TYPES or len(content) > IMAGE_BYTES:
            return None
        return f"picture.{TYPES[media_type]}", content, media_type

    def _own_file(self, url: str) -> str | None:
        _before, found, token = url.partition(PATH)
        return self._file_links.claim(token).public_id if found else None

    def _longer(self, text: str, more: str) -> str | None:
        joined = f"{text}{BETWEEN}{more}" if text else more
        return joined if self.profile.fits(joined) else None

    def _absolute(self, wire: dict[str, object]) -> dict[str, object]:
        url = wire.get("url")
        is_ours = isinstance(url, str) and url.startswith("/")
        return {**wire, "url": f"{self._base_url}{url}"} if is_ours else wire
