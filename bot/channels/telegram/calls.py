"""The Bot API through python-telegram-bot, with our own errors at the edge.

What a failed call tells is sorted into three: surely not done (`NotDone`), refused for good (`Refused`, `Blocked`),
and in doubt (`InDoubt`): the request was written and no answer came.
"""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import structlog
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.channels.media import Fetched
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.updates import ALLOWED
from bot.conversation.ports import DeliveryFailed, DeliveryRefused

log = structlog.get_logger()

#: The library's own method reads updates into its classes, which trust what they read.
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
UPLOAD_SECONDS = 25.0
POLL_SECONDS = 25
NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
Keyboard = Sequence[tuple[str, str]]  #: title and callback data, one button a row


class NotDone(DeliveryFailed):
    """Telegram did not do it: it could not be reached, or said so."""


class InDoubt(DeliveryFailed):
    """The request was written, but no answer came: it may have been done."""


class Refused(DeliveryRefused):
    """Telegram will not do this, whoever asks (400)."""


class Blocked(DeliveryRefused):
    """The customer blocked the bot, or is no more (403)."""


class TelegramCalls:
    """The calls that we make, each within the pace."""

    def __init__(
        self,
        token: str,
        base_url: str,
        pace: Pace,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        base_url = base_url.rstrip("/")
        timeouts: dict[str, Any] = {
            "connect_timeout": connect_seconds,
            "read_timeout": answer_seconds,
            "write_timeout": answer_seconds,
            "pool_timeout": connect_seconds,
            "media_write_timeout": UPLOAD_SECONDS,
        }
        self._calls = HTTPXRequest(connection_pool_size=32, **timeouts)
        self._polls = HTTPXRequest(connection_pool_size=1, **timeouts)
        self._bot = Bot(
            token,
            base_url=f"{base_url}/bot",
            base_file_url=f"{base_url}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )
        self._answer_seconds = answer_seconds
        self._pace = pace

    async def close(self) -> None:
        await self._calls.shutdown()
        await self._polls.shutdown()

    async def may_send(self, chat_id: int) -> None:
        """Return when the chat may get its next message."""
        await self._pace.turn(chat_id)

    async def say(self, chat_id: int, text: str, keyboard: Keyboard = ()) -> None:
        """Plain text, with buttons under it."""
        async with _sorted_errors():
            await self._bot.send_message(
                chat_id,
                text,
                reply_markup=_markup(keyboard),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

    async def show(self, chat_id: int, picture: Fetched | str, caption: str) -> None:
        async with _sorted_errors():
            await self._bot.send_photo(chat_id, _input(picture), caption=caption or None)

    async def give(self, chat_id: int, file: Fetched | str, caption: str = "") -> None:
        async with _sorted_errors():
            await self._bot.send_document(chat_id, _input(file), caption=caption or None)

    async def answer_press(self, query_id: str, said: str | None = None) -> None:
        """End the waiting mark on a pressed button, with a word if there is something to say."""
        await self._pace.turn()
        async with _sorted_errors():
            await self._bot.answer_callback_query(query_id, text=said, show_alert=said is not None)

    async def typing(self, chat_id: int) -> None:
        await self._pace.turn()
        async with _sorted_errors():
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING)

    async def leave(self, chat_id: int) -> None:
        await self._pace.turn()
        async with _sorted_errors():
            await self._bot.leave_chat(chat_id)

    async def probe(self) -> None:
        """A call that changes nothing: whether Telegram answers at all."""
        await self._pace.turn()
        async with _sorted_errors():
            await self._bot.get_me()

    async def content(self, file_id: str) -> bytes:
        """The bytes of a file that a customer sent."""
        await self._pace.turn()
        async with _sorted_errors():
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())

    async def updates(self, offset: int | None) -> list[Any]:
        """The next updates as JSON, after up to `POLL_SECONDS`; asking with an offset confirms all before it."""
        asked: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED)}
        if offset is not None:
            asked["offset"] = offset
        async with _sorted_errors():
            told = await self._bot.do_api_request(
                "getUpdates", api_kwargs=asked, read_timeout=POLL_SECONDS + self._answer_seconds
            )
        return list(told) if isinstance(told, list) else []

    async def be_called_at(self, url: str, secret: str) -> None:
        async with _sorted_errors():
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(ALLOWED))

    async def be_polled(self) -> None:
        """No webhook any more: with one, Telegram refuses to be polled. What waits stays."""
        async with _sorted_errors():
            await self._bot.delete_webhook()

    async def offer_commands(self, commands: Sequence[tuple[str, str]]) -> None:
        async with _sorted_errors():
            await self._bot.set_my_commands([BotCommand(name, about) for name, about in commands])


@asynccontextmanager
async def _sorted_errors() -> AsyncIterator[None]:
    try:
        yield
    except RetryAfter as exc:
        raise NotDone("flood limit", retry_after=exc._retry_after.total_seconds()) from exc
    except Forbidden as exc:
        raise Blocked(exc.message) from exc
    except BadRequest as exc:
        raise Refused(exc.message) from exc
    except (TimedOut, NetworkError) as exc:
        cause = exc.__cause__
        if isinstance(cause, httpx.HTTPError) and not isinstance(cause, NOT_WRITTEN):
            raise InDoubt(type(cause).__name__) from exc
        raise NotDone(exc.message) from exc
    except TelegramError as exc:
        if exc.message == "Invalid server response":  # a 200 that cannot be read
            raise InDoubt(exc.message) from exc
        raise NotDone(exc.message) from exc


def _input(file: Fetched | str) -> InputFile | str:
    return file if isinstance(file, str) else InputFile(file.content, filename=file.name)


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(title, callback_data=data)] for title, data in keyboard]
    )
