"""Moves a conversation between the bot and the queue: ticket, owner and notice in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import median

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.conversation.model import LEAVE_QUEUE, Conversation, Message, Mode, Sender
from bot.conversation.notify import Notifier
from bot.conversation.ports import Words
from bot.conversation.store import ConversationRow, Log
from bot.handoff.assignment import DeskRules
from bot.handoff.clocks import Promise, ServiceLevels
from bot.handoff.model import Happening, Reason, Skill, Ticket, TicketStatus, priority_of
from bot.handoff.ports import Policy
from bot.handoff.store import Clocks, Promises, Subject, Tickets
from bot.knowledge.errors import PolicyError
from bot.messages import Handoff, Option, QuickReplies, ReplyPart, TextPart, part_to_wire
from bot.messages.ids import new_id
from bot.messages.masking import names_phone
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.store import CustomerRow
from bot.store.engine import Sessions

log = structlog.get_logger()

RECENT = timedelta(hours=1)  #: whose waits tell how long one waits now
FEWEST_WAITS = 3  #: fewer of them tell nothing


@dataclass
class Change:
    """One transaction's work on a conversation, and what is to be told once it is committed."""

    session: AsyncSession
    levels: ServiceLevels
    messages: list[Message] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)  #: conversations whose owner changed
    happened: list[Happening] = field(default_factory=list)

    @property
    def log(self) -> Log:
        return Log(self.session)

    @property
    def queue(self) -> Tickets:
        return Tickets(self.session, self.happened)

    @property
    def clocks(self) -> Clocks:
        return Clocks(self.session, self.levels)

    @property
    def promises(self) -> Promises:
        return Promises(self.session, self.clocks)

    async def save(self, ticket: Ticket) -> Ticket:
        """Write the ticket's change and have it told."""
        saved = await self.queue.save(ticket)
        self.tickets.append(saved)
        return saved


