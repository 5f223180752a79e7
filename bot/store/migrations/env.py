"""How Alembic reaches the database: through the same engine as everybody else."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection

import bot.tables  # noqa: F401 - so that every table is known
from bot.store.base import Base
from bot.store.engine import make_engine

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


async def run_online() -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = config.attributes.get("connection")
if given is None:
    asyncio.run(run_online())
else:
    run(given)  # a test's own connection, inside its own event loop
