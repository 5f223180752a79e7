"""What the desk is shown of tickets, conversations and agents."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.clock import Clock
from bot.conversation.model import Conversation, Message, Turn
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.conversation.wire import masked_wire
from bot.dialogue.ports import Understood
from bot.handoff.model import Agent, Help, Ticket, TicketStatus
from bot.handoff.notebook import Note
from bot.handoff.store import AgentRow, Tickets
from bot.messages.masking import mask_text
from bot.servicing.file_links import FileLinks
from bot.store.engine import Sessions

MAX_LISTED = 200
QUEUED = (TicketStatus.WAITING, TicketStatus.OFFERED)
HELD = (TicketStatus.ACTIVE, TicketStatus.ON_HOLD)


def agent_view(agent: Agent) -> dict[str, Any]:
    return {
        "id": agent.id,
        "name": agent.name,
        "display_name": agent.display_name,
        "role": agent.role.value,
        "skills": sorted(skill.value for skill in agent.skills),
        "capacity": agent.capacity,
        "has_second_factor": agent.has_second_factor,
        "hours": agent.hours.to_wire() if agent.hours else None,
    }


def note_view(note: Note) -> dict[str, Any]:
    return {**asdict(note), "kind": note.kind.value, "at": note.at.isoformat()}


class Views:
    """Reads for the desk."""

    def __init__(self, sessions: Sessions, clock: Clock, words: Words, files: FileLinks) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._files = files

    async def tickets(self, view: str, agent: Agent) -> list[dict[str, Any]]:
        """``waiting``, ``mine``, ``all`` (open ones) or ``closed``."""
        async with self._sessions() as session:
            queue = Tickets(session)
            match view:
                case "waiting":
                    found = await queue.listed(QUEUED, limit=MAX_LISTED)
                case "mine":
                    found = await queue.listed(HELD, agent_id=agent.id, limit=MAX_LISTED)
                case "closed":
                    found = await queue.listed((TicketStatus.CLOSED,), limit=MAX_LISTED)
                case _:
                    waiting = await queue.listed(QUEUED, limit=MAX_LISTED)
                    active = await queue.listed(HELD, limit=MAX_LISTED)
                    found = [*waiting, *active]
            log = Log(session)
            return [self._ticket(one, await log.last_words(one.conversation_id)) for one in found]

    async def ticket(self, ticket: Ticket) -> dict[str, Any]:
        async with self._sessions() as session:
            return self._ticket(ticket, await Log(session).last_words(ticket.conversation_id))

    async def open_ticket_of(self, conversation_id: str) -> dict[str, Any] | None:
        """The ticket that the conversation holds now, if any."""
        async with self._sessions() as session:
            ticket = await Tickets(session).open_for(conversation_id)
            if ticket is None:
                return None
            return self._ticket(ticket, await Log(session).last_words(conversation_id))

    async def conversation(self, conversation_id: str) -> dict[str, Any]:
        """The whole transcript with what the bot understood of every turn."""
        async with self._sessions() as session:
            log, queue = Log(session), Tickets(session)
            conversation = await log.get(conversation_id)
            messages = await log.since(conversation_id, 0)
            turns = await log.turns(conversation_id)
            tickets = await queue.of_conversation(conversation_id)
            last = await log.last_words(conversation_id)
        return {
            "conversation": _conversation(conversation),
            "messages": [self.message(message) for message in messages],
            "turns": [_turn(turn) for turn in turns],
            "tickets": [self._ticket(ticket, last) for ticket in tickets],
        }

    async def load(self) -> dict[str, int]:
        """How many customers each agent has or is offered."""
        async with self._sessions() as session:
            ids = await session.scalars(select(AgentRow.id))
            return await Tickets(session).load_of(list(ids))

    async def customer_of(self, conversation_id: str) -> int | None:
        """The customer that the conversation proved to be at its last ticket; the conversation must exist."""
        async with self._sessions() as session:
            await Log(session).get(conversation_id)
            tickets = await Tickets(session).of_conversation(conversation_id)
        return next((one.customer_id for one in reversed(tickets) if one.customer_id is not None), None)

    def message(self, message: Message) -> dict[str, Any]:
        """A message, masked, with addresses that open for the desk."""
        return masked_wire(message, self._files)

    async def last_customer_words(self, conversation_id: str) -> str:
        async with self._sessions() as session:
            return await Log(session).last_words(conversation_id)

    def _ticket(self, ticket: Ticket, last_message: str) -> dict[str, Any]:
        until = ticket.claimed_at or ticket.closed_at or self._clock.now()
        return {
            "id": ticket.id,
            "conversation_id": ticket.conversation_id,
            "channel": ticket.channel,
            "reason": ticket.reason.value,
            "reason_label": self._words.say(f"handoff.reasons.{ticket.reason.value}"),
            "skill": ticket.skill.value,
            "skill_label": self._words.say(f"handoff.skills.{ticket.skill.value}"),
            "priority": ticket.priority.name.lower(),
            "summary": mask_text(ticket.summary),
            "status": ticket.status.value,
            "outcome": ticket.outcome.value if ticket.outcome else None,
            "note": ticket.note,
            "help": _help(ticket.help),
            "agent_id": ticket.agent_id,
            "agent_name": ticket.agent_name,
            "language": ticket.language,
            "is_returned": ticket.returned_at is not None,
            "offer_expires_at": _iso(ticket.offer_expires_at),
            "first_replied_at": _iso(ticket.first_replied_at),
            "hold_until": _iso(ticket.hold_until),
            "hold_reason": ticket.hold_reason,
            "resolution": ticket.resolution,
            "tags": list(ticket.tags),
            "created_at": ticket.created_at.isoformat(),
            "claimed_at": _iso(ticket.claimed_at),
            "closed_at": _iso(ticket.closed_at),
            "waiting_seconds": max(0, int((until - ticket.created_at).total_seconds())),
            "first_reply_due_at": _iso(ticket.due_at),
            "last_message": mask_text(last_message)[:120],
        }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _help(asked: Help | None) -> dict[str, Any] | None:
    return {**asdict(asked), "asked_at": asked.asked_at.isoformat()} if asked else None


def _conversation(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "mode": conversation.mode.value,
        "agent_name": conversation.agent_name,
        "created_at": conversation.created_at.isoformat(),
    }


def _masked(understood: Understood) -> Understood:
    """What was understood, without the digits it was read from."""
    entities = [
        {key: mask_text(value) if isinstance(value, str) else value for key, value in entity.items()}
        for entity in understood.get("entities", [])
    ]
    return {**understood, "text": mask_text(str(understood.get("text", ""))), "entities": entities}


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "started_at": turn.started_at.isoformat(),
        "outcome": turn.outcome.value,
        "understood": [_masked(one) for one in turn.understood],
        "error": turn.error,
    }