class Handover:
    """The one place where a conversation changes hands."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        words: Words,
        notifier: Notifier,
        policy: Policy,
        *,
        observe: Callable[[Happening], None] = lambda _happening: None,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._words = words
        self._notifier = notifier
        self._policy = policy
        self._observe = observe
        self._identities = ChannelIdentities(clock, policy)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """A transaction; what it collected is told to the watchers after it is committed."""
        async with self._sessions.begin() as session:
            work = Change(session, self.levels())
            yield work
        for happening in work.happened:
            self._observe(happening)
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
        customer_id = await self._identities.customer_of(work.session, conversation.id)
        customer = await work.session.get(CustomerRow, customer_id) if customer_id is not None else None
        is_valued = customer is not None and customer.is_valued
        ticket = Ticket(
            id=new_id("t"),
            conversation_id=conversation.id,
            channel=conversation.channel,
            reason=reason,
            skill=skill,
            summary=handoff.summary,
            created_at=now,
            priority=priority_of(reason, handoff.is_urgent or is_valued),
            language=handoff.language,
            customer_id=customer_id,
        )
        due_at = await work.clocks.start(Subject.TICKET, ticket.id, Promise.FIRST_REPLY, now)
        ticket = replace(ticket, due_at=due_at)
        await work.queue.add(ticket)
        work.queue.note_event(ticket.id, "opened", now, reason=reason.value, skill=skill.value)
        await work.log.own(conversation.id, Mode.QUEUED, at=now, why=ticket.reason, ticket_id=ticket.id)
        leave = Option(self._words.say("conversation.leave_queue"), LEAVE_QUEUE)
        what_happens_next = await self._what_happens_next(work, ticket)
        await self.say(work, conversation, what_happens_next, QuickReplies((leave,)), turn_id=turn_id)
        work.tickets.append(ticket)
        work.moved.add(conversation.id)
        log.info("handoff.requested", conversation=conversation.id, ticket=ticket.id, reason=ticket.reason)
        return ticket

    async def leave_queue(self, conversation_id: str) -> bool:
        """The customer stops waiting; false when they were not waiting (any more)."""
        async with self.change() as work:
            conversation = await work.log.get(conversation_id)
            held = await work.queue.open_for(conversation_id)
            if held is None or not held.is_queued:
                return False
            now = self._clock.now()
            await work.save(held.left(now))
            await work.clocks.stop(Subject.TICKET, held.id, now)
            work.queue.note_event(held.id, "left", now)
            await self.back_to_bot(work, conversation, why="left_queue")
            await self.say(work, conversation, TextPart(self._words.say("conversation.left_queue")))
            return True

    async def customer_wrote(self, conversation_id: str, text: str) -> None:
        """Words for a person: work that was on hold goes on, and a number left after hours is a call promised."""
        async with self._sessions() as session:
            held = await Tickets(session).open_for(conversation_id)
        if held is None:
            return
        if held.status is TicketStatus.ON_HOLD:
            async with self.change() as work:
                present = await work.queue.get(held.id)
                if present.status is TicketStatus.ON_HOLD:
                    await self.go_on(work, present)
        elif held.is_queued and names_phone(text):
            async with self.change() as work:
                await self._promise_call(work, await work.queue.get(held.id))

    async def _promise_call(self, work: Change, ticket: Ticket) -> None:
        """Who was queued after hours was told that they may leave a number: now they are promised the call."""
        staffed, now = work.levels.staffed, self._clock.now()
        was_open = staffed is None or staffed.is_open(ticket.created_at)
        if was_open or await work.promises.has_open(ticket.conversation_id, Promise.CALL_BACK):
            return
        note = self._words.say("handoff.call_wanted")
        promised = await work.promises.make(ticket.conversation_id, Promise.CALL_BACK, "bot", note, now)
        due_at = promised.clock.due_at(work.levels.hours(promised.clock.runs)) if promised.clock else None
        work.queue.note_event(ticket.id, "call_promised", now)
        conversation = await work.log.get(ticket.conversation_id)
        told = self._words.say("conversation.call_promised", due_at=due_at)
        await self.say(work, conversation, TextPart(told))

    async def stand_still(self, work: Change, ticket: Ticket) -> None:
        """The bank waits for somebody else: no clock about this customer runs."""
        now = self._clock.now()
        await work.clocks.pause(Subject.TICKET, ticket.id, now)
        await work.promises.pause(ticket.conversation_id, now)

    async def run_on(self, work: Change, ticket: Ticket) -> None:
        """The clocks that stood still run on; nothing happens to those that did not."""
        now = self._clock.now()
        await work.clocks.resume(Subject.TICKET, ticket.id, now)
        await work.promises.resume(ticket.conversation_id, now)

    async def go_on(self, work: Change, ticket: Ticket) -> Ticket:
        """Take a ticket from hold within ``work``."""
        await self.run_on(work, ticket)
        work.queue.note_event(ticket.id, "resumed", self._clock.now())
        due_at = await work.clocks.due_of(Subject.TICKET, ticket.id, Promise.FIRST_REPLY)
        return await work.save(replace(ticket.resumed(), due_at=due_at))

    async def back_to_bot(
        self, work: Change, conversation: Conversation, *, why: str, mode: Mode = Mode.BOT
    ) -> None:
        """The bot owns the conversation again, or nobody does until the customer writes."""
        await work.log.own(conversation.id, mode, at=self._clock.now(), why=why)
        await work.session.execute(
            update(ConversationRow).where(ConversationRow.id == conversation.id).values(hand_back_due=True)
        )
        work.moved.add(conversation.id)

    async def say(
        self, work: Change, conversation: Conversation, *parts: ReplyPart, turn_id: str | None = None
    ) -> None:
        """A notice of the service itself."""
        work.messages.append(
            await work.log.append(
                conversation,
                Sender.SYSTEM,
                tuple(part_to_wire(part) for part in parts),
                at=self._clock.now(),
                turn_id=turn_id,
            )
        )

    async def _what_happens_next(self, work: Change, ticket: Ticket) -> TextPart:
        """Place and usual wait while the desk is open, else when somebody will answer."""
        now = self._clock.now()
        staffed = work.levels.staffed
        is_open = staffed is None or staffed.is_open(now)
        waits = await work.queue.waits_since(now - RECENT, ticket.skill)
        return TextPart(
            self._words.say(
                "conversation.queued",
                ahead=await work.queue.ahead_of(ticket),
                minutes=max(1, round(median(waits) / 60)) if len(waits) >= FEWEST_WAITS else None,
                is_open=is_open,
                opens_at=now if staffed is None or is_open else staffed.next_opening(now),
                due_at=ticket.due_at,
            )
        )

    def rules(self) -> DeskRules:
        """How long the desk waits for its own people today."""
        return DeskRules.of(self._policy, china_date(self._clock))

    def levels(self) -> ServiceLevels:
        """Today's promises; on a day without facts none, for a customer must reach the queue all the same."""
        try:
            return ServiceLevels.of(self._policy, china_date(self._clock))
        except PolicyError as exc:
            log.error("handoff.no_service_levels", error=str(exc))
            return ServiceLevels.unknown()


def _known(handoff: Handoff) -> tuple[Reason, Skill]:
    """Reason and skill of an order; a word we do not know must not keep the customer from a person."""
    try:
        return Reason(handoff.reason), Skill(handoff.skill)
    except ValueError as exc:
        log.error("handoff.unknown_word", error=str(exc))
        return Reason.ALWAYS_HUMAN, Skill.BEFORE_LOAN
