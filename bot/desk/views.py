"""What the desk is shown of tickets, conversations and agents."""

from __future__ import annotations

from typing import Any

from bot.clock import Clock
from bot.conversation.model import Conversation, Turn
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.conversation.wire import masked_wire
from bot.dialogue.ports import Understood
from bot.handoff.model import Agent, Ticket, TicketStatus
from bot.handoff.store import Tickets
from bot.messages.masking import mask_text
from bot.store.engine import Sessions

MAX_LISTED = 200


def agent_view(agent: Agent) -> dict[str, Any]:
    return {"name": agent.name, "display_name": agent.display_name, "role": agent.role.value}


class Views:
    """Reads for the desk."""

    def __init__(self, sessions: Sessions, clock: Clock, words: Words) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words

    async def tickets(self, view: str, agent: Agent) -> list[dict[str, Any]]:
        """``waiting``, ``mine``, ``all`` (open ones) or ``closed``."""
        async with self._sessions() as session:
            queue = Tickets(session)
            match view:
                case "waiting":
                    found = await queue.listed(status=TicketStatus.WAITING, agent_id=None, limit=MAX_LISTED)
                case "mine":
                    found = await queue.listed(
                        status=TicketStatus.ACTIVE, agent_id=agent.id, limit=MAX_LISTED
                    )
                case "closed":
                    found = await queue.listed(status=TicketStatus.CLOSED, agent_id=None, limit=MAX_LISTED)
                case _:
                    waiting = await queue.listed(status=TicketStatus.WAITING, agent_id=None, limit=MAX_LISTED)
                    active = await queue.listed(status=TicketStatus.ACTIVE, agent_id=None, limit=MAX_LISTED)
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
            "messages": [masked_wire(message) for message in messages],
            "turns": [_turn(turn) for turn in turns],
            "tickets": [self._ticket(ticket, last) for ticket in tickets],
        }

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
            "agent_name": ticket.agent_name,
            "created_at": ticket.created_at.isoformat(),
            "claimed_at": ticket.claimed_at.isoformat() if ticket.claimed_at else None,
            "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
            "waiting_seconds": max(0, int((until - ticket.created_at).total_seconds())),
            "first_reply_due_at": None,
            "last_message": mask_text(last_message)[:120],
        }


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
