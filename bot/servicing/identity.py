"""The identity check: application number or phone with ID digits, then a one-time code to the phone on record.

Nothing here tells an unknown number or phone from wrong digits: all are looked up, hashed, counted and refused alike,
and what does not exist is locked like what does. A check proves who the *customer* is.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.messages.masking import mask_phone
from bot.servicing import guards as counters
from bot.servicing.allowances import attempts_full_until, codes_full_until
from bot.servicing.channel_identities import ChannelIdentities, Party
from bot.servicing.claims import PHONE_CLAIM, Found, claim_of, find, normal, normal_number
from bot.servicing.errors import (
    CodeExpired,
    CodeNotSent,
    IdentityRefused,
    KeyReused,
    NotSentReason,
    VerificationLocked,
    WrongCode,
)
from bot.servicing.guards import Guards
from bot.servicing.identity_rules import ProvedBy, Rules
from bot.servicing.ports import CodeSender, Policy
from bot.servicing.store import (
    AuditEventRow,
    CustomerRow,
    VerificationAttemptRow,
    VerificationRow,
)
from bot.store.engine import Sessions
from bot.store.vault import Vault

__all__ = ["IdentityCheck", "id_last4_hash", "normal_number"]

CODE_DIGITS = 6
NOBODY = "0" * 64  #: compared with where nobody was found, so that this takes as long


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
class _Code:
    """A code on its way to a customer; it exists in the clear only here."""

    verification_id: int
    phone: str
    digits: str


@dataclass(frozen=True)
class _Attempt:
    """One attempt while it is worked out."""

    conversation_id: str
    claim: str
    step: str
    key: str
    party: Party | None = None

    @property
    def address_hash(self) -> str | None:
        return self.party.address_hash if self.party else None

    @property
    def application_no(self) -> str:
        """The number that was named; empty when a phone was."""
        return "" if self.claim.startswith(PHONE_CLAIM) else self.claim


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
        self._identities = ChannelIdentities(clock, policy)

    async def begin(self, conversation_id: str, named: str, id_last4: str, key: str) -> None:
        """Check the digits against the application number or the phone that was named, and send a code."""
        code: _Code | None = None
        async with self._sessions.begin() as session:
            attempt = await self._attempt(session, conversation_id, named, "begin", key)
            found = await find(session, attempt.claim)
            guards = await self._guards(session, attempt, found)
            row = await self._earlier(session, attempt)
            if row is None:
                row, code = await self._try_digits(session, attempt, guards, found, normal(id_last4))
        if code is not None:
            await self._send(attempt, code, row.id)
        _raise_for(row)

    async def confirm(self, conversation_id: str, named: str, code: str, key: str) -> None:
        """Compare the code; on success the conversation is verified for the customer."""
        async with self._sessions.begin() as session:
            attempt = await self._attempt(session, conversation_id, named, "confirm", key)
            latest = await self._latest(session, attempt)
            customer = await session.get_one(CustomerRow, latest.customer_id) if latest else None
            guards = await self._guards(session, attempt, [Found(customer, None)] if customer else [])
            row = await self._earlier(session, attempt)
            if row is None:
                latest = await self._latest(session, attempt)  # again, now that nobody else can use it up
                row = await self._try_code(session, attempt, guards, latest, normal(code))
        _raise_for(row)

    async def is_verified(self, session: AsyncSession, conversation_id: str, application_no: str) -> bool:
        """Whether the application, or what else a claim names, is the customer's that the conversation proved to be."""
        customer = await self.verified_customer(session, conversation_id)
        found = await find(session, claim_of(application_no, self._vault))
        return any(each.customer.id == customer for each in found)

    async def verified_application(self, session: AsyncSession, conversation_id: str) -> int | None:
        """The id of the application that was named in the last check here, while it is the verified customer's."""
        customer = await self.verified_customer(session, conversation_id)
        if customer is None:
            return None
        return await session.scalar(
            select(VerificationRow.application_id)
            .where(
                VerificationRow.conversation_id == conversation_id,
                VerificationRow.customer_id == customer,
                VerificationRow.code_used_at.is_not(None),
            )
            .order_by(VerificationRow.code_used_at.desc(), VerificationRow.id.desc())
            .limit(1)
        )

    async def verified_customer(self, session: AsyncSession, conversation_id: str) -> int | None:
        """The id of the customer that the conversation proved to be, while that holds."""
        return await self._identities.customer_of(session, conversation_id)

    async def prove(
        self, session: AsyncSession, channel: str, external_id: str, customer: int, proved_by: ProvedBy
    ) -> None:
        """This account on this channel speaks for this customer, for the set time."""
        await self._identities.prove(session, channel, external_id, customer, proved_by)

    async def forget(self, session: AsyncSession, conversation_id: str) -> bool:
        """The customer does not want to be known here any longer; whether they were."""
        return await self._identities.revoke(session, conversation_id, "asked")

    async def _attempt(
        self, session: AsyncSession, conversation_id: str, named: str, step: str, key: str
    ) -> _Attempt:
        party = await self._identities.party(session, conversation_id)
        return _Attempt(conversation_id, claim_of(named, self._vault), step, key, party)

    async def _guards(self, session: AsyncSession, attempt: _Attempt, found: list[Found]) -> Guards:
        shown = [
            counters.subject(counters.CONVERSATION, attempt.conversation_id),
            counters.subject(counters.CLAIM, attempt.claim),
        ]
        if attempt.address_hash is not None:
            shown.append(counters.subject(counters.ADDRESS, attempt.address_hash))
        holders: list[object] = [each.customer.id for each in found] or [
            attempt.claim
        ]  # nobody costs as much as somebody
        return await Guards.held(
            session,
            open=shown,
            hidden=[counters.subject(counters.HOLDER, holder) for holder in holders],
            now=self._clock.now(),
            rules=self._rules(),
        )

    async def _earlier(self, session: AsyncSession, attempt: _Attempt) -> VerificationAttemptRow | None:
        """The attempt that this key already made."""
        row = await session.scalar(
            select(VerificationAttemptRow).where(VerificationAttemptRow.key == _stored_key(attempt))
        )
        if row is not None and (row.conversation_id, row.claim) != (attempt.conversation_id, attempt.claim):
            raise KeyReused(attempt.key)
        return row

    async def _latest(self, session: AsyncSession, attempt: _Attempt) -> VerificationRow | None:
        """The last code sent here, if it was sent for this claim: a newer one ends every older."""
        latest = await session.scalar(
            select(VerificationRow)
            .where(VerificationRow.conversation_id == attempt.conversation_id)
            .order_by(VerificationRow.id.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )
        return latest if latest is not None and latest.claim == attempt.claim else None

    async def _try_digits(
        self,
        session: AsyncSession,
        attempt: _Attempt,
        guards: Guards,
        found: list[Found],
        id_last4: str,
    ) -> tuple[VerificationAttemptRow, _Code | None]:
        now, rules = self._clock.now(), self._rules()
        locked_until = await self._stopped_until(session, attempt, guards, now, rules)
        if locked_until is not None:
            return self._record(session, attempt, guards, Outcome.LOCKED, locked_until), None
        salts = [(each.customer.id_number_hash, each.customer.id_last4_hash) for each in found]
        same = [
            hmac.compare_digest(id_last4_hash(self._vault, salt, id_last4), wanted)
            for salt, wanted in salts or [("", NOBODY)]
        ]
        matching = [each for each, is_same in zip(found, same, strict=False) if is_same]
        if len(matching) != 1:  # two who share phone and digits cannot be told apart
            locked_until = guards.count_failure(now, rules)
            await self._revoke_if_locked(session, attempt, guards, now)
            return self._record(session, attempt, guards, Outcome.REFUSED, locked_until), None
        customer, application = matching[0].customer, matching[0].application
        full_until = guards.hidden_until(now) or await codes_full_until(session, customer.id, now, rules)
        if full_until is not None:
            return self._record(session, attempt, guards, Outcome.LOCKED, full_until), None
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        nonce = secrets.token_hex(16)
        verification = VerificationRow(
            conversation_id=attempt.conversation_id,
            customer_id=customer.id,
            application_id=application.id if application else None,
            claim=attempt.claim,
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
        self,
        session: AsyncSession,
        attempt: _Attempt,
        guards: Guards,
        latest: VerificationRow | None,
        code: str,
    ) -> VerificationAttemptRow:
        now, rules = self._clock.now(), self._rules()
        knows_digits = latest is not None
        locked_until = await self._stopped_until(session, attempt, guards, now, rules)
        if locked_until is None and knows_digits:
            locked_until = guards.hidden_until(now)
        if locked_until is not None:
            return self._record(session, attempt, guards, Outcome.LOCKED, locked_until)
        nonce, wanted = (latest.nonce, latest.code_hash) if latest else ("", NOBODY)
        matches = hmac.compare_digest(self._code_hash(nonce, code), wanted)
        if latest is not None and latest.code_used_at is None:
            if latest.code_expires_at <= now:
                return self._record(session, attempt, guards, Outcome.EXPIRED, None)
            if matches:
                await self._verified(session, attempt, guards, latest, rules)
                return self._record(session, attempt, guards, Outcome.VERIFIED, None)
        locked_until = guards.count_failure(now, rules, tells_hidden=knows_digits)
        await self._revoke_if_locked(session, attempt, guards, now)
        left = guards.left(rules, tells_hidden=knows_digits)
        return self._record(session, attempt, guards, Outcome.WRONG_CODE, locked_until, left)

    async def _verified(
        self,
        session: AsyncSession,
        attempt: _Attempt,
        guards: Guards,
        latest: VerificationRow,
        rules: Rules,
    ) -> None:
        now = self._clock.now()
        latest.code_used_at = now
        latest.verified_until = now + rules.verified_for
        if attempt.party is not None:
            party = attempt.party
            await self.prove(session, party.channel, party.external_id, latest.customer_id, ProvedBy.CODE)
        await guards.forgive(
            session,
            conversation_id=attempt.conversation_id,
            claim=attempt.claim,
            address_hash=attempt.address_hash,
            failures=FAILURES,
        )

    async def _revoke_if_locked(
        self, session: AsyncSession, attempt: _Attempt, guards: Guards, now: datetime
    ) -> None:
        """Whoever guesses until the conversation is locked is not taken for the customer any longer."""
        if guards.conversation_is_locked(now):
            await self._identities.revoke(session, attempt.conversation_id, "locked")

    async def _stopped_until(
        self, session: AsyncSession, attempt: _Attempt, guards: Guards, now: datetime, rules: Rules
    ) -> datetime | None:
        """When the next attempt is looked at, if a lock or a day's limit stands before it."""
        full = await attempts_full_until(session, attempt.claim, attempt.address_hash, now, rules)
        return max((end for end in (guards.locked_until(now), full) if end is not None), default=None)

    async def _send(self, attempt: _Attempt, code: _Code, attempt_id: int) -> None:
        """Send the code once it is stored; if that fails, the code is void and the attempt says so."""
        try:
            await self._codes.send(
                application_no=attempt.application_no,
                phone=code.phone,
                phone_masked=mask_phone(code.phone),
                code=code.digits,
            )
        except CodeNotSent as exc:
            async with self._sessions.begin() as session:
                verification = await session.get_one(VerificationRow, code.verification_id)
                if exc.reason is NotSentReason.NO_ANSWER:  # it may have gone out, so it counts as sent
                    verification.code_expires_at = verification.sent_at
                else:
                    await session.delete(verification)
                row = await session.get_one(VerificationAttemptRow, attempt_id)
                row.outcome = Outcome.NOT_SENT
                self._audit(session, attempt, Outcome.NOT_SENT, {"reason": exc.reason.value})
            raise

    def _record(
        self,
        session: AsyncSession,
        attempt: _Attempt,
        guards: Guards,
        outcome: Outcome,
        locked_until: datetime | None,
        left: int | None = None,
    ) -> VerificationAttemptRow:
        row = VerificationAttemptRow(
            key=_stored_key(attempt),
            conversation_id=attempt.conversation_id,
            claim=attempt.claim,
            address_hash=attempt.address_hash,
            step=attempt.step,
            outcome=outcome,
            attempts_left=guards.left(self._rules()) if left is None else left,
            locked_until=locked_until,
            at=self._clock.now(),
        )
        session.add(row)
        detail = {"locked_until": locked_until.isoformat()} if locked_until else {}
        self._audit(session, attempt, outcome, detail)
        return row

    def _audit(
        self, session: AsyncSession, attempt: _Attempt, outcome: Outcome, detail: dict[str, str]
    ) -> None:
        about = f"application:{attempt.application_no}" if attempt.application_no else attempt.claim
        session.add(
            AuditEventRow(
                at=self._clock.now(),
                actor=f"conversation:{attempt.conversation_id}",
                action=f"verification.{outcome.value}",
                subject=about,
                detail=detail,
            )
        )

    def _rules(self) -> Rules:
        return Rules.of(self._policy, china_date(self._clock))

    def _code_hash(self, nonce: str, code: str) -> str:
        return self._vault.keyed_hash(f"code:{nonce}:{code}")


def id_last4_hash(vault: Vault, id_number_hash: str, id_last4: str) -> str:
    """The hash of the last four ID digits, salted so that equal digits of two people look different."""
    return vault.keyed_hash(f"id_last4:{id_number_hash}:{id_last4}")


def _stored_key(attempt: _Attempt) -> str:
    return f"{attempt.step}:{attempt.key}"


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
