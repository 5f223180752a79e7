"""Tickets and agents. Every transition of a ticket is a method here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from bot.handoff.errors import AlreadyHelped, NotTheHolder, TicketAlreadyTaken, TicketClosed
from bot.handoff.work_week import WorkWeek


class TicketStatus(StrEnum):
    WAITING = "waiting"  #: in the queue, no agent yet
    OFFERED = "offered"  #: put to one agent, who has not reacted yet
    ACTIVE = "active"  #: an agent is talking; the bot stays quiet
    ON_HOLD = "on_hold"  #: the agent waits for somebody else; the clocks stand still
    CLOSED = "closed"  #: finished, see the outcome


class Outcome(StrEnum):
    HANDED_BACK = "handed_back"  #: the agent gave the customer back to the bot
    ENDED = "ended"  #: the agent ended the conversation
    LEFT = "left"  #: the customer left the queue
    TIMED_OUT = "timed_out"  #: the customer was silent for too long


class Reason(StrEnum):
    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    COMPLAINT = "complaint"
    ALWAYS_HUMAN = "always_human"
    DISTRESS = "distress"  #: strong anger or despair
    BOT_UNAVAILABLE = "bot_unavailable"
    AGENT_TOOK = "agent_took"


class Skill(StrEnum):
    BEFORE_LOAN = "before_loan"
    APPLICATION = "application"
    AFTER_LOAN = "after_loan"
    COMPLAINT = "complaint"


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Presence(StrEnum):
    ONLINE = "online"  #: takes new tickets
    AWAY = "away"  #: logged in, but takes none
    OFFLINE = "offline"


class Priority(IntEnum):
    """Lower goes first."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3


#: A complaint before a stuck bot, a stuck bot before a wish.
PRIORITY = {
    Reason.COMPLAINT: Priority.URGENT,
    Reason.ALWAYS_HUMAN: Priority.URGENT,
    Reason.DISTRESS: Priority.URGENT,
    Reason.BOT_UNAVAILABLE: Priority.HIGH,
    Reason.NOT_UNDERSTOOD: Priority.NORMAL,
    Reason.ASKED: Priority.NORMAL,
    Reason.AGENT_TOOK: Priority.NORMAL,
}


def priority_of(reason: Reason, is_urgent: bool = False) -> Priority:
    """The place in the queue: by the reason, one class further ahead for who is angry or in distress."""
    return Priority(max(Priority.URGENT, PRIORITY[reason] - is_urgent))


@dataclass(frozen=True)
class Agent:
    """A person at the desk."""

    id: str
    name: str
    display_name: str
    role: Role
    skills: frozenset[Skill] = frozenset(Skill)
    capacity: int = 5  #: how many customers at once
    has_second_factor: bool = False  #: whether the login asks for a code
    hours: WorkWeek | None = None  #: when new customers are offered; none: while the bank's desk is staffed

    @property
    def is_supervisor(self) -> bool:
        """Whether this person may act on everybody's tickets."""
        return self.role is not Role.AGENT

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def is_at_work(self, now: datetime, *, desk_is_open: bool) -> bool:
        """Whether new customers may be offered: in the agent's own hours, without any in the desk's."""
        return self.hours.includes(now) if self.hours else desk_is_open


@dataclass(frozen=True)
class Happening:
    """Something that was done at the desk, for those who count."""

    kind: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Help:
    """A supervisor whom the holder of a ticket asked in; the holder stays the holder."""

    why: str
    asked_at: datetime
    supervisor_id: str | None = None  #: who came; none: nobody yet
    supervisor_name: str | None = None


