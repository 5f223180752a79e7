"""What many tests share: a database of their own, a clock that stands still, and the product's own phrases."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.tables  # noqa: F401 - every table must be known before they are made
from bot.clock import FixedClock
from bot.knowledge import Phrases
from bot.settings import ROOT
from bot.store.base import Base
from bot.store.engine import Sessions, make_engine, make_sessions

POSTGRES = os.environ.get("FANGXIN_TEST_DATABASE_URL", "")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def clock() -> FixedClock:
    """A Tuesday noon in China."""
    return FixedClock(datetime(2026, 11, 24, 4, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def words() -> Phrases:
    return Phrases.load(ROOT / "data" / "knowledge" / "phrases.yml")


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
