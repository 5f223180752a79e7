"""Moves a conversation between the bot, the queue and an agent: ticket, owner and notice in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversation.errors import EmptyMessage, MessageTooLong
from bot.conversation.inbox import readable
from bot.conversation.model import LEAVE_QUEUE, MAX_TEXT_CHARACTERS, Conversation, Message, Mode, Sender
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.store import ConversationRow, Log
from bot.handoff.errors import NotTheHolder, TicketAlreadyTaken, TicketClosed
from bot.handoff.model import Agent, Outcome, Reason, Skill, Ticket, TicketStatus, priority_of
from bot.handoff.store import Tickets
from bot.messages import Handoff, Option, QuickReplies, TextPart, part_to_wire
from bot.messages.ids import new_id
from bot.store.engine import Sessions

log = structlog.get_logger()


@dataclass
class Change:
    """One transaction's work on a conversation, and what is to be told once it is committed."""

    session: AsyncSession
    messages: list[Message] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)  #: conversations whose owner changed

    @property
    def log(self) -> Log:
        return Log(self.session)

    @property
    def queue(self) -> Tickets:
        return Tickets(self.session)


class Handover:
    """The one place where a conversation changes hands."""

    def __init__(self, sessions: Sessions, clock: Clock, words: Words, notifier: Notifier) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._notifier = notifier

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """A transaction; what it collected is told to the watchers after it is committed."""
        async with self._sessions.begin() as session:
            work = Change(session)
            yield work
        for message in work.messages:
            await self._notifier.message(message)
        for ticket in work.tickets:
            await self._notifier.ticket(ticket)
        for conversation_id in work.moved:
            await self._notifier.mode(*await self.standing(conversation_id))

    async def standing(self, conversation_id: str) -> tuple[Conversation, int | None]:
        """The conversation now and, while it waits, how many are ahead of it."""
        async with self._sessions() as session:
            conversation = await Log(session).get(conversation_id)
            ahead = None
            if conversation.mode is Mode.QUEUED and conversation.ticket_id:
                queue = Tickets(session)
                ahead = await queue.ahead_of(await queue.get(conversation.ticket_id))
            return conversation, ahead

    async def queue_up(
        self, work: Change, conversation: Conversation, handoff: Handoff, turn_id: str | None = None
    ) -> Ticket:
        """Put the customer in the queue within ``work``, or return the ticket they already hold."""
        held = await work.queue.open_for(conversation.id)
        if held is not None:
            return held
        now = self._clock.now()
        reason, skill = _known(handoff)
        ticket = Ticket(
            id=new_id("t"),
            conversation_id=conversation.id,
            channel=conversation.channel,
            reason=reason,
            skill=skill,
            summary=handoff.summary,
            created_at=now,
            priority=priority_of(reason, handoff.is_urgent),
        )
        await work.queue.add(ticket)
        await work.log.own(conversation.id, Mode.QUEUED, at=now, why=ticket.reason, ticket_id=ticket.id)
        ahead = await work.queue.ahead_of(ticket)
        leave = Option(self._words.say("conversation.leave_queue"), LEAVE_QUEUE)
        await self._say(
            work,
            conversation,
            TextPart(self._words.say("conversation.queued", ahead=ahead)),
            QuickReplies((leave,)),
            turn_id=turn_id,
        )
        work.tickets.append(ticket)
        work.moved.add(conversation.id)
        log.info("handoff.requested", conversation=conversation.id, ticket=ticket.id, reason=ticket.reason)
        return ticket

    async def leave_queue(self, conversation_id: str) -> bool:
        """The customer stops waiting; false when they were not waiting (any more)."""
        async with self.change() as work:
            conversation = await work.log.get(conversation_id)
            held = await work.queue.open_for(conversation_id)
            if held is None or held.status is not TicketStatus.WAITING:
                return False
            now = self._clock.now()
            ticket = held.left(now)
            await work.queue.save(ticket, was=held.status)
            await self._back_to_bot(work, conversation, why="left_queue")
            await self._say(work, conversation, TextPart(self._words.say("conversation.left_queue")))
            work.tickets.append(ticket)
            return True

    async def claim(self, ticket_id: str, agent: Agent) -> Ticket:
        """``TicketAlreadyTaken`` when another agent was first, ``TicketClosed`` when it is over."""
        async with self.change() as work:
            waiting = await work.queue.get(ticket_id)
            if waiting.status is TicketStatus.ACTIVE and waiting.agent_id == agent.id:
                return waiting
            now = self._clock.now()
            ticket = waiting.accepted_by(agent, now)
            await work.queue.save(ticket, was=waiting.status)
            conversation = await work.log.get(ticket.conversation_id)
            await work.log.own(
                conversation.id,
                Mode.HUMAN,
                at=now,
                why="claimed",
                ticket_id=ticket.id,
                agent_id=agent.id,
                agent_name=agent.display_name,
            )
            await self._say(
                work,
                conversation,
                TextPart(self._words.say("conversation.agent_joined", agent=agent.display_name)),
            )
            work.tickets.append(ticket)
            work.moved.add(conversation.id)
        log.info("handoff.claimed", ticket=ticket.id, agent=agent.id)
        return ticket

    async def agent_says(self, conversation_id: str, agent: Agent, client_id: str, text: str) -> Message:
        """A message from the agent who holds the conversation; the same ``client_id`` again is the same message."""
        words = readable(text)
        if not words:
            raise EmptyMessage(conversation_id)
        if len(words) > MAX_TEXT_CHARACTERS:
            raise MessageTooLong(conversation_id)
        async with self.change() as work:
            conversation = await work.log.get(conversation_id)
            platform_id = f"{conversation_id}:{agent.id}:{client_id}"
            known = await work.log.find_by_platform_id(conversation.channel, platform_id)
            if known is not None:
                return known
            held = await work.queue.open_for(conversation_id)
            if held is None or held.status is not TicketStatus.ACTIVE or held.agent_id != agent.id:
                raise NotTheHolder(conversation_id)
            message = await work.log.append(
                conversation,
                Sender.AGENT,
                (part_to_wire(TextPart(words)),),
                at=self._clock.now(),
                author_name=agent.display_name,
                agent_id=agent.id,
                client_id=client_id,
                platform_message_id=platform_id,
            )
            work.messages.append(message)
        return message

    async def hand_back(self, ticket_id: str, agent: Agent, note: str | None = None) -> Ticket:
        """The bot goes on with the customer."""
        async with self.change() as work:
            ticket, conversation = await self._finish(work, ticket_id, agent, Outcome.HANDED_BACK, note)
            await self._back_to_bot(work, conversation, why="handed_back")
            await self._say(work, conversation, TextPart(self._words.say("conversation.handed_back")))
        log.info("handoff.handed_back", ticket=ticket.id, agent=agent.id)
        return ticket

    async def close(self, ticket_id: str, agent: Agent) -> Ticket:
        """The conversation is over; the customer's next message starts with the bot."""
        async with self.change() as work:
            ticket, conversation = await self._finish(work, ticket_id, agent, Outcome.ENDED, None)
            await self._back_to_bot(work, conversation, why="ended", mode=Mode.CLOSED)
            await self._say(work, conversation, TextPart(self._words.say("conversation.closed")))
        log.info("handoff.ended", ticket=ticket.id, agent=agent.id)
        return ticket

    async def _finish(
        self, work: Change, ticket_id: str, agent: Agent, outcome: Outcome, note: str | None
    ) -> tuple[Ticket, Conversation]:
        held = await work.queue.get(ticket_id)
        if held.status is TicketStatus.WAITING:
            raise NotTheHolder(ticket_id)
        ticket = held.finished_by(agent, outcome, self._clock.now(), note)
        try:
            await work.queue.save(ticket, was=held.status)
        except TicketAlreadyTaken as exc:
            raise TicketClosed(ticket_id) from exc
        work.tickets.append(ticket)
        return ticket, await work.log.get(ticket.conversation_id)

    async def _back_to_bot(
        self, work: Change, conversation: Conversation, *, why: str, mode: Mode = Mode.BOT
    ) -> None:
        await work.log.own(conversation.id, mode, at=self._clock.now(), why=why)
        await work.session.execute(
            update(ConversationRow).where(ConversationRow.id == conversation.id).values(hand_back_due=True)
        )
        work.moved.add(conversation.id)

    async def _say(
        self,
        work: Change,
        conversation: Conversation,
        *parts: TextPart | QuickReplies,
        turn_id: str | None = None,
    ) -> None:
        work.messages.append(
            await work.log.append(
                conversation,
                Sender.SYSTEM,
                tuple(part_to_wire(part) for part in parts),
                at=self._clock.now(),
                turn_id=turn_id,
            )
        )


def _known(handoff: Handoff) -> tuple[Reason, Skill]:
    """Reason and skill of an order; a word we do not know must not keep the customer from a person."""
    try:
        return Reason(handoff.reason), Skill(handoff.skill)
    except ValueError as exc:
        log.error("handoff.unknown_word", error=str(exc))
        return Reason.ALWAYS_HUMAN, Skill.BEFORE_LOAN
