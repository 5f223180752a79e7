"""Telegram and WeChat on the loopback beside the started stack, in a loop and a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.channels.telegram.server import TOKEN as TELEGRAM_TOKEN
from tests.channels.telegram.server import TelegramServer
from tests.channels.wechat.platform import AES_KEY, APP_ID, SECRET, TOKEN, Platform, serving

HOLD_SECONDS = 30  #: a platform that is patient: what is late is tested elsewhere


@dataclass
class Platforms:
    """What the stack's service talks to."""

    telegram: TelegramServer
    wechat: Platform
    loop: asyncio.AbstractEventLoop

    def run[Result](self, work: Coroutine[Any, Any, Result], seconds: float = 600) -> Result:
        """What comes of ``work`` in the platforms' loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def environment(self) -> dict[str, str]:
        """The settings that switch the channels on."""
        return {
            "FANGXIN_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "FANGXIN_TELEGRAM_URL": self.telegram.url,
            "FANGXIN_WECHAT_TOKEN": TOKEN,
            "FANGXIN_WECHAT_APP_ID": APP_ID,
            "FANGXIN_WECHAT_APP_SECRET": SECRET,
            "FANGXIN_WECHAT_AES_KEY": AES_KEY,
            "FANGXIN_WECHAT_API_URL": self.wechat.url,
            "FANGXIN_WECHAT_HOLD_SECONDS": str(HOLD_SECONDS),
        }


@contextmanager
def platforms_listening() -> Iterator[Platforms]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="platforms", daemon=True)
    thread.start()
    telegram, wechat = TelegramServer(), Platform(seconds=HOLD_SECONDS * 5 / 4.2)
    platforms = Platforms(telegram, wechat, loop)
    stack = AsyncExitStack()

    async def begin() -> None:
        await stack.enter_async_context(telegram.listening())
        await stack.enter_async_context(serving(wechat))

    platforms.run(begin())
    try:
        yield platforms
    finally:
        platforms.run(stack.aclose(), 30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
