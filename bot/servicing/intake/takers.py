"""How the words of one resource are held against what is known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.servicing.intake.model import Status, WordRefused
from bot.servicing.intake.words import Word
from bot.servicing.store import ApplicationRow
from bot.store.vault import Vault


class Taker[W: Word](ABC):
    """Reads what a list of words is about in a few queries, then takes them one by one."""

    KIND: ClassVar[str]  #: of the record, as a subject names it

    def __init__(self, session: AsyncSession, vault: Vault, now: datetime) -> None:
        self._session = session
        self._vault = vault
        self._now = now
        self.arrived: set[str] = set()  #: records that were not there before
        self.moved: set[str] = set()  #: applications that came to another stage or state

    @abstractmethod
    def subject(self, word: W) -> str:
        """The record that the word is about."""

    @abstractmethod
    async def load(self, words: Sequence[W]) -> None:
        """Read what is known of everything that the words name."""

    @abstractmethod
    def take(self, word: W) -> Status:
        """Take one word; ``WordRefused`` or ``WordWaits`` leave everything as it was."""


def settle(row: object, said: Mapping[str, object], told_at: datetime, *, time: str = "told_at") -> Status:
    """Bring a row to what a word says, unless a newer word was there before (``time`` remembers of when)."""
    known_at, differs = getattr(row, time), any(getattr(row, name) != value for name, value in said.items())
    if known_at is not None and told_at <= known_at:
        if told_at == known_at and differs:
            raise WordRefused("told_at", "contradicts")
        return Status.UNCHANGED
    setattr(row, time, told_at)
    for name, value in said.items():
        setattr(row, name, value)
    return Status.ACCEPTED if differs else Status.UNCHANGED


async def applications_of(
    session: AsyncSession, words: Iterable[Any], *, lock: bool = False
) -> dict[str, ApplicationRow]:
    query = select(ApplicationRow).where(
        ApplicationRow.application_no.in_({word.application_no for word in words})
    )
    found = await session.scalars(query.with_for_update() if lock else query)
    return {row.application_no: row for row in found}
