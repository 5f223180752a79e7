"""A started service beside a Bot API server, and a customer who talks to it through that server."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from bot.conversation.store import ConversationRow, Log
from bot.dialogue.scripted import ScriptedDialogue
from bot.settings import Settings
from bot.store.base import Base
from bot.store.engine import make_engine
from tests.channels.clocks import MovableClock
from tests.channels.telegram.server import TOKEN, TelegramServer
from tests.conftest import LiveService, started

PAYLOADS = Path(__file__).parent / "payloads"
CHAT = 700100


def payload(name: str) -> dict:
    """A recorded update."""
    return json.loads((PAYLOADS / f"{name}.json").read_text())


@dataclass
class Customer:
    """Somebody with Telegram on their phone, and the bank's service at the other end."""

    platform: TelegramServer
    service: LiveService
    clock: MovableClock
    chat_id: int = CHAT
    numbers: count = field(default_factory=lambda: count(1))

    def update(self, name: str = "text", **changes) -> dict:
        """The recorded update with an id of its own, as if this customer had sent it now."""
        number = next(self.numbers)
        update = copy.deepcopy(payload(name))
        update["update_id"] = 1_000_000 + number
        kind = next(key for key in update if key != "update_id")
        holder = update[kind]["message"] if kind == "callback_query" else update[kind]
        if kind == "message":
            holder["message_id"] = 100 + number
        if kind == "callback_query":
            update[kind]["id"] = f"30070{number}"
        if holder.get("chat", {}).get("type") == "private":
            holder["chat"]["id"] = self.chat_id
        update[kind].update(changes)
        return update

    async def say(self, text: str) -> dict:
        update = self.update(text=text)
        await self.platform.deliver(update)
        return update

    async def press(self, key: str) -> dict:
        update = self.update("callback", data=key)
        await self.platform.deliver(update)
        return update

    def shown(self) -> list[str]:
        return self.platform.messages(self.chat_id)

    async def sees(self, number: int, seconds: float = 30) -> list[str]:
        """The first so many messages, once they are there."""
        await self.platform.until(lambda: len(self.shown()) >= number, seconds)
        return self.shown()

    async def log(self) -> list:
        async with self.service.sessions() as session:
            rows = await session.scalars(
                ConversationRow.__table__.select()
                .with_only_columns(ConversationRow.id)
                .where(ConversationRow.external_id == str(self.chat_id))
            )
            known = rows.first()
            return await Log(session).since(known, 0) if known else []

    async def taken(self, *updates: dict) -> None:
        """Wait until these updates are worked through."""
        from bot.channels.telegram.store import UpdateRow

        async def are_done() -> bool:
            async with self.service.sessions() as session:
                rows = [await session.get(UpdateRow, (4711, one["update_id"])) for one in updates]
            return all(row is not None and row.state != "waiting" for row in rows)

        import asyncio

        async with asyncio.timeout(30):
            while not await are_done():
                await asyncio.sleep(0.05)


@pytest.fixture
async def platform() -> AsyncIterator[TelegramServer]:
    async with TelegramServer().listening() as server:
        yield server


@asynccontextmanager
async def talking(home: Path, platform: TelegramServer, mode: str = "webhook") -> AsyncIterator[Customer]:
    """The whole service with a Telegram bot of its own."""
    settings = Settings(
        home=home,
        merge_window_seconds=0.05,
        turn_deadline_seconds=2.0,
        database_url="",
        public_url="https://chat.bank.example",
        telegram_token=TOKEN,
        telegram_mode=mode,
        telegram_url=platform.url,
        _env_file=None,
    )
    clock = MovableClock()
    settings.__dict__["clock"] = clock
    engine = make_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    async with started(settings, ScriptedDialogue()) as service:
        await platform.until(lambda: platform.called("setMyCommands"))
        if mode == "webhook":
            assert platform.webhook["url"] == "https://chat.bank.example/channels/telegram"
            platform.webhook["url"] = f"{service.url}/channels/telegram"
        yield Customer(platform, service, clock)


@pytest.fixture
async def customer(tmp_path: Path, platform: TelegramServer) -> AsyncIterator[Customer]:
    async with talking(tmp_path, platform) as one:
        yield one
