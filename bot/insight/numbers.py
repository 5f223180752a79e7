"""What the desk's dashboard counts, and the cases behind each count.

Every number is counted from a list of cases, and the list can be had: nothing is added up that cannot be opened.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA, Clock
from bot.conversation.model import Sender, TurnOutcome
from bot.conversation.rating import RatingRow
from bot.conversation.store import MessageRow, TurnRow
from bot.handoff.store import AgentRow, AssignmentRow, ClockRow, Subject, TicketRow
from bot.store.engine import Sessions

ONE_DAY = timedelta(days=1)
SATISFIED = 4  #: from this score on
DECLINE = "decline"


@dataclass(frozen=True)
class Period:
    """Days in China, both included, and one channel or all."""

    first: date
    last: date
    channel: str | None = None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=CHINA)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + ONE_DAY, time(), tzinfo=CHINA)

    @property
    def days(self) -> list[date]:
        return [self.first + ONE_DAY * number for number in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One conversation on one day, as the dashboard sees it."""

    conversation_id: str
    channel: str
    day: date
    topics: tuple[str, ...] = ()
    turns: int = 0  #: that the bot answered
    declined: int = 0  #: that it did not understand
    tickets: tuple[TicketCase, ...] = ()
    scores: tuple[int, ...] = ()

    @property
    def was_handed_over(self) -> bool:
        return bool(self.tickets)

    @property
    def is_satisfied(self) -> bool:
        """Whether scores were given, and all of them good."""
        return bool(self.scores) and min(self.scores) >= SATISFIED

    @property
    def is_unsatisfied(self) -> bool:
        return any(score < SATISFIED for score in self.scores)

    @property
    def is_breached(self) -> bool:
        """Whether something promised in it came late."""
        return any(ticket.is_breached for ticket in self.tickets)

    @property
    def reasons(self) -> frozenset[str]:
        """Why it was handed over, each reason once."""
        return frozenset(ticket.reason for ticket in self.tickets)

    @property
    def is_solved_by_bot(self) -> bool:
        """The bot answered, nobody had to take over, it understood, and nobody said that it was bad.

        A customer who just left counts too if the last word was an answer: that cannot be told apart.
        """
        is_bots_work = self.turns > 0 and not self.was_handed_over and not self.declined
        return is_bots_work and not self.is_unsatisfied


@dataclass(frozen=True, kw_only=True)
class TicketCase:
    """One ticket."""

    ticket_id: str
    reason: str
    agent_id: str | None
    waited: float | None  #: seconds until somebody took it
    first_reply: float | None  #: seconds until the first reply
    is_breached: bool


@dataclass(frozen=True)
class Spread:
    """How long something took: how often, the middle, and what nine of ten stayed below."""

    count: int
    median: float | None
    p90: float | None

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Spread:
        """Of the times; nothing is said of none.

        >>> Spread.of([10, 20, 30])
        Spread(count=3, median=20, p90=30)
        """
        ordered = sorted(seconds)
        if not ordered:
            return cls(0, None, None)
        return cls(len(ordered), median(ordered), ordered[math.ceil(len(ordered) * 0.9) - 1])


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The dashboard of a period. What opens a list of conversations counts conversations."""

    conversations: int
    solved_by_bot: int
    handed_over: int
    waits: Spread
    first_replies: Spread
    breaches: int
    scores: Mapping[int, int]  #: each score as often as it was given
    by_score: Mapping[int, int]  #: conversations in which it was given
    satisfied: int
    unsatisfied: int
    reasons: Mapping[str, int]
    topics: Mapping[str, int]
    declined: int
    declined_turns: int
    by_day: Sequence[DayNumbers]
    by_channel: Mapping[str, int]
    load: Sequence[AgentLoad] = field(default_factory=tuple)

    @property
    def share_solved(self) -> float | None:
        """Of the conversations, as a fraction; none without conversations."""
        return self.solved_by_bot / self.conversations if self.conversations else None

    @property
    def satisfaction(self) -> float | None:
        """The mean score; none without scores."""
        given = sum(self.scores.values())
        return sum(score * count for score, count in self.scores.items()) / given if given else None


@dataclass(frozen=True)
class DayNumbers:
    """One day's line of the curves."""

    day: date
    conversations: int
    solved_by_bot: int
    handed_over: int
    declined_turns: int


