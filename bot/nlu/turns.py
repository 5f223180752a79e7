"""Each turn runs once: whoever asks for it again, even while it runs, gets the one answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Turns(Generic[Answer]):
    """Running and finished turns, bounded. A turn that failed is forgotten, so that it can be tried again."""

    def __init__(self, capacity: int = 2000) -> None:
        self._capacity = capacity
        self._known: OrderedDict[Hashable, asyncio.Task[Answer]] = OrderedDict()

    async def once(self, key: Hashable, run: Callable[[], Awaitable[Answer]]) -> Answer:
        """The turn's answer. The run goes on when the one who waits is gone."""
        task = self._known.get(key)
        if task is None:
            task = asyncio.ensure_future(self._run(key, run))
            self._known[key] = task
            self._forget_oldest()
        self._known.move_to_end(key)
        return await asyncio.shield(task)

    async def _run(self, key: Hashable, run: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await run()
        except BaseException:
            self._known.pop(key, None)
            raise

    def _forget_oldest(self) -> None:
        for key in list(self._known):
            if len(self._known) <= self._capacity:
                return
            if self._known[key].done():
                del self._known[key]
