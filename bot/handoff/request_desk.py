"""Service requests at the desk: what waits for the bank, each step of it, and what is promised with some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.handoff.clocks import Promise, ServiceClock, ServiceLevels
from bot.handoff.model import Agent
from bot.handoff.ports import Policy
from bot.handoff.store import BY_REQUEST, AgentRow, ClockRow, Clocks, PromiseRow, Promises, Subject
from bot.servicing.requests import RequestKind, RequestState, ServiceRequest, UnknownRequest
from bot.servicing.requests.model import Step
from bot.servicing.store import ApplicationRow, CustomerRow, ServiceRequestEventRow, ServiceRequestRow
from bot.store.engine import Sessions

#: Requests that the bank promised to see to by a clock of their own.
PROMISES = {RequestKind.METHOD_CHANGE: Promise.METHOD_CHANGE}
#: Requests of those who cannot pay as much: a written plan is sent to them long before the bank's answer.
WITH_PLAN = (RequestKind.EXTENSION, RequestKind.RELIEF)
OPEN = tuple(state.value for state in RequestState if state.is_open)
MOST_LISTED = 200


class Requests(Protocol):
    """The servicing room's side; ``bot.servicing.requests.Requests`` is one."""

    async def advance(
        self, request_no: str, step: Step, actor: str, note: str | None = None
    ) -> ServiceRequest: ...


@dataclass(frozen=True)
class RequestEvent:
    """One step, by whom; the customer reads the note."""

    state: str
    actor: str  #: the agent's name, or empty for the customer
    note: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestCase:
    """A request as the desk sees it."""

    request_no: str
    kind: str
    state: str
    conversation_id: str
    customer_id: int
    is_valued: bool
    wish: dict[str, Any]
    figures: dict[str, Any]
    created_at: datetime
    promised_at: datetime | None
    ended_at: datetime | None
    clocks: Sequence[ServiceClock] = ()
    application_no: str | None = None  #: of a single case, as are the events
    events: Sequence[RequestEvent] = ()  #: oldest first


