"""A supervisor beside the agent who holds a customer: asked in, there, and gone again."""

from __future__ import annotations

import structlog

from bot.clock import Clock
from bot.conversation.handover import Change, Handover
from bot.conversation.ports import Words
from bot.handoff.model import Agent, Ticket
from bot.messages import TextPart
from bot.servicing.store import AuditEventRow

log = structlog.get_logger()


class Helping:
    """The holder stays the holder; whoever comes may write to the customer until they leave."""

    def __init__(self, handover: Handover, clock: Clock, words: Words) -> None:
        self._handover = handover
        self._clock = clock
        self._words = words

    async def ask(self, ticket_id: str, agent: Agent, why: str) -> Ticket:
        """The holder asks for a supervisor; asking again gives another reason."""
        async with self._handover.change() as work:
            held = await work.queue.get(ticket_id)
            ticket = await work.save(held.asking_help(agent, why, self._clock.now()))
            self._note(work, ticket, agent, "help_asked", why=why)
        return ticket

    async def join(self, ticket_id: str, supervisor: Agent) -> Ticket:
        """A supervisor comes, and the customer is told; ``AlreadyHelped`` when another was first."""
        async with self._handover.change() as work:
            present = await work.queue.get(ticket_id)
            if present.help is not None and present.help.supervisor_id == supervisor.id:
                return present
            ticket = await work.save(present.joined_by(supervisor))
            self._note(work, ticket, supervisor, "help_came")
            conversation = await work.log.get(ticket.conversation_id)
            told = self._words.say(
                "conversation.helper_joined", helper=supervisor.display_name, agent=ticket.agent_name
            )
            await self._handover.say(work, conversation, TextPart(told))
        return ticket

    async def leave(self, ticket_id: str, agent: Agent) -> Ticket:
        """The supervisor leaves, or the holder no longer asks for one."""
        async with self._handover.change() as work:
            ticket = await work.save((await work.queue.get(ticket_id)).unhelped(agent))
            self._note(work, ticket, agent, "help_ended")
        return ticket

    def _note(self, work: Change, ticket: Ticket, agent: Agent, kind: str, **detail: str) -> None:
        now = self._clock.now()
        work.queue.note_event(ticket.id, kind, now, agent.id, **detail)
        work.session.add(
            AuditEventRow(
                at=now,
                actor=f"agent:{agent.id}",
                action=f"ticket.{kind}",
                subject=f"ticket:{ticket.id}",
                detail={},
            )
        )
        log.info(f"handoff.{kind}", ticket=ticket.id, agent=agent.id)
