"""A whole conversation room with a scripted bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from bot.channels.profile import WEB
from bot.channels.recording import RecordingChannel
from bot.clock import FixedClock
from bot.conversation.deskwork import DeskWork
from bot.conversation.dispatch import Dispatcher
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Conversation, Message, Received, Sender
from bot.conversation.notify import Notifier
from bot.conversation.outbox import Outbox
from bot.conversation.store import Log
from bot.conversation.turns import Turns
from bot.dialogue.scripted import ScriptedDialogue
from bot.handoff.agents import Agents
from bot.handoff.complaints import ComplaintDesk
from bot.handoff.model import Agent, Role, Ticket
from bot.handoff.request_desk import RequestDesk
from bot.knowledge import Phrases, PolicyBook
from bot.messages import Choice, Inbound, Text
from bot.servicing.requests import make_requests
from bot.settings import Settings
from bot.store.engine import Sessions

MERGE_WINDOW = 0.05
DEADLINE = 0.5


@dataclass
class Watcher:
    """Remembers what it was told."""

    messages: list[Message] = field(default_factory=list)
    modes: list[tuple[str, int | None]] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)

    async def message_stored(self, message: Message) -> None:
        self.messages.append(message)

    async def mode_changed(self, conversation: Conversation, ahead: int | None) -> None:
        self.modes.append((conversation.mode.value, ahead))

    async def typing_changed(self, conversation_id: str, who: str, is_typing: bool) -> None: ...

    async def ticket_changed(self, ticket: Ticket) -> None:
        self.tickets.append(ticket)


@dataclass
class Room:
    """The collaborators of one test, and the short way to use them."""

    sessions: Sessions
    clock: FixedClock
    words: Phrases
    dialogue: ScriptedDialogue
    channel: RecordingChannel
    watcher: Watcher
    inbox: Inbox
    handover: Handover
    work: DeskWork
    dispatcher: Dispatcher
    turns: Turns
    outbox: Outbox
    agents: Agents
    numbers: count[int] = field(default_factory=count)

    async def open(self, visitor: str = "visitor") -> str:
        return (await self.inbox.open("web", visitor)).id

    async def receive(
        self, conversation_id: str, text: str, message_id: str | None = None, payload: str | None = None
    ) -> Received:
        content = Text(text) if payload is None else Choice(payload, text)
        return await self.inbox.receive(
            Inbound(
                channel="web",
                conversation_id=conversation_id,
                message_id=message_id or f"m{next(self.numbers)}",
                content=content,
                received_at=self.clock.now(),
            )
        )

    async def say(self, conversation_id: str, text: str, payload: str | None = None) -> None:
        """One message, and everything it leads to."""
        await self.receive(conversation_id, text, payload=payload)
        self.turns.wake(conversation_id, at_once=True)
        await self.turns.settle(conversation_id)

    async def log(self, conversation_id: str) -> list[Message]:
        async with self.sessions() as session:
            return await Log(session).since(conversation_id, 0)

    async def said(self, conversation_id: str, sender: Sender) -> list[str]:
        return [message.text for message in await self.log(conversation_id) if message.sender is sender]

    async def mode(self, conversation_id: str) -> str:
        conversation, _ = await self.handover.standing(conversation_id)
        return conversation.mode.value

    async def agent(self, name: str = "lin", role: Role = Role.AGENT) -> Agent:
        return await self.agents.set_password(name, f"客服{name}", role, "correct horse")

    def new_turns(self, dialogue: ScriptedDialogue | None = None) -> Turns:
        """As a restarted process would have them."""
        return Turns(
            self.sessions,
            self.clock,
            dialogue or self.dialogue,
            self.handover,
            self.words,
            Notifier(),
            merge_window_seconds=MERGE_WINDOW,
            deadline_seconds=DEADLINE,
        )


@pytest.fixture
async def make_room(
    sessions: Sessions, clock: FixedClock, words: Phrases, policy: PolicyBook, tmp_path: Path
) -> AsyncIterator[Callable[..., Room]]:
    made: list[Room] = []

    def make(**script: object) -> Room:
        notifier, watcher = Notifier(), Watcher()
        dialogue = ScriptedDialogue(**script)  # type: ignore[arg-type]
        channel = RecordingChannel(WEB, words)
        inbox = Inbox(sessions, clock, words, notifier)
        handover = Handover(sessions, clock, words, notifier, policy)
        settings = Settings(home=tmp_path, _env_file=None)
        requests = RequestDesk(sessions, clock, policy, make_requests(settings, sessions, policy))
        turns = Turns(
            sessions,
            clock,
            dialogue,
            handover,
            words,
            notifier,
            merge_window_seconds=MERGE_WINDOW,
            deadline_seconds=DEADLINE,
        )
        notifier.add(watcher)
        outbox = Outbox(sessions, clock, {"web": channel})
        room = Room(
            sessions,
            clock,
            words,
            dialogue,
            channel,
            watcher,
            inbox,
            handover,
            DeskWork(handover, clock, words),
            Dispatcher(handover, ComplaintDesk(sessions, clock, policy), requests, clock, words),
            turns,
            outbox,
            Agents(sessions, clock),
        )
        made.append(room)
        return room

    yield make
    for room in made:
        await room.turns.close()


@pytest.fixture
def room(make_room: Callable[..., Room]) -> Room:
    return make_room()
