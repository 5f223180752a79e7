"""The action server: `python -m actions.serve`.

rasa-sdk's own start binds all addresses and forks workers; this one is a single process on the loopback, and
makes its collaborators in the loop that uses them.
"""

from __future__ import annotations

import asyncio
import warnings
from contextlib import AsyncExitStack
from typing import Any

import structlog

# before rasa_sdk is imported: the packages it pulls in complain about each other
warnings.filterwarnings("ignore", category=DeprecationWarning)

from rasa_sdk import utils  # noqa: E402
from rasa_sdk.endpoint import create_app  # noqa: E402
from rasa_sdk.executor import ActionExecutor  # noqa: E402
from sanic import Sanic  # noqa: E402

from actions.register import all_actions  # noqa: E402
from actions.wiring import colleagues  # noqa: E402
from bot.logs import configure_logging  # noqa: E402
from bot.settings import Settings  # noqa: E402

LOOPBACK = "127.0.0.1"

log = structlog.get_logger(__name__)


def make_server(settings: Settings) -> Sanic[Any, Any]:
    """The server's app; actions are registered once the loop runs."""
    executor = ActionExecutor()
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])
    open_things = AsyncExitStack()

    async def register(running: Sanic[Any, Any], *_: object) -> None:
        found = await open_things.enter_async_context(colleagues(settings))
        running.ctx.papers = found.papers
        for action in all_actions(found):
            executor.register_action(action)

    async def announce(*_: object) -> None:
        log.info("actions.ready", port=settings.action_port, actions=len(executor.actions))

    async def warm(running: Sanic[Any, Any], *_: object) -> None:
        running.add_task(asyncio.to_thread(running.ctx.papers.warm))

    async def close(*_: object) -> None:
        await open_things.aclose()

    app.register_listener(register, "before_server_start")
    app.register_listener(announce, "after_server_start")
    app.register_listener(warm, "after_server_start")
    app.register_listener(close, "after_server_stop")
    return app


def main() -> None:
    settings = Settings()
    configure_logging(settings.log_level, libraries="WARNING")
    # rasa-sdk 3.21 serves a Rasa 3.6 well, but would warn about the versions on every call
    utils.check_version_compatibility = lambda _version: None
    make_server(settings).run(
        host=LOOPBACK, port=settings.action_port, single_process=True, access_log=False, motd=False
    )


if __name__ == "__main__":
    main()
