"""How fast one may send: Telegram takes about one message a second in a chat and thirty a second in all.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

CHAT_SECONDS = 1.0
ALL_SECONDS = 1 / 30
CHATS_REMEMBERED = 10_000


class Pace:
    """Gives every call its moment. One process's pace: several share what Telegram says with a 429."""

    def __init__(self, chat_seconds: float = CHAT_SECONDS, all_seconds: float = ALL_SECONDS) -> None:
        self._chat_seconds = chat_seconds
        self._all_seconds = all_seconds
        self._next_of_all = 0.0
        self._next_of_chat: OrderedDict[int, float] = OrderedDict()

    async def turn(self, chat_id: int | None = None) -> None:
        """Return when the next call may go out, to this chat if one is named."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._next_of_all)
        if chat_id is not None:
            at = max(at, self._next_of_chat.get(chat_id, 0.0))
            self._next_of_chat[chat_id] = at + self._chat_seconds
            self._next_of_chat.move_to_end(chat_id)
            if len(self._next_of_chat) > CHATS_REMEMBERED:
                self._next_of_chat.popitem(last=False)
        # A chat that has to wait for its own second takes no slot of the others meanwhile.
        self._next_of_all = max(now, self._next_of_all) + self._all_seconds
        if at > now:
            await asyncio.sleep(at - now)
