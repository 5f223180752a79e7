"""Takes updates in: kept before Telegram is told "taken", then worked through in order, chat by chat."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.telegram.store import OffsetRow, PieceRow, UpdateRow
from bot.channels.telegram.takes import NotFetched, Takes
from bot.channels.telegram.updates import Update, read_update
from bot.clock import Clock
from bot.conversation.ports import Words
from bot.store.engine import Sessions
from bot.store.leases import end_lease, take_lease

log = structlog.get_logger()

JOB = "telegram.updates"
LEASE = timedelta(seconds=10)  #: renewed by every round that finds something waiting
IDLE_SECONDS = 0.5
#: How long an update waits for the one numbered before it, which another connection may still bring.
GAP = timedelta(seconds=0.4)
BACK_OFF = (1, 2, 5, 15, 30, 60, 120)
MAX_ATTEMPTS = 8  #: some four minutes, in which the chat's later updates wait
KEPT = timedelta(days=3)  #: Telegram repeats an update for a day at most
TIDY_EVERY = timedelta(hours=1)
CHATS_AT_ONCE = 8
ROWS = 200


class Intake:
    """One process works at a time (a lease); keeping is done by whoever hears."""

    def __init__(self, bot_id: int, sessions: Sessions, clock: Clock, words: Words, takes: Takes) -> None:
        self._bot_id = bot_id
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._takes = takes
        self._name = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._busy: dict[int | None, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(CHATS_AT_ONCE)
        self._tidied_at = clock.now()

    async def keep(self, told: Sequence[tuple[Update, Any]], next_update_id: int | None = None) -> None:
        """Store updates that are not known yet, with the offset of polling if that is how they came."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
            for known, wire in told:
                row = {
                    "bot_id": self._bot_id,
                    "update_id": known.id,
                    "chat_id": known.chat.id if known.chat else None,
                    "body": json.dumps(wire),
                    "state": "waiting",
                    "attempts": 0,
                    "next_attempt_at": now,
                    "arrived_at": now,
                }
                await session.execute(
                    insert(UpdateRow)
                    .values(**row)
                    .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
                )
            if next_update_id is not None:
                await session.merge(OffsetRow(bot_id=self._bot_id, next_update_id=next_update_id, at=now))
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                self._wake.clear()
                try:
                    await self.begin_due()
                    await self._tidy()
                except Exception:  # a broken database must not end the channel for good
                    log.exception("telegram.round_failed")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        finally:
            tasks = list(self._busy.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            async with (
                self._sessions.begin() as session
            ):  # the next process need not wait for the lease to end
                await end_lease(session, JOB, self._name)

    async def begin_due(self) -> int:
        """Start on every chat that has something due and is not being worked on; how many chats that is."""
        async with self._sessions.begin() as session:
            rows = await session.scalars(
                select(UpdateRow)
                .where(UpdateRow.bot_id == self._bot_id, UpdateRow.state == "waiting")
                .order_by(UpdateRow.update_id)
                .limit(ROWS)
            )
            heads: dict[int | None, UpdateRow] = {}
            for row in rows:
                heads.setdefault(row.chat_id, row)
            if not heads or not await take_lease(session, JOB, self._name, LEASE):
                return 0
            due = [row for chat, row in heads.items() if chat not in self._busy]
            ready = [row for row in due if await self._is_ready(session, row)]
        for row in ready:
            task = asyncio.create_task(self._work(row))
            self._busy[row.chat_id] = task
        return len(ready)

    async def _is_ready(self, session: AsyncSession, row: UpdateRow) -> bool:
        now = self._clock.now()
        if row.next_attempt_at > now:
            return False
        if row.arrived_at <= now - GAP:
            return True
        return await session.get(UpdateRow, (self._bot_id, row.update_id - 1)) is not None

    async def _work(self, row: UpdateRow) -> None:
        """One update of a chat; the next round takes the chat's next."""
        try:
            async with self._slots:
                await self._take(row)
        finally:
            del self._busy[row.chat_id]
            self._wake.set()

    async def _take(self, row: UpdateRow) -> None:
        known = read_update(json.loads(row.body), self._words)
        try:
            await self._takes.take(known)
        except NotFetched as exc:
            if not exc.is_final and row.attempts + 1 < MAX_ATTEMPTS:
                await self._retry_later(row, exc)
                return
            await self._takes.give_up_file(exc)
        except Exception as exc:
            if row.attempts + 1 < MAX_ATTEMPTS:
                await self._retry_later(row, exc)
                return
            log.exception("telegram.update_given_up", update=row.update_id)
            await self._settle(row, state="failed")
            return
        await self._settle(row, state="done", body="")

    async def _retry_later(self, row: UpdateRow, exc: Exception) -> None:
        wait = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
        log.warning("telegram.update_retry", update=row.update_id, error=repr(exc))
        at = self._clock.now() + timedelta(seconds=wait)
        await self._settle(row, attempts=row.attempts + 1, next_attempt_at=at)

    async def _settle(self, row: UpdateRow, **values: Any) -> None:
        async with self._sessions.begin() as session:
            await session.execute(
                update(UpdateRow)
                .where(UpdateRow.bot_id == self._bot_id, UpdateRow.update_id == row.update_id)
                .values(**values)
            )

    async def _tidy(self) -> None:
        now = self._clock.now()
        if now - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = now
        async with self._sessions.begin() as session:
            await session.execute(
                delete(UpdateRow).where(UpdateRow.arrived_at < now - KEPT, UpdateRow.state != "waiting")
            )
            await session.execute(delete(PieceRow).where(PieceRow.at < now - KEPT))


def parsed(wire: Any, words: Words) -> tuple[Update, Mapping[str, Any]]:
    """An update with the JSON it was read from, as `Intake.keep` wants them; ``Malformed`` if it is none."""
    known = read_update(wire, words)
    if known.chat is not None and known.chat.is_private:
        return known, wire
    kept: dict[str, Any] = {"update_id": known.id}  # nothing of what people in a group say to each other
    if known.chat is not None and (known.calls_us or known.query_id):
        kind = "channel" if known.chat.is_broadcast else "group"
        kept["message"] = {"message_id": 1, "chat": {"id": known.chat.id, "type": kind}}
    return known, kept