class RequestDesk:
    """What the desk does about requests."""

    def __init__(self, sessions: Sessions, clock: Clock, policy: Policy, requests: Requests) -> None:
        self._sessions = sessions
        self._clock = clock
        self._policy = policy
        self._requests = requests

    async def listed(self, *, is_open: bool) -> list[RequestCase]:
        """Open ones, the next promised first; else the ended ones, newest first."""
        query = select(ServiceRequestRow, CustomerRow.is_valued).join(
            CustomerRow, CustomerRow.id == ServiceRequestRow.customer_id
        )
        if is_open:
            order = (ServiceRequestRow.promised_at.is_(None), ServiceRequestRow.promised_at)
            query = query.where(ServiceRequestRow.state.in_(OPEN)).order_by(*order, ServiceRequestRow.id)
        else:
            query = query.where(ServiceRequestRow.state.not_in(OPEN)).order_by(ServiceRequestRow.id.desc())
        async with self._sessions() as session:
            rows = list(await session.execute(query.limit(MOST_LISTED)))
            clocks = Clocks(session, self.levels())
            kept = await clocks.of_many(Subject.REQUEST, [row.request_no for row, _ in rows])
            return [_case(row, is_valued, kept.get(row.request_no, ())) for row, is_valued in rows]

    async def case(self, request_no: str) -> RequestCase:
        """One of them with every step; ``UnknownRequest``."""
        async with self._sessions() as session:
            row = await session.scalar(
                select(ServiceRequestRow).where(ServiceRequestRow.request_no == request_no)
            )
            if row is None:
                raise UnknownRequest(request_no)
            customer = await session.get_one(CustomerRow, row.customer_id)
            application = (
                await session.get(ApplicationRow, row.application_id) if row.application_id else None
            )
            clocks = await Clocks(session, self.levels()).of(Subject.REQUEST, request_no)
            return replace(
                _case(row, customer.is_valued, clocks),
                application_no=application.application_no if application else None,
                events=await self._events(session, row.id),
            )

    async def _events(self, session: AsyncSession, request_id: int) -> list[RequestEvent]:
        rows = list(
            await session.scalars(
                select(ServiceRequestEventRow)
                .where(ServiceRequestEventRow.request_id == request_id)
                .order_by(ServiceRequestEventRow.id)
            )
        )
        ids = {row.actor.removeprefix("agent:") for row in rows if row.actor.startswith("agent:")}
        agents = await session.scalars(select(AgentRow).where(AgentRow.id.in_(ids)))
        names = {f"agent:{agent.id}": agent.display_name for agent in agents}
        return [RequestEvent(row.state, names.get(row.actor, ""), row.note, row.at) for row in rows]

    async def take(self, request_no: str, agent: Agent, step: Step, note: str | None) -> ServiceRequest:
        """One step of the bank; the customer is told of it. Withdrawing is the customer's own."""
        request = await self._requests.advance(request_no, step, f"agent:{agent.id}", note)
        if not request.state.is_open:
            async with self._sessions.begin() as session:
                clocks = Clocks(session, self.levels())
                await clocks.stop(Subject.REQUEST, request_no, self._clock.now())
        return request

    async def adopt(self) -> None:
        """Start what is promised with open requests, and stop it for requests that ended without us."""
        await self._adopt_clocks()
        await self._adopt_plans()

    async def _adopt_clocks(self) -> None:
        kinds = [kind.value for kind in PROMISES]
        its_clock = and_(
            ClockRow.subject == Subject.REQUEST.value, ClockRow.subject_id == ServiceRequestRow.request_no
        )
        async with self._sessions.begin() as session:
            clocks = Clocks(session, self.levels())
            new = await session.scalars(
                select(ServiceRequestRow).where(
                    ServiceRequestRow.kind.in_(kinds),
                    ServiceRequestRow.state.in_(OPEN),
                    ~exists().where(its_clock),
                )
            )
            for row in new:
                promise = PROMISES[RequestKind(row.kind)]
                await clocks.start(Subject.REQUEST, row.request_no, promise, row.created_at)
            ended = await session.scalars(
                select(ServiceRequestRow)
                .join(ClockRow, its_clock)
                .where(ServiceRequestRow.ended_at.is_not(None), ClockRow.stopped_at.is_(None))
            )
            for row in ended:
                if row.ended_at is not None:
                    await clocks.stop(Subject.REQUEST, row.request_no, row.ended_at)

    async def _adopt_plans(self) -> None:
        async with self._sessions.begin() as session:
            promises = Promises(session, Clocks(session, self.levels()))
            new = await session.scalars(
                select(ServiceRequestRow).where(
                    ServiceRequestRow.kind.in_([kind.value for kind in WITH_PLAN]),
                    ServiceRequestRow.state.in_(OPEN),
                    ~exists().where(PromiseRow.id == ServiceRequestRow.request_no),
                )
            )
            for row in list(new):
                made = (row.request_no, row.conversation_id, Promise.WRITTEN_PLAN, row.created_at)
                await promises.make_for_request(*made)
            ended = await session.scalars(
                select(ServiceRequestRow)
                .join(PromiseRow, PromiseRow.id == ServiceRequestRow.request_no)
                .where(ServiceRequestRow.ended_at.is_not(None), PromiseRow.kept_at.is_(None))
            )
            for row in list(ended):
                if row.ended_at is not None:
                    await promises.keep(row.request_no, BY_REQUEST, None, row.ended_at)

    def levels(self) -> ServiceLevels:
        """What is promised today."""
        return ServiceLevels.of(self._policy, china_date(self._clock))


def _case(row: ServiceRequestRow, is_valued: bool, clocks: Sequence[ServiceClock]) -> RequestCase:
    return RequestCase(
        request_no=row.request_no,
        kind=row.kind,
        state=row.state,
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        is_valued=is_valued,
        wish=row.wish,
        figures=row.figures,
        created_at=row.created_at,
        promised_at=row.promised_at,
        ended_at=row.ended_at,
        clocks=clocks,
    )
