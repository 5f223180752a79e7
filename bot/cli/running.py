"""Starts the service and prepares its database."""

from __future__ import annotations

import asyncio
import sys

from bot.cli.program import KNOWLEDGE, app
from bot.settings import Settings


@app.command()
def serve() -> None:
    """启动服务（前门）· Start the service, the front door."""
    import uvicorn

    from bot.app import create_app
    from bot.logs import configure_logging

    settings = Settings()
    configure_logging(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )


@app.command()
def prepare() -> None:
    """建库、升级、写入演示数据 · Bring the database up to date; in development, add the demo data and logins."""
    from bot.logs import configure_logging
    from bot.store.migrate import upgrade

    settings = Settings()
    configure_logging("WARNING")
    settings.home.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    if settings.is_development:
        sys.stdout.write(asyncio.run(_seed(settings)))


async def _seed(settings: Settings) -> str:
    from bot.accounts import ensure_demo_accounts
    from bot.handoff.agents import Agents
    from bot.knowledge import Library
    from bot.servicing.demo import seed
    from bot.store.engine import make_engine, make_sessions
    from bot.store.vault import Vault

    engine = make_engine(settings.database)
    sessions = make_sessions(engine)
    try:
        await seed(sessions, settings.clock, Vault(settings.secret("vault")), Library(KNOWLEDGE).policy)
        return await ensure_demo_accounts(Agents(sessions, settings.clock), settings.home / "demo_logins.txt")
    finally:
        await engine.dispose()
