"""Complaints after they were registered: who looks after them, what is done, and by when.

A complaint is registered from the chat by servicing, or by an agent here; its clocks are started by whoever sees it first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA, Clock, china_date
from bot.handoff.clocks import Promise, ServiceClock, ServiceLevels
from bot.handoff.errors import ComplaintNotFound, IllegalStep
from bot.handoff.model import Agent
from bot.handoff.ports import Policy
from bot.handoff.store import AgentRow, ClockRow, Clocks, Subject
from bot.messages.masking import mask_text
from bot.servicing.requests.complaints import PREFIX
from bot.servicing.requests.numbers import fresh_number
from bot.servicing.store import AuditEventRow, ComplaintEventRow, ComplaintRow
from bot.store.engine import Sessions


class Grade(StrEnum):
    ORDINARY = "ordinary"
    URGENT = "urgent"  #: safety of money, grave service failure: a supervisor at once
    COMPLEX = "complex"  #: has an owner by name


class ComplaintState(StrEnum):
    REGISTERED = "registered"
    CONTACTED = "contacted"  #: somebody talked with the customer about it
    OFFERED = "offered"  #: a solution was put to the customer
    SOLVED = "solved"  #: the customer accepted it
    CLOSED = "closed"  #: called back after the solution
    WITHDRAWN = "withdrawn"  #: the customer let it drop


class Step(StrEnum):
    """What is done about a complaint."""

    CONTACT = "contact"
    OFFER = "offer"
    ACCEPT = "accept"
    REJECT = "reject"
    CALL_BACK = "call_back"
    WITHDRAW = "withdraw"


_S = ComplaintState
_AFTER = {
    (_S.REGISTERED, Step.CONTACT): _S.CONTACTED,
    (_S.CONTACTED, Step.CONTACT): _S.CONTACTED,
    (_S.OFFERED, Step.CONTACT): _S.OFFERED,
    (_S.CONTACTED, Step.OFFER): _S.OFFERED,
    (_S.OFFERED, Step.ACCEPT): _S.SOLVED,
    (_S.OFFERED, Step.REJECT): _S.CONTACTED,
    (_S.SOLVED, Step.CALL_BACK): _S.CLOSED,
    (_S.REGISTERED, Step.WITHDRAW): _S.WITHDRAWN,
    (_S.CONTACTED, Step.WITHDRAW): _S.WITHDRAWN,
    (_S.OFFERED, Step.WITHDRAW): _S.WITHDRAWN,
}


def after(state: ComplaintState, step: Step) -> ComplaintState:
    """The state after a step; ``IllegalStep`` where it cannot be taken.

    A call-back to a customer who is not content after all is a new complaint.
    """
    following = _AFTER.get((state, step))
    if following is None:
        raise IllegalStep(f"a complaint that is {state.value} cannot take the step {step.value}")
    return following


@dataclass(frozen=True)
class ComplaintEvent:
    kind: str
    state: ComplaintState
    actor: str
    note: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintCase:
    """A complaint as the desk sees it."""

    complaint_no: str
    conversation_id: str
    cause: str
    grade: Grade
    state: ComplaintState
    text: str
    owner_name: str | None
    satisfaction: int | None
    created_at: datetime
    ended_at: datetime | None
    clocks: Sequence[ServiceClock] = ()
    events: Sequence[ComplaintEvent] = ()


@dataclass(frozen=True)
class MonthOfComplaints:
    """How many complaints of each cause came in a month."""

    month: date  #: its first day
    causes: Mapping[str, int]
    satisfaction: float | None


class ComplaintDesk:
    """What the desk does about complaints; each step is one transaction and leaves an event."""

    def __init__(self, sessions: Sessions, clock: Clock, policy: Policy) -> None:
        self._sessions = sessions
        self._clock = clock
        self._policy = policy

    async def adopt(self) -> list[str]:
        """Start the clocks of complaints that have none yet; the numbers of those that are urgent."""
        urgent = []
        async with self._sessions.begin() as session:
            clocks = self._clocks(session)
            has_clocks = exists().where(
                ClockRow.subject == Subject.COMPLAINT.value, ClockRow.subject_id == ComplaintRow.complaint_no
            )
            rows = await session.scalars(
                select(ComplaintRow).where(ComplaintRow.state == ComplaintState.REGISTERED.value, ~has_clocks)
            )
            for row in rows:
                for promise in (Promise.COMPLAINT_FIRST_CONTACT, Promise.COMPLAINT_SOLUTION):
                    await clocks.start(Subject.COMPLAINT, row.complaint_no, promise, row.created_at)
                if row.grade == Grade.URGENT.value:
                    urgent.append(row.complaint_no)
        return urgent

    async def take(
        self, complaint_no: str, agent: Agent, step: Step, note: str, satisfaction: int | None = None
    ) -> ComplaintCase:
        """One step, with what was said; the score belongs to the call-back."""
        async with self._sessions.begin() as session:
            row = await self._row(session, complaint_no)
            state = after(ComplaintState(row.state), step)
            if (satisfaction is not None) != (step is Step.CALL_BACK):
                raise IllegalStep("the score is asked at the call-back, and only there")
            now = self._clock.now()
            row.state, row.satisfaction = state.value, satisfaction
            if state in (ComplaintState.CLOSED, ComplaintState.WITHDRAWN):
                row.ended_at = now
            await self._keep_time(session, complaint_no, step, now)
            self._note(session, row, step.value, agent, note)
        return await self.case(complaint_no)

    async def own(self, complaint_no: str, supervisor: Agent, owner: Agent, grade: Grade) -> ComplaintCase:
        """Grade a complaint and name who looks after it."""
        async with self._sessions.begin() as session:
            row = await self._row(session, complaint_no)
            row.owner_id, row.grade = owner.id, grade.value
            self._note(session, row, "owned", supervisor, f"{owner.display_name} · {grade.value}")
        return await self.case(complaint_no)

    async def register(
        self, conversation_id: str, agent: Agent, cause: str, grade: Grade, text: str
    ) -> ComplaintCase:
        """A complaint that an agent heard."""
        async with self._sessions.begin() as session:
            complaint_no = await fresh_number(session, ComplaintRow.complaint_no, PREFIX, self._clock)
            row = ComplaintRow(
                complaint_no=complaint_no,
                key=f"desk:{complaint_no}",
                conversation_id=conversation_id,
                cause=cause,
                grade=grade.value,
                state=ComplaintState.REGISTERED.value,
                text=mask_text(text),
                created_at=self._clock.now(),
            )
            session.add(row)
            await session.flush()
            self._note(session, row, "registered", agent, None)
        await self.adopt()
        return await self.case(complaint_no)

    async def case(self, complaint_no: str) -> ComplaintCase:
        async with self._sessions() as session:
            row = await self._row(session, complaint_no)
            return await self._case(session, row)

    async def listed(
        self, *, is_open: bool, month: date | None = None, cause: str | None = None
    ) -> list[ComplaintCase]:
        """Open ones, the next to breach first; else those that came in a month, newest first."""
        query = select(ComplaintRow).order_by(ComplaintRow.created_at.desc())
        if is_open:
            query = query.where(ComplaintRow.ended_at.is_(None))
        if month is not None:
            query = query.where(
                ComplaintRow.created_at >= _start(month), ComplaintRow.created_at < _start(_next(month))
            )
        if cause is not None:
            query = query.where(ComplaintRow.cause == cause)
        async with self._sessions() as session:
            cases = [await self._case(session, row) for row in await session.scalars(query)]
        if not is_open:
            return cases
        levels = self.levels()
        dues = {
            case.complaint_no: min(
                (due for clock in case.clocks if (due := clock.due_at(levels.hours(clock.runs)))),
                default=case.created_at + timedelta(days=365),
            )
            for case in cases
        }
        return sorted(cases, key=lambda case: (case.grade is not Grade.URGENT, dues[case.complaint_no]))

    async def report(self, months: int = 6) -> list[MonthOfComplaints]:
        """Complaints by cause, month by month up to this one."""
        this = china_date(self._clock).replace(day=1)
        wanted = [this]
        while len(wanted) < months:
            wanted.insert(0, (wanted[0] - timedelta(days=1)).replace(day=1))
        async with self._sessions() as session:
            rows = await session.execute(
                select(ComplaintRow.created_at, ComplaintRow.cause, ComplaintRow.satisfaction).where(
                    ComplaintRow.created_at >= _start(wanted[0])
                )
            )
            found = [(at.astimezone(CHINA).date().replace(day=1), cause, score) for at, cause, score in rows]
        return [_month(month, [one for one in found if one[0] == month]) for month in wanted]

    async def _keep_time(self, session: AsyncSession, complaint_no: str, step: Step, now: datetime) -> None:
        clocks, about = self._clocks(session), (Subject.COMPLAINT, complaint_no)
        match step:
            case Step.CONTACT:
                await clocks.stop(*about, now, Promise.COMPLAINT_FIRST_CONTACT)
            case Step.OFFER:  # the customer thinks it over: not the bank's time
                await clocks.stop(*about, now, Promise.COMPLAINT_FIRST_CONTACT)
                await clocks.pause(*about, now)
            case Step.REJECT:
                await clocks.resume(*about, now)
            case Step.ACCEPT:
                await clocks.stop(*about, now)
                await clocks.start(*about, Promise.COMPLAINT_CALL_BACK, now)
            case Step.CALL_BACK | Step.WITHDRAW:
                await clocks.stop(*about, now)

    def _note(
        self, session: AsyncSession, row: ComplaintRow, kind: str, agent: Agent, note: str | None
    ) -> None:
        now, actor = self._clock.now(), f"agent:{agent.id}"
        session.add(
            ComplaintEventRow(
                complaint_id=row.id, kind=kind, state=row.state, actor=agent.display_name, note=note, at=now
            )
        )
        detail: dict[str, Any] = {"state": row.state}
        session.add(
            AuditEventRow(
                at=now,
                actor=actor,
                action=f"complaint.{kind}",
                subject=f"complaint:{row.complaint_no}",
                detail=detail,
            )
        )

    async def _row(self, session: AsyncSession, complaint_no: str) -> ComplaintRow:
        row = await session.scalar(
            select(ComplaintRow).where(ComplaintRow.complaint_no == complaint_no).with_for_update()
        )
        if row is None:
            raise ComplaintNotFound(complaint_no)
        return row

    async def _case(self, session: AsyncSession, row: ComplaintRow) -> ComplaintCase:
        owner = await session.get(AgentRow, row.owner_id) if row.owner_id else None
        events = await session.scalars(
            select(ComplaintEventRow)
            .where(ComplaintEventRow.complaint_id == row.id)
            .order_by(ComplaintEventRow.id)
        )
        return ComplaintCase(
            complaint_no=row.complaint_no,
            conversation_id=row.conversation_id,
            cause=row.cause,
            grade=Grade(row.grade),
            state=ComplaintState(row.state),
            text=row.text,
            owner_name=owner.display_name if owner else None,
            satisfaction=row.satisfaction,
            created_at=row.created_at,
            ended_at=row.ended_at,
            clocks=await self._clocks(session).of(Subject.COMPLAINT, row.complaint_no),
            events=[
                ComplaintEvent(one.kind, ComplaintState(one.state), one.actor, one.note, one.at)
                for one in events
            ],
        )

    def _clocks(self, session: AsyncSession) -> Clocks:
        return Clocks(session, self.levels())

    def levels(self) -> ServiceLevels:
        """Today's promises."""
        return ServiceLevels.of(self._policy, china_date(self._clock))


def _month(month: date, found: Sequence[tuple[date, str, int | None]]) -> MonthOfComplaints:
    scores = [score for _, _, score in found if score is not None]
    return MonthOfComplaints(
        month, dict(Counter(cause for _, cause, _ in found)), sum(scores) / len(scores) if scores else None
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=CHINA)


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