@dataclass(frozen=True)
class AgentLoad:
    """What one agent did in the period."""

    agent_id: str
    name: str
    tickets: int
    hours: float  #: in which at least one customer was theirs, each customer's time added up
    scores: tuple[int, ...]


def numbers_of(cases: Sequence[Case], period: Period, load: Sequence[AgentLoad] = ()) -> Numbers:
    """Count the cases."""
    tickets = [ticket for case in cases for ticket in case.tickets]
    return Numbers(
        conversations=len(cases),
        solved_by_bot=sum(case.is_solved_by_bot for case in cases),
        handed_over=sum(case.was_handed_over for case in cases),
        waits=Spread.of(ticket.waited for ticket in tickets if ticket.waited is not None),
        first_replies=Spread.of(ticket.first_reply for ticket in tickets if ticket.first_reply is not None),
        breaches=sum(case.is_breached for case in cases),
        scores=dict(Counter(score for case in cases for score in case.scores)),
        by_score=dict(Counter(score for case in cases for score in set(case.scores))),
        satisfied=sum(case.is_satisfied for case in cases),
        unsatisfied=sum(case.is_unsatisfied for case in cases),
        reasons=dict(Counter(reason for case in cases for reason in case.reasons)),
        topics=dict(Counter(topic for case in cases for topic in case.topics)),
        declined=sum(case.declined > 0 for case in cases),
        declined_turns=sum(case.declined for case in cases),
        by_day=[_day(day, [case for case in cases if case.day == day]) for day in period.days],
        by_channel=dict(Counter(case.channel for case in cases)),
        load=tuple(load),
    )


#: The lists behind the numbers, by the name of the number.
LISTS: Mapping[str, Callable[[Case], bool]] = {
    "conversations": lambda case: True,
    "solved_by_bot": lambda case: case.is_solved_by_bot,
    "handed_over": lambda case: case.was_handed_over,
    "breaches": lambda case: case.is_breached,
    "declined": lambda case: case.declined > 0,
    "unsatisfied": lambda case: case.is_unsatisfied,
    "satisfied": lambda case: case.is_satisfied,
    "scores": lambda case: bool(case.scores),
    "waits": lambda case: any(ticket.waited is not None for ticket in case.tickets),
    "first_replies": lambda case: any(ticket.first_reply is not None for ticket in case.tickets),
}


def listed(
    cases: Iterable[Case],
    name: str,
    *,
    reason: str | None = None,
    topic: str | None = None,
    score: int | None = None,
) -> list[Case]:
    """The cases that a number was counted from; ``KeyError`` for a name that is none."""
    belongs = LISTS[name]
    return [
        case
        for case in cases
        if belongs(case)
        and (reason is None or reason in case.reasons)
        and (topic is None or topic in case.topics)
        and (score is None or score in case.scores)
    ]


def _day(day: date, cases: Sequence[Case]) -> DayNumbers:
    return DayNumbers(
        day,
        len(cases),
        sum(case.is_solved_by_bot for case in cases),
        sum(case.was_handed_over for case in cases),
        sum(case.declined for case in cases),
    )


@dataclass
class _Talk:
    """What the bot did in a conversation on one day, while it is counted."""

    turns: int = 0
    declined: int = 0
    topics: dict[str, None] = field(default_factory=dict)  #: in the order of their first naming


