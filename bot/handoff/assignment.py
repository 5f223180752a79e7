"""Who gets the next ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.handoff.model import Agent, Ticket
from bot.handoff.ports import Policy


@dataclass(frozen=True)
class Place:
    """An agent who is online, and how busy."""

    agent: Agent
    load: int  #: tickets held or offered
    idle_since: datetime | None  #: when the last one was given; none: never

    @property
    def is_free(self) -> bool:
        return self.load < self.agent.capacity


@dataclass(frozen=True)
class DeskRules:
    """How long the desk waits for its own people."""

    offer: timedelta  #: for an agent to take what was offered
    silence: timedelta  #: for an agent to answer the customer's words
    absence: timedelta  #: for an agent's closed desk to come back

    @classmethod
    def of(cls, policy: Policy, on: date) -> DeskRules:
        """The rules as the facts of a day say."""

        def minutes(key: str) -> timedelta:
            return timedelta(minutes=policy.fact(f"desk.{key}", on).whole)

        return cls(minutes("offer"), minutes("silence"), minutes("absence"))


def choose(ticket: Ticket, places: Iterable[Place], knew: str | None = None) -> Agent | None:
    """The agent for a ticket: with the skill, free and not asked before; ``None`` when there is nobody.

    Who ``knew`` the customer goes first, then the least busy for their capacity, then who has waited longest.
    """
    able = [
        place
        for place in places
        if place.is_free and ticket.skill in place.agent.skills and place.agent.id not in ticket.refused_by
    ]
    if not able:
        return None

    def rank(place: Place) -> tuple[bool, float, float, str]:
        waited_since = place.idle_since.timestamp() if place.idle_since else 0.0
        return place.agent.id != knew, place.load / place.agent.capacity, waited_since, place.agent.id

    return min(able, key=rank).agent
