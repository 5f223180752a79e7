"""Wires the Telegram channel, keeps it running, and shows there that somebody is writing."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from datetime import timedelta

import structlog
from fastapi import APIRouter

from bot.channels.degrade import Pictures
from bot.channels.media import Media
from bot.channels.ports import Malformed
from bot.channels.reception import Reception
from bot.channels.telegram import CHANNEL
from bot.channels.telegram.buttons import Buttons
from bot.channels.telegram.calls import TelegramCalls
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.intake import Intake, parsed
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.routes import telegram_routes
from bot.channels.telegram.store import OffsetRow
from bot.channels.telegram.takes import Takes
from bot.clock import Clock
from bot.conversation.model import Conversation, Message
from bot.conversation.ports import DeliveryFailed, DeliveryRefused, Words
from bot.conversation.store import Log
from bot.handoff.model import Ticket
from bot.settings import Settings
from bot.store.engine import Sessions
from bot.store.leases import end_lease, take_lease

log = structlog.get_logger()

POLLING_JOB = "telegram.polling"
POLLING_LEASE = timedelta(seconds=45)  #: longer than one call for updates takes
#: After a week of silence Telegram numbers its updates anew, and an old offset would skip the new ones.
OFFSET_HOLDS = timedelta(days=6)
AWAY_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
TYPING_SECONDS = 4.5  #: Telegram shows "typing" for five
LONGEST_TYPING_SECONDS = 60.0
MENU = ("start", "calc", "status", "human", "help")


class Telegram:
    """The running channel: the adapter for the outbox, the webhook or the polling, and a listener for "typing"."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        clock: Clock,
        words: Words,
        reception: Reception,
        media: Media,
        pictures: Pictures,
    ) -> None:
        token = settings.telegram_token.get_secret_value()
        self._bot_id = bot_id_of(token)
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._secret = settings.telegram_secret.get_secret_value() or settings.secret("telegram_webhook")
        self._calls = TelegramCalls(token, settings.telegram_url, Pace())
        buttons = Buttons(sessions)
        takes = Takes(self._bot_id, sessions, reception, self._calls, buttons, clock, words)
        self.channel = TelegramChannel(
            self._secret, self._calls, buttons, media, pictures, sessions, clock, words
        )
        self._intake = Intake(self._bot_id, sessions, clock, words, takes)
        self._name = secrets.token_hex(8)
        self._typing: dict[str, asyncio.Task[None]] = {}

    def routes(self) -> APIRouter:
        """The webhook; with polling nobody may call it."""
        return telegram_routes(self.channel, self._intake, self._words)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._intake.run())
                tasks.create_task(self._introduce())
                if self._settings.telegram_mode == "polling":
                    tasks.create_task(self._poll())
        finally:
            if self._settings.telegram_mode == "polling":  # so that the next process need not wait
                async with self._sessions.begin() as session:
                    await end_lease(session, POLLING_JOB, self._name)
            for task in list(self._typing.values()):
                task.cancel()
            await self._calls.close()

    async def _introduce(self) -> None:
        """Tell Telegram where we are and what the menu offers, until it has heard."""
        tries = 0
        while True:
            try:
                if self._settings.telegram_mode == "webhook":
                    url = f"{self._settings.public_base_url}/channels/telegram"
                    await self._calls.be_called_at(url, self._secret)
                menu = [(name, self._words.say(f"telegram.about_{name}")) for name in MENU]
                await self._calls.offer_commands(menu)
                log.info("telegram.introduced", mode=self._settings.telegram_mode)
                return
            except DeliveryRefused as exc:
                log.error("telegram.refused_introduction", error=str(exc))
                return
            except DeliveryFailed as exc:
                log.warning("telegram.not_introduced", error=str(exc))
                await asyncio.sleep(AWAY_SECONDS[min(tries, len(AWAY_SECONDS) - 1)])
                tries += 1

    async def _poll(self) -> None:
        """Ask for updates, as one process of all; an update is confirmed only by the call after it was kept."""
        tries, is_polled = 0, False
        while True:
            try:
                if not await self._may_poll():
                    await asyncio.sleep(POLLING_LEASE.total_seconds() / 12)
                    continue
                if not is_polled:
                    await self._calls.be_polled()
                    is_polled = True
                await self._poll_once()
                tries = 0
            except (DeliveryFailed, DeliveryRefused) as exc:
                log.warning("telegram.poll_failed", error=str(exc))
                await asyncio.sleep(AWAY_SECONDS[min(tries, len(AWAY_SECONDS) - 1)])
                tries += 1
            except Exception:
                log.exception("telegram.poll_fault")
                await asyncio.sleep(AWAY_SECONDS[-2])

    async def _may_poll(self) -> bool:
        async with self._sessions.begin() as session:
            return await take_lease(session, POLLING_JOB, self._name, POLLING_LEASE)

    async def _poll_once(self) -> None:
        async with self._sessions() as session:
            row = await session.get(OffsetRow, self._bot_id)
        is_fresh = row is not None and self._clock.now() - row.at < OFFSET_HOLDS
        told, next_id = [], None
        for wire in await self._calls.updates(row.next_update_id if row and is_fresh else None):
            try:
                known, kept = parsed(wire, self._words)
            except Malformed as exc:
                log.warning("telegram.malformed", reason=str(exc))
                continue
            told.append((known, kept))
            next_id = max(next_id or 0, known.id + 1)
        if told:
            await self._intake.keep(told, next_id)

    async def message_stored(self, message: Message) -> None:
        """The outbox delivers."""

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        """Seen only through messages."""

    async def ticket_changed(self, ticket: Ticket) -> None:
        """Seen only through messages."""

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None:
        """The line "… is typing" in the customer's chat."""
        if who == "customer":
            return
        if task := self._typing.pop(conversation_id, None):
            task.cancel()
        if is_typing:
            self._typing[conversation_id] = asyncio.create_task(self._show_typing(conversation_id))

    async def _show_typing(self, conversation_id: str) -> None:
        try:
            async with self._sessions() as session:
                conversation = await Log(session).get(conversation_id)
            if conversation.channel != CHANNEL:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_TYPING_SECONDS):
                    while True:
                        await self._calls.typing(int(conversation.external_id))
                        await asyncio.sleep(TYPING_SECONDS)
        except (DeliveryFailed, DeliveryRefused) as exc:
            log.info("telegram.typing_not_shown", error=str(exc))
        except Exception:
            log.exception("telegram.typing_fault", conversation=conversation_id)


def bot_id_of(token: str) -> int:
    """The number before the colon; ``ValueError`` for what is no token of Telegram's.

    >>> bot_id_of("4711:AAH-secret")
    4711
    """
    number, colon, secret = token.partition(":")
    if not number.isascii() or not number.isdigit() or not colon or not secret:
        raise ValueError("FANGXIN_TELEGRAM_TOKEN is no token: it looks like 123456:AAE…")
    return int(number)
