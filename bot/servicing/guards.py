"""Counters of failed identity checks: each failure counts in several places, and too many lock, longer each time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.servicing.identity_rules import Rules
from bot.servicing.store import VerificationAttemptRow, VerificationGuardRow

CONVERSATION, CLAIM, HOLDER, ADDRESS = "conversation", "claim", "holder", "address"


@dataclass(frozen=True)
class Guards:
    """The counters of one attempt, locked until its transaction ends.

    ``open`` are those that whoever asks could know of: the conversation, what was claimed, the address.
    ``hidden`` belong to the customer behind the claim. What they say is told only to somebody who knows the digits:
    otherwise a lock on a phone would show whose application a number is.
    """

    open: tuple[VerificationGuardRow, ...]
    hidden: tuple[VerificationGuardRow, ...]

    @classmethod
    async def held(
        cls, session: AsyncSession, *, open: Iterable[str], hidden: Iterable[str], now: datetime, rules: Rules
    ) -> Guards:
        """The rows of these subjects, made where missing, always locked in one order."""
        shown, kept = set(open), set(hidden)
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        for subject in sorted(shown | kept):
            await session.execute(
                insert(VerificationGuardRow)
                .values(subject=subject, failures=0, locks=0)
                .on_conflict_do_nothing(index_elements=["subject"])
            )
        rows = (
            await session.scalars(
                select(VerificationGuardRow)
                .where(VerificationGuardRow.subject.in_(shown | kept))
                .order_by(VerificationGuardRow.subject)
                .with_for_update()
            )
        ).all()
        for row in rows:
            _forget(row, now, rules)
        return cls(
            tuple(row for row in rows if row.subject in shown),
            tuple(row for row in rows if row.subject in kept),
        )

    def locked_until(self, now: datetime) -> datetime | None:
        """The latest end of the open locks that hold now."""
        return _end(self.open, now)

    def hidden_until(self, now: datetime) -> datetime | None:
        """The latest end of the customer's own locks that hold now."""
        return _end(self.hidden, now)

    def count_failure(self, now: datetime, rules: Rules, *, tells_hidden: bool = False) -> datetime | None:
        """One more failure everywhere; the end of the lock that this brings, as far as it may be told."""
        ends = {row.subject: _one_more(row, now, rules) for row in (*self.open, *self.hidden)}
        told = (*self.open, *self.hidden) if tells_hidden else self.open
        return max((end for row in told if (end := ends[row.subject]) is not None), default=None)

    def left(self, rules: Rules, *, tells_hidden: bool = False) -> int:
        """How many failures remain before the first lock."""
        told = (*self.open, *self.hidden) if tells_hidden else self.open
        return min(max(0, _limit(row, rules) - row.failures) for row in told)

    def conversation_is_locked(self, now: datetime) -> bool:
        return _end((row for row in self.open if row.subject.startswith(f"{CONVERSATION}:")), now) is not None

    async def forgive(
        self,
        session: AsyncSession,
        *,
        conversation_id: str,
        claim: str,
        address_hash: str | None,
        failures: Iterable[str],
    ) -> None:
        """After a success the failures on this claim and this customer weigh no more.

        Conversation and address keep their failures on other claims: proving one's own must not open the way to
        guess at somebody else's.
        """
        for row in (*self.open, *self.hidden):
            kind = row.subject.partition(":")[0]
            if kind in (CLAIM, HOLDER):
                row.failures = row.locks = 0
                continue
            own = select(func.count()).where(
                VerificationAttemptRow.claim == claim,
                VerificationAttemptRow.outcome.in_(list(failures)),
                VerificationAttemptRow.address_hash == address_hash
                if kind == ADDRESS
                else VerificationAttemptRow.conversation_id == conversation_id,
            )
            if row.counting_since is not None:
                own = own.where(VerificationAttemptRow.at > row.counting_since)
            row.failures = max(0, row.failures - (await session.scalar(own) or 0))


def subject(kind: str, name: object) -> str:
    """What a counter is kept under."""
    return f"{kind}:{name}"


def _limit(row: VerificationGuardRow, rules: Rules) -> int:
    return rules.address_attempts if row.subject.startswith(f"{ADDRESS}:") else rules.attempts


def _end(rows: Iterable[VerificationGuardRow], now: datetime) -> datetime | None:
    return max(
        (row.locked_until for row in rows if row.locked_until and row.locked_until > now), default=None
    )


def _one_more(row: VerificationGuardRow, now: datetime, rules: Rules) -> datetime | None:
    row.failures += 1
    row.last_failure_at = now
    if row.failures < _limit(row, rules):
        return None
    row.locked_until = now + rules.lock_steps[min(row.locks, len(rules.lock_steps) - 1)]
    row.locks += 1
    row.failures = 0
    row.counting_since = now
    return row.locked_until


def _forget(row: VerificationGuardRow, now: datetime, rules: Rules) -> None:
    """A counter that has seen no failure for long starts from nothing."""
    last = max((at for at in (row.last_failure_at, row.locked_until) if at is not None), default=None)
    if last is not None and now - last > rules.forgotten_after:
        row.failures = row.locks = 0
        row.counting_since = row.last_failure_at
