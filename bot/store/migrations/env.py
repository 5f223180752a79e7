"""How Alembic reaches the database: through the same engine as everybody else."""

from __future__ import annotations

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, event
from sqlalchemy.pool import ConnectionPoolEntry

import bot.tables  # noqa: F401 - so that every table is known
from bot.store.base import Base
from bot.store.engine import is_sqlite, make_engine

config = context.config
url = config.get_main_option("sqlalchemy.url") or ""


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _let_tables_be_rebuilt(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """SQLite changes a constraint by making the table anew, and will not drop one that others refer to."""
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_references(connection: Connection) -> None:
    """What was not watched meanwhile: a row that refers to nothing undoes the migration."""
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise RuntimeError(f"the migration leaves {len(lost)} rows that refer to nothing, such as {lost[0]}")


async def run_online() -> None:
    engine = make_engine(url)
    if is_sqlite(url):
        event.listen(engine.sync_engine, "connect", _let_tables_be_rebuilt)
    async with engine.begin() as connection:
        await connection.run_sync(run)
        if is_sqlite(url):
            await connection.run_sync(_check_references)
    await engine.dispose()


given = config.attributes.get("connection")
if given is None:
    asyncio.run(run_online())
else:
    run(given)  # a test's own connection, inside its own event loop
