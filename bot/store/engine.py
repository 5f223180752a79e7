"""One async engine for SQLite (the embedded default) and PostgreSQL, chosen by the URL alone."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

Sessions = async_sessionmaker[AsyncSession]

#: How long a writer waits for another process's write, in seconds (SQLite has one writer at a time).
SQLITE_BUSY_SECONDS = 15


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def make_engine(url: str, schema: str | None = None) -> AsyncEngine:
    """An engine for ``url``; on SQLite with WAL, foreign keys, and write transactions that queue up.

    The driver's own transaction handling starts a transaction as a reader and lets it become a writer
    later, which fails at once (not after the busy time) when another process wrote in between. So it is
    switched off and every transaction begins as a writer.

    ``schema`` is a PostgreSQL schema to live in instead of the user's own.
    """
    if not is_sqlite(url):
        settings = {"server_settings": {"search_path": schema}} if schema else {}
        return create_async_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=20, connect_args=settings
        )
    # One connection: in turn, tasks wait for it in their order. With more they would wait in SQLite's busy handler,
    # which sleeps and serves whoever happens to wake up; under load words took two and a half times as long.
    engine = create_async_engine(
        url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, pool_size=1, max_overflow=0
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: object, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    return engine


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
