"""Edits of facts and answers: who made them, from which day they hold, and how they are taken back.

An edit is kept beside the files and lies over them (``bot.knowledge.changes``). It is made only if everything still
holds together with it, on the day of the edit and on the day it comes into force.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.knowledge.answer_texts import with_english_of
from bot.knowledge.answers import AnswerBook
from bot.knowledge.changes import AnswerChange, Edits, Given, PolicyChange
from bot.knowledge.errors import EditRefused, Problem, UnknownChange
from bot.knowledge.library import Library
from bot.knowledge.model import Answer, Fact, Rendered
from bot.knowledge.policy import PolicyBook
from bot.knowledge.store import AnswerChangeRow, PolicyChangeRow
from bot.knowledge.units import NATIONAL, Status
from bot.store.engine import Sessions

FOLLOW_SECONDS = 5.0

log = structlog.get_logger(__name__)

Change = PolicyChange | AnswerChange


@dataclass(frozen=True, kw_only=True)
class SetFact:
    """An order to give a fact a value from a day on."""

    key: str
    value: Given
    effective_from: date
    author: str
    source: str
    effective_to: date | None = None  #: left out, the last day of the value that it replaces
    region: str = NATIONAL
    status: Status | None = None  #: left out, the one of the value before; the bank's own facts have only one
    verified_on: date | None = None  #: left out, the day of the edit
    review_by: date | None = None  #: left out, the one of the value before
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetAnswer:
    """An order to give an answer another text from a day on."""

    answer: str  #: ``topic/slug``
    text: str
    effective_from: date
    author: str
    reason: str | None = None


Order = SetFact | SetAnswer


@dataclass(frozen=True)
class Preview:
    """An answer as it would be said today, and the whole text that says it."""

    answer: Answer
    rendered: Rendered
    text: str


class Editing:
    """The edits of one knowledge folder."""

    def __init__(self, sessions: Sessions, clock: Clock, folder: Path) -> None:
        self._sessions = sessions
        self._clock = clock
        self._folder = folder

    async def set_fact(self, order: SetFact) -> PolicyChange:
        """Give a fact a value; ``UnknownFact``, or ``EditRefused`` when it does not hold together."""
        made = await self.make([order])
        assert isinstance(made[0], PolicyChange)
        return made[0]

    async def set_answer(self, order: SetAnswer) -> AnswerChange:
        """Give an answer another text; ``EditRefused`` when it does not hold together.

        A text without an English summary keeps the one it had.
        """
        made = await self.make([await self._whole(order)])
        assert isinstance(made[0], AnswerChange)
        return made[0]

    async def preview(self, order: SetAnswer) -> Preview:
        """What would be said with an answer's new text and today's facts; nothing is changed.

        ``EditRefused`` when it does not hold together, on its day or today.
        """
        order, today = await self._whole(order), china_date(self._clock)
        async with self._sessions() as session:
            before = await _standing(session)
        tried = AnswerChange(
            id=max((change.id for change in before), default=0) + 1,
            answer=order.answer,
            text=order.text,
            effective_from=min(order.effective_from, today),
            author=order.author,
            made_at=self._clock.now(),
        )
        await self._refuse_what_breaks(before, [*before, tried], {today, max(today, order.effective_from)})
        edits = edits_of([*before, tried], today)
        policy = PolicyBook.read(self._folder / "policy").changed_by(edits.policy)
        book = AnswerBook.read(self._folder / "answers", edits.texts)
        topic = order.answer.partition("/")[0]
        answer = next(each for each in book.of(topic) if each.name == order.answer)
        return Preview(answer, book.render(answer, policy, today), order.text)

    async def text_of(self, name: str, on: date | None = None) -> str | None:
        """An answer's text as it stands on a day (today if left out), edits included; None when there is none."""
        edits = await self.in_force(on or china_date(self._clock))
        path = self._folder / "answers" / f"{name}.md"
        if name in edits.texts:
            return edits.texts[name]
        return path.read_text(encoding="utf-8") if path.is_file() else None

    async def _whole(self, order: SetAnswer) -> SetAnswer:
        before = await self.text_of(order.answer, order.effective_from)
        return replace(order, text=with_english_of(order.text, before))

    async def make(
        self, orders: Sequence[Order], take_back: Iterable[Change] = (), author: str = ""
    ) -> tuple[Change, ...]:
        """All of the orders or none; ``author`` takes back the changes that they replace."""
        today = china_date(self._clock)
        gone = {change.name for change in take_back}
        async with self._sessions.begin() as session:
            before = await _standing(session)
            rows: list[PolicyChangeRow | AnswerChangeRow] = [self._row(order, today) for order in orders]
            session.add_all(rows)
            await session.flush()
            for change in before:
                if change.name in gone:
                    await self._mark(session, change, author)
            made = tuple(row.as_change() for row in rows)
            after = [change for change in before if change.name not in gone] + list(made)
            days = {today, *(max(today, order.effective_from) for order in orders)}
            await self._refuse_what_breaks(before, after, days)
        for change in made:
            log.info("knowledge.changed", change=change.name, author=change.author)
        return made

    async def take_back(self, name: str, author: str) -> Change:
        """End a change at once, as if it had not been made; it stays in the history."""
        today = china_date(self._clock)
        async with self._sessions.begin() as session:
            before = await _standing(session)
            change = next((change for change in before if change.name == name), None)
            if change is None:
                raise UnknownChange(name)
            after = [other for other in before if other is not change]
            await self._refuse_what_breaks(before, after, {today, max(today, change.effective_from)})
            await self._mark(session, change, author)
        log.info("knowledge.taken_back", change=name, author=author)
        return replace(change, taken_back_by=author, taken_back_at=self._clock.now())

    async def history(self, name: str | None = None) -> tuple[Change, ...]:
        """Every change ever made, oldest first; of one fact or answer (``topic/slug``) if named."""
        async with self._sessions() as session:
            changes = await _every(session)
        named = [change for change in changes if name is None or name == _subject(change)]
        return tuple(sorted(named, key=lambda change: change.made_at))

    async def in_force(self, today: date) -> Edits:
        """What lies over the files on a day."""
        async with self._sessions() as session:
            return edits_of(await _standing(session), today)

    async def version(self) -> tuple[int, ...]:
        """Numbers that differ after every change and every taking back; cheap to ask for."""
        async with self._sessions() as session:
            found = await session.execute(
                select(
                    select(func.count(PolicyChangeRow.id)).scalar_subquery(),
                    select(func.count(PolicyChangeRow.taken_back_at)).scalar_subquery(),
                    select(func.count(AnswerChangeRow.id)).scalar_subquery(),
                    select(func.count(AnswerChangeRow.taken_back_at)).scalar_subquery(),
                )
            )
            return tuple(found.one())

    def _row(self, order: Order, today: date) -> PolicyChangeRow | AnswerChangeRow:
        if isinstance(order, SetAnswer):
            return AnswerChangeRow(
                answer=order.answer,
                text=order.text,
                effective_from=order.effective_from,
                author=order.author,
                made_at=self._clock.now(),
                reason=order.reason,
            )
        like = self._like(order.key, order.region)
        return PolicyChangeRow(
            key=order.key,
            region=order.region,
            value=order.value,
            effective_from=order.effective_from,
            effective_to=order.effective_to,
            source=order.source,
            status=(order.status or like.status).value,
            verified_on=order.verified_on or today,
            review_by=order.review_by or like.review_by,
            author=order.author,
            made_at=self._clock.now(),
            reason=order.reason,
        )

    def _like(self, key: str, region: str) -> Fact:
        """The newest value of the files, which says how the fact is founded if the order does not."""
        policy = PolicyBook.read(self._folder / "policy")
        return (policy.history(key, region) or policy.every(key))[-1]

    async def _mark(self, session: AsyncSession, change: Change, author: str) -> None:
        row: PolicyChangeRow | AnswerChangeRow
        if isinstance(change, PolicyChange):
            row = await session.get_one(PolicyChangeRow, change.id)
        else:
            row = await session.get_one(AnswerChangeRow, change.id)
        row.taken_back_by, row.taken_back_at = author, self._clock.now()

    async def _refuse_what_breaks(
        self, before: Sequence[Change], after: Sequence[Change], days: Iterable[date]
    ) -> None:
        """``EditRefused`` with every problem that was not there before."""
        new: list[Problem] = []
        for day in sorted(days):
            found = await asyncio.to_thread(self._problems, after, day)
            if found:
                known = set(await asyncio.to_thread(self._problems, before, day))
                new += [problem for problem in found if problem not in known and problem not in new]
        if new:
            raise EditRefused(new)

    def _problems(self, changes: Sequence[Change], day: date) -> tuple[Problem, ...]:
        edits = edits_of(changes, day)
        policy = PolicyBook.read(self._folder / "policy").changed_by(edits.policy)
        answers = AnswerBook.read(self._folder / "answers", edits.texts)
        return (*policy.check(), *answers.check(policy, day))


