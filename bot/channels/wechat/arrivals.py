"""What the platform told, once each: kept before anything is done about it, known again when it asks again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.wechat.contacts import Contacts
from bot.channels.wechat.incoming import Incoming, NoticeFinished, Picture
from bot.channels.wechat.store import ArrivalRow, NoticeRow
from bot.clock import Clock
from bot.store.engine import Sessions

KEPT = timedelta(days=1)  #: far longer than the platform goes on asking
NEW, FETCHING, DONE = "new", "fetching", "done"
ARRIVED, FAILED = "arrived", "failed"
PICTURE_GONE = timedelta(days=3)  #: after which the platform has deleted a customer's picture
PICTURE_LEASE = timedelta(seconds=30)


@dataclass(frozen=True)
class Arrival:
    """One thing told, at one of the times that the platform asked about it."""

    incoming: Incoming
    tries: int
    state: str
    message_id: str | None
    reply: str | None  #: what was answered when it asked before


@dataclass(frozen=True)
class WaitingPicture:
    """A picture that is still to be got from the platform."""

    key: str
    open_id: str
    media_id: str
    attempts: int
    is_too_late: bool


class Arrivals:
    """The ledger of what was told."""

    def __init__(self, sessions: Sessions, clock: Clock, contacts: Contacts) -> None:
        self._sessions = sessions
        self._clock = clock
        self._contacts = contacts

    async def begin(self, incoming: Incoming) -> Arrival:
        """Write down that it was told, or that it was told again; what follows from it is written down once."""
        now = self._clock.now()
        picture = incoming.content if isinstance(incoming.content, Picture) else None
        async with self._sessions.begin() as session:
            insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
            made = await session.execute(
                insert(ArrivalRow)
                .values(
                    key=incoming.key,
                    open_id=incoming.open_id,
                    state=FETCHING if picture else NEW,
                    media_id=picture.media_id if picture else None,
                    tries=1,
                    attempts=0,
                    next_attempt_at=now + PICTURE_LEASE if picture else None,
                    at=now,
                )
                .on_conflict_do_nothing(index_elements=["key"])
            )
            if made.rowcount:  # type: ignore[attr-defined]
                await self._contacts.heard_from(session, incoming.open_id, incoming.content)
                if isinstance(incoming.content, NoticeFinished):
                    await self._note(session, incoming.content)
                return Arrival(incoming, 1, FETCHING if picture else NEW, None, None)
            row = await session.get_one(ArrivalRow, incoming.key, with_for_update=True)
            row.tries += 1
            return Arrival(incoming, row.tries, row.state, row.message_id, row.reply)

    async def is_first_to_finish(self, session: AsyncSession, key: str) -> bool:
        """Whether nobody did before what is to be done about it; within the caller's transaction."""
        done = await session.execute(
            update(ArrivalRow).where(ArrivalRow.key == key, ArrivalRow.state != DONE).values(state=DONE)
        )
        return bool(done.rowcount)  # type: ignore[attr-defined]

    async def became(self, key: str, message_id: str) -> None:
        """It stands in the log now."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(ArrivalRow)
                .where(ArrivalRow.key == key)
                .values(state=DONE, message_id=message_id, media_id=None)
            )

    async def answered(self, key: str, reply: str | None) -> None:
        """What the platform gets if it asks again; None when that was not shown after all."""
        async with self._sessions.begin() as session:
            await session.execute(update(ArrivalRow).where(ArrivalRow.key == key).values(reply=reply))

    async def waiting_pictures(self) -> list[WaitingPicture]:
        """Pictures that nobody is getting now, left to the caller for a while."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            rows = await session.scalars(
                select(ArrivalRow)
                .where(ArrivalRow.state == FETCHING, ArrivalRow.next_attempt_at <= now)
                .order_by(ArrivalRow.at)
                .limit(20)
                .with_for_update(skip_locked=True)
            )
            waiting = list(rows)
            for row in waiting:
                row.next_attempt_at = now + PICTURE_LEASE
                row.attempts += 1
        return [
            WaitingPicture(
                row.key, row.open_id, row.media_id or "", row.attempts, now - row.at > PICTURE_GONE
            )
            for row in waiting
        ]

    async def try_again(self, key: str, wait: timedelta) -> None:
        """The picture could not be got now."""
        async with self._sessions.begin() as session:
            await session.execute(
                update(ArrivalRow)
                .where(ArrivalRow.key == key)
                .values(next_attempt_at=self._clock.now() + wait)
            )

    async def tidy(self) -> None:
        """Forget what the platform will not ask about any more."""
        async with self._sessions.begin() as session:
            await session.execute(
                delete(ArrivalRow).where(
                    ArrivalRow.at < self._clock.now() - KEPT, ArrivalRow.state != FETCHING
                )
            )

    async def _note(self, session: AsyncSession, finished: NoticeFinished) -> None:
        is_there = finished.status.strip().lower() == "success"
        await session.execute(
            update(NoticeRow)
            .where(NoticeRow.platform_id == finished.platform_id)
            .values(
                state=ARRIVED if is_there else FAILED,
                error=None if is_there else finished.status[:200],
                finished_at=self._clock.now(),
            )
        )
