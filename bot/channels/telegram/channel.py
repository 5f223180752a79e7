"""The Telegram adapter: whom it believes, what it understands, and how a message of ours gets out exactly once.

A message can be several of Telegram's (pieces), and Telegram knows no idempotency key. So the state of each piece is
written down before and after its call, and a retry goes on where the last one stopped. A piece whose request was
written but never answered is in doubt. It is sent a second time only after Telegram has answered a harmless call, and
then says that it may be a repeat; in doubt a second time, it is left at that and logged. So no piece comes more than
twice, none twice without a word, and one is lost only if two requests in a row vanished around an answered one.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from enum import StrEnum

import structlog
from sqlalchemy import delete, select

from bot.channels.degrade import Pictures
from bot.channels.media import Fetched, Media
from bot.channels.ports import Arrival, NotVerified, Request, Verified
from bot.channels.profile import TELEGRAM
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import Blocked, InDoubt, NotDone, Refused, TelegramCalls
from bot.channels.telegram.pieces import LONGEST_CAPTION, Give, Piece, Say, Show, pieces_of
from bot.channels.telegram.store import PieceRow
from bot.channels.telegram.updates import decoded, read_update
from bot.clock import Clock
from bot.conversation.model import Message
from bot.conversation.ports import DeliveryRefused, Words
from bot.conversation.reach import Manner, Reach
from bot.store.engine import Sessions

log = structlog.get_logger()

SECRET_HEADER = "x-telegram-bot-api-secret-token"
LARGEST_PHOTO = 10 * 1024 * 1024
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})


class PieceState(StrEnum):
    SENDING = "sending"  #: the first request was about to be written: in doubt unless it moves on
    AGAIN = "again"  #: the second one
    SENT = "sent"  #: Telegram has it
    DOUBTFUL = "doubtful"  #: given up after two requests that nobody answered


class TelegramChannel:
    """``bot.channels.ports.Platform`` for Telegram."""

    name = CHANNEL
    capabilities = TELEGRAM

    def __init__(
        self,
        secret: str,
        calls: TelegramCalls,
        buttons: Buttons,
        media: Media,
        pictures: Pictures,
        sessions: Sessions,
        clock: Clock,
        words: Words,
    ) -> None:
        self._secret = secret
        self._calls = calls
        self._buttons = buttons
        self._media = media
        self._pictures = pictures
        self._sessions = sessions
        self._clock = clock
        self._words = words

    def verify(self, request: Request) -> Verified:
        """Only Telegram knows the secret that it was given together with our address."""
        given = request.headers.get(SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise NotVerified("secret token")
        return Verified(request.body)

    def parse(self, verified: Verified) -> Sequence[Arrival]:
        return read_update(decoded(verified.body), self._words).arrivals

    async def send(self, external_id: str, message: Message) -> None:
        chat_id = _chat_id(external_id)
        pieces = pieces_of(message, self._words, self._pictures)
        states = await self._states(message.id)
        for position, piece in enumerate(pieces):
            state = states.get(position)
            if state not in (PieceState.SENT, PieceState.DOUBTFUL):
                await self._send_piece(chat_id, message, position, piece, state)

    async def reach(self, external_id: str, template: str) -> Reach:
        """Everybody with a conversation has started the bot; who has blocked it since is found out by sending."""
        return Reach(Manner.MESSAGE)

    async def _send_piece(
        self, chat_id: int, message: Message, position: int, piece: Piece, state: PieceState | None
    ) -> None:
        if state is PieceState.AGAIN:
            log.error("telegram.in_doubt", message=message.id, piece=position)
            await self._note(message.id, position, PieceState.DOUBTFUL)
            return
        is_repeat = state is PieceState.SENDING
        if is_repeat:
            await self._calls.probe()
        await self._calls.may_send(chat_id)
        await self._note(message.id, position, PieceState.AGAIN if is_repeat else PieceState.SENDING)
        try:
            await self._call(chat_id, message, self._marked(piece) if is_repeat else piece)
        except (NotDone, DeliveryRefused):
            await self._note(message.id, position, state)  # surely not sent, so no more in doubt than before
            raise
        except InDoubt:
            log.warning("telegram.no_answer", message=message.id, piece=position)
            raise
        await self._note(message.id, position, PieceState.SENT)

    async def _call(self, chat_id: int, message: Message, piece: Piece) -> None:
        match piece:
            case Say(text, options):
                keyboard = await self._buttons.keys(options) if options else []
                await self._calls.say(chat_id, text, keyboard)
            case Show(url, caption):
                await self._show(chat_id, message, url, caption)
            case Give(url, name):
                await self._give(chat_id, message, url, name)

    async def _show(self, chat_id: int, message: Message, url: str, caption: str) -> None:
        """As a photo, as a document where Telegram makes no photo of it, else as an address."""
        fetched = await self._media.fetch(url, message.conversation_id)
        picture: Fetched | str = fetched or self._media.absolute(url)
        is_photo = fetched is None or (fetched.media_type in PHOTOS and len(fetched.content) <= LARGEST_PHOTO)
        try:
            if is_photo:
                await self._calls.show(chat_id, picture, caption)
                return
        except Refused as exc:
            log.info("telegram.no_photo", message=message.id, reason=str(exc))
        await self._give(chat_id, message, url, caption, fetched)

    async def _give(
        self, chat_id: int, message: Message, url: str, caption: str, fetched: Fetched | None = None
    ) -> None:
        fetched = fetched or await self._media.fetch(url, message.conversation_id)
        try:
            await self._calls.give(chat_id, fetched or self._media.absolute(url), caption[:LONGEST_CAPTION])
        except Refused as exc:
            log.info("telegram.no_document", message=message.id, reason=str(exc))
            await self._calls.say(chat_id, f"{caption}\n{self._media.absolute(url)}".strip())

    def _marked(self, piece: Piece) -> Piece:
        """The piece with a word that it may be a repeat, where there is room for one."""
        mark = self._words.say("telegram.maybe_twice")
        match piece:
            case Say(text, options):
                marked = f"{mark}\n{text}"
                return Say(marked, options) if TELEGRAM.fits(marked) else piece
            case Show(url, caption):
                marked = f"{mark}\n{caption}"
                return Show(url, marked) if len(marked) <= LONGEST_CAPTION else piece
            case Give(url, name):
                return Give(url, f"{mark}\n{name}")

    async def _states(self, message_id: str) -> dict[int, PieceState]:
        async with self._sessions() as session:
            rows = await session.scalars(select(PieceRow).where(PieceRow.message_id == message_id))
            return {row.position: PieceState(row.state) for row in rows}

    async def _note(self, message_id: str, position: int, state: PieceState | None) -> None:
        async with self._sessions.begin() as session:
            if state is None:
                await session.execute(
                    delete(PieceRow).where(PieceRow.message_id == message_id, PieceRow.position == position)
                )
                return
            await session.merge(
                PieceRow(message_id=message_id, position=position, state=state.value, at=self._clock.now())
            )


def _chat_id(external_id: str) -> int:
    try:
        return int(external_id)
    except ValueError as exc:
        raise Blocked(f"no chat: {external_id!r}") from exc