def edits_of(changes: Iterable[Change], today: date) -> Edits:
    """The policy changes in the order they were made, and of each answer the newest text that has begun."""
    policy = []
    answers: dict[str, AnswerChange] = {}
    for change in sorted(changes, key=lambda change: change.id):
        if isinstance(change, PolicyChange):
            policy.append(change)
        elif change.effective_from <= today:
            before = answers.get(change.answer)
            if before is None or before.effective_from <= change.effective_from:
                answers[change.answer] = change
    return Edits(tuple(policy), tuple(answers[name] for name in sorted(answers)))


async def follow_edits(
    library: Library, editing: Editing, clock: Clock, every_seconds: float = FOLLOW_SECONDS
) -> None:
    """Hand new edits to the library, and those whose day has come; a database that is away changes nothing."""
    seen = None
    while True:
        try:
            today = china_date(clock)
            now = (await editing.version(), today)
            if now != seen:
                library.use(await editing.in_force(today))
                seen = now
        except (SQLAlchemyError, OSError) as exc:
            log.warning("knowledge.edits_unreadable", reason=str(exc))
        await asyncio.sleep(every_seconds)


def _subject(change: Change) -> str:
    return change.key if isinstance(change, PolicyChange) else change.answer


async def _every(session: AsyncSession) -> list[Change]:
    policy = await session.scalars(select(PolicyChangeRow).order_by(PolicyChangeRow.id))
    answers = await session.scalars(select(AnswerChangeRow).order_by(AnswerChangeRow.id))
    return [*(row.as_change() for row in policy), *(row.as_change() for row in answers)]


async def _standing(session: AsyncSession) -> list[Change]:
    return [change for change in await _every(session) if change.taken_back_at is None]
