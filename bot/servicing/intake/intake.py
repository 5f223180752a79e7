"""Takes the words of the bank's core, whatever their order and however often they come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.servicing.intake.applications import (
    ApplicationTaker,
    CustomerTaker,
    DocumentTaker,
    StageTaker,
)
from bot.servicing.intake.loans import LoanTaker, RateTaker, RepaymentTaker
from bot.servicing.intake.model import Status, Verdict, WordRefused, WordWaits
from bot.servicing.intake.takers import Taker
from bot.servicing.intake.words import WORDS, Resource, Word
from bot.servicing.store import AuditEventRow, WaitingWordRow
from bot.store.vault import Vault

TAKERS: dict[Resource, type[Taker[Any]]] = {
    Resource.CUSTOMERS: CustomerTaker,
    Resource.APPLICATIONS: ApplicationTaker,
    Resource.STAGES: StageTaker,
    Resource.LOANS: LoanTaker,
    Resource.REPAYMENTS: RepaymentTaker,
    Resource.RATES: RateTaker,
    Resource.DOCUMENTS: DocumentTaker,
}
MAX_WORDS = 1000  #: taken at once; more would make one query too long
CLOCKS_DIFFER = timedelta(minutes=10)  #: how far ahead the core's clock may be
#: PostgreSQL's number for the lock under which one intake at a time works. SQLite has one writer anyway.
INTAKE_LOCK = 7_246_301

log = structlog.get_logger(__name__)


@dataclass
class Taken:
    """What became of a list of words."""

    verdicts: list[Verdict] = field(default_factory=list)  #: one a word, in their order
    moved: set[str] = field(default_factory=set)  #: applications that came to another stage or state

    def count(self, status: Status) -> int:
        return sum(verdict.status is status for verdict in self.verdicts)


class Intake:
    """Takes words within the caller's transaction."""

    def __init__(self, clock: Clock, vault: Vault) -> None:
        self._clock = clock
        self._vault = vault

    @staticmethod
    async def one_at_a_time(session: AsyncSession) -> None:
        """Wait for any other intake; held until the transaction ends."""
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": INTAKE_LOCK})

    async def take(
        self,
        session: AsyncSession,
        resource: Resource,
        words: Sequence[Word],
        actor: str,
        *,
        hold: bool = True,
    ) -> Taken:
        """Take words of one resource, and whatever waited for what they bring. At most ``MAX_WORDS``.

        Without ``hold`` a word about something that is not here yet is not kept.
        """
        if len(words) > MAX_WORDS:
            raise ValueError(f"more than {MAX_WORDS} words at once")
        await self.one_at_a_time(session)
        taken = Taken()
        arrived = await self._take(session, resource, words, actor, taken, hold=hold)
        while arrived:
            arrived = await self._release(session, arrived, taken.moved)
        return taken

    async def _take(
        self,
        session: AsyncSession,
        resource: Resource,
        words: Sequence[Word],
        actor: str,
        taken: Taken,
        *,
        hold: bool = True,
    ) -> set[str]:
        """Take the words; the records that were not there before."""
        if not words:
            return set()
        now = self._clock.now()
        taker = TAKERS[resource](session, self._vault, now)
        await taker.load(words)
        waiting: list[tuple[Word, str]] = []
        first = len(taken.verdicts)
        with session.no_autoflush:
            for word in words:
                subject = taker.subject(word)
                try:
                    _check_time(word, now)
                    verdict = Verdict(taker.take(word), subject)
                except WordRefused as refused:
                    verdict = Verdict(Status.REJECTED, subject, (refused.problem,))
                except WordWaits as waits:
                    waiting.append((word, waits.waits_for))
                    verdict = Verdict(Status.HELD, subject, (waits.problem,))
                taken.verdicts.append(verdict)
        taken.moved |= taker.moved
        await session.flush()
        await self._note(session, resource, taken.verdicts[first:], actor, now)
        if hold:
            await self._hold(session, resource, waiting, actor, now)
        return taker.arrived

    async def _note(
        self,
        session: AsyncSession,
        resource: Resource,
        verdicts: Sequence[Verdict],
        actor: str,
        now: datetime,
    ) -> None:
        """An audit event for each record that changed."""
        rows = [
            {"at": now, "actor": actor, "action": f"core.{resource.value}", "subject": subject, "detail": {}}
            for subject in dict.fromkeys(
                verdict.subject for verdict in verdicts if verdict.status is Status.ACCEPTED
            )
        ]
        if rows:
            await session.execute(insert(AuditEventRow), rows)

    async def _hold(
        self,
        session: AsyncSession,
        resource: Resource,
        waiting: Sequence[tuple[Word, str]],
        actor: str,
        now: datetime,
    ) -> None:
        if not waiting:
            return
        rows = {}
        for word, waits_for in waiting:
            plain = word.model_dump_json()
            digest = self._vault.keyed_hash(f"{resource.value}:{plain}")
            rows[digest] = (plain, waits_for)
        known = set(
            await session.scalars(select(WaitingWordRow.digest).where(WaitingWordRow.digest.in_(rows)))
        )
        session.add_all(
            WaitingWordRow(
                resource=resource.value,
                waits_for=waits_for,
                word_encrypted=self._vault.encrypt(plain),
                digest=digest,
                actor=actor,
                received_at=now,
            )
            for digest, (plain, waits_for) in rows.items()
            if digest not in known
        )
        await session.flush()

    async def _release(self, session: AsyncSession, arrived: set[str], moved: set[str]) -> set[str]:
        """Take what waited for these records; the records that came with it."""
        rows = list(
            await session.scalars(
                select(WaitingWordRow)
                .where(WaitingWordRow.waits_for.in_(arrived))
                .order_by(WaitingWordRow.id)
            )
        )
        await session.execute(delete(WaitingWordRow).where(WaitingWordRow.id.in_([row.id for row in rows])))
        lists: dict[tuple[Resource, str], list[Word]] = defaultdict(list)
        for row in rows:
            resource = Resource(row.resource)
            word = WORDS[resource].model_validate_json(self._vault.decrypt(row.word_encrypted))
            lists[resource, row.actor].append(word)
        following: set[str] = set()
        for (resource, actor), words in lists.items():
            for start in range(0, len(words), MAX_WORDS):
                released = Taken()
                following |= await self._take(
                    session, resource, words[start : start + MAX_WORDS], actor, released
                )
                moved |= released.moved
                for verdict in released.verdicts:
                    if verdict.status is Status.REJECTED:
                        log.warning(
                            "core.held_word_refused",
                            subject=verdict.subject,
                            resource=resource.value,
                            reason=[problem.code for problem in verdict.problems],
                        )
        return following


def _check_time(word: Word, now: datetime) -> None:
    """A word from the future would stop every later one."""
    for name in ("told_at", "at"):
        told = getattr(word, name, None)
        if told is not None and told > now + CLOCKS_DIFFER:
            raise WordRefused(name, "in_the_future")
