"""What the queue needs from outside."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.knowledge.model import Fact


class Policy(Protocol):
    """The dated policy facts; ``bot.knowledge.PolicyBook`` is one."""

    def fact(self, key: str, on: date, region: str | None = None) -> Fact: ...