@dataclass(frozen=True)
class Ticket:
    """A customer's place in the queue and, once taken, the work on it."""

    id: str
    conversation_id: str
    channel: str
    reason: Reason
    skill: Skill
    summary: str
    created_at: datetime
    priority: Priority = Priority.NORMAL
    language: str = "zh"
    customer_id: int | None = None  #: once verified
    status: TicketStatus = TicketStatus.WAITING
    agent_id: str | None = None  #: who holds it, or whom it is offered to
    agent_name: str | None = None
    due_at: datetime | None = (
        None  #: when the first reply is due; none once it was given, or while it is paused
    )
    offer_expires_at: datetime | None = None
    returned_at: datetime | None = None  #: came back from an agent who did not react: goes first in its class
    refused_by: tuple[str, ...] = ()  #: agents whom it is not offered again
    claimed_at: datetime | None = None
    first_replied_at: datetime | None = None
    hold_until: datetime | None = None
    hold_reason: str | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    resolution: str | None = None  #: the agent's reason for closing it
    tags: tuple[str, ...] = ()
    note: str | None = None
    help: Help | None = None  #: while a supervisor is asked for or there
    version: int = 1  #: counts the changes, so that two changes of one state cannot both be written

    @property
    def is_open(self) -> bool:
        return self.status is not TicketStatus.CLOSED

    @property
    def is_held(self) -> bool:
        """Whether an agent is responsible for it."""
        return self.status in (TicketStatus.ACTIVE, TicketStatus.ON_HOLD)

    @property
    def is_queued(self) -> bool:
        """Whether the customer still waits for somebody."""
        return self.status in (TicketStatus.WAITING, TicketStatus.OFFERED)

    def offered_to(self, agent: Agent, until: datetime) -> Ticket:
        """Put to one agent, who has until then to react."""
        self._must_be_open()
        if self.status is not TicketStatus.WAITING:
            raise TicketAlreadyTaken(self.id)
        return replace(
            self,
            status=TicketStatus.OFFERED,
            agent_id=agent.id,
            agent_name=agent.display_name,
            offer_expires_at=until,
        )

    def accepted_by(self, agent: Agent, at: datetime) -> Ticket:
        """Taken out of the queue by one agent: anybody a waiting one, only the asked one an offer."""
        self._must_be_open()
        if self.is_held or (self.status is TicketStatus.OFFERED and self.agent_id != agent.id):
            raise TicketAlreadyTaken(self.id)
        return self._with(agent, at)

    def taken_over_by(self, supervisor: Agent, at: datetime) -> Ticket:
        """Taken by a supervisor, whoever has it now."""
        self._must_be_open()
        if not supervisor.is_supervisor:
            raise NotTheHolder(self.id)
        return self._with(supervisor, at)

    def refused(self, agent: Agent) -> Ticket:
        """Given back unopened by the agent it was offered to."""
        self._must_be_open()
        if self.status is not TicketStatus.OFFERED or self.agent_id != agent.id:
            raise NotTheHolder(self.id)
        return replace(self._unheld(), refused_by=(*self.refused_by, agent.id))

    def returned(self, at: datetime) -> Ticket:
        """Back at the head of the queue, because the agent did not react or is gone."""
        self._must_be_open()
        if self.status is TicketStatus.WAITING:
            raise TicketAlreadyTaken(self.id)
        gone = (self.agent_id,) if self.agent_id else ()
        return replace(self._unheld(), returned_at=at, refused_by=(*self.refused_by, *gone))

    def passed_on_by(self, agent: Agent, skill: Skill, at: datetime) -> Ticket:
        """Back in the queue for other people, ahead of those who have not been served yet."""
        self._must_be_held_by(agent)
        gone = (self.agent_id,) if self.agent_id else ()
        return replace(self._unheld(), skill=skill, returned_at=at, refused_by=gone)

    def put_on_hold(self, agent: Agent, until: datetime, reason: str) -> Ticket:
        self._must_be_held_by(agent)
        return replace(self, status=TicketStatus.ON_HOLD, hold_until=until, hold_reason=reason)

    def resumed(self) -> Ticket:
        """The work goes on."""
        if self.status is not TicketStatus.ON_HOLD:
            raise NotTheHolder(self.id)
        return replace(self, status=TicketStatus.ACTIVE, hold_until=None, hold_reason=None)

    def asking_help(self, agent: Agent, why: str, at: datetime) -> Ticket:
        """A supervisor is asked for; who asks again gives another reason."""
        self._must_be_open()
        if not self.is_held or self.agent_id != agent.id:
            raise NotTheHolder(self.id)
        asked = replace(self.help, why=why) if self.help else Help(why, at)
        return replace(self, help=asked)

    def joined_by(self, supervisor: Agent) -> Ticket:
        """A supervisor comes beside the holder: only where one was asked for, and only one."""
        self._must_be_open()
        if not supervisor.is_supervisor or self.help is None or self.agent_id == supervisor.id:
            raise NotTheHolder(self.id)
        if self.help.supervisor_id not in (None, supervisor.id):
            raise AlreadyHelped(self.id)
        there = replace(self.help, supervisor_id=supervisor.id, supervisor_name=supervisor.display_name)
        return replace(self, help=there)

    def unhelped(self, agent: Agent) -> Ticket:
        """The supervisor leaves, or the holder needs nobody any more."""
        self._must_be_open()
        if self.help is None or agent.id not in (self.agent_id, self.help.supervisor_id):
            raise NotTheHolder(self.id)
        return replace(self, help=None)

    def may_be_answered_by(self, agent: Agent) -> bool:
        """Whether the agent may write to the customer: who holds it, and the supervisor who was asked in."""
        helper = self.help.supervisor_id if self.help else None
        return self.is_held and agent.id in (self.agent_id, helper)

    def replied(self, at: datetime) -> Ticket:
        """The first reply was given; later ones change nothing."""
        return self if self.first_replied_at else replace(self, first_replied_at=at, due_at=None)

    def finished_by(
        self,
        agent: Agent,
        outcome: Outcome,
        at: datetime,
        note: str | None = None,
        resolution: str | None = None,
        tags: tuple[str, ...] = (),
    ) -> Ticket:
        """Handed back or ended by the agent who holds it, or by a supervisor."""
        self._must_be_held_by(agent)
        return replace(
            self,
            status=TicketStatus.CLOSED,
            outcome=outcome,
            closed_at=at,
            note=note,
            resolution=resolution,
            tags=tags,
            due_at=None,
            hold_until=None,
            hold_reason=None,
            help=None,
        )

    def timed_out(self, at: datetime) -> Ticket:
        """The customer said nothing more."""
        self._must_be_open()
        if not self.is_held:
            raise NotTheHolder(self.id)
        return replace(
            self,
            status=TicketStatus.CLOSED,
            outcome=Outcome.TIMED_OUT,
            closed_at=at,
            due_at=None,
            help=None,
        )

    def left(self, at: datetime) -> Ticket:
        """The customer stopped waiting."""
        if not self.is_queued:
            raise TicketAlreadyTaken(self.id)
        return replace(
            self._unheld(), status=TicketStatus.CLOSED, outcome=Outcome.LEFT, closed_at=at, due_at=None
        )

    def _with(self, agent: Agent, at: datetime) -> Ticket:
        return replace(
            self,
            status=TicketStatus.ACTIVE,
            agent_id=agent.id,
            agent_name=agent.display_name,
            claimed_at=self.claimed_at or at,
            offer_expires_at=None,
            returned_at=None,
            hold_until=None,
            hold_reason=None,
            help=None,
        )

    def _unheld(self) -> Ticket:
        return replace(
            self,
            status=TicketStatus.WAITING,
            agent_id=None,
            agent_name=None,
            offer_expires_at=None,
            hold_until=None,
            hold_reason=None,
            help=None,
        )

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise TicketClosed(self.id)

    def _must_be_held_by(self, agent: Agent) -> None:
        self._must_be_open()
        if not self.is_held or (self.agent_id != agent.id and not agent.is_supervisor):
            raise NotTheHolder(self.id)