class CaseBook:
    """Reads the cases of a period."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def cases(self, period: Period) -> list[Case]:
        """Every conversation in which the customer spoke, once for each of its days; oldest first."""
        async with self._sessions() as session:
            spoken = await self._spoken(session, period)
            turns = await self._turns(session, period)
            tickets = await self._tickets(session, period)
            scores = await self._scores(session, period)
        return [
            Case(
                conversation_id=conversation_id,
                channel=channel,
                day=day,
                tickets=tuple(tickets.get((conversation_id, day), ())),
                scores=tuple(scores.get((conversation_id, day), ())),
                turns=talk.turns,
                declined=talk.declined,
                topics=tuple(talk.topics),
            )
            for conversation_id, channel, day in spoken
            for talk in (turns.get((conversation_id, day), _Talk()),)
        ]

    async def load(self, period: Period) -> list[AgentLoad]:
        """What each agent did, the busiest first; work that goes on counts up to now."""
        until = min(self._clock.now(), period.end)
        async with self._sessions() as session:
            rows = await session.execute(
                select(AssignmentRow, AgentRow.display_name)
                .join(AgentRow, AgentRow.id == AssignmentRow.agent_id)
                .where(AssignmentRow.started_at >= period.start, AssignmentRow.started_at < period.end)
            )
            held: dict[str, list[AssignmentRow]] = {}
            names: dict[str, str] = {}
            for assignment, name in rows:
                held.setdefault(assignment.agent_id, []).append(assignment)
                names[assignment.agent_id] = name
            given = await session.execute(
                select(RatingRow.agent_id, RatingRow.score).where(
                    RatingRow.answered_at >= period.start,
                    RatingRow.answered_at < period.end,
                    RatingRow.score.is_not(None),
                )
            )
            scores: dict[str | None, list[int]] = {}
            for agent_id, score in given:
                scores.setdefault(agent_id, []).append(score or 0)
        loads = [
            AgentLoad(
                agent_id,
                names[agent_id],
                len({one.ticket_id for one in assignments}),
                sum(((one.ended_at or until) - one.started_at).total_seconds() for one in assignments) / 3600,
                tuple(scores.get(agent_id, ())),
            )
            for agent_id, assignments in held.items()
        ]
        return sorted(loads, key=lambda one: (-one.tickets, one.name))

    async def _spoken(self, session: AsyncSession, period: Period) -> list[tuple[str, str, date]]:
        query = select(MessageRow.conversation_id, MessageRow.channel, MessageRow.created_at).where(
            MessageRow.sender == Sender.CUSTOMER.value,
            MessageRow.created_at >= period.start,
            MessageRow.created_at < period.end,
        )
        if period.channel is not None:
            query = query.where(MessageRow.channel == period.channel)
        rows = await session.execute(query.order_by(MessageRow.created_at))
        return list(dict.fromkeys((one, channel, _china(at)) for one, channel, at in rows))

    async def _turns(self, session: AsyncSession, period: Period) -> dict[tuple[str, date], _Talk]:
        rows = await session.execute(
            select(TurnRow.conversation_id, TurnRow.started_at, TurnRow.understood).where(
                TurnRow.started_at >= period.start,
                TurnRow.started_at < period.end,
                TurnRow.outcome == TurnOutcome.ANSWERED.value,
            )
        )
        found: dict[tuple[str, date], _Talk] = {}
        for conversation_id, at, understood in rows:
            talk = found.setdefault((conversation_id, _china(at)), _Talk())
            asked = [one for one in understood if one.get("text")]
            talk.turns += 1
            talk.declined += any(one["band"] == DECLINE for one in asked)
            topics = (one["topic"] for one in asked if one["band"] != DECLINE)
            talk.topics.update((topic, None) for topic in topics if topic)  # a pressed button has none
        return found

    async def _tickets(
        self, session: AsyncSession, period: Period
    ) -> dict[tuple[str, date], list[TicketCase]]:
        rows = await session.execute(
            select(TicketRow, ClockRow.breached_at)
            .outerjoin(
                ClockRow,
                and_(ClockRow.subject == Subject.TICKET.value, ClockRow.subject_id == TicketRow.id),
            )
            .where(TicketRow.created_at >= period.start, TicketRow.created_at < period.end)
            .order_by(TicketRow.created_at)
        )
        found: dict[tuple[str, date], list[TicketCase]] = {}
        for ticket, breached_at in rows:
            found.setdefault((ticket.conversation_id, _china(ticket.created_at)), []).append(
                TicketCase(
                    ticket_id=ticket.id,
                    reason=ticket.reason,
                    agent_id=ticket.agent_id,
                    waited=_seconds(ticket.created_at, ticket.claimed_at),
                    first_reply=_seconds(ticket.created_at, ticket.first_replied_at),
                    is_breached=breached_at is not None,
                )
            )
        return found

    async def _scores(self, session: AsyncSession, period: Period) -> dict[tuple[str, date], list[int]]:
        rows = await session.execute(
            select(RatingRow.conversation_id, RatingRow.asked_at, RatingRow.score).where(
                RatingRow.asked_at >= period.start,
                RatingRow.asked_at < period.end,
                RatingRow.score.is_not(None),
            )
        )
        found: dict[tuple[str, date], list[int]] = {}
        for conversation_id, at, score in rows:
            found.setdefault((conversation_id, _china(at)), []).append(score or 0)
        return found


def _china(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if end is not None else None
