"""The identity check: application number and ID digits, then a one-time code to the phone on record.

Nothing here tells an unknown number from wrong digits: both are looked up, hashed, counted and refused alike,
and numbers that do not exist are locked like those that do.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.messages.masking import mask_phone
from bot.servicing.errors import (
    CodeExpired,
    CodeNotSent,
    IdentityRefused,
    KeyReused,
    VerificationLocked,
    WrongCode,
)
from bot.servicing.ports import CodeSender, Policy
from bot.servicing.store import (
    ApplicationRow,
    AuditEventRow,
    CustomerRow,
    VerificationAttemptRow,
    VerificationGuardRow,
    VerificationRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault

CODE_DIGITS = 6
HOUR = timedelta(hours=1)
NUMBER_LENGTH = 32  #: of the column; a longer claim is cut, and so cannot match


class Outcome(StrEnum):
    """What came of an attempt."""

    CODE_SENT = "code_sent"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    LOCKED = "locked"
    VERIFIED = "verified"
    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"


FAILURES = (Outcome.REFUSED, Outcome.WRONG_CODE)


@dataclass(frozen=True)
class Rules:
    """The bank's rules for the identity check on one day."""

    code_life: timedelta
    attempts: int
    lock_steps: tuple[timedelta, ...]
    verified_for: timedelta
    forgotten_after: timedelta
    codes_an_hour: int

    @classmethod
    def of(cls, policy: Policy, on: date) -> Rules:
        return cls(
            code_life=timedelta(minutes=policy.fact("identity.code_minutes", on).whole),
            attempts=policy.fact("identity.attempts", on).whole,
            lock_steps=tuple(
                timedelta(minutes=int(minutes))
                for minutes in policy.fact("identity.lock_minutes", on).numbers
            ),
            verified_for=timedelta(minutes=policy.fact("identity.verified_minutes", on).whole),
            forgotten_after=timedelta(hours=policy.fact("identity.forget_hours", on).whole),
            codes_an_hour=policy.fact("identity.codes_an_hour", on).whole,
        )


@dataclass(frozen=True)
class _Code:
    """A code on its way to a customer; it exists in the clear only here."""

    verification_id: int
    phone: str
    digits: str


@dataclass(frozen=True)
class _Attempt:
    """One attempt while it is worked out."""

    conversation_id: str
    application_no: str
    step: str
    key: str


