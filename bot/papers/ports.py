"""What this room needs from outside."""

from __future__ import annotations

from typing import Protocol


class Words(Protocol):
    """The phrase book, or whatever keeps it fresh."""

    def say(self, key: str, **values: object) -> str: ...
