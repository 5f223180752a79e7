"""What many tests share: a database of their own, a clock that stands still, and the product's own phrases."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

import bot.tables  # noqa: F401 - every table must be known before they are made
from bot.app import create_app
from bot.channels.ports import Platform
from bot.clock import FixedClock
from bot.dialogue.scripted import ScriptedDialogue
from bot.handoff.agents import Agents
from bot.knowledge import Phrases, PolicyBook
from bot.settings import ROOT, Settings
from bot.store.base import Base
from bot.store.engine import Sessions, make_engine, make_sessions

POSTGRES = os.environ.get("FANGXIN_TEST_DATABASE_URL", "")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


STACK = "tests/e2e/"


class ByStackAndFile(LoadScopeScheduling):
    """Where tests run in several processes: those of the started stack in one of them, the others by file."""

    def _split_scope(self, nodeid: str) -> str:
        return STACK if nodeid.startswith(STACK) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByStackAndFile:
    return ByStackAndFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stack's tests first, as they take longest, and of them the browser's last."""
    items.sort(
        key=lambda item: (not item.nodeid.startswith(STACK), item.get_closest_marker("browser") is not None)
    )


@pytest.fixture
def clock() -> FixedClock:
    """A Tuesday noon in China."""
    return FixedClock(datetime(2026, 11, 24, 4, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def words() -> Phrases:
    return Phrases.load(ROOT / "data" / "knowledge" / "phrases.yml")


@pytest.fixture(scope="session")
def policy() -> PolicyBook:
    return PolicyBook.load(ROOT / "data" / "knowledge" / "policy")


@pytest.fixture(params=DATABASES)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database with every table: SQLite, and PostgreSQL where one is given."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield engine
        await engine.dispose()
        return
    if not POSTGRES:
        pytest.skip("FANGXIN_TEST_DATABASE_URL is not set")
    schema = f"test_{secrets.token_hex(6)}"
    plain = make_engine(POSTGRES)
    async with plain.begin() as connection:
        await connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    engine = make_engine(POSTGRES, schema=schema)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield engine
    await engine.dispose()
    async with plain.begin() as connection:
        await connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    await plain.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    return make_sessions(engine)


@dataclass
class LiveService:
    """The whole service on a port of its own, with a scripted bot."""

    url: str
    dialogue: ScriptedDialogue
    settings: Settings
    agents: Agents
    http: httpx.AsyncClient  #: as the console channel's token holder
    sessions: Sessions
    channels: Mapping[str, Platform]  #: the adapters, by their names


@asynccontextmanager
async def started(settings: Settings, dialogue: ScriptedDialogue) -> AsyncIterator[LiveService]:
    """The service on uvicorn: HTTP and Socket.IO as a browser meets them."""
    engine = make_engine(settings.database)
    app = create_app(settings, dialogue, engine)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    headers = {"Authorization": f"Bearer {settings.secret('console_token')}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as http:
        sessions = make_sessions(engine)
        agents = Agents(sessions, settings.clock)
        channels = app.other_asgi_app.state.service.channels
        yield LiveService(url, dialogue, settings, agents, http, sessions, channels)
    server.should_exit = True
    await task


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveService]:
    """One started service with an empty SQLite database."""
    settings = Settings(
        home=tmp_path, merge_window_seconds=0.05, turn_deadline_seconds=1.0, database_url="", _env_file=None
    )
    engine = make_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    async with started(settings, ScriptedDialogue()) as service:
        yield service
