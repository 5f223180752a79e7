"""One call of the bank's core, or one part of a file: everything in it that is good goes in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversation.ports import Words
from bot.core.errors import CallMalformed, IdempotencyKeyBad, IdempotencyKeyReused, TooMuch
from bot.core.keys import Caller
from bot.core.published import PublishedRates
from bot.core.scopes import Scope
from bot.core.store import AnsweredCallRow
from bot.core.verdicts import answer_of
from bot.servicing.intake import MAX_WORDS, Intake, LprWord, Resource, Status, Taken, Verdict, Word, read_word
from bot.store.engine import Sessions

ANSWERS_KEPT = timedelta(days=7)
MAX_KEY_LENGTH = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Answer:
    """The body of an answer as text; ``is_replayed`` when it was given before."""

    body: str
    is_replayed: bool = False


class CoreCalls:
    def __init__(
        self, sessions: Sessions, clock: Clock, intake: Intake, published: PublishedRates, words: Words
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._intake = intake
        self._published = published
        self._words = words

    async def answer(
        self, resource: Resource, body: bytes, caller: Caller, idempotency_key: str | None = None
    ) -> Answer:
        """Carry out a call; under an idempotency key it is carried out once and answered the same each time."""
        items = items_of(body)
        call = None if idempotency_key is None else _Call(caller, resource, idempotency_key, body)
        if call is not None:
            async with self._sessions() as session:
                earlier = await call.earlier(session)
            if earlier is not None:
                return Answer(earlier, is_replayed=True)
        if resource is Resource.RATES:
            _check_rate_scopes(items, caller)
        return await self._carry_out(resource, items, f"core:{caller.name}", call)

    async def take(
        self,
        resource: Resource,
        given: Sequence[object],
        actor: str,
        *,
        told_at: datetime | None = None,
        is_rehearsal: bool = False,
    ) -> Taken:
        """Take items of a file; a rehearsal says what would become of them and changes nothing."""
        read = self._read(resource, given, told_at)
        published = await self._publish(read, actor, is_rehearsal=is_rehearsal)
        async with self._sessions() as session, session.begin() as transaction:
            taken = await self._intake.take(session, resource, _records(read), actor)
            if is_rehearsal:
                await transaction.rollback()
        taken = _merged(read, taken, published)
        _tell_log(resource, taken, actor)
        return taken

    async def _carry_out(
        self, resource: Resource, items: Sequence[object], actor: str, call: _Call | None
    ) -> Answer:
        """The answer is stored with what it says was done."""
        read = self._read(resource, items)
        published = await self._publish(read, actor)
        async with self._sessions.begin() as session:
            await self._intake.one_at_a_time(session)
            if call is not None:
                earlier = await call.earlier(session)  # the same call may just have been answered
                if earlier is not None:
                    return Answer(earlier, is_replayed=True)
            taken = _merged(
                read, await self._intake.take(session, resource, _records(read), actor), published
            )
            body = json.dumps(answer_of(taken, self._words), ensure_ascii=False)
            if call is not None:
                await call.keep(session, body, self._clock.now())
        _tell_log(resource, taken, actor)
        return Answer(body)

    def _read(
        self, resource: Resource, given: Sequence[object], told_at: datetime | None = None
    ) -> list[Word | Verdict]:
        now = self._clock.now()
        read: list[Word | Verdict] = []
        for one in given:
            word = read_word(resource, one, told_at or now)
            read.append(word if isinstance(word, Word) else Verdict(Status.REJECTED, "", word))
        return read

    async def _publish(
        self, read: Sequence[Word | Verdict], actor: str, *, is_rehearsal: bool = False
    ) -> dict[int, Verdict]:
        """Published rates, in transactions of their own: they are edits of the policy facts."""
        return {
            index: await self._published.take(word, actor, is_rehearsal=is_rehearsal)
            for index, word in enumerate(read)
            if isinstance(word, LprWord)
        }


class _Call:
    """A call with an idempotency key."""

    def __init__(self, caller: Caller, resource: Resource, key: str, body: bytes) -> None:
        if not 0 < len(key) <= MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
            raise IdempotencyKeyBad
        self._caller = caller.name
        self._route = resource.value
        self._key = key
        self._body_hash = hashlib.sha256(body).hexdigest()

    async def earlier(self, session: AsyncSession) -> str | None:
        """The answer that the call was given; ``IdempotencyKeyReused`` if it was another call."""
        row = await session.scalar(
            select(AnsweredCallRow).where(
                AnsweredCallRow.caller == self._caller,
                AnsweredCallRow.route == self._route,
                AnsweredCallRow.key == self._key,
            )
        )
        if row is None:
            return None
        if row.body_hash != self._body_hash:
            raise IdempotencyKeyReused
        return row.answer

    async def keep(self, session: AsyncSession, answer: str, now: datetime) -> None:
        await session.execute(delete(AnsweredCallRow).where(AnsweredCallRow.created_at < now - ANSWERS_KEPT))
        session.add(
            AnsweredCallRow(
                caller=self._caller,
                route=self._route,
                key=self._key,
                body_hash=self._body_hash,
                answer=answer,
                created_at=now,
            )
        )


def items_of(body: bytes) -> list[object]:
    """The items of a body ``{"items": [...]}``; ``CallMalformed`` or ``TooMuch``."""
    try:
        given: Any = json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError) as exc:
        raise CallMalformed from exc
    items = given.get("items") if isinstance(given, dict) and len(given) == 1 else None
    if not isinstance(items, list) or not items:
        raise CallMalformed
    if len(items) > MAX_WORDS:
        raise TooMuch
    return items


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _check_rate_scopes(items: Sequence[object], caller: Caller) -> None:
    for item in items:
        caller.needs(Scope.LPR if isinstance(item, dict) and "lpr" in item else Scope.RATES)


def _tell_log(resource: Resource, taken: Taken, actor: str) -> None:
    counts = {status.value: taken.count(status) for status in Status}
    log.info("core.taken", resource=resource.value, actor=actor, **counts)


def _records(read: Sequence[Word | Verdict]) -> list[Word]:
    return [one for one in read if isinstance(one, Word) and not isinstance(one, LprWord)]


def _merged(read: Sequence[Word | Verdict], taken: Taken, published: dict[int, Verdict]) -> Taken:
    """A verdict for each item, in the order in which they were sent."""
    verdicts = iter(taken.verdicts)
    return Taken(
        [
            one if isinstance(one, Verdict) else published[index] if index in published else next(verdicts)
            for index, one in enumerate(read)
        ],
        taken.moved,
    )