class IdentityCheck:
    """Runs the check, counts failures and remembers who is verified; rows are its only memory."""

    def __init__(
        self, sessions: Sessions, clock: Clock, vault: Vault, codes: CodeSender, policy: Policy
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._codes = codes
        self._policy = policy

    async def begin(self, conversation_id: str, application_no: str, id_last4: str, key: str) -> None:
        """Check the digits and send a code."""
        attempt = _Attempt(conversation_id, normal_number(application_no), "begin", key)
        code: _Code | None = None
        async with self._sessions.begin() as session:
            guards = await self._guards(session, attempt)
            row = await self._earlier(session, attempt)
            if row is None:
                row, code = await self._try_digits(session, attempt, guards, _normal(id_last4))
        if code is not None:
            await self._send(attempt, code, row.id)
        _raise_for(row)

    async def confirm(self, conversation_id: str, application_no: str, code: str, key: str) -> None:
        """Compare the code; on success the conversation is verified for the application."""
        attempt = _Attempt(conversation_id, normal_number(application_no), "confirm", key)
        async with self._sessions.begin() as session:
            guards = await self._guards(session, attempt)
            row = await self._earlier(session, attempt)
            if row is None:
                row = await self._try_code(session, attempt, guards, _normal(code))
        _raise_for(row)

    async def is_verified(self, session: AsyncSession, conversation_id: str, application_no: str) -> bool:
        """Whether the conversation has proved who it is, not too long ago."""
        found = await session.scalar(
            select(VerificationRow.id)
            .join(ApplicationRow, ApplicationRow.id == VerificationRow.application_id)
            .where(
                VerificationRow.conversation_id == conversation_id,
                ApplicationRow.application_no == normal_number(application_no),
                VerificationRow.verified_until > self._clock.now(),
            )
            .limit(1)
        )
        return found is not None

    async def verified_application(self, session: AsyncSession, conversation_id: str) -> int | None:
        """The id of the application that the conversation was last verified for, while that holds."""
        return await session.scalar(
            select(VerificationRow.application_id)
            .where(
                VerificationRow.conversation_id == conversation_id,
                VerificationRow.verified_until > self._clock.now(),
            )
            .order_by(VerificationRow.id.desc())
            .limit(1)
        )

    async def _guards(self, session: AsyncSession, attempt: _Attempt) -> list[VerificationGuardRow]:
        """The two counters of the attempt, locked until the transaction ends and always in one order."""
        subjects = sorted(
            [f"conversation:{attempt.conversation_id}", f"application:{attempt.application_no}"]
        )
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        for subject in subjects:
            await session.execute(
                insert(VerificationGuardRow)
                .values(subject=subject, failures=0, locks=0)
                .on_conflict_do_nothing(index_elements=["subject"])
            )
        guards = await session.scalars(
            select(VerificationGuardRow)
            .where(VerificationGuardRow.subject.in_(subjects))
            .order_by(VerificationGuardRow.subject)
            .with_for_update()
        )
        found = list(guards)
        now, rules = self._clock.now(), self._rules()
        for guard in found:
            _forget(guard, now, rules)
        return found

    async def _earlier(self, session: AsyncSession, attempt: _Attempt) -> VerificationAttemptRow | None:
        """The attempt that this key already made."""
        row = await session.scalar(
            select(VerificationAttemptRow).where(VerificationAttemptRow.key == _stored_key(attempt))
        )
        if row is not None and (row.conversation_id, row.application_no) != (
            attempt.conversation_id,
            attempt.application_no,
        ):
            raise KeyReused(attempt.key)
        return row

    async def _try_digits(
        self, session: AsyncSession, attempt: _Attempt, guards: list[VerificationGuardRow], id_last4: str
    ) -> tuple[VerificationAttemptRow, _Code | None]:
        now, rules = self._clock.now(), self._rules()
        locked_until = _locked_until(guards, now)
        if locked_until is not None:
            return self._record(session, attempt, guards, Outcome.LOCKED, locked_until), None
        found = (
            await session.execute(
                select(ApplicationRow, CustomerRow)
                .join(CustomerRow, CustomerRow.id == ApplicationRow.customer_id)
                .where(ApplicationRow.application_no == attempt.application_no)
            )
        ).one_or_none()
        salt, wanted = (found[1].id_number_hash, found[1].id_last4_hash) if found else ("", "0" * 64)
        matches = hmac.compare_digest(id_last4_hash(self._vault, salt, id_last4), wanted)
        if found is None or not matches:
            locked_until = _count_failure(guards, now, rules)
            return self._record(session, attempt, guards, Outcome.REFUSED, locked_until), None
        application, customer = found
        full_until = await self._codes_used_up(session, application.id, now, rules)
        if full_until is not None:
            return self._record(session, attempt, guards, Outcome.LOCKED, full_until), None
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        nonce = secrets.token_hex(16)
        verification = VerificationRow(
            conversation_id=attempt.conversation_id,
            application_id=application.id,
            nonce=nonce,
            code_hash=self._code_hash(nonce, digits),
            sent_at=now,
            code_expires_at=now + rules.code_life,
        )
        session.add(verification)
        await session.flush()
        phone = self._vault.decrypt(customer.phone_encrypted)
        row = self._record(session, attempt, guards, Outcome.CODE_SENT, None)
        await session.flush()
        return row, _Code(verification.id, phone, digits)

    async def _try_code(
        self, session: AsyncSession, attempt: _Attempt, guards: list[VerificationGuardRow], code: str
    ) -> VerificationAttemptRow:
        now, rules = self._clock.now(), self._rules()
        locked_until = _locked_until(guards, now)
        if locked_until is not None:
            return self._record(session, attempt, guards, Outcome.LOCKED, locked_until)
        latest = await session.scalar(
            select(VerificationRow)
            .join(ApplicationRow, ApplicationRow.id == VerificationRow.application_id)
            .where(
                VerificationRow.conversation_id == attempt.conversation_id,
                ApplicationRow.application_no == attempt.application_no,
            )
            .order_by(VerificationRow.id.desc())
            .limit(1)
        )
        nonce, wanted = (latest.nonce, latest.code_hash) if latest else ("", "0" * 64)
        matches = hmac.compare_digest(self._code_hash(nonce, code), wanted)
        if latest is not None and latest.code_used_at is None:
            if latest.code_expires_at <= now:
                return self._record(session, attempt, guards, Outcome.EXPIRED, None)
            if matches:
                latest.code_used_at = now
                latest.verified_until = now + rules.verified_for
                await self._forgive(session, attempt, guards)
                return self._record(session, attempt, guards, Outcome.VERIFIED, None)
        locked_until = _count_failure(guards, now, rules)
        return self._record(session, attempt, guards, Outcome.WRONG_CODE, locked_until)

    async def _forgive(
        self, session: AsyncSession, attempt: _Attempt, guards: Iterable[VerificationGuardRow]
    ) -> None:
        """After a success the failures on this application weigh no more.

        The conversation keeps its failures on other applications: proving one's own must not open the way
        to guess at somebody else's.
        """
        for guard in guards:
            if guard.subject.startswith("application:"):
                guard.failures = guard.locks = 0
                continue
            own = select(func.count()).where(
                VerificationAttemptRow.conversation_id == attempt.conversation_id,
                VerificationAttemptRow.application_no == attempt.application_no,
                VerificationAttemptRow.outcome.in_(FAILURES),
            )
            if guard.counting_since is not None:
                own = own.where(VerificationAttemptRow.at > guard.counting_since)
            forgiven = await session.scalar(own) or 0
            guard.failures = max(0, guard.failures - forgiven)

    async def _codes_used_up(
        self, session: AsyncSession, application_id: int, now: datetime, rules: Rules
    ) -> datetime | None:
        """When the next code may be sent, if the hour's codes are used up."""
        sent = (
            await session.scalars(
                select(VerificationRow.sent_at)
                .where(VerificationRow.application_id == application_id, VerificationRow.sent_at > now - HOUR)
                .order_by(VerificationRow.sent_at.desc())
                .limit(rules.codes_an_hour)
            )
        ).all()
        return sent[-1] + HOUR if len(sent) >= rules.codes_an_hour else None

    async def _send(self, attempt: _Attempt, code: _Code, attempt_id: int) -> None:
        """Send the code once it is stored; if that fails, the code is void and the attempt says so."""
        try:
            await self._codes.send(
                application_no=attempt.application_no,
                phone=code.phone,
                phone_masked=mask_phone(code.phone),
                code=code.digits,
            )
        except CodeNotSent:
            async with self._sessions.begin() as session:
                verification = await session.get_one(VerificationRow, code.verification_id)
                await session.delete(verification)
                row = await session.get_one(VerificationAttemptRow, attempt_id)
                row.outcome = Outcome.NOT_SENT
            raise

    def _record(
        self,
        session: AsyncSession,
        attempt: _Attempt,
        guards: Iterable[VerificationGuardRow],
        outcome: Outcome,
        locked_until: datetime | None,
    ) -> VerificationAttemptRow:
        now = self._clock.now()
        row = VerificationAttemptRow(
            key=_stored_key(attempt),
            conversation_id=attempt.conversation_id,
            application_no=attempt.application_no,
            step=attempt.step,
            outcome=outcome,
            attempts_left=max(0, self._rules().attempts - max(guard.failures for guard in guards)),
            locked_until=locked_until,
            at=now,
        )
        session.add(row)
        session.add(
            AuditEventRow(
                at=now,
                actor=f"conversation:{attempt.conversation_id}",
                action=f"verification.{outcome.value}",
                subject=f"application:{attempt.application_no}",
                detail={"locked_until": locked_until.isoformat()} if locked_until else {},
            )
        )
        return row

    def _rules(self) -> Rules:
        return Rules.of(self._policy, china_date(self._clock))

    def _code_hash(self, nonce: str, code: str) -> str:
        return self._vault.keyed_hash(f"code:{nonce}:{code}")


def normal_number(application_no: str) -> str:
    """An application number as it is stored: half-width, upper case, no blanks."""
    return _normal(application_no)[:NUMBER_LENGTH]


def id_last4_hash(vault: Vault, id_number_hash: str, id_last4: str) -> str:
    """The hash of the last four ID digits, salted so that equal digits of two people look different."""
    return vault.keyed_hash(f"id_last4:{id_number_hash}:{id_last4}")


def _normal(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _stored_key(attempt: _Attempt) -> str:
    return f"{attempt.step}:{attempt.key}"


def _forget(guard: VerificationGuardRow, now: datetime, rules: Rules) -> None:
    """A guard that has seen no failure for long starts from nothing."""
    last = max((at for at in (guard.last_failure_at, guard.locked_until) if at is not None), default=None)
    if last is not None and now - last > rules.forgotten_after:
        guard.failures = guard.locks = 0
        guard.counting_since = guard.last_failure_at


def _locked_until(guards: Iterable[VerificationGuardRow], now: datetime) -> datetime | None:
    """The later end of the locks that hold now."""
    return max(
        (guard.locked_until for guard in guards if guard.locked_until and guard.locked_until > now),
        default=None,
    )


def _count_failure(guards: Iterable[VerificationGuardRow], now: datetime, rules: Rules) -> datetime | None:
    """One more failure on both counters; the end of the lock that this brings, if it does."""
    ends = []
    for guard in guards:
        guard.failures += 1
        guard.last_failure_at = now
        if guard.failures >= rules.attempts:
            guard.locked_until = now + rules.lock_steps[min(guard.locks, len(rules.lock_steps) - 1)]
            guard.locks += 1
            guard.failures = 0
            guard.counting_since = now
            ends.append(guard.locked_until)
    return max(ends, default=None)


def _raise_for(row: VerificationAttemptRow) -> None:
    """Tell the outcome of an attempt, the same at every repetition of its key."""
    if row.locked_until is not None:
        raise VerificationLocked(row.locked_until)
    match Outcome(row.outcome):
        case Outcome.REFUSED:
            raise IdentityRefused
        case Outcome.WRONG_CODE:
            raise WrongCode(row.attempts_left)
        case Outcome.EXPIRED:
            raise CodeExpired
        case Outcome.NOT_SENT:
            raise CodeNotSent
        case Outcome.CODE_SENT | Outcome.VERIFIED | Outcome.LOCKED:
            return
