"""Tickets and agents. Every transition of a ticket is a method here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.handoff.errors import NotTheHolder, TicketAlreadyTaken, TicketClosed


class TicketStatus(StrEnum):
    WAITING = "waiting"  #: in the queue, no agent yet
    ACTIVE = "active"  #: an agent is talking; the bot stays quiet
    CLOSED = "closed"  #: finished, see the outcome


class Outcome(StrEnum):
    HANDED_BACK = "handed_back"  #: the agent gave the customer back to the bot
    ENDED = "ended"  #: the agent ended the conversation
    LEFT = "left"  #: the customer left the queue


class Reason(StrEnum):
    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    COMPLAINT = "complaint"
    ALWAYS_HUMAN = "always_human"
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


class Priority(IntEnum):
    """Lower goes first."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3


#: A complaint before a stuck bot, a stuck bot before a wish.
PRIORITY = {
    Reason.COMPLAINT: Priority.URGENT,
    Reason.ALWAYS_HUMAN: Priority.URGENT,
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

    @property
    def is_supervisor(self) -> bool:
        return self.role is Role.SUPERVISOR


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
    status: TicketStatus = TicketStatus.WAITING
    agent_id: str | None = None
    agent_name: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    note: str | None = None

    @property
    def is_open(self) -> bool:
        return self.status is not TicketStatus.CLOSED

    def accepted_by(self, agent: Agent, at: datetime) -> Ticket:
        """Taken out of the queue by one agent."""
        if self.status is TicketStatus.CLOSED:
            raise TicketClosed(self.id)
        if self.status is TicketStatus.ACTIVE:
            raise TicketAlreadyTaken(self.id)
        return replace(
            self,
            status=TicketStatus.ACTIVE,
            agent_id=agent.id,
            agent_name=agent.display_name,
            claimed_at=at,
        )

    def finished_by(self, agent: Agent, outcome: Outcome, at: datetime, note: str | None = None) -> Ticket:
        """Handed back or ended by the agent who holds it, or by a supervisor."""
        if self.status is TicketStatus.CLOSED:
            raise TicketClosed(self.id)
        if self.agent_id != agent.id and not agent.is_supervisor:
            raise NotTheHolder(self.id)
        return replace(self, status=TicketStatus.CLOSED, outcome=outcome, closed_at=at, note=note)

    def left(self, at: datetime) -> Ticket:
        """The customer stopped waiting."""
        if self.status is not TicketStatus.WAITING:
            raise TicketAlreadyTaken(self.id)
        return replace(self, status=TicketStatus.CLOSED, outcome=Outcome.LEFT, closed_at=at)
