"""``POST /channels/console``: one message in, the whole turn out. For holders of the token under ``var/``."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field, ValidationError

from bot.channels.ports import Arrival, Malformed, NotVerified, Request, Verified
from bot.channels.profile import CONSOLE
from bot.clock import Clock
from bot.conversation.errors import ConversationError
from bot.conversation.handover import Handover
from bot.conversation.inbox import Inbox
from bot.conversation.model import Message, Sender
from bot.conversation.ports import Words
from bot.conversation.store import Log
from bot.conversation.turns import Turns
from bot.conversation.wire import message_wire
from bot.handoff.store import Tickets
from bot.http import Refusal
from bot.messages import Choice, Content, Inbound, Text
from bot.messages.ids import new_id
from bot.servicing.file_links import FileLinks
from bot.store.engine import Sessions

CHANNEL = "console"


class ConsoleChannel:
    """Nothing is pushed to a terminal: it reads the log."""

    name = CHANNEL
    capabilities = CONSOLE

    def __init__(self, token: str) -> None:
        self._token = token

    def verify(self, request: Request) -> Verified:
        """Whoever can read the token's file may speak, for any conversation of this channel."""
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise NotVerified("console token")
        return Verified(request.body)

    def parse(self, verified: Verified) -> Sequence[Arrival]:
        try:
            ask = Ask.model_validate_json(verified.body)
        except ValidationError as exc:
            raise Malformed("no question") from exc
        return [Arrival(ask.conversation or new_id("k"), ask.message_id or new_id("x"), ask.content)]

    async def send(self, external_id: str, message: Message) -> None:
        """The message is in the log already, and that is where a terminal looks."""


class Ask(BaseModel):
    """One message of a terminal; without ``conversation`` a new conversation is started."""

    conversation: str | None = Field(None, max_length=100)
    message_id: str | None = Field(None, max_length=64)
    text: str | None = None
    payload: str | None = None
    title: str | None = None

    @property
    def content(self) -> Content:
        return Choice(self.payload, self.title or "") if self.payload is not None else Text(self.text or "")


class Console:
    """The use cases behind the routes."""

    def __init__(
        self,
        sessions: Sessions,
        inbox: Inbox,
        turns: Turns,
        handover: Handover,
        clock: Clock,
        words: Words,
        files: FileLinks,
    ) -> None:
        self._sessions = sessions
        self._inbox = inbox
        self._turns = turns
        self._handover = handover
        self._clock = clock
        self._words = words
        self._files = files

    async def ask(self, ask: Ask) -> dict[str, Any]:
        """Store the message, wait for its turn, and tell everything about it."""
        conversation = await self._inbox.open(CHANNEL, ask.conversation or new_id("k"))
        inbound = Inbound(
            channel=CHANNEL,
            conversation_id=conversation.id,
            message_id=ask.message_id or new_id("x"),
            content=ask.content,
            received_at=self._clock.now(),
        )
        try:
            received = await self._inbox.receive(inbound)
        except ConversationError as exc:
            raise Refusal(422, exc.code, self._words.say(f"refused.{exc.code}")) from exc
        self._turns.wake(conversation.id, at_once=True)
        await self._turns.settle(conversation.id)
        return await self._report(conversation.external_id, received.message)

    async def since(self, name: str, seq: int) -> dict[str, Any]:
        """What was said after ``seq``, by whomever."""
        conversation = await self._inbox.open(CHANNEL, name)
        async with self._sessions() as session:
            messages = await Log(session).since(conversation.id, seq)
        wired = [message_wire(message, self._files) for message in messages]
        return {"messages": wired, "mode": conversation.mode.value}

    async def _report(self, name: str, asked: Message) -> dict[str, Any]:
        standing, ahead = await self._handover.standing(asked.conversation_id)
        async with self._sessions() as session:
            entries, queue = Log(session), Tickets(session)
            stored = await entries.get_message(asked.id)
            turn = await entries.get_turn(stored.turn_id) if stored.turn_id else None
            later = await entries.since(asked.conversation_id, asked.seq)
            ticket = await queue.open_for(asked.conversation_id)
        replies = [
            message
            for message in later
            if message.sender is not Sender.CUSTOMER and turn is not None and message.turn_id == turn.id
        ]
        understood = list(turn.understood) if turn else []
        first = understood[0] if understood else {}
        return {
            "conversation": name,
            "conversation_id": asked.conversation_id,
            "turn_id": turn.id if turn else None,
            "outcome": turn.outcome.value if turn else None,
            "replies": [part for message in replies for part in message.parts],
            "last_seq": later[-1].seq if later else asked.seq,
            "understood": understood,
            **{
                key: first.get(key) for key in ("intent", "topic", "confidence", "band", "ranking", "feeling")
            },
            "entities": first.get("entities", []),
            "mode": standing.mode.value,
            "ahead": ahead,
            "ticket": None
            if ticket is None
            else {
                "id": ticket.id,
                "reason": ticket.reason.value,
                "skill": ticket.skill.value,
                "status": ticket.status.value,
                "summary": ticket.summary,
            },
        }


def console_routes(console: Console, channel: ConsoleChannel, words: Words) -> APIRouter:
    async def _holds_token(authorization: Annotated[str, Header()] = "") -> None:
        try:
            channel.verify(Request(b"", {"authorization": authorization}))
        except NotVerified as exc:
            raise Refusal(401, "unauthorised", words.say("refused.unauthorised")) from exc

    router = APIRouter(prefix="/channels/console", tags=["console"], dependencies=[Depends(_holds_token)])

    @router.post("")
    async def ask(ask: Ask) -> dict[str, Any]:
        """Send one message and wait for the whole turn."""
        return await console.ask(ask)

    @router.get("/{name}/messages")
    async def messages(name: str, since: int = 0) -> dict[str, Any]:
        """What was said after ``since``: a terminal that waits for an agent asks here."""
        return await console.since(name, since)

    return router
