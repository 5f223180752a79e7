"""Buttons: what Telegram carries with a press is a short key; what it stands for is kept here."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.channels.telegram.store import ButtonRow
from bot.messages import Option
from bot.store.engine import Sessions

KEY_BYTES = 16


def key_of(option: Option) -> str:
    """24 characters, of Telegram's 64 bytes; the same button always has the same."""
    digest = hashlib.sha256(f"{option.payload}\0{option.title}".encode()).digest()
    return urlsafe_b64encode(digest[:KEY_BYTES]).decode()


class Buttons:
    """Whether a button was offered in a conversation is not asked here: the inbox knows."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def keys(self, options: Sequence[Option]) -> list[tuple[str, str]]:
        """Title and key of each button, kept so that a press can be understood."""
        rows = [
            {"key": key_of(option), "payload": option.payload, "title": option.title} for option in options
        ]
        async with self._sessions.begin() as session:
            insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
            for row in rows:
                statement = insert(ButtonRow).values(**row)
                await session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        return [(row["title"], row["key"]) for row in rows]

    async def pressed(self, key: str) -> Option | None:
        """The button of a key; None when we never made one."""
        async with self._sessions() as session:
            row = await session.get(ButtonRow, key)
        return Option(row.title, row.payload) if row is not None else None
