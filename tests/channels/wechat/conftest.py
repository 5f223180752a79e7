"""The whole service on a port of its own beside a small WeChat, patient where time is not the matter, and quick where answers are late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation.store import ConversationRow, MessageRow, OutboxRow
from bot.dialogue.scripted import ScriptedDialogue
from bot.settings import Settings
from bot.store.base import Base
from bot.store.engine import make_engine
from tests.channels.clocks import MovableClock
from tests.channels.wechat.platform import AES_KEY, APP_ID, SECRET, TOKEN, Platform, serving
from tests.conftest import LiveService, started

HOLD = 2.0  #: where answers are late
LATE: dict[str, Any] = {"wechat_hold_seconds": HOLD, "turn_deadline_seconds": 60.0}
#: And the platform asks again as soon in proportion.
QUICK: dict[str, Any] = {**LATE, "seconds": HOLD * 5 / 4.2}
PATIENCE = 60.0  #: seconds until something that has to happen has surely not happened


class Thinking(ScriptedDialogue):
    """A bot that answers when the test lets it."""

    may_answer: asyncio.Event

    def __init__(self) -> None:
        super().__init__(may_answer=asyncio.Event())


@dataclass
class Pair:
    """The platform and the service that talk to each other."""

    platform: Platform
    live: LiveService
    clock: MovableClock

    async def until(self, holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.02)

    async def screen(self, customer: str, length: int) -> list[str]:
        """What the customer sees, once it is so much."""
        await self.until(lambda: len(self.platform.screens[customer]) >= length)
        await asyncio.sleep(0.1)  # so that a text too many is seen as well
        return self.platform.screens[customer]

    async def log(self) -> list[tuple[str, str]]:
        """Everything in the log, as (sender, text)."""
        async with self.live.sessions() as session:
            rows = await session.scalars(
                select(MessageRow).order_by(MessageRow.conversation_id, MessageRow.seq)
            )
            return [(row.sender, row.as_message().text) for row in rows]

    async def conversations(self) -> int:
        async with self.live.sessions() as session:
            return len(list(await session.scalars(select(ConversationRow.id))))

    async def states(self) -> list[str]:
        async with self.live.sessions() as session:
            return list(await session.scalars(select(OutboxRow.state).order_by(OutboxRow.seq)))

    async def settled(self) -> None:
        """Until nothing is left to be delivered."""
        async with asyncio.timeout(PATIENCE):
            while "queued" in await self.states():
                await asyncio.sleep(0.02)


def settings_for(platform: Platform, home: Path, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "home": home,
        "merge_window_seconds": 0.02,
        "turn_deadline_seconds": 8.0,
        "database_url": "",
        "wechat_token": TOKEN,
        "wechat_app_id": APP_ID,
        "wechat_app_secret": SECRET,
        "wechat_aes_key": AES_KEY,
        "wechat_mode": platform.mode,
        "wechat_hold_seconds": 30.0,
        "wechat_api_url": platform.url,
        "public_url": "https://chat.bank.example",
        "_env_file": None,
    }
    return Settings(**(given | changes))


@asynccontextmanager
async def paired(
    home: Path,
    dialogue: ScriptedDialogue | None = None,
    *,
    mode: str = "encrypted",
    seconds: float = 36.0,
    **changes: Any,
) -> AsyncIterator[Pair]:
    async with serving(Platform(mode=mode, seconds=seconds)) as platform:
        settings = settings_for(platform, home, **changes)
        clock = MovableClock()
        settings.__dict__["clock"] = clock
        engine = make_engine(settings.database)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        async with started(settings, dialogue or ScriptedDialogue()) as live:
            platform.service_url = live.url
            yield Pair(platform, live, clock)


@pytest.fixture
async def pair_up(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Makes a pair; it is taken down after the test."""
    async with AsyncExitStack() as stack:

        async def make(dialogue: ScriptedDialogue | None = None, **changes: Any) -> Pair:
            return await stack.enter_async_context(paired(tmp_path, dialogue, **changes))

        yield make


@pytest.fixture
async def pair(pair_up: Callable[..., Any]) -> Pair:
    return await pair_up()
