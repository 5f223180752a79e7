"""What agents and supervisors do with the customers they serve; each act is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.clock import Clock
from bot.conversation.errors import EmptyMessage, MessageTooLong
from bot.conversation.handover import Change, Handover
from bot.conversation.inbox import readable
from bot.conversation.model import MAX_TEXT_CHARACTERS, Conversation, Message, Mode, Sender
from bot.conversation.ports import Words
from bot.conversation.rating import Ratings
from bot.handoff.clocks import Promise
from bot.handoff.errors import NotTheHolder, TicketAlreadyTaken, TicketClosed
from bot.handoff.model import Agent, Outcome, Priority, Reason, Skill, Ticket, TicketStatus
from bot.handoff.store import Subject
from bot.messages import Card, File, ReplyPart, TextPart, part_to_wire
from bot.messages.ids import new_id

log = structlog.get_logger()


class DeskWork:
    """The acts of the desk. Each tells the customer what changes for them."""

    def __init__(self, handover: Handover, clock: Clock, words: Words) -> None:
        self._handover = handover
        self._clock = clock
        self._words = words
        self._ratings = Ratings(handover, clock, words)

    async def claim(self, ticket_id: str, agent: Agent) -> Ticket:
        """``TicketAlreadyTaken`` when another agent was first, ``TicketClosed`` when it is over."""
        async with self._handover.change() as work:
            waiting = await work.queue.get(ticket_id)
            if waiting.is_held and waiting.agent_id == agent.id:
                return waiting
            taken = waiting.accepted_by(agent, self._clock.now())
            return await self._begin(work, waiting, taken, agent, "agent_joined")

    async def take_over(self, ticket_id: str, supervisor: Agent) -> Ticket:
        """A supervisor takes the customer, whoever has them now."""
        async with self._handover.change() as work:
            present = await work.queue.get(ticket_id)
            if present.is_held and present.agent_id == supervisor.id:
                return present
            taken = present.taken_over_by(supervisor, self._clock.now())
            if present.status is TicketStatus.ON_HOLD:
                await self._handover.run_on(work, present)
            return await self._begin(work, present, taken, supervisor, "taken_over")

    async def step_in(self, conversation_id: str, agent: Agent) -> Ticket:
        """An agent takes a customer who is talking with the bot, or who waits."""
        async with self._handover.change() as work:
            held = await work.queue.open_for(conversation_id)
            now = self._clock.now()
            if held is None:
                conversation = await work.log.get(conversation_id)
                held = Ticket(
                    id=new_id("t"),
                    conversation_id=conversation.id,
                    channel=conversation.channel,
                    reason=Reason.AGENT_TOOK,
                    skill=next(iter(sorted(agent.skills)), Skill.BEFORE_LOAN),
                    summary=self._words.say("handoff.stepped_in", agent=agent.display_name),
                    created_at=now,
                    priority=Priority.NORMAL,
                )
                await work.queue.add(held)
                work.queue.note_event(held.id, "opened", now, agent.id, reason=held.reason.value)
            elif held.is_held and held.agent_id == agent.id:
                return held
            return await self._begin(work, held, held.accepted_by(agent, now), agent, "agent_joined")

    async def refuse(self, ticket_id: str, agent: Agent) -> Ticket:
        """Give an offered ticket back; it is not offered to this agent again."""
        async with self._handover.change() as work:
            ticket = await work.save((await work.queue.get(ticket_id)).refused(agent))
            work.queue.note_event(ticket_id, "refused", self._clock.now(), agent.id)
        return ticket

    async def pass_on(
        self, ticket_id: str, agent: Agent, note: str, *, skill: Skill | None = None, to: Agent | None = None
    ) -> Ticket:
        """Give a customer to colleagues with another skill, or to one of them, with a note that they see."""
        async with self._handover.change() as work:
            held = await work.queue.get(ticket_id)
            now = self._clock.now()
            ticket = held.passed_on_by(agent, skill or held.skill, now)
            if held.status is TicketStatus.ON_HOLD:
                await self._handover.run_on(work, held)
            if to is not None:
                ticket = ticket.offered_to(to, now + self._handover.rules().offer)
            ticket = await work.save(replace(ticket, note=note))
            detail = {"to": to.id if to else None, "skill": ticket.skill.value, "note": note}
            work.queue.note_event(ticket_id, "passed_on", now, agent.id, **detail)
            conversation = await self._unowned(work, ticket, why="passed_on")
            await self._handover.say(work, conversation, TextPart(self._words.say("conversation.passed_on")))
        log.info("handoff.passed_on", ticket=ticket_id, agent=agent.id, to=to.id if to else None)
        return ticket

    async def assign(self, ticket_id: str, supervisor: Agent, to: Agent) -> Ticket:
        """A supervisor puts a ticket to one agent, out of the queue or out of another's hands."""
        if not supervisor.is_supervisor:
            raise NotTheHolder(ticket_id)
        async with self._handover.change() as work:
            present = await work.queue.get(ticket_id)
            now = self._clock.now()
            if present.status is TicketStatus.ON_HOLD:
                await self._handover.run_on(work, present)
            waiting = present if present.status is TicketStatus.WAITING else present.returned(now)
            asked_again = tuple(one for one in waiting.refused_by if one != to.id)
            until = now + self._handover.rules().offer
            ticket = await work.save(replace(waiting, refused_by=asked_again).offered_to(to, until))
            work.queue.note_event(ticket_id, "offered", now, to.id, by=supervisor.id)
            if present.is_held:
                conversation = await self._unowned(work, ticket, why="moved")
                await self._handover.say(
                    work, conversation, TextPart(self._words.say("conversation.passed_on"))
                )
        return ticket

    async def hold(self, ticket_id: str, agent: Agent, until: datetime, reason: str) -> Ticket:
        """The agent waits for somebody else; the clocks stand still and the customer is told until when."""
        async with self._handover.change() as work:
            held = await work.queue.get(ticket_id)
            now = self._clock.now()
            await self._handover.stand_still(work, held)
            ticket = await work.save(replace(held.put_on_hold(agent, until, reason), due_at=None))
            work.queue.note_event(ticket_id, "held", now, agent.id, until=until.isoformat(), reason=reason)
            conversation = await work.log.get(ticket.conversation_id)
            told = self._words.say("conversation.on_hold", until=until)
            await self._handover.say(work, conversation, TextPart(told))
        return ticket

    async def resume(self, ticket_id: str, agent: Agent) -> Ticket:
        """The work on a held ticket goes on."""
        async with self._handover.change() as work:
            held = await work.queue.get(ticket_id)
            if held.agent_id != agent.id and not agent.is_supervisor:
                raise NotTheHolder(ticket_id)
            ticket = await self._handover.go_on(work, held)
            conversation = await work.log.get(ticket.conversation_id)
            await self._handover.say(work, conversation, TextPart(self._words.say("conversation.resumed")))
        return ticket

    async def says(self, conversation_id: str, agent: Agent, client_id: str, text: str) -> Message:
        """A message from the agent who holds the conversation, or the supervisor beside them.

        The same ``client_id`` again is the same message. A call that was promised before is no longer needed.
        """
        words = readable(text)
        if not words:
            raise EmptyMessage(conversation_id)
        if len(words) > MAX_TEXT_CHARACTERS:
            raise MessageTooLong(conversation_id)
        return await self.sends(conversation_id, agent, client_id, (TextPart(words),))

    async def must_hold(self, conversation_id: str, agent: Agent) -> None:
        """``NotTheHolder`` unless the agent has the customer now."""
        async with self._handover.change() as work:
            await work.log.get(conversation_id)
            await _held_by(work, conversation_id, agent)

    async def sends(
        self, conversation_id: str, agent: Agent, client_id: str, parts: Sequence[ReplyPart]
    ) -> Message:
        """As ``says``, for parts of every kind; a card or a file is the written plan that was promised."""
        async with self._handover.change() as work:
            conversation = await work.log.get(conversation_id)
            platform_id = f"{conversation_id}:{agent.id}:{client_id}"
            known = await work.log.find_by_platform_id(conversation.channel, platform_id)
            if known is not None:
                return known
            held = await _held_by(work, conversation_id, agent)
            now = self._clock.now()
            if held.status is TicketStatus.ON_HOLD:
                held = await self._handover.go_on(work, held)
            taken_at = await work.queue.held_since(held.id)
            if taken_at is not None:
                promised = (conversation_id, Promise.CALL_BACK, taken_at)
                await work.promises.keep_older(*promised, by=f"agent:{agent.id}", at=now)
            if any(isinstance(part, Card | File) for part in parts):
                plan = (conversation_id, Promise.WRITTEN_PLAN, now)
                await work.promises.keep_older(*plan, by=f"agent:{agent.id}", at=now)
            if held.first_replied_at is None:
                await work.clocks.stop(Subject.TICKET, held.id, now, Promise.FIRST_REPLY)
                await work.save(held.replied(now))
                waited = (now - held.created_at).total_seconds()
                work.queue.note_event(held.id, "first_reply", now, agent.id, waited=waited)
            message = await work.log.append(
                conversation,
                Sender.AGENT,
                tuple(part_to_wire(part) for part in parts),
                at=now,
                author_name=agent.display_name,
                agent_id=agent.id,
                client_id=client_id,
                platform_message_id=platform_id,
            )
            work.messages.append(message)
        return message

    async def hand_back(
        self, ticket_id: str, agent: Agent, note: str | None = None, sentence: str | None = None
    ) -> Ticket:
        """The bot goes on with the customer, who is told so, in the agent's own words if there are any."""
        async with self._handover.change() as work:
            ticket, conversation = await self._finish(work, ticket_id, agent, Outcome.HANDED_BACK, note)
            await self._handover.back_to_bot(work, conversation, why="handed_back")
            told = readable(sentence or "") or self._words.say("conversation.handed_back")
            await self._handover.say(work, conversation, TextPart(told))
        log.info("handoff.handed_back", ticket=ticket.id, agent=agent.id)
        return ticket

    async def close(
        self,
        ticket_id: str,
        agent: Agent,
        *,
        resolution: str | None = None,
        tags: tuple[str, ...] = (),
        note: str | None = None,
    ) -> Ticket:
        """The conversation is over; the customer's next message starts with the bot."""
        async with self._handover.change() as work:
            ticket, conversation = await self._finish(
                work, ticket_id, agent, Outcome.ENDED, note, resolution, tags
            )
            await self._handover.back_to_bot(work, conversation, why="ended", mode=Mode.CLOSED)
            await self._handover.say(work, conversation, TextPart(self._words.say("conversation.closed")))
            await self._ratings.ask(work, conversation, ticket)
        log.info("handoff.ended", ticket=ticket.id, agent=agent.id)
        return ticket

    async def _begin(self, work: Change, before: Ticket, ticket: Ticket, agent: Agent, told: str) -> Ticket:
        """The agent holds the ticket from now on."""
        now = self._clock.now()
        ticket = await work.save(ticket)
        await work.queue.begin_assignment(ticket, now)
        detail: dict[str, Any] = {"was_offered": before.status is TicketStatus.OFFERED}
        if before.claimed_at is None:
            detail["waited"] = (now - ticket.created_at).total_seconds()
        work.queue.note_event(ticket.id, "accepted", now, agent.id, **detail)
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
        words = self._words.say(f"conversation.{told}", agent=agent.display_name)
        await self._handover.say(work, conversation, TextPart(words))
        work.moved.add(conversation.id)
        log.info("handoff.claimed", ticket=ticket.id, agent=agent.id)
        return ticket

    async def _unowned(self, work: Change, ticket: Ticket, why: str) -> Conversation:
        """Nobody holds the ticket; the customer waits again."""
        now = self._clock.now()
        await work.queue.end_assignment(ticket.id, now)
        await work.log.own(ticket.conversation_id, Mode.QUEUED, at=now, why=why, ticket_id=ticket.id)
        work.moved.add(ticket.conversation_id)
        return await work.log.get(ticket.conversation_id)

    async def _finish(
        self,
        work: Change,
        ticket_id: str,
        agent: Agent,
        outcome: Outcome,
        note: str | None,
        resolution: str | None = None,
        tags: tuple[str, ...] = (),
    ) -> tuple[Ticket, Conversation]:
        now = self._clock.now()
        held = await work.queue.get(ticket_id)
        try:
            ticket = await work.save(held.finished_by(agent, outcome, now, note, resolution, tags))
        except TicketAlreadyTaken as exc:
            raise TicketClosed(ticket_id) from exc
        await self._handover.run_on(work, held)  # what was promised is still to be kept
        await work.queue.end_assignment(ticket_id, now)
        await work.clocks.stop(Subject.TICKET, ticket_id, now)
        work.queue.note_event(ticket_id, outcome.value, now, agent.id, resolution=resolution, tags=list(tags))
        return ticket, await work.log.get(ticket.conversation_id)


async def _held_by(work: Change, conversation_id: str, agent: Agent) -> Ticket:
    """The conversation's ticket, if this agent may answer it: its holder, or a supervisor asked in."""
    held = await work.queue.open_for(conversation_id)
    if held is None or not held.may_be_answered_by(agent):
        raise NotTheHolder(conversation_id)
    return held
